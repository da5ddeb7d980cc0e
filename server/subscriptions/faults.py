"""Errors of subscriptions: identities of RFC 8639 and RFC 8641, told as RFC 8640, section 7 says.

The law: error-app-tag names the identity, error-info holds the structure of the rpc that failed,
with the reason and whatever hint helps the client to ask for something that can be had.
"""

from collections.abc import Sequence

from server.errors import Info, RpcError
from server.namespaces import PUSH, SUBSCRIBED

SN, YP = "ietf-subscribed-notifications", "ietf-yang-push"
_PREFIXES = {"sn": SUBSCRIBED, "yp": PUSH}

TAGS = {
    "encoding-unsupported": (SN, "invalid-value"),
    "filter-unavailable": (SN, "invalid-value"),
    "filter-unsupported": (SN, "invalid-value"),
    "insufficient-resources": (SN, "resource-denied"),
    "no-such-subscription": (SN, "invalid-value"),
    "stream-unavailable": (SN, "invalid-value"),
    "suspension-timeout": (SN, "operation-failed"),
    "unsupportable-volume": (SN, "resource-denied"),
    "datastore-not-subscribable": (YP, "invalid-value"),
    "no-such-subscription-resync": (YP, "invalid-value"),
    "on-change-unsupported": (YP, "operation-not-supported"),
    "on-change-sync-unsupported": (YP, "operation-not-supported"),
    "period-unsupported": (YP, "invalid-value"),
    "sync-too-big": (YP, "too-big"),
    "unchanging-selection": (YP, "operation-failed"),
    "update-too-big": (YP, "too-big"),
}
"""Identity -> its module, and the error-tag that it goes with."""

Hints = Sequence[tuple[str, str]]


class Refused(Exception):
    """A subscription cannot be as it is wanted; who knows which rpc it was makes an error of it."""

    def __init__(self, identity: str, message: str, hints: Hints = ()) -> None:
        super().__init__(message)
        self.identity = identity
        self.message = message
        self.hints = hints

    @property
    def suspends(self) -> str:
        """The reason to give where a subscription that was possible is suspended for it."""
        if self.identity in ("sync-too-big", "update-too-big"):
            return self.identity
        return "insufficient-resources"


def error_of(refused: Refused, structure: str, module: str = SN) -> RpcError:
    """Return the error of an rpc whose ``rc:yang-data`` structure has this name."""
    origin, tag = TAGS[refused.identity]
    prefix = "sn" if origin == SN else "yp"
    reason: Info = (("reason", f"{prefix}:{refused.identity}"), *refused.hints)
    namespace = SUBSCRIBED if module == SN else PUSH
    return RpcError(
        tag,
        refused.message,
        app_tag=f"{origin}:{refused.identity}",
        namespaces=_PREFIXES,
        info=((f"{{{namespace}}}{structure}", reason),),
    )


def unsupported_filter(message: str) -> Refused:
    """A filter that cannot be used here; the message says why."""
    return Refused("filter-unsupported", message, (("filter-failure-hint", message),))


def no_such_subscription(number: int, identity: str = "no-such-subscription") -> Refused:
    """No subscription of this session has that id."""
    return Refused(identity, f"this session has no subscription {number}")

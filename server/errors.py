"""Errors that a client may see: one exception type, one function for each error-tag in use.

The law: whoever finds the fault raises it with the path, the value and the rule in one sentence;
only ``server.protocol`` turns it into XML (RFC 6241, section 4.3 and appendix A).
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

NO_NAMESPACES: Mapping[str, str] = MappingProxyType({})

Info: TypeAlias = tuple[tuple[str, "str | Info"], ...]
"""Elements by name, in order; an element holds text or elements."""


class RpcError(Exception):
    """One ``<rpc-error>``.

    ``path`` is an XPath with keys whose prefixes are those of ``namespaces``; ``info`` holds the
    children of ``<error-info>`` as (name in the base namespace or, with braces, in another; text or
    the elements that are inside, all in the namespace of what holds them).
    """

    def __init__(
        self,
        tag: str,
        message: str,
        *,
        kind: str = "application",
        app_tag: str | None = None,
        path: str | None = None,
        namespaces: Mapping[str, str] = NO_NAMESPACES,
        info: Info = (),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.tag = tag
        self.message = message
        self.app_tag = app_tag
        self.path = path
        self.namespaces = namespaces
        self.info = info
        self.denied_by = ""
        """The rule or default of access control that denied it: for log and audit only."""

    def __repr__(self) -> str:
        return f"RpcError({self.tag!r}, {self.message!r}, path={self.path!r})"


class RpcErrors(Exception):
    """Several errors of one request, all told in one reply."""

    def __init__(self, errors: Iterable[RpcError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(error.message for error in self.errors))


def raise_all(errors: Iterable[RpcError]) -> None:
    """Raise what there is: nothing, the one error, or all of them together."""
    found = tuple(errors)
    if len(found) == 1:
        raise found[0]
    if found:
        raise RpcErrors(found)


def missing_attribute(attribute: str, element: str, kind: str = "rpc") -> RpcError:
    """An attribute that must be there is not (``<rpc>`` without message-id)."""
    return RpcError(
        "missing-attribute",
        f"the element <{element}> lacks the attribute {attribute!r}",
        kind=kind,
        info=(("bad-attribute", attribute), ("bad-element", element)),
    )


def bad_attribute(attribute: str, element: str, message: str) -> RpcError:
    """An attribute has a value that it cannot have."""
    return RpcError(
        "bad-attribute",
        message,
        kind="protocol",
        info=(("bad-attribute", attribute), ("bad-element", element)),
    )


def missing_element(element: str, message: str, kind: str = "protocol") -> RpcError:
    """An element that must be there is not."""
    return RpcError("missing-element", message, kind=kind, info=(("bad-element", element),))


def bad_element(element: str, message: str, kind: str = "protocol") -> RpcError:
    """An element has content that it cannot have."""
    return RpcError("bad-element", message, kind=kind, info=(("bad-element", element),))


def unknown_element(element: str, message: str, kind: str = "protocol") -> RpcError:
    """An element that nobody expects there."""
    return RpcError("unknown-element", message, kind=kind, info=(("bad-element", element),))


def operation_not_supported(message: str, kind: str = "protocol") -> RpcError:
    """The operation is not offered here."""
    return RpcError("operation-not-supported", message, kind=kind)


def operation_failed(message: str, kind: str = "application") -> RpcError:
    """The operation could not be completed, for a reason that no other tag names."""
    return RpcError("operation-failed", message, kind=kind)


def rollback_failed(message: str) -> RpcError:
    """A change failed, and what it had done already could not be undone."""
    return RpcError("rollback-failed", message)


def invalid_value(message: str, kind: str = "protocol") -> RpcError:
    """A value is not acceptable."""
    return RpcError("invalid-value", message, kind=kind)


def malformed_message(message: str) -> RpcError:
    """The message is not well-formed XML or not a message at all (base:1.1 only)."""
    return RpcError("malformed-message", message, kind="rpc")


def too_big(message: str) -> RpcError:
    """The request or its reply is larger than the server takes."""
    return RpcError("too-big", message, kind="transport")


def resource_denied(message: str) -> RpcError:
    """A limit of the server is reached."""
    return RpcError("resource-denied", message, kind="application")


def access_denied(message: str, kind: str = "application") -> RpcError:
    """The access rules do not permit what was asked for (RFC 8341, section 3.4.3)."""
    return RpcError("access-denied", message, kind=kind)


def in_use(message: str) -> RpcError:
    """What was asked for is in use."""
    return RpcError("in-use", message, kind="protocol")


def lock_denied(session_id: int, message: str) -> RpcError:
    """Somebody else holds the lock; session-id 0 when it is no NETCONF session."""
    return RpcError(
        "lock-denied", message, kind="protocol", info=(("session-id", str(session_id)),)
    )

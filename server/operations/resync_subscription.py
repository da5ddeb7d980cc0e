"""``<resync-subscription>`` (RFC 8641, section 4.4.4)."""

from lxml import etree

from server.operations.engine import Engine
from server.operations.subscription_terms import given_in, number_in, refusing
from server.service import OK, Reply
from server.sessions import NetconfSession
from server.subscriptions.faults import YP, Refused
from server.subscriptions.on_change import OnChangePush

ERRORS = "resync-subscription-error"


def resync_subscription(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Send all that a subscription to changes selects, once more."""
    number = number_in(request, given_in(engine, request))
    with refusing(ERRORS, YP):
        subscription = engine.subscriptions.owned(session, number, "no-such-subscription-resync")
        feeder = subscription.feeder
        if not isinstance(feeder, OnChangePush) or not feeder.trigger.sync_on_start:
            raise Refused(
                "on-change-sync-unsupported",
                f"subscription {number} is not one to changes with sync-on-start",
            )
        feeder.resync()
    return OK

"""``<kill-subscription>`` (RFC 8639, section 2.4.5); nobody may unless a rule says so."""

from lxml import etree

from server.operations.delete_subscription import ERRORS
from server.operations.engine import Engine
from server.operations.subscription_terms import given_in, number_in, refusing
from server.service import OK, Reply
from server.sessions import NetconfSession


def kill_subscription(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """End a subscription of any session, which is told."""
    number = number_in(request, given_in(engine, request))
    with refusing(ERRORS):
        subscription = engine.subscriptions.any(number)
        engine.subscriptions.end(subscription, "no-such-subscription")
    return OK

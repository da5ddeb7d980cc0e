"""``<delete-subscription>`` (RFC 8639, section 2.4.4)."""

from lxml import etree

from server.operations.engine import Engine
from server.operations.subscription_terms import given_in, number_in, refusing
from server.service import OK, Reply
from server.sessions import NetconfSession

ERRORS = "delete-subscription-error-info"


def delete_subscription(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """End a subscription of this session; nothing of it is sent any more."""
    number = number_in(request, given_in(engine, request))
    with refusing(ERRORS):
        engine.subscriptions.end(engine.subscriptions.owned(session, number))
    return OK

"""``<modify-subscription>`` (RFC 8639, section 2.4.3): what is not given stays as it is."""

from dataclasses import replace

from lxml import etree

from server.operations.engine import Engine
from server.operations.stream_filters import takes_of
from server.operations.subscription_terms import (
    Given,
    given_in,
    number_in,
    refusing,
    stop_time,
    wish_of,
)
from server.service import OK, Reply
from server.sessions import NetconfSession
from server.subscriptions.subscription import Subscription
from server.subscriptions.terms import StreamTarget, Terms

STREAM_ERRORS = "modify-subscription-stream-error-info"


def modify_subscription(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Let a subscription of this session go on by other terms."""
    given = given_in(engine, request)
    number = number_in(request, given)
    with refusing(STREAM_ERRORS):
        subscription = engine.subscriptions.owned(session, number)
        terms = _stream_terms(engine, subscription, given)
        takes_of(engine, session, terms)
        subscription.modify(terms)
    return OK


def _stream_terms(engine: Engine, subscription: Subscription, given: dict[str, Given]) -> Terms:
    terms = subscription.terms
    target = terms.target
    assert isinstance(target, StreamTarget)
    wish = wish_of(engine, given, "stream", "stream-filter-name") or target.wish
    stop = stop_time(given, engine.clock()) or terms.stop
    return replace(terms, target=replace(target, wish=wish), stop=stop)

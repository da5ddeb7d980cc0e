"""``<modify-subscription>`` (RFC 8639, section 2.4.3): what is not given stays as it is."""

from dataclasses import replace

from lxml import etree

from server.operations.datastore_subscriptions import check, modified_terms
from server.operations.engine import Engine
from server.operations.stream_filters import takes_of
from server.operations.subscription_terms import (
    Given,
    given_in,
    number_in,
    refuse_other_target,
    refusing,
    stop_time,
    wish_of,
)
from server.service import OK, Reply
from server.sessions import NetconfSession
from server.subscriptions.faults import YP
from server.subscriptions.subscription import Subscription
from server.subscriptions.terms import DatastoreTarget, StreamTarget, Terms

DATASTORE_ERRORS = "modify-subscription-datastore-error-info"
STREAM_ERRORS = "modify-subscription-stream-error-info"


def modify_subscription(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Let a subscription of this session go on by other terms."""
    given = given_in(engine, request)
    with refusing(STREAM_ERRORS):
        subscription = engine.subscriptions.owned(session, number_in(request, given))
    if isinstance(subscription.terms.target, DatastoreTarget):
        with refusing(DATASTORE_ERRORS, YP):
            terms = modified_terms(engine, subscription, given)
            check(engine, session, terms)
            subscription.modify(terms)
        return OK
    with refusing(STREAM_ERRORS):
        terms = _stream_terms(engine, subscription, given)
        takes_of(engine, session, terms)
        subscription.modify(terms)
    return OK


def _stream_terms(engine: Engine, subscription: Subscription, given: dict[str, Given]) -> Terms:
    terms = subscription.terms
    target = terms.target
    assert isinstance(target, StreamTarget)
    refuse_other_target(given, ("datastore", "periodic", "on-change"))
    wish = wish_of(engine, given, "stream", "stream-filter-name") or target.wish
    stop = stop_time(given, engine.clock()) or terms.stop
    return replace(terms, target=replace(target, wish=wish), stop=stop)

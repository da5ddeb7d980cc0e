"""``<establish-subscription>`` (RFC 8639, section 2.4.2; RFC 8640)."""

from lxml import etree

from server.errors import RpcError, invalid_value, missing_element, operation_not_supported
from server.events.stream import NETCONF
from server.operations.datastore_subscriptions import datastore_terms, pushing
from server.operations.engine import Engine
from server.operations.stream_filters import takes_of
from server.operations.subscription_terms import (
    Given,
    given_in,
    refuse_other_target,
    refusing,
    replay_start,
    stop_time,
    wish_of,
)
from server.service import Reply
from server.sessions import NetconfSession
from server.subscriptions.faults import YP
from server.subscriptions.following import follow
from server.subscriptions.terms import StreamTarget, Terms, time_text

DATASTORE_ERRORS = "establish-subscription-datastore-error-info"
STREAM_ERRORS = "establish-subscription-stream-error-info"


def establish_subscription(
    engine: Engine, session: NetconfSession, request: etree._Element
) -> Reply:
    """Send what is subscribed to to this session, until it ends or says otherwise."""
    if engine.events.is_subscribed(session):
        raise operation_not_supported(
            "this session has a subscription of <create-subscription> (RFC 5277), beside which"
            " there can be no other (RFC 8640, section 3); use another session"
        )
    given = given_in(engine, request)
    if "datastore" in given:
        with refusing(DATASTORE_ERRORS, YP):
            terms = datastore_terms(engine, given)
            made = engine.subscriptions.open(
                session, terms, lambda subscription: pushing(engine, subscription)
            )
        return _reply(engine, request, {"id": made.number})
    return _to_stream(engine, session, request, given)


def _to_stream(
    engine: Engine, session: NetconfSession, request: etree._Element, given: dict[str, Given]
) -> Reply:
    terms = _stream_terms(engine, given)
    with refusing(STREAM_ERRORS):
        takes_of(engine, session, terms)
        made = engine.subscriptions.open(
            session,
            terms,
            follow(
                engine.events,
                engine.subscriptions,
                engine.notices,
                lambda wanted: takes_of(engine, session, wanted),
            ),
        )
    told: dict[str, object] = {"id": made.number}
    assert isinstance(terms.target, StreamTarget)
    start, since = terms.target.replay_start, engine.events.replays_since
    if start is not None and start < since:
        return _reply(engine, request, told | {"replay-start-time-revision": time_text(since)})
    return _reply(engine, request, told)


def _stream_terms(engine: Engine, given: dict[str, Given]) -> Terms:
    stream = given.get("stream")
    if stream is None:
        raise missing_element(
            "stream", f"a subscription is to a <stream>, such as {NETCONF}, or a <datastore>"
        )
    if stream.value != NETCONF:
        raise _no_stream(stream.value)
    refuse_other_target(given, ("periodic", "on-change"))
    now = engine.clock()
    start = replay_start(given, now)
    wish = wish_of(engine, given, "stream", "stream-filter-name")
    return Terms(StreamTarget(NETCONF, wish, start), stop_time(given, now, start))


def _reply(engine: Engine, request: etree._Element, output: dict[str, object]) -> Reply:
    operation = engine.schema.rpcs[str(request.tag)]
    return Reply((engine.view.output(operation.output, output),))


def _no_stream(name: str) -> RpcError:
    error = invalid_value(f"there is no stream {name!r}; there is {NETCONF}", kind="application")
    error.info = (("bad-element", "stream"),)
    return error

"""``<create-subscription>`` (RFC 5277, section 2.1.1)."""

from datetime import datetime

from lxml import etree

from server.datastore.filter import Filter
from server.errors import RpcError, bad_element, missing_element, operation_not_supported
from server.events.event import Event, tree_of_events
from server.events.matching import passes
from server.events.selecting import selecting
from server.events.stream import NETCONF
from server.events.subscription import Period, Takes
from server.namespaces import BASE, NOTIFICATION
from server.operations.engine import Engine
from server.operations.filters import xpath_of
from server.operations.parameters import parameter, refuse_others
from server.service import OK, Reply
from server.sessions import NetconfSession
from yang.scalars.timestamps import date_and_time


def create_subscription(engine: Engine, session: NetconfSession, request: etree._Element) -> Reply:
    """Send the events of a stream to this session from now on, or from a time in the past on."""
    _take_filter_of_base(request)
    refuse_others(request, "stream", "filter", "startTime", "stopTime")
    _check_stream(request)
    if engine.subscriptions.has_any(session):
        raise operation_not_supported(
            "this session has subscriptions of <establish-subscription> (RFC 8639), beside which"
            " there can be none of RFC 5277 (RFC 8640, section 3); use another session"
        )
    period = _period(request, engine.clock())
    engine.events.subscribe(session, _wanted(engine, request), period)
    return OK


def _take_filter_of_base(request: etree._Element) -> None:
    """ncclient's ``<filter>`` is in the base namespace, where every other filter is."""
    for child in request.iterchildren(f"{{{BASE}}}filter"):
        child.tag = f"{{{NOTIFICATION}}}filter"


def _check_stream(request: etree._Element) -> None:
    stream = _text(request, "stream")
    if stream not in (None, NETCONF):
        error = RpcError(
            "invalid-value",
            f"there is no stream {stream!r}; there is {NETCONF}",
            kind="protocol",
            info=(("bad-element", "stream"),),
        )
        raise error


def _period(request: etree._Element, now: datetime) -> Period:
    start, stop = _time(request, "startTime"), _time(request, "stopTime")
    if stop is not None and start is None:
        raise missing_element("startTime", "a <stopTime> needs a <startTime> (RFC 5277, 2.1.1)")
    if start is not None and start > now:
        raise bad_element("startTime", f"the startTime {start.isoformat()} is in the future")
    if start is not None and stop is not None and stop < start:
        raise bad_element("stopTime", f"the stopTime {stop.isoformat()} is before the startTime")
    return Period(start, stop)


def _time(request: etree._Element, name: str) -> datetime | None:
    text = _text(request, name)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(date_and_time(text))
    except ValueError as error:
        raise RpcError(
            "invalid-value",
            f"<{name}>: {error} (RFC 3339)",
            kind="protocol",
            info=(("bad-element", name),),
        ) from None


def _wanted(engine: Engine, request: etree._Element) -> Takes:
    element = parameter(request, "filter", NOTIFICATION)
    if element is None:
        return _everything
    select = xpath_of(element)
    if select is not None:
        return selecting(engine.schema, select, element.nsmap, engine.evaluation_limits)
    tree = tree_of_events(engine.schema)
    wanted = Filter.compile(tree, element)
    return lambda event: passes(tree, {event.notification.name: event.content}, wanted)


def _everything(event: Event) -> bool:
    return True


def _text(request: etree._Element, name: str) -> str | None:
    element = parameter(request, name, NOTIFICATION)
    return None if element is None else (element.text or "").strip()

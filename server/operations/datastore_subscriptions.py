"""Subscriptions to datastores (RFC 8641): what is asked for -> who sends it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial
from math import ceil
from typing import Any

from server.datastore.datastores import RUNNING
from server.datastore.defaults import Mode
from server.datastore.filter import Filter
from server.datastore.manner import PLAIN, Manner
from server.errors import RpcError, bad_element, missing_element
from server.namespaces import PUSH
from server.operations.engine import Engine
from server.operations.filters import (
    EVERYTHING,
    FILTERS_REMEMBERED,
    Show,
    Wanted,
    by_xpath,
    is_remembered,
)
from server.operations.get_data import OPERATIONAL
from server.operations.stream_filters import FILTERS, element_of, resolved
from server.operations.subscription_terms import (
    Given,
    refuse_other_target,
    stop_time,
    wish_of,
)
from server.sessions import NetconfSession
from server.subscriptions.changes import Picture
from server.subscriptions.faults import YP, Refused, unsupported_filter
from server.subscriptions.on_change import OnChangePush
from server.subscriptions.periodic import PeriodicPush
from server.subscriptions.selection import Selection
from server.subscriptions.stopping import Stopping
from server.subscriptions.subscription import Feeder, Subscription
from server.subscriptions.terms import (
    SUBTREE,
    XPATH,
    DatastoreTarget,
    OnChange,
    Periodic,
    Terms,
    Wish,
)
from server.subscriptions.updates import bounded
from yang.schema import Container

DATASTORES = ("running", "intended", OPERATIONAL)
OF_OPERATIONAL = Manner(defaults=Mode.REPORT_ALL)
"""What is in use is in use by default, too (RFC 8342, section 5.3), as in ``<get-data>``."""


# ---- terms


def datastore_terms(engine: Engine, given: dict[str, Given]) -> Terms:
    """Return the terms of a new subscription; raises Refused."""
    name = str(given["datastore"].value).rpartition(":")[2]
    if name not in DATASTORES:
        raise Refused(
            "datastore-not-subscribable",
            f"the {name} datastore cannot be subscribed to; {', '.join(DATASTORES)} can",
        )
    refuse_other_target(given, ("replay-start-time",))
    trigger = _trigger(engine, given)
    if trigger is None:
        raise missing_element("periodic", "a subscription is <periodic> or <on-change>")
    if isinstance(trigger, OnChange) and name == OPERATIONAL:
        raise Refused(
            "on-change-unsupported",
            "state is told periodically; its events are in the stream NETCONF",
        )
    wish = wish_of(engine, given, "datastore", "selection-filter-ref")
    return Terms(DatastoreTarget(name, trigger, wish), stop_time(given, engine.clock()))


def modified_terms(engine: Engine, subscription: Subscription, given: dict[str, Given]) -> Terms:
    """Return the terms of a subscription with what is given instead; raises Refused."""
    terms = subscription.terms
    target = terms.target
    assert isinstance(target, DatastoreTarget)
    refuse_other_target(given, ("stream-filter-name", "stream-subtree-filter"))
    refuse_other_target(given, ("stream-xpath-filter",))
    named = given.get("datastore")
    if named is not None and named.value != f"ietf-datastores:{target.datastore}":
        raise bad_element("datastore", "the datastore of a subscription cannot be modified")
    trigger = _trigger(engine, given) or target.trigger
    if type(trigger) is not type(target.trigger):
        raise bad_element(
            "on-change" if isinstance(trigger, OnChange) else "periodic",
            "what triggers updates cannot be modified, only its period",
        )
    if isinstance(trigger, OnChange) and isinstance(target.trigger, OnChange):
        trigger = replace(target.trigger, dampening=trigger.dampening)
    wish = wish_of(engine, given, "datastore", "selection-filter-ref") or target.wish
    stop = stop_time(given, engine.clock()) or terms.stop
    return replace(terms, target=replace(target, trigger=trigger, wish=wish), stop=stop)


def _trigger(engine: Engine, given: dict[str, Given]) -> Periodic | OnChange | None:
    limits = engine.pushing.limits
    if "periodic" in given:
        value = given["periodic"].value
        _refuse_short(value["period"], max(limits.period, 0.01), "period")
        anchor = value.get("anchor-time")
        return Periodic(value["period"], None if anchor is None else datetime.fromisoformat(anchor))
    if "on-change" in given:
        value = given["on-change"].value
        _refuse_short(value["dampening-period"], limits.dampening, "dampening-period")
        excluded = tuple(sorted(set(value.get("excluded-change", ()))))
        # modify-subscription has no more than the period: the rest of the terms stays.
        return OnChange(value["dampening-period"], value.get("sync-on-start", True), excluded)
    return None


def _refuse_short(given: int, least: float, name: str) -> None:
    """``given`` is in centiseconds, ``least`` in seconds."""
    if given < least * 100:
        hint = ceil(least * 100)
        raise Refused(
            "period-unsupported",
            f"a {name} of {given} centiseconds is too short; {hint} is the shortest",
            (("period-hint", str(hint)),),
        )


# ---- who sends it


def check(engine: Engine, session: NetconfSession, terms: Terms) -> None:
    """Raise Refused for terms that cannot be met."""
    assert isinstance(terms.target, DatastoreTarget)
    if isinstance(terms.target.trigger, OnChange):
        picture = picture_of(engine, session, terms)
        if terms.target.trigger.sync_on_start:
            picture.contents(engine.datastores.root(RUNNING))
    else:
        read_of(engine, session, terms)()


def pushing(engine: Engine, subscription: Subscription) -> Feeder:
    """Start what sends a subscription its updates; raises Refused."""
    session, terms = subscription.session, subscription.terms
    assert isinstance(terms.target, DatastoreTarget)
    stopping = Stopping(
        engine.pushing.timers,
        lambda: engine.subscriptions.end(subscription, "no-such-subscription"),
    )
    made: OnChangePush | PeriodicPush
    if isinstance(terms.target.trigger, OnChange):
        picture = partial(picture_of, engine, session)
        made = OnChangePush(subscription, picture, engine.pushing, stopping)
    else:
        made = PeriodicPush(
            subscription, partial(read_of, engine, session), engine.pushing, stopping
        )
    try:
        made.start()
    except BaseException:
        made.close()
        raise
    return made


def picture_of(engine: Engine, session: NetconfSession, terms: Terms) -> Picture:
    """Return what a subscriber to changes selects and sees; raises Refused."""
    wanted, is_small = _wanted(engine, session, terms)
    selection_of = _selection if is_small else _selection.__wrapped__
    if wanted.xpath is not None:
        raise unsupported_filter(
            "on-change takes an XPath that is a lookup: paths whose predicates compare leafs with"
            " values; use such a one, or a subtree filter, or subscribe periodically"
        )

    def contents(root: Any) -> Sequence[bytes]:
        show = partial(engine.view.configuration, root, sight=engine.access.sight(session))
        return _contents(engine, wanted, show, PLAIN, "sync-too-big")

    return Picture(
        selection_of(engine.schema.root, wanted.filter),
        contents,
        lambda: engine.access.sight(session),
        partial(_may_be_told, engine, session),
    )


def read_of(
    engine: Engine, session: NetconfSession, terms: Terms
) -> Callable[[], Sequence[bytes] | None]:
    """Return what reads the contents of a periodic update; raises Refused."""
    assert isinstance(terms.target, DatastoreTarget)
    wanted, _ = _wanted(engine, session, terms)
    is_operational = terms.target.datastore == OPERATIONAL
    shows = engine.view.everything if is_operational else engine.view.configuration
    manner = OF_OPERATIONAL if is_operational else PLAIN

    def read() -> Sequence[bytes] | None:
        if not _may_be_told(engine, session, "push-update"):
            return None
        root = engine.datastores.root(RUNNING)
        show = partial(shows, root, sight=engine.access.sight(session))
        return _contents(engine, wanted, show, manner, "update-too-big")

    return read


def _contents(
    engine: Engine, wanted: Wanted, show: Show, manner: Manner, identity: str
) -> Sequence[bytes]:
    try:
        parts: Iterable[bytes] = wanted.shown(engine, show, manner)
        return bounded(parts, engine.pushing.limits.octets, identity)
    except RpcError as error:
        if error.tag == "resource-denied":
            raise Refused("insufficient-resources", error.message) from None
        raise unsupported_filter(error.message) from None


def _may_be_told(engine: Engine, session: NetconfSession, name: str) -> bool:
    """Tell whether access control lets a session have updates at all (RFC 8641, section 3.9)."""
    notification = engine.schema.notifications[f"{{{PUSH}}}{name}"]
    return engine.access.may_be_told(session, notification)


def _wanted(engine: Engine, session: NetconfSession, terms: Terms) -> tuple[Wanted, bool]:
    """Return what is selected, and whether that is small enough to be remembered."""
    target = terms.target
    assert isinstance(target, DatastoreTarget)
    if target.wish is None:
        return EVERYTHING, True
    wish = resolved(engine, session, target.wish, f"{FILTERS}/{YP}:selection-filter", "datastore")
    is_small = is_remembered(wish.text, wish.namespaces)
    if wish.kind == XPATH:
        try:
            wanted = by_xpath(engine, wish.text, wish.namespaces)
        except RpcError as error:
            raise unsupported_filter(error.message) from None
    else:
        compiled = _subtree if is_small else _subtree.__wrapped__
        wanted = compiled(engine.schema.root, wish.text)
    if wanted.filter is not None and wanted.filter.is_empty:
        raise Refused("unchanging-selection", "the filter names nothing that this server has")
    return wanted, is_small


@lru_cache(maxsize=FILTERS_REMEMBERED)
def _subtree(root: Container, text: str) -> Wanted:
    """Subscribers ask for the same; those who do share what is found for them."""
    return Wanted(Filter.compile(root, element_of(Wish(SUBTREE, text))))


@lru_cache(maxsize=FILTERS_REMEMBERED)
def _selection(root: Container, wanted: Filter | None) -> Selection:
    return Selection(root, wanted)

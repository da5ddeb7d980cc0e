"""Who is told of a commit, when, and what it costs; with a clock that a test sets."""

from collections.abc import Sequence
from typing import Any

import pytest
from lxml import etree

from server.datastore.diff import changes_between
from server.datastore.filter import Filter
from server.datastore.running import Committed
from server.datastore.store import JournalEntry
from server.datastore.to_xml import Writer
from server.events.timers import Timers
from server.sessions import NetconfSession
from server.subscriptions import on_change, pushing
from server.subscriptions.changes import Picture
from server.subscriptions.notices import Notices
from server.subscriptions.on_change import OnChangePush
from server.subscriptions.pushing import Pushing, PushLimits
from server.subscriptions.registry import SubscriptionLimits, Subscriptions
from server.subscriptions.selection import Selection
from server.subscriptions.stopping import Stopping
from server.subscriptions.subscription import QueueLimits, Subscription
from server.subscriptions.terms import DatastoreTarget, OnChange, Terms
from tests.server.configuration import Configuration
from tests.server.events.streams import ADA, Clock, messages
from yang.bindings.gateway import SCHEMA
from yang.sorted_map import SortedMap

QOS = "urn:ipsec-qos:yang:ipsec-qos"


class World:
    """Running, and subscribers to its changes."""

    def __init__(self, messages: int = 1000, octets: int = 1 << 20, pending: int = 100) -> None:
        self.clock = Clock()
        self.timers = Timers(self.clock)
        notices = Notices(SCHEMA, self.clock)
        limits = SubscriptionLimits(1000, 1000, QueueLimits(messages, octets))
        self.registry = Subscriptions(notices, limits)
        self.pushing = Pushing(SCHEMA, self.clock, self.timers, PushLimits(pending=pending))
        self.running = Configuration.of(SCHEMA)
        self.sessions = 0

    def subscribe(self, wanted: str = "", **trigger: Any) -> Subscription:
        self.sessions += 1
        session = NetconfSession(self.sessions, "ada", ADA, self.clock())
        trigger = {"sync_on_start": False, **trigger}
        terms = Terms(DatastoreTarget("running", OnChange(**trigger)))
        content = f'<ipsec-qos xmlns="{QOS}"><policies>{wanted}</policies></ipsec-qos>'
        filter_ = Filter.compile(SCHEMA.root, etree.fromstring(f"<filter>{content}</filter>"))
        picture = Picture(
            Selection(SCHEMA.root, filter_), self.contents, lambda: None, lambda name: True
        )

        def feeder(subscription: Subscription) -> OnChangePush:
            stopping = Stopping(self.timers, lambda: None)
            made = OnChangePush(subscription, lambda terms: picture, self.pushing, stopping)
            made.start()
            return made

        return self.registry.open(session, terms, feeder)

    def contents(self, root: Any) -> Sequence[bytes]:
        return list(Writer(SCHEMA).root(root))

    def commit(self, name: str, text: str = "", tell: bool = True) -> None:
        """Describe a policy."""
        content = (
            f'<ipsec-qos xmlns="{QOS}"><policies><policy><name>{name}</name><sequence-number>1'
            f"</sequence-number><description>{text}</description></policy></policies></ipsec-qos>"
        )
        before = self.running.version.root
        self.running.edit(content)
        root = self.running.version.root
        changes = changes_between(SCHEMA, before, root)
        entry = JournalEntry(1, "", "ada", 1, "", "commit", "", len(changes))
        self.pushing.on_commit(Committed(None, entry, changes, before, root))
        if tell:
            self.pushing.run_waiting()

    def pass_time(self, seconds: float) -> None:
        self.clock.seconds += seconds
        self.timers.run_due()
        self.pushing.run_waiting()

    def taken(self, subscription: Subscription) -> list[str]:
        """What the subscriber reads now: names of notifications, and the texts of edits."""
        found = []
        for message in messages(subscription.session):
            body = etree.fromstring(message)[1]
            texts = body.xpath(".//*[local-name()='description']/text()")
            found.append(" ".join([etree.QName(body).localname, *map(str, texts)]))
        return found


def test_a_commit_is_shown_only_to_those_whom_it_may_concern(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    for number in range(50):
        key = f"<policy><name>p{number}</name><sequence-number>1</sequence-number></policy>"
        world.subscribe(key)
    world.subscribe("<policy><name>p7</name></policy>")
    asked = []
    changed = OnChangePush.changed

    def counted(push: OnChangePush, *arguments: Any) -> None:
        asked.append(push)
        changed(push, *arguments)

    monkeypatch.setattr(OnChangePush, "changed", counted)
    world.commit("p7", "seven")
    assert len(asked) == 2
    world.commit("p9", "nine")
    assert len(asked) == 3
    world.commit("other")
    assert len(asked) == 3


def test_a_change_never_walks_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    for number in range(300):
        world.commit(f"p{number}")
    every, leaf = world.subscribe(), world.subscribe("<policy><description/></policy>")

    def walked(self: Any) -> Any:
        raise AssertionError("a list is walked")

    before = world.running.version.root
    world.commit("p7", "seven", tell=False)
    for name in ("keys", "values", "items", "leaves", "__iter__"):
        monkeypatch.setattr(SortedMap, name, walked)
    world.pushing.run_waiting()
    monkeypatch.undo()
    assert before is not world.running.version.root
    for each in (every, leaf):
        assert world.taken(each) == ["push-change-update seven"]


def test_a_dampened_change_is_told_when_the_period_is_over() -> None:
    world = World()
    subscription = world.subscribe(dampening=100)
    world.commit("p", "one")
    assert world.taken(subscription) == ["push-change-update one"]
    world.clock.seconds = 0.4
    world.commit("p", "two")
    world.commit("p", "three")
    assert world.taken(subscription) == []
    world.pass_time(0.5)
    assert world.taken(subscription) == []
    world.pass_time(0.2)
    assert world.taken(subscription) == ["push-change-update three"]
    world.pass_time(5)
    assert world.taken(subscription) == []
    world.commit("p", "four")
    assert world.taken(subscription) == ["push-change-update four"]


def test_changes_that_undo_one_another_are_no_update() -> None:
    world = World()
    subscription = world.subscribe(dampening=100)
    world.commit("p", "one")
    world.commit("p", "two")
    world.commit("p", "one")
    world.pass_time(2)
    assert world.taken(subscription) == ["push-change-update one"]


def test_too_much_to_dampen_suspends_and_begins_anew() -> None:
    """``push_dampened``; a sync has all once the subscriber reads."""
    world = World(pending=3)
    subscription = world.subscribe(dampening=1000, sync_on_start=True)
    assert world.taken(subscription) == ["push-update"]
    for number in range(6):
        world.commit(f"p{number}", f"d{number}")
    assert world.taken(subscription) == ["subscription-suspended", "subscription-resumed"]
    world.pushing.run_waiting()
    assert world.taken(subscription) == ["push-update d0 d1 d2 d3 d4 d5"]


@pytest.mark.parametrize("bound", [{"messages": 5}, {"octets": 2000}])
def test_what_waits_is_bounded(bound: dict[str, int]) -> None:
    """``pending_updates`` and ``pending_update_bytes``; who reads is not concerned."""
    world = World(**bound)
    slow, reader = world.subscribe(), world.subscribe()
    for number in range(20):
        world.commit("p", f"{number}")
        assert world.taken(reader) == [f"push-change-update {number}"]
    assert world.taken(slow) == ["subscription-suspended", "subscription-resumed"]
    world.pushing.run_waiting()
    world.commit("p", "after")
    assert world.taken(slow) == ["push-change-update after"]
    world.registry.release(slow.session)
    assert len(world.registry) == 1


def test_commits_that_come_too_fast_suspend_subscriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pushing, "MOST_COMMITS", 4)
    world = World()
    subscription = world.subscribe(sync_on_start=True)
    for number in range(10):
        world.commit("p", f"{number}", tell=False)
    world.pushing.run_waiting()
    assert world.taken(subscription) == ["subscription-suspended", "subscription-resumed"]
    world.pushing.run_waiting()
    assert world.taken(subscription) == ["push-update 9"]
    world.commit("p", "after")
    assert world.taken(subscription) == ["push-change-update after"]


def test_changes_during_a_sync_come_once_and_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    world.commit("p", "before")
    world.subscribe()  # So that commits are told.
    plain = world.contents

    def meanwhile(root: Any) -> Sequence[bytes]:
        world.commit("p", "during", tell=True)
        return plain(root)

    monkeypatch.setattr(world, "contents", meanwhile)
    subscription = world.subscribe(sync_on_start=True)
    assert world.taken(subscription) == ["push-update before", "push-change-update during"]
    world.commit("p", "after")
    assert world.taken(subscription) == ["push-change-update after"]


def test_more_than_may_be_held_behind_a_sync_suspends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_change, "MOST_HELD", 2)
    world = World()
    plain = world.contents

    def meanwhile(root: Any) -> Sequence[bytes]:
        for number in range(4):
            world.commit("p", f"{number}")
        return plain(root)

    monkeypatch.setattr(world, "contents", meanwhile)
    subscription = world.subscribe(sync_on_start=True)
    monkeypatch.setattr(world, "contents", plain)
    assert world.taken(subscription) == ["subscription-suspended", "subscription-resumed"]


def test_what_ended_leaves_nothing_behind() -> None:
    world = World()
    first = world.subscribe(
        "<policy><name>p</name><sequence-number>1</sequence-number></policy>"
        "<policy><name>q</name></policy>"
    )
    second = world.subscribe(dampening=100)
    world.commit("p", "one")
    world.commit("p", "two")
    assert len(world.timers) == 1
    for each in (first, second):
        world.registry.end(each)
        assert each.session.feeds == ()
    assert len(world.timers) == 0
    assert len(world.pushing._index) == 0
    index = world.pushing._index
    assert not any((*index._keys.values(), *index._parts.values(), *index._any.values()))


def test_nothing_is_told_between_a_suspension_and_its_sync() -> None:
    """An edit can only be made on a copy that is whole."""
    world = World(messages=3)
    subscription = world.subscribe(sync_on_start=True)
    for number in range(5):
        world.commit("p", f"{number}")
    assert world.taken(subscription) == ["subscription-suspended", "subscription-resumed"]
    world.commit("p", "between", tell=False)
    world.pushing._telling.run_waiting()
    assert world.taken(subscription) == []
    world.pushing.run_waiting()
    assert world.taken(subscription) == ["push-update between"]


def test_who_wants_no_sync_is_told_of_all_since_it_was_resumed() -> None:
    world = World(messages=3)
    subscription = world.subscribe()
    for number in range(5):
        world.commit("p", f"{number}")
    assert world.taken(subscription) == ["subscription-suspended", "subscription-resumed"]
    world.commit("p", "between", tell=False)
    world.pushing._updating.run_waiting()
    world.pushing._telling.run_waiting()
    assert world.taken(subscription) == ["push-change-update between"]


def test_who_wants_no_sync_loses_nothing_by_other_terms() -> None:
    world = World()
    subscription = world.subscribe(dampening=1000)
    world.commit("p", "one")
    world.commit("p", "two")
    world.commit("q", "three", tell=False)
    assert world.taken(subscription) == ["push-change-update one"]
    subscription.modify(Terms(DatastoreTarget("running", OnChange(0, False))))
    world.pushing.run_waiting()
    assert world.taken(subscription) == [
        "subscription-modified",
        "push-change-update two",
        "push-change-update three",
    ]
    assert len(world.timers) == 0


def test_terms_that_are_adopted_behind_the_end_leave_nothing_behind() -> None:
    """A filter of the configuration changes while its subscriber hangs up."""
    world = World()
    for wants_sync in (True, False):
        subscription = world.subscribe(sync_on_start=wants_sync)
        feeder = subscription.feeder
        assert feeder is not None
        world.registry.end(subscription)
        feeder.adopt(subscription.terms)
        assert len(world.pushing._index) == 0

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataplane_bridge.compiler import compile_all
from dataplane_bridge.constraints import ConfigurationRefused
from dataplane_bridge.delta import Put, Remove, Replace
from dataplane_bridge.driver import BridgeError, DataplaneFailed, Disturbed
from dataplane_bridge.plan import AGING_TIME_KEY, DfBit, FragmentAgingTime, Marking, ObjectKey
from dataplane_bridge.reconciler import Reconciler
from tests.dataplane_bridge.flaky import FlakyDriver
from tests.dataplane_bridge.shapes import (
    Clock,
    changes_between,
    configuration,
    outbound,
    policy,
    tunnel,
)
from tests.dataplane_bridge.strategies import configurations, tunnels
from yang.bindings import gateway as g

EMPTY = configuration(bindings={})
CLEAR = configuration([policy(df_bit="clear")])
DF_BIT = ObjectKey("df-bit", "t1")

tunnel_lists = st.lists(tunnels(), unique_by=lambda t: t.id)


class Bench:
    """A reconciler over a flaky dataplane, started, with what it told."""

    def __init__(self, root: g.Configuration = EMPTY, *existing: Any, **options: Any) -> None:
        self.clock = Clock()
        # No port-selective configuration is refused here: these tests are about applying.
        self.driver = FlakyDriver(self.clock, existing, defragmentation=True)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.reconciler = Reconciler(
            self.driver,
            self.clock,
            lambda name, content: self.told.append((name, dict(content))),
            **options,
        )
        self.root = root
        self.reconciler.start(root)

    def prepare(self, root: g.Configuration) -> Any:
        return self.reconciler.prepare(root, changes_between(self.root, root))

    def commit(self, root: g.Configuration) -> None:
        change = self.prepare(root)
        change.apply()
        change.publish()
        self.root = root

    @property
    def status(self) -> str:
        return self.reconciler.health.status


@settings(max_examples=200, deadline=None)
@given(configurations(), configurations(), tunnel_lists, st.integers(0, 12))
def test_abort_undoes_a_half_applied_change(
    before: g.Configuration, after: g.Configuration, existing: list[Any], breaks_at: int
) -> None:
    bench = Bench(before, *existing)
    plan = bench.driver.read()
    change = bench.prepare(after)
    bench.driver.breaks_at = [breaks_at]
    try:
        change.apply()
    except DataplaneFailed:
        assert breaks_at <= len(change.steps)
    change.abort()
    assert bench.driver.read() == plan == bench.reconciler.compiled.plan
    assert bench.status == "in-sync"


@settings(max_examples=200, deadline=None)
@given(st.lists(configurations(), min_size=1, max_size=3), tunnel_lists)
def test_commit_then_resync_is_no_steps(roots: list[g.Configuration], existing: list[Any]) -> None:
    bench = Bench(EMPTY, *existing)
    for root in roots:
        bench.commit(root)
        assert bench.reconciler.resynchronize() == 0
        assert bench.driver.read() == compile_all(root, existing, bench.driver.features()).plan


def test_a_change_that_fails_and_is_undone_is_told() -> None:
    bench = Bench(EMPTY, tunnel())
    change = bench.prepare(CLEAR)
    bench.driver.breaks_at = [1]
    with pytest.raises(DataplaneFailed, match="broke at step 1"):
        change.apply()
    change.abort()
    (told,) = [content for name, content in bench.told if name == "apply-failed"]
    assert told == {"reason": "The dataplane broke at step 1.", "undone": True}
    assert bench.status == "in-sync"


def test_a_change_given_up_by_the_server_is_undone_silently() -> None:
    bench = Bench(EMPTY, tunnel())
    change = bench.prepare(CLEAR)
    change.apply()
    assert DF_BIT in bench.driver.read()
    change.abort()
    change.abort()
    assert DF_BIT not in bench.driver.read()
    assert bench.told == []


def test_an_undo_that_fails_is_loud_and_repaired_later() -> None:
    bench = Bench(EMPTY, tunnel())
    change = bench.prepare(CLEAR)
    bench.driver.breaks_at = [2, 0, 0]
    with pytest.raises(DataplaneFailed):
        change.apply()
    with pytest.raises(DataplaneFailed, match="Going back failed too"):
        change.abort()
    assert bench.status == "failed"
    assert bench.told[-1][0] == "apply-failed" and bench.told[-1][1]["undone"] is False
    assert bench.reconciler.health.tunnels == {"t1"}
    bench.reconciler.try_again()
    assert bench.status == "failed"
    bench.reconciler.try_again()
    assert bench.status == "in-sync"
    assert set(bench.driver.read()) == {AGING_TIME_KEY}


def test_a_commit_after_a_failure_starts_from_what_the_dataplane_really_holds() -> None:
    bench = Bench(EMPTY, tunnel())
    change = bench.prepare(CLEAR)
    bench.driver.breaks_at = [2, 0]
    with pytest.raises(DataplaneFailed):
        change.apply()
    with pytest.raises(DataplaneFailed):
        change.abort()
    bench.commit(CLEAR)
    assert bench.status == "in-sync"
    assert bench.driver.read() == bench.reconciler.compiled.plan


def test_an_abort_that_succeeds_after_a_failure_leaves_nothing_failed() -> None:
    bench = Bench(EMPTY, tunnel())
    first = bench.prepare(CLEAR)
    bench.driver.breaks_at = [2, 0]
    with pytest.raises(DataplaneFailed):
        first.apply()
    with pytest.raises(DataplaneFailed):
        first.abort()
    second = bench.prepare(CLEAR)
    second.apply()
    second.abort()
    assert bench.status == "in-sync"


def test_a_step_that_was_accepted_but_not_done_is_noticed() -> None:
    bench = Bench(EMPTY, tunnel())
    change = bench.prepare(CLEAR)
    bench.driver.forgets = {DF_BIT}
    with pytest.raises(DataplaneFailed, match="df-bit of tunnel 't1' did not come out"):
        change.apply()
    bench.driver.forgets = set()
    change.abort()
    assert bench.status == "in-sync"


def test_a_dataplane_that_cannot_be_read_back_is_no_success() -> None:
    bench = Bench(EMPTY, tunnel())
    change = bench.prepare(CLEAR)
    bench.driver.reads_break = True
    with pytest.raises(DataplaneFailed):
        change.apply()
    with pytest.raises(DataplaneFailed):
        change.abort()
    assert bench.status == "failed"


def test_start_up_over_leftovers_agrees_without_calling_it_drift() -> None:
    clock = Clock()
    driver = FlakyDriver(clock, [tunnel()])
    driver.apply((Put(DF_BIT, DfBit("set", 1400)), Put(AGING_TIME_KEY, FragmentAgingTime(1))))
    told: list[str] = []
    reconciler = Reconciler(driver, clock, lambda name, content: told.append(name))
    reconciler.start(CLEAR)
    assert driver.read() == reconciler.compiled.plan
    assert told == []


def test_start_up_that_fails_serves_and_says_so() -> None:
    clock = Clock()
    driver = FlakyDriver(clock, [tunnel()])
    driver.breaks_at = [0]
    told: list[str] = []
    reconciler = Reconciler(driver, clock, lambda name, content: told.append(name))
    reconciler.start(CLEAR)
    assert (reconciler.health.status, told) == ("failed", ["apply-failed"])
    reconciler.try_again()
    assert reconciler.health.status == "in-sync"


def test_nothing_else_is_prepared_while_a_change_is_under_way() -> None:
    bench = Bench()
    change = bench.prepare(CLEAR)
    with pytest.raises(BridgeError, match="Another change"):
        bench.prepare(CLEAR)
    with pytest.raises(BridgeError, match="being applied"):
        bench.reconciler.resynchronize()
    change.abort()
    bench.commit(CLEAR)


@pytest.mark.parametrize("end", ["publish", "abort"])
def test_tunnel_events_wait_for_the_change_to_end(end: str) -> None:
    bench = Bench(EMPTY, tunnel())
    change = bench.prepare(CLEAR)
    change.apply()
    bench.driver.establish(tunnel("t2"))
    bench.driver.remove("t1")
    assert bench.told == []
    getattr(change, end)()
    assert [name for name, _ in bench.told] == ["tunnel-up", "tunnel-down"]
    root = CLEAR if end == "publish" else EMPTY
    expected = compile_all(root, [tunnel("t2")], bench.driver.features()).plan
    assert bench.driver.read() == expected


def test_a_tunnel_gets_its_qos_when_it_comes_up() -> None:
    bench = Bench(CLEAR)
    bench.driver.establish(tunnel())
    assert bench.driver.read()[DF_BIT] == DfBit("clear", 1446)
    expected = {"tunnel": "t1", "policy": "gold", "sequence-number": 10}
    assert bench.told == [("tunnel-up", expected)]
    # A rekey is not a tunnel that comes up.
    bench.driver.establish(tunnel(nat_traversal=True))
    assert bench.driver.read()[DF_BIT] == DfBit("clear", 1438)
    bench.driver.remove("t1")
    assert DF_BIT not in bench.driver.read()
    assert bench.told[1:] == [("tunnel-down", {"tunnel": "t1"})]


def test_a_tunnel_event_that_fails_once_is_mended_at_once() -> None:
    bench = Bench(CLEAR)
    bench.driver.breaks_at = [1]
    bench.driver.establish(tunnel())
    assert bench.driver.read() == bench.reconciler.compiled.plan
    assert bench.status == "in-sync"


def test_a_tunnel_event_that_fails_twice_is_told() -> None:
    bench = Bench(CLEAR)
    bench.driver.breaks_at = [1, 0]
    bench.driver.establish(tunnel())
    assert bench.status == "failed"
    assert bench.reconciler.health.tunnels == {"t1"}
    assert ("apply-failed", {"reason": "The dataplane broke at step 1.", "undone": False}) in (
        bench.told
    )


def test_drift_is_seen_repaired_and_told() -> None:
    bench = Bench(CLEAR, tunnel())
    bench.driver.tamper((Remove(DF_BIT),))
    assert bench.reconciler.resynchronize() == 1
    assert bench.driver.read()[DF_BIT] == DfBit("clear", 1446)
    (told,) = bench.told
    assert told[0] == "dataplane-drift" and told[1]["repaired"] is True


def test_a_disturbance_leads_to_repair_or_where_not_wanted_to_a_status() -> None:
    for repair, status in ((True, "in-sync"), (False, "drifted")):
        bench = Bench(CLEAR, tunnel(), repair_drift=repair)
        bench.driver.tamper((Replace(DF_BIT, DfBit("set", 1446)),))
        for subscriber in bench.driver._subscribers:
            subscriber(Disturbed("The table was changed by process 1."))
        assert bench.status == status
        assert bench.told[0][1]["repaired"] is repair
        assert bench.reconciler.resynchronize() == (0 if repair else 1)
        assert bench.status == "in-sync"


def test_a_missed_tunnel_is_found_by_resynchronising() -> None:
    bench = Bench(CLEAR, tunnel())
    subscribers, bench.driver._subscribers = bench.driver._subscribers, []
    bench.driver.establish(tunnel("t2"))
    bench.driver.remove("t1")
    bench.driver._subscribers = subscribers
    bench.reconciler.resynchronize()
    assert {key.tunnel for key in bench.driver.read()} == {"", "t2"}


def test_what_the_dataplane_refuses_names_the_policy() -> None:
    clock = Clock()
    driver = FlakyDriver(clock, [tunnel("t1"), tunnel("t2", connection="b")], capacity=2)
    reconciler = Reconciler(driver, clock, lambda name, content: None)
    reconciler.start(CLEAR)
    driver._capacity = 1
    root = configuration([policy(df_bit="clear", outbound=outbound(dscp=1))])
    with pytest.raises(ConfigurationRefused) as refusal:
        reconciler.prepare(root, changes_between(CLEAR, root))
    (violation,) = refusal.value.violations
    assert violation.app_tag == "dataplane-refused"
    assert "no room" in violation.message


def test_steps_are_only_what_changed() -> None:
    bench = Bench(CLEAR, tunnel(), tunnel("t2", interface="lan0"))
    root = configuration([policy(df_bit="clear", outbound=outbound(dscp="ef"))])
    change = bench.prepare(root)
    assert change.steps == (Put(ObjectKey("dscp", "t1", "outbound"), Marking(46)),)
    change.abort()

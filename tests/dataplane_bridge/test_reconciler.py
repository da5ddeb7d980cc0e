"""Changes: applied, verified, undone, and what is told when they cannot be."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataplane_bridge.compiler import compile_all
from dataplane_bridge.delta import Put
from dataplane_bridge.driver import DataplaneFailed
from dataplane_bridge.plan import AGING_TIME_KEY, DfBit, FragmentAgingTime
from dataplane_bridge.reconciler import Reconciler
from tests.dataplane_bridge.flaky import FlakyDriver
from tests.dataplane_bridge.reconciling import CLEAR, DF_BIT, EMPTY, Bench
from tests.dataplane_bridge.shapes import (
    Clock,
    tunnel,
)
from tests.dataplane_bridge.strategies import configurations, tunnels
from yang.bindings import gateway as g

tunnel_lists = st.lists(tunnels(), unique_by=lambda t: t.id)


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

"""Tunnel events, drift and the order of things in the reconciler."""

from typing import NoReturn

import pytest

from dataplane_bridge.compiler import compile_all
from dataplane_bridge.constraints import ConfigurationRefused
from dataplane_bridge.delta import Put, Remove, Replace
from dataplane_bridge.driver import BridgeError, DataplaneFailed, Disturbed
from dataplane_bridge.plan import DfBit, Marking, ObjectKey
from dataplane_bridge.reconciler import Reconciler
from tests.dataplane_bridge.flaky import FlakyDriver
from tests.dataplane_bridge.reconciling import CLEAR, DF_BIT, EMPTY, Bench
from tests.dataplane_bridge.shapes import (
    Clock,
    changes_between,
    configuration,
    outbound,
    policy,
    tunnel,
)


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
            subscriber([Disturbed("The table was changed by process 1.")])
        assert bench.status == status
        assert bench.told[0][1]["repaired"] is repair
        assert bench.reconciler.resynchronize() == (0 if repair else 1)
        assert bench.status == "in-sync"


def test_where_drift_is_only_told_a_tunnel_that_comes_gets_all_tunnels_theirs() -> None:
    bench = Bench(CLEAR, tunnel(), repair_drift=False)
    bench.driver.tamper((Remove(DF_BIT),))
    for subscriber in bench.driver._subscribers:
        subscriber([Disturbed("The table was changed by process 1.")])
    bench.driver.establish(tunnel("t2"))
    assert bench.driver.read()[DF_BIT] == DfBit("clear", 1446)
    assert bench.status == "in-sync"


def test_a_missed_tunnel_is_found_by_resynchronising() -> None:
    bench = Bench(CLEAR, tunnel())
    subscribers, bench.driver._subscribers = bench.driver._subscribers, []
    bench.driver.establish(tunnel("t2"))
    bench.driver.remove("t1")
    bench.driver._subscribers = subscribers
    bench.reconciler.resynchronize()
    assert {key.tunnel for key in bench.driver.read()} == {"", "t2"}


def test_a_start_without_what_tunnels_need_is_told_and_tried_again() -> None:
    clock, told = Clock(), list[str]()
    driver = FlakyDriver(clock, [tunnel()])
    reconciler = Reconciler(driver, clock, lambda name, _: told.append(name))
    tunnels = driver.tunnels

    def refuse() -> NoReturn:
        raise DataplaneFailed("The kernel needs xfrm_interface.")

    driver.tunnels = refuse  # type: ignore[method-assign]
    reconciler.start(CLEAR)
    reconciler.try_again()
    assert reconciler.health[:2] == ("failed", "The kernel needs xfrm_interface.")
    assert told == ["apply-failed"]
    driver.tunnels = tunnels  # type: ignore[method-assign]
    reconciler.try_again()
    assert reconciler.health.status == "in-sync"
    assert driver.read()[DF_BIT] == DfBit("clear", 1446)


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

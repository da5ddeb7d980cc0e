from typing import Any

import pytest

from dataplane_bridge.delta import Put, Remove, Replace, Step
from dataplane_bridge.driver import DataplaneRefused, TunnelDown, TunnelUp
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.packets import Packet
from dataplane_bridge.plan import (
    AGING_TIME_KEY,
    Accounting,
    DfBit,
    FixedClass,
    FragmentAgingTime,
    FragmentBeforeEncryption,
    InheritPlain,
    Kind,
    Limit,
    Marking,
    ObjectKey,
    PlanObject,
)
from tests.dataplane_bridge.shapes import Clock, tunnel

MARK = ObjectKey("dscp", "t1", "outbound")


def refuses(*steps: Step, dataplane: MemoryDataplane | None = None) -> str:
    """Return why the steps are refused, having proved that nothing happened."""
    dataplane = dataplane or MemoryDataplane(Clock())
    before = dataplane.read()
    with pytest.raises(DataplaneRefused) as checked:
        dataplane.check(steps)
    with pytest.raises(DataplaneRefused) as applied:
        dataplane.apply(steps)
    assert checked.value.sentence == applied.value.sentence
    assert dataplane.read() == before
    return applied.value.sentence


def test_putting_twice_is_refused() -> None:
    twice = (Put(MARK, Marking(1)), Put(MARK, Marking(1)))
    assert refuses(*twice) == "The outbound dscp of tunnel 't1' exists already."


def test_replacing_and_removing_what_is_absent_is_refused() -> None:
    assert "to replace" in refuses(Replace(MARK, Marking(1)))
    assert "to remove" in refuses(Remove(MARK))


def test_a_batch_is_refused_as_a_whole() -> None:
    other = ObjectKey("dscp", "t2", "outbound")
    refuses(Put(other, Marking(1)), Put(MARK, Marking(64)))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("limit", Limit(0, 1, "payload", False)),
        ("limit", Limit(1, 0, "payload", False)),
        ("dscp", Marking(64)),
        ("dscp", Marking(-1)),
        ("service-class", FixedClass(8)),
        ("service-class", Marking(1)),
        ("dscp", InheritPlain()),
    ],
)
def test_bad_values_of_a_direction_are_refused(kind: Kind, value: PlanObject) -> None:
    refuses(Put(ObjectKey(kind, "t1", "inbound"), value))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (ObjectKey("df-bit", "t1"), DfBit("clear", 67)),
        (ObjectKey("fragmentation", "t1"), FragmentBeforeEncryption(65536)),
        (AGING_TIME_KEY, FragmentAgingTime(0)),
        (AGING_TIME_KEY, FragmentAgingTime(60_001)),
        (ObjectKey("fragment-aging-time", "t1"), FragmentAgingTime(5000)),
        (ObjectKey("accounting"), Accounting("payload", "payload")),
        (ObjectKey("dscp", "t1"), Marking(1)),
        (ObjectKey("df-bit", "t1", "inbound"), DfBit("clear", 1400)),
    ],
)
def test_bad_objects_are_refused(key: ObjectKey, value: PlanObject) -> None:
    refuses(Put(key, value))


def test_more_tunnels_than_fit_are_refused() -> None:
    dataplane = MemoryDataplane(Clock(), [tunnel("t1")], capacity=1)
    with pytest.raises(DataplaneRefused, match="no room for more than 1 tunnels"):
        dataplane.establish(tunnel("t2"))
    dataplane.establish(tunnel("t1"))
    dataplane.apply((Put(MARK, Marking(1)),))
    other = ObjectKey("dscp", "t2", "outbound")
    assert "no room" in refuses(Put(other, Marking(1)), dataplane=dataplane)
    dataplane.apply((Remove(MARK), Put(other, Marking(1))))
    dataplane.apply(
        (Remove(other), Put(other, Marking(2)), Put(AGING_TIME_KEY, FragmentAgingTime(1)))
    )
    assert "no room" in refuses(Put(MARK, Marking(1)), dataplane=dataplane)


def test_objects_do_not_need_their_tunnel() -> None:
    dataplane = MemoryDataplane(Clock())
    dataplane.apply((Put(MARK, Marking(1)),))
    assert dict(dataplane.read([MARK, ObjectKey("df-bit", "t1")])) == {MARK: Marking(1)}


def test_what_is_held_decides_which_packets_are_oversize() -> None:
    dataplane = MemoryDataplane(Clock(), [tunnel()])
    dataplane.apply((Put(ObjectKey("df-bit", "t1"), DfBit("clear", 1000)),))
    assert not dataplane.send("t1", "outbound", Packet(1001, df=True)).sent[0].inner.df
    assert dataplane.send("t1", "outbound", Packet(1000, df=True)).sent[0].inner.df


def test_a_tunnel_takes_its_bucket_along() -> None:
    dataplane = MemoryDataplane(Clock(), [tunnel()])
    limit = Put(ObjectKey("limit", "t1", "outbound"), Limit(1000, 2000, "payload", False))
    dataplane.apply((limit,))

    def passed() -> int:
        return sum(dataplane.send("t1", "outbound", Packet(1000)).passed for _ in range(5))

    assert passed() == 2
    dataplane.remove("t1")
    dataplane.establish(tunnel())
    assert passed() == 2


def test_events_tell_of_tunnels() -> None:
    dataplane = MemoryDataplane(Clock())
    seen: list[Any] = []
    dataplane.subscribe(seen.extend)
    dataplane.establish(tunnel())
    dataplane.remove("t1")
    assert seen == [TunnelUp(tunnel()), TunnelDown("t1")]
    with pytest.raises(DataplaneRefused, match="There is no tunnel 't1'"):
        dataplane.remove("t1")


def test_counters_of_all_of_some_and_cleared() -> None:
    clock = Clock(5.0)
    dataplane = MemoryDataplane(clock, [tunnel("t1"), tunnel("t2")])
    assert set(dataplane.counters()) == {"t1", "t2"}
    assert set(dataplane.counters(["t2", "t9"])) == {"t2"}
    clock.seconds = 6.0
    assert dataplane.clear_counters("t1") == 6.0
    assert (dataplane.counters()["t1"].since, dataplane.counters()["t2"].since) == (6.0, 5.0)

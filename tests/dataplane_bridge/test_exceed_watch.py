from dataplane_bridge.driver import Counters, TunnelCounters, exceeded_packets
from dataplane_bridge.exceed_watch import ExceedWatch, LimitExceeded
from dataplane_bridge.plan import Direction


def dropped(inbound: int = 0, outbound: int = 0) -> dict[tuple[str, Direction], int]:
    counters = TunnelCounters(
        0.0, Counters(exceed_packets=inbound), Counters(ike_exceed_packets=outbound)
    )
    return exceeded_packets({"t1": counters})


BEGIN = LimitExceeded("t1", "inbound", "begin")
END = LimitExceeded("t1", "inbound", "end")


def test_one_begin_and_one_end_for_a_spell() -> None:
    watch = ExceedWatch()
    assert list(watch.look(dropped(), 0)) == []
    assert list(watch.look(dropped(1), 1)) == [BEGIN]
    assert list(watch.look(dropped(5), 2)) == []
    assert list(watch.look(dropped(6), 11.5)) == []
    assert list(watch.look(dropped(6), 21.4)) == []
    assert list(watch.look(dropped(6), 21.5)) == [END]
    assert list(watch.look(dropped(6), 40)) == []
    assert list(watch.look(dropped(7), 41)) == [BEGIN]


def test_directions_and_ike_drops_count_apart() -> None:
    watch = ExceedWatch()
    assert list(watch.look(dropped(0, 1), 0)) == [LimitExceeded("t1", "outbound", "begin")]
    assert list(watch.look(dropped(1, 1), 1)) == [BEGIN]


def test_cleared_counters_do_not_hide_new_drops() -> None:
    watch = ExceedWatch()
    list(watch.look(dropped(5), 0))
    assert list(watch.look(dropped(), 20)) == [END]
    assert list(watch.look(dropped(5), 21)) == [BEGIN]


def test_the_end_comes_for_tunnels_that_are_not_looked_at() -> None:
    watch = ExceedWatch()
    list(watch.look(dropped(1), 0))
    assert list(watch.look({}, 10, among=())) == [END]


def test_a_tunnel_that_is_gone_is_forgotten() -> None:
    watch = ExceedWatch()
    list(watch.look(dropped(1), 0))
    watch.forget("t1")
    assert list(watch.look({}, 10)) == []

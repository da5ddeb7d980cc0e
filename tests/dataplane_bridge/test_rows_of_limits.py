"""Rows 9 to 15 and 23 of SEMANTICS, section 2: limits, buckets, counters, proved by packets."""

from dataclasses import replace
from typing import Any

import pytest

from dataplane_bridge.driver import Counters
from dataplane_bridge.packets import Packet
from dataplane_bridge.plan import Direction
from tests.dataplane_bridge.gateway import BIG, Gateway, gateway
from tests.dataplane_bridge.shapes import (
    configuration,
    inbound,
    limit,
    outbound,
    policy,
    template,
    tunnel,
)


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_row_9_to_14_the_rate_holds_to_a_packet(direction: Direction) -> None:
    rates: dict[str, Any] = {"inbound": inbound(limit(1000)), "outbound": outbound(limit(1000))}
    box = Gateway(configuration([policy(**{direction: rates[direction]})]))
    box.flood(1000, 10, direction)
    allowed = 125_000 * 10 + 125_000
    passed = box.counters(direction).conform_octets
    assert 0.99 * allowed <= passed <= allowed
    assert box.counters(direction).exceed_packets > 0
    other: Direction = "inbound" if direction == "outbound" else "outbound"
    assert box.counters(other).conform_packets == 0


def test_row_10_every_tunnel_of_a_template_has_its_own_bucket() -> None:
    limited = template(outbound=outbound(limit(8)))
    box = Gateway(configuration([policy(template="dial")], [limited]))
    box.dataplane.establish(tunnel("t2"))
    assert box.flood(1000, 1, name="t1") == box.flood(1000, 1, name="t2") > 0


def test_row_10_a_rekey_keeps_bucket_and_counters() -> None:
    box = gateway(outbound=outbound(limit(8)))
    box.flood(1000, 1)
    before = replace(box.counters())
    box.dataplane.establish(tunnel(nat_traversal=True))
    assert box.counters() == before
    assert not box.send(Packet(1000)).passed


def test_row_11_default_counts_the_outer_length_with_nat_traversal() -> None:
    for nat, outer in ((False, 1056), (True, 1064)):
        box = gateway(outbound=outbound(limit(8000)), fields={"nat_traversal": nat})
        box.send(Packet(1000))
        assert box.counters().conform_octets == outer


def test_row_11_ike_is_exempt_by_default() -> None:
    box = gateway(outbound=outbound(limit(8, burst=1500)))
    assert all(box.dataplane.send_ike("t1", "outbound", 1000) for _ in range(100))


def test_row_12_payload_counts_the_inner_length() -> None:
    for direction in ("inbound", "outbound"):
        box = gateway(
            inbound=inbound(limit(8000, "payload")), outbound=outbound(limit(8000, "payload"))
        )
        box.send(Packet(1000), direction)
        assert box.counters(direction).conform_octets == 1000


def test_row_13_ike_draws_from_the_same_bucket() -> None:
    box = gateway(outbound=outbound(limit(8, "payload", True, 3000)))
    assert box.send(Packet(1000)).passed
    assert box.dataplane.send_ike("t1", "outbound", 1000)
    assert box.send(Packet(1000)).passed
    assert not box.dataplane.send_ike("t1", "outbound", 1000)
    assert not box.send(Packet(1000)).passed
    counters = box.counters()
    assert (counters.ike_exceed_packets, counters.ike_exceed_octets) == (1, 1000)
    assert (counters.exceed_packets, counters.exceed_octets) == (1, 1000)


def test_row_14_the_default_bucket_is_a_second_and_at_least_64_kib() -> None:
    slow = gateway(outbound=outbound(limit(8, "payload")))
    assert sum(slow.send(Packet(1024)).passed for _ in range(100)) == 64
    fast = gateway(outbound=outbound(limit(8000, "payload")))
    assert sum(fast.send(Packet(1000)).passed for _ in range(2000)) == 1000


def test_row_14_a_configured_burst_is_exact() -> None:
    box = gateway(outbound=outbound(limit(8, "payload", burst=5000)))
    assert sum(box.send(Packet(1000)).passed for _ in range(100)) == 5
    box.clock.seconds += 1.0
    assert sum(box.send(Packet(1000)).passed for _ in range(100)) == 1


def test_row_15_excess_is_counted_by_direction_and_cause() -> None:
    box = gateway(
        outbound=outbound(limit(8, "payload", burst=1500)),
        inbound=inbound(limit(8, "payload", burst=1500)),
    )
    for _ in range(3):
        box.send(Packet(1000))
    box.send(Packet(1000), "inbound")
    box.send(Packet(1600), "inbound")
    assert box.counters() == Counters(1, 1000, 2, 2000)
    assert box.counters("inbound") == Counters(1, 1000, 1, 1600)


def test_row_23_a_change_keeps_the_tokens_bounded_by_the_new_bucket() -> None:
    box = gateway(outbound=outbound(limit(8, "payload", burst=10_000)))
    for _ in range(3):
        box.send(Packet(1000))
    box.commit(configuration([policy(outbound=outbound(limit(16, "payload", burst=5000)))]))
    assert sum(box.send(Packet(1000)).passed for _ in range(20)) == 5
    box.commit(configuration([policy(outbound=outbound(limit(16, "payload", burst=9000)))]))
    assert not box.send(Packet(1000)).passed
    assert box.counters().conform_packets == 8
    box.clock.seconds += 1
    assert sum(box.send(Packet(1000)).passed for _ in range(20)) == 2


def test_row_23_a_limit_that_comes_back_starts_with_a_full_bucket() -> None:
    limited = configuration([policy(outbound=outbound(limit(8, "payload", burst=2000)))])
    box = Gateway(limited)
    assert sum(box.send(Packet(1000)).passed for _ in range(5)) == 2
    box.commit(configuration([policy()]))
    assert box.send(Packet(1000)).passed
    box.commit(limited)
    assert sum(box.send(Packet(1000)).passed for _ in range(5)) == 2


def test_row_10_another_tunnel_of_the_same_name_starts_anew() -> None:
    box = gateway(outbound=outbound(limit(8, "payload", burst=2000)))
    assert sum(box.send(Packet(1000)).passed for _ in range(5)) == 2
    box.dataplane.remove("t1")
    box.dataplane.establish(tunnel())
    assert sum(box.send(Packet(1000)).passed for _ in range(5)) == 2
    assert box.counters().conform_packets == 2


def test_row_23_a_change_of_one_tunnel_leaves_the_other_ones_bucket_alone() -> None:
    policies = [
        policy(number=1, connection=("a",), outbound=outbound(limit(8, "payload", burst=2000))),
        policy(number=2, connection=("b",), outbound=outbound(limit(8, "payload", burst=2000))),
    ]
    box = Gateway(configuration(policies), connection="a")
    box.dataplane.establish(tunnel("t2", connection="b"))
    assert [box.send(Packet(1000), name="t2").passed for _ in range(3)] == [True, True, False]
    policies[0] = policy(number=1, connection=("a",), df_bit="clear")
    box.commit(configuration(policies))
    assert not box.send(Packet(1000), name="t2").passed


def test_pieces_are_limited_one_by_one() -> None:
    box = gateway(
        df_bit="clear",
        fragmentation="before-encryption",
        outbound=outbound(limit(8, "payload", burst=1500)),
    )
    outcome = box.send(BIG)
    assert (len(outcome.sent), outcome.exceeded, outcome.passed) == (1, 1, False)

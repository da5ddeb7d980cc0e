"""Each behaviour of SEMANTICS, section 2, proved by packets through the reference dataplane."""

from dataclasses import replace
from typing import Any

import pytest

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.driver import Counters
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.packets import Packet
from dataplane_bridge.plan import Direction
from dataplane_bridge.tables import DSCP_BY_NAME, TRAFFIC_CLASS, code_point
from tests.dataplane_bridge.shapes import (
    Clock,
    changes_between,
    configuration,
    inbound,
    limit,
    outbound,
    policy,
    template,
    tunnel,
)
from yang.bindings import gateway as g

BIG = Packet(1500, df=True)


class Gateway:
    """A dataplane with one tunnel, and the bridge that configures it."""

    def __init__(self, root: g.Configuration, **fields: Any) -> None:
        self.clock = Clock()
        self.dataplane = MemoryDataplane(self.clock, [tunnel(**fields)])
        self.events: list[tuple[str, Any]] = []
        self.bridge = Bridge(
            self.dataplane, self.clock, lambda name, content: self.events.append((name, content))
        )
        self.root = root
        self.bridge.start(root)

    def commit(self, root: g.Configuration) -> None:
        change = self.bridge.prepare(root, changes_between(self.root, root))
        change.apply()
        change.publish()
        self.root = root

    def send(self, packet: Packet, direction: Direction = "outbound", name: str = "t1") -> Any:
        return self.dataplane.send(name, direction, packet)

    def counters(self, direction: Direction = "outbound", name: str = "t1") -> Counters:
        return self.dataplane.counters([name])[name].of(direction)

    def flood(
        self, length: int, seconds: float, direction: Direction = "outbound", name: str = "t1"
    ) -> int:
        """Send a packet each millisecond, and return the packets that passed."""
        passed = 0
        for _ in range(round(seconds * 1000)):
            passed += self.send(Packet(length), direction, name).passed
            self.clock.seconds += 0.001
        return passed


def gateway(*, fields: dict[str, Any] | None = None, **leafs: Any) -> Gateway:
    return Gateway(configuration([policy(**leafs)]), **(fields or {}))


def test_row_1_and_16_copy_is_the_default() -> None:
    sent = gateway().send(Packet(100, df=True, dscp=10, ecn=1)).sent[0]
    assert (sent.df, sent.dscp, sent.ecn) == (True, 10, 1)
    assert not gateway().send(Packet(100)).sent[0].df


def test_row_2_local_wins_over_global_on_the_wire() -> None:
    local = Gateway(configuration([policy(df_bit="set")], df_bit="clear"))
    assert local.send(Packet(100)).sent[0].df
    common = Gateway(configuration([policy()], df_bit="clear"))
    assert not common.send(Packet(100, df=True)).sent[0].df


def test_row_3_before_encryption_makes_whole_ipsec_packets() -> None:
    outcome = gateway(df_bit="clear", fragmentation="before-encryption").send(BIG)
    # DATAPLANE.md, section 3: inner 1444 + 76.
    assert [piece.inner.length for piece in outcome.sent] == [1444, 76]
    assert [piece.inner.offset for piece in outcome.sent] == [0, 1424]
    assert [piece.inner.more_fragments for piece in outcome.sent] == [True, False]
    assert all(len(piece.fragment_lengths) == 1 for piece in outcome.sent)
    assert all(piece.length <= 1500 for piece in outcome.sent)


def test_row_3_after_encryption_fragments_the_ipsec_packet() -> None:
    (sent,) = gateway(df_bit="clear").send(BIG).sent
    assert sent.inner.length == 1500
    assert sent.fragment_lengths == (1500, 76)


def test_row_4_before_encryption_without_clear_tells_the_sender() -> None:
    box = gateway(fragmentation="before-encryption")
    outcome = box.send(BIG)
    assert (outcome.sent, outcome.too_big, outcome.told_mtu) == ((), True, 1446)
    assert box.counters().too_big_packets == 1
    assert len(box.send(Packet(1500)).sent) == 2
    told = box.bridge.tunnel_state("t1")
    assert told is not None and told["condition"][0]["status"] == "warning"


def test_row_4_copy_after_encryption_tells_the_sender_too() -> None:
    assert gateway().send(BIG).told_mtu == 1446
    assert gateway().send(Packet(1446, df=True)).passed


def test_row_5_clear_touches_the_inner_df_only_of_oversize_packets() -> None:
    box = gateway(df_bit="clear")
    small, large = box.send(Packet(1446, df=True)).sent[0], box.send(BIG).sent[0]
    assert (small.df, large.df) == (False, False)
    assert (small.inner.df, small.inner.identification) == (True, 0)
    assert not large.inner.df and large.inner.identification != 0


def test_row_5_fresh_identifications_differ_and_fragments_share_theirs() -> None:
    box = gateway(df_bit="clear", fragmentation="before-encryption")
    first, second = box.send(BIG).sent, box.send(BIG).sent
    assert len({piece.inner.identification for piece in first}) == 1
    assert first[0].inner.identification != second[0].inner.identification
    seen = {box.send(BIG).sent[0].inner.identification for _ in range(70_000)}
    assert 0 not in seen and max(seen) == 65535


def test_row_5_a_packet_without_df_keeps_its_identification() -> None:
    (sent,) = gateway(df_bit="clear").send(Packet(1500, identification=77)).sent
    assert sent.inner.identification == 77


def test_row_6_set_drops_and_counts_what_does_not_fit() -> None:
    box = gateway(df_bit="set")
    assert box.send(Packet(1446)).sent[0].df
    outcome = box.send(Packet(1447))
    assert (outcome.too_big, outcome.told_mtu) == (True, None)
    assert box.counters().too_big_packets == 1


def test_row_6_set_before_encryption_sends_fragments_with_df() -> None:
    box = gateway(df_bit="set", fragmentation="before-encryption")
    assert [piece.df for piece in box.send(Packet(1500)).sent] == [True, True]
    assert box.send(BIG).told_mtu == 1446


def test_row_7_the_mode_changes_under_traffic_without_loss_of_counters() -> None:
    box = gateway(df_bit="clear")
    box.send(BIG)
    box.commit(configuration([policy(df_bit="clear", fragmentation="before-encryption")]))
    assert len(box.send(BIG).sent) == 2
    assert box.counters().fragmented_packets == 2


def test_row_8_aging_time_shown_as_applied() -> None:
    box = Gateway(configuration(aging_time=1234))
    assert box.bridge.dataplane_state()["fragment-aging-time"] == 1234


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


def test_row_16_outbound_marking_writes_only_the_outer_header_and_keeps_ecn() -> None:
    (sent,) = gateway(outbound=outbound(dscp="ef")).send(Packet(100, dscp=10, ecn=2)).sent
    assert (sent.dscp, sent.ecn, sent.inner.dscp) == (46, 2, 10)


def test_row_16_every_outer_fragment_and_piece_is_marked() -> None:
    box = gateway(outbound=outbound(dscp=46), fragmentation="before-encryption")
    assert {piece.dscp for piece in box.send(Packet(1500)).sent} == {46}


def test_row_17_inbound_marking_writes_the_inner_header() -> None:
    (sent,) = gateway(inbound=inbound(dscp="af41")).send(Packet(100, dscp=1, ecn=3), "inbound").sent
    assert (sent.inner.dscp, sent.inner.ecn) == (34, 3)
    (same,) = gateway().send(Packet(100, dscp=1), "inbound").sent
    assert same.inner.dscp == 1


def test_row_18_names_and_numbers_mean_the_same() -> None:
    assert len(DSCP_BY_NAME) == 21
    assert {name: code_point(name) for name in ("default", "cs7", "af23")} == {
        "default": 0,
        "cs7": 56,
        "af23": 22,
    }
    by_name, by_number = gateway(outbound=outbound(dscp="ef")), gateway(outbound=outbound(dscp=46))
    assert by_name.dataplane.read() == by_number.dataplane.read()
    shown = by_name.bridge.tunnel_state("t1")
    assert shown is not None
    assert shown["effective"]["outbound"]["dscp"] == {"value": "ef", "origin": "local"}


def test_row_19_ipv6_is_marked_and_never_fragmented_by_a_router() -> None:
    box = gateway(outbound=outbound(dscp=46), df_bit="clear", fragmentation="before-encryption")
    assert box.send(Packet(1000, version=6, header=40)).sent[0].dscp == 46
    outcome = box.send(Packet(1500, version=6, header=40))
    assert (outcome.too_big, outcome.told_mtu) == (True, 1446)
    assert box.counters().too_big_packets == 1


def test_row_19_ipv6_of_the_minimum_mtu_always_passes() -> None:
    box = gateway(fields={"egress_mtu": 1280})
    (sent,) = box.send(Packet(1280, version=6, header=40)).sent
    assert len(sent.fragment_lengths) == 2


def test_row_19_ipv6_outside_fragments_with_its_own_header() -> None:
    box = gateway(
        df_bit="clear",
        fields={"local_address": "2001:db8::1", "remote_address": "2001:db8::2"},
    )
    (sent,) = box.send(Packet(1500)).sent
    # 40 + 8 + 8 + 1504 + 16 = 1576; 1448 octets fit behind 40 + 8.
    assert (sent.length, sent.fragment_lengths) == (1576, (1496, 136))
    assert not sent.df


@pytest.mark.parametrize("name", TRAFFIC_CLASS)
def test_row_20_class_becomes_the_traffic_class_of_that_direction(name: str) -> None:
    box = gateway(outbound=outbound(service_class=name), fields={"mpls": "both"})
    (out,) = box.send(Packet(100, dscp=46)).sent
    assert (out.traffic_class, out.dscp) == (TRAFFIC_CLASS[name], 46)
    assert box.send(Packet(100, dscp=46), "inbound").sent[0].traffic_class == 0


def test_row_21_inherit_plain_reads_the_class_before_re_marking() -> None:
    box = gateway(inbound=inbound(dscp=10, inherit_plain=True), fields={"mpls": "inbound"})
    table = {0: 0, 1: 0, 8: 1, 14: 1, 18: 2, 26: 3, 38: 4, 40: 5, 46: 5, 44: 0, 48: 6, 56: 7, 63: 0}
    for dscp, traffic_class in table.items():
        (sent,) = box.send(Packet(100, dscp=dscp), "inbound").sent
        assert (sent.traffic_class, sent.inner.dscp) == (traffic_class, 10)


def test_row_22_no_mpls_no_label() -> None:
    box = gateway(outbound=outbound(service_class="ef"))
    assert box.send(Packet(100)).sent[0].traffic_class is None
    shown = box.bridge.tunnel_state("t1")
    assert shown is not None and shown["condition"][0]["status"] == "not-applicable"


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


def test_row_26_unmatched_traffic_passes_unchanged_and_is_counted() -> None:
    box = Gateway(configuration(), mpls="both")
    (sent,) = box.send(Packet(1000, dscp=10, ecn=1)).sent
    assert (sent.inner, sent.dscp) == (Packet(1000, dscp=10, ecn=1), 10)
    box.send(Packet(500), "inbound")
    assert box.bridge.dataplane_state()["unmatched"] == {"packets": 2, "octets": 1500}
    shown = box.bridge.tunnel_state("t1")
    assert shown is not None and shown["status"] == "no-policy"


def test_pieces_are_limited_one_by_one() -> None:
    box = gateway(
        df_bit="clear",
        fragmentation="before-encryption",
        outbound=outbound(limit(8, "payload", burst=1500)),
    )
    outcome = box.send(BIG)
    assert (len(outcome.sent), outcome.exceeded, outcome.passed) == (1, 1, False)


def test_fragments_of_a_packet_with_options_and_of_a_fragment() -> None:
    box = gateway(fragmentation="before-encryption")
    packet = Packet(1500, header=60, offset=800, more_fragments=True, identification=5)
    first, second = (piece.inner for piece in box.send(packet).sent)
    assert (first.length, first.offset, first.header) == (60 + 1384, 800, 60)
    assert (second.offset, second.length) == (800 + 1384, 60 + 1440 - 1384)
    assert first.more_fragments and second.more_fragments


def test_the_longest_packet_has_no_room_for_encapsulation() -> None:
    box = gateway()
    outcome = box.send(Packet(65535))
    assert outcome.too_big
    assert box.counters().too_big_packets == 1

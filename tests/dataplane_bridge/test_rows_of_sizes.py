"""Rows 1 to 8 and 19 of SEMANTICS, section 2: DF, fragments and MTU, proved by packets."""

from dataplane_bridge.packets import Packet
from tests.dataplane_bridge.gateway import BIG, Gateway, gateway
from tests.dataplane_bridge.shapes import (
    configuration,
    outbound,
    policy,
)


def test_row_1_and_16_copy_is_the_default() -> None:
    sent = gateway().send(Packet(100, df=True, dscp=10, ecn=1)).sent[0]
    assert (sent.df, sent.dscp, sent.ecn) == (True, 10, 1)
    assert not gateway().send(Packet(100)).sent[0].df


def test_row_1_a_packet_of_ipv6_counts_as_one_with_df() -> None:
    assert gateway().send(Packet(100, version=6, header=40)).sent[0].df
    assert not gateway(df_bit="clear").send(Packet(100, version=6, header=40)).sent[0].df


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


def test_row_6_set_after_encryption_tells_nobody() -> None:
    assert gateway(df_bit="set").send(BIG).told_mtu is None


def test_row_6_set_before_encryption_sends_fragments_with_df() -> None:
    box = gateway(df_bit="set", fragmentation="before-encryption")
    assert [piece.df for piece in box.send(Packet(1500)).sent] == [True, True]
    assert box.send(BIG).told_mtu == 1446


def test_row_6_set_over_ipv6_has_no_outer_df_and_tells_like_copy() -> None:
    ipv6 = {"local_address": "2001:db8::1", "remote_address": "2001:db8::2"}
    box = gateway(df_bit="set", fields=ipv6)
    assert box.send(BIG).told_mtu == 1426
    assert box.send(Packet(1500)).passed
    shown = box.bridge.tunnel_state("t1")
    assert shown is not None and shown["condition"][0]["status"] == "not-applicable"


def test_row_7_the_mode_changes_under_traffic_without_loss_of_counters() -> None:
    box = gateway(df_bit="clear")
    box.send(BIG)
    box.commit(configuration([policy(df_bit="clear", fragmentation="before-encryption")]))
    assert len(box.send(BIG).sent) == 2
    assert box.counters().fragmented_packets == 2


def test_row_8_aging_time_shown_as_applied() -> None:
    box = Gateway(configuration(aging_time=1234))
    assert box.bridge.dataplane_state()["fragment-aging-time"] == 1234


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


def test_row_19_nobody_is_told_less_than_the_minimum_mtu() -> None:
    box = gateway(fields={"egress_mtu": 1300})
    assert box.send(Packet(1281, version=6, header=40)).told_mtu == 1280


def test_row_19_ipv6_outside_fragments_with_its_own_header() -> None:
    box = gateway(
        df_bit="clear",
        fields={"local_address": "2001:db8::1", "remote_address": "2001:db8::2"},
    )
    (sent,) = box.send(Packet(1500)).sent
    # 40 + 8 + 8 + 1504 + 16 = 1576; 1448 octets fit behind 40 + 8.
    assert (sent.length, sent.fragment_lengths) == (1576, (1496, 136))
    assert not sent.df


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

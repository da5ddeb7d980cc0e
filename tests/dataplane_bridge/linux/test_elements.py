"""From a tunnel and its objects to elements, and what changes between two of them."""

from dataclasses import replace

from dataplane_bridge.linux.boxes import Box
from dataplane_bridge.linux.elements import Place, Sight, elements_of
from dataplane_bridge.plan import (
    Accounting,
    DfBit,
    FixedClass,
    FragmentBeforeEncryption,
    InheritPlain,
    Limit,
    Marking,
    ObjectKey,
    PlanObject,
)
from dataplane_bridge.tunnels import Tunnel

TUNNEL = Tunnel("t1", "wan", reqid=7, remote_address="192.0.2.9")
BOX = Box(0x0A010100, 0x0A0101FF, 0x0A020105, 0x0A020105)
SIGHT = Sight(TUNNEL, 7, spis_in=(17,), spis_out=(18,), boxes4=(BOX,))
ACCOUNTING = {ObjectKey("accounting", "t1"): Accounting("payload", "encrypted")}


def made(objects: dict[ObjectKey, PlanObject], mode: str = "reqid") -> dict[str, str]:
    found = elements_of(SIGHT, {**ACCOUNTING, **objects}, mode)  # type: ignore[arg-type]
    return {f"{group} {key}": text for (group, key), text in found.items()}


def test_a_tunnel_without_objects_has_no_elements() -> None:
    assert elements_of(SIGHT, {}, "reqid") == {}


def test_a_policy_counts_in_the_lengths_it_asks_for() -> None:
    found = made({})
    assert found["pass_in 7"] == found["pass_out 7"] == "counter"
    # Both are what needs no element: payload inbound, and encrypted outbound.
    assert "payload_out 7" not in found and "outer_in 7" not in found and "spi_in 17" not in found
    both = {ObjectKey("accounting", "t1"): Accounting("encrypted", "payload")}
    found = made(both)  # type: ignore[arg-type]
    assert found["payload_out 7"] == found["outer_in 7"] == "" and found["spi_in 17"] == ": 7"


def test_what_packets_count_when_they_are_dropped_is_no_element_of_a_tunnel() -> None:
    assert not [place for place in made({}) if place.startswith(("drop", "idrop", "big", "frag"))]


def test_a_limit_has_a_bucket_of_a_second_or_a_large_packet() -> None:
    slow = made({ObjectKey("limit", "t1", "outbound"): Limit(1000, 65536, "encrypted", False)})
    fast = made({ObjectKey("limit", "t1", "inbound"): Limit(125000, 125000, "payload", False)})
    assert slow["lim_out 7"] == "limit rate over 1000 bytes/second burst 64536 bytes"
    assert fast["lim_in 7"] == "limit rate over 125000 bytes/second burst 1 bytes"


def test_ike_packets_are_found_by_their_peer() -> None:
    found = made({ObjectKey("limit", "t1", "outbound"): Limit(1000, 65536, "encrypted", True)})
    assert found["peer_out4 192.0.2.9"] == ": 7"
    assert "ike_out 7" not in found


def test_a_tunnel_whose_peer_counts_at_another_one_is_noted() -> None:
    limit = {ObjectKey("limit", "t1", "outbound"): Limit(1000, 65536, "encrypted", True)}
    sight = replace(SIGHT, ike=frozenset())
    found = elements_of(sight, {**ACCOUNTING, **limit}, "reqid")
    assert found[Place("ike_out", "7")] == ""
    assert not [place for place in found if place.group.startswith("peer")]


def test_markings_and_classes_are_jumps() -> None:
    found = made(
        {
            ObjectKey("dscp", "t1", "outbound"): Marking(46),
            ObjectKey("service-class", "t1", "outbound"): FixedClass(5),
            ObjectKey("service-class", "t1", "inbound"): InheritPlain(),
        }
    )
    assert found["act_out 7"] == ": jump act.class5.dscp46"
    assert found["act_in 7"] == ": jump act.class_inherit"


def test_clear_strips_only_what_is_longer_than_the_tunnel_mtu() -> None:
    found = made({ObjectKey("df-bit", "t1"): DfBit("clear", 1438)})
    assert found["act_out 7"] == ": jump act.df_clear"
    assert found["size_out 7"] == ": jump mtu1438_cleared_refused"
    assert found["ts_4 10.1.1.0-10.1.1.255 . 10.2.1.5"] == ": 7"


def test_set_after_encryption_drops_what_does_not_fit_and_before_it_refuses_df() -> None:
    set_df: dict[ObjectKey, PlanObject] = {ObjectKey("df-bit", "t1"): DfBit("set", 1438)}
    assert made(set_df)["size_out 7"] == ": jump mtu1438_over_refused"
    set_df[ObjectKey("fragmentation", "t1")] = FragmentBeforeEncryption(1438)
    assert made(set_df)["size_out 7"] == ": jump mtu1438_refused_refused"


def test_the_selector_mode_finds_tunnels_by_address_and_spi() -> None:
    found = made({}, "selector")
    assert found["ts_4 10.1.1.0-10.1.1.255 . 10.2.1.5"] == ": 7"
    assert found["spi_out 18"] == ": 7"


def size(tunnel: Tunnel, mode: str, *objects: PlanObject) -> str:
    """Return the chain that compares the lengths of a tunnel, without its MTU."""
    keys = {DfBit: "df-bit", FragmentBeforeEncryption: "fragmentation"}
    sight = Sight(tunnel, 7, boxes4=(BOX,), boxes6=(Box(1, 1, 2, 2),))
    held = {ObjectKey(keys[type(each)], "t1"): each for each in objects}  # type: ignore[arg-type]
    found = elements_of(sight, {**ACCOUNTING, **held}, mode)  # type: ignore[arg-type]
    return found[Place("size_out", "7")].removeprefix(f": jump mtu{tunnel.tunnel_mtu}_")


def test_what_user_space_esp_carries_whole_is_not_counted_as_refused() -> None:
    tunnel = Tunnel("t1", "wan", reqid=7, egress_mtu=1300)
    assert size(tunnel, "reqid") == "refused_refused"
    assert size(tunnel, "selector") == "whole_whole"
    before = FragmentBeforeEncryption(tunnel.tunnel_mtu)
    assert size(tunnel, "selector", before) == "refused_refused"


def test_a_tunnel_without_addresses_yet_has_no_size() -> None:
    found = elements_of(Sight(TUNNEL, 7), {**ACCOUNTING}, "reqid")
    assert not any(place.group == "size_out" for place in found)


def test_set_over_ipv6_drops_nothing_since_there_is_no_outer_df() -> None:
    tunnel = Tunnel("t1", "wan", local_address="2001:db8::1", remote_address="2001:db8::2")
    assert size(tunnel, "reqid", DfBit("set", tunnel.tunnel_mtu)) == "refused_refused"

"""From a tunnel and its objects to elements, and what changes between two of them."""

from dataplane_bridge.linux.boxes import Box
from dataplane_bridge.linux.elements import Place, Sight, commands, elements_of
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
    assert found["pass_in 7"] == found["drop_out 7"] == found["idrop_in 7"] == "counter"
    assert "outer_out 7" in found and "outer_in 7" not in found


def test_a_limit_has_a_bucket_of_a_second_or_a_large_packet() -> None:
    slow = made({ObjectKey("limit", "t1", "outbound"): Limit(1000, 65536, "encrypted", False)})
    fast = made({ObjectKey("limit", "t1", "inbound"): Limit(125000, 125000, "payload", False)})
    assert slow["lim_out 7"] == "limit rate over 1000 bytes/second burst 64536 bytes"
    assert fast["lim_in 7"] == "limit rate over 125000 bytes/second burst 1 bytes"


def test_ike_packets_are_found_by_their_peer() -> None:
    found = made({ObjectKey("limit", "t1", "outbound"): Limit(1000, 65536, "encrypted", True)})
    assert found["peer_out4 192.0.2.9"] == ": 7"
    assert "ike_out 7" in found


def test_markings_and_classes_are_jumps() -> None:
    found = made(
        {
            ObjectKey("dscp", "t1", "outbound"): Marking(46),
            ObjectKey("service-class", "t1", "outbound"): FixedClass(5),
            ObjectKey("service-class", "t1", "inbound"): InheritPlain(),
        }
    )
    assert found["dscp_out 7"] == ": jump dscp46"
    assert found["class_out 7"] == ": jump class5"
    assert found["class_in 7"] == ": jump class_inherit"


def test_clear_strips_only_what_is_longer_than_the_tunnel_mtu() -> None:
    found = made({ObjectKey("df-bit", "t1"): DfBit("clear", 1438)})
    assert found["df_out 7"] == ": jump df_clear"
    assert "cleared4 10.1.1.0-10.1.1.255 . 10.2.1.5 . 1439-65535" in found


def test_set_after_encryption_drops_what_does_not_fit_and_before_it_refuses_df() -> None:
    key = "10.1.1.0-10.1.1.255 . 10.2.1.5 . 1439-65535"
    set_df: dict[ObjectKey, PlanObject] = {ObjectKey("df-bit", "t1"): DfBit("set", 1438)}
    assert f"over4 {key}" in made(set_df)
    set_df[ObjectKey("fragmentation", "t1")] = FragmentBeforeEncryption(1438)
    assert f"over4 {key}" not in made(set_df)
    assert f"refused4 {key}" in made(set_df)


def test_the_selector_mode_finds_tunnels_by_address_and_spi() -> None:
    found = made({}, "selector")
    assert found["ts_out4 10.1.1.0-10.1.1.255 . 10.2.1.5"] == ": 7"
    assert found["ts_in4 10.2.1.5 . 10.1.1.0-10.1.1.255"] == ": 7"
    assert found["spi_out 18"] == found["spi_in 17"] == ": 7"


def test_a_changed_element_is_deleted_and_added_and_an_unchanged_one_left_alone() -> None:
    before = {Place("pass_in", "7"): "counter", Place("dscp_in", "7"): ": jump dscp1"}
    after = {Place("pass_in", "7"): "counter", Place("dscp_in", "7"): ": jump dscp2"}
    assert commands(before, after) == (
        "delete element inet ipsecqos dscp_in { 7 }\n"
        "add element inet ipsecqos dscp_in { 7 : jump dscp2 }\n"
    )
    assert commands(after, after) == ""


def sizes(tunnel: Tunnel, mode: str, *objects: PlanObject) -> dict[str, str]:
    """Return key and set of what is said about lengths."""
    keys = {DfBit: "df-bit", FragmentBeforeEncryption: "fragmentation"}
    sight = Sight(tunnel, 7, boxes4=(BOX,), boxes6=(Box(1, 1, 2, 2),))
    held = {ObjectKey(keys[type(each)], "t1"): each for each in objects}  # type: ignore[arg-type]
    found = elements_of(sight, {**ACCOUNTING, **held}, mode)  # type: ignore[arg-type]
    return {place.group: place.key.rpartition(" ")[2] for place in found if place.group[-1] in "46"}


def test_what_user_space_esp_carries_whole_is_not_counted_as_refused() -> None:
    tunnel = Tunnel("t1", "wan", reqid=7, egress_mtu=1300)
    mtu = tunnel.tunnel_mtu
    assert sizes(tunnel, "reqid").keys() == {"cut4", "refused4", "refused6"}
    whole = sizes(tunnel, "selector")
    assert {"cut4", "whole4", "cut6"} <= whole.keys()
    assert not {"refused4", "refused6"} & whole.keys()
    assert "refused6" in sizes(tunnel, "selector", FragmentBeforeEncryption(mtu))


def test_ipv6_is_refused_only_above_what_every_link_carries() -> None:
    tunnel = Tunnel("t1", "wan", egress_mtu=1300)
    small = sizes(tunnel, "selector", FragmentBeforeEncryption(tunnel.tunnel_mtu))
    # Without the header of 40 octets.
    assert (small["cut6"], small["refused6"]) == ("1207-1240", "1241-65535")
    # The kernel's ESP refuses them all.
    assert sizes(tunnel, "reqid")["refused6"] == "1207-65535"
    large = sizes(Tunnel("t1", "wan"), "reqid")
    assert large["refused6"] == "1407-65535" and "cut6" not in large


def test_set_over_ipv6_drops_nothing_since_there_is_no_outer_df() -> None:
    tunnel = Tunnel("t1", "wan", local_address="2001:db8::1", remote_address="2001:db8::2")
    assert {"cut4", "refused4"} <= sizes(tunnel, "reqid", DfBit("set", 1426)).keys()

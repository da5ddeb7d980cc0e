"""What the table says of lengths, and that it comes before elements need it and goes after them."""

from dataplane_bridge.linux.elements import ByGroup, Place
from dataplane_bridge.linux.sizes import WRONG, Longer, Sizes, read_rule, rules_of


def of(*tunnels: str) -> ByGroup:
    return {"size_out": {str(number): f": jump {chain}" for number, chain in enumerate(tunnels)}}


def taken(sizes: Sizes, gone: ByGroup, new: ByGroup) -> tuple[str, str]:
    """Let elements go and come; return what was said to the kernel before and after."""
    before = sizes.before(gone, new)
    sizes.took_before(gone, new)
    sizes.changed(gone, new)
    after = sizes.after()
    sizes.took_after()
    return before, after


def test_ipv6_is_refused_only_above_what_every_link_carries() -> None:
    # Lengths of IPv6 are without the header of 40 octets.
    assert rules_of("mtu1246_refused_refused", "selector") == (
        Longer("ip", 1246, "refused"),
        Longer("ip6", 1240, "count_big"),
        Longer("ip6", 1206, "count_frag"),
    )
    # The kernel's ESP refuses them all.
    assert rules_of("mtu1246_refused_refused", "reqid")[1:] == (Longer("ip6", 1206, "count_big"),)
    assert rules_of("mtu1446_cleared_refused", "selector") == (
        Longer("ip", 1446, "cleared"),
        Longer("ip6", 1406, "count_big"),
    )
    assert rules_of("mtu1446_whole_whole", "selector") == (
        Longer("ip", 1446, "count_frag"),
        Longer("ip6", 1406, "count_frag"),
    )
    assert rules_of("mtu1446_over_refused", "reqid")[0] == Longer("ip", 1446, "drop_big")


def test_a_chain_comes_before_its_first_tunnel_and_goes_after_its_last() -> None:
    sizes = Sizes("reqid")
    long = of("mtu1438_cleared_refused", "mtu1438_cleared_refused")
    before, after = taken(sizes, {}, long)
    assert "add chain inet ipsecqos mtu1438_cleared_refused" in before
    assert "add rule inet ipsecqos q_size ip length > 1438 goto size4" in before
    assert "add rule inet ipsecqos q_size ip6 length > 1398 goto size6" in before
    assert after == ""
    first, second = ({"size_out": {key: text}} for key, text in long["size_out"].items())
    assert taken(sizes, first, {}) == ("", "")
    before, after = taken(sizes, second, {})
    assert before == ""
    assert "delete chain inet ipsecqos mtu1438_cleared_refused" in after
    assert after.startswith("flush chain inet ipsecqos q_size\n")
    assert "add rule" not in after
    assert sizes.is_right()


def test_the_first_comparison_is_shortened_before_and_lengthened_after() -> None:
    sizes = Sizes("reqid")
    taken(sizes, {}, of("mtu1438_cleared_refused"))
    short = {"size_out": {"9": ": jump mtu1300_refused_refused"}}
    before, after = taken(sizes, {}, short)
    assert "q_size ip length > 1300 goto size4" in before and after == ""
    before, after = taken(sizes, short, {})
    assert before == "" and "q_size ip length > 1438 goto size4" in after


def test_a_transaction_that_fails_leaves_nothing_that_nobody_needs() -> None:
    sizes = Sizes("reqid")
    new = of("mtu1438_cleared_refused")
    sizes.before({}, new)
    sizes.took_before({}, new)
    assert "delete chain inet ipsecqos mtu1438_cleared_refused" in sizes.after()


def test_an_element_of_a_chain_that_somebody_changed_is_told_as_a_wrong_one() -> None:
    sizes, grouped = Sizes("reqid"), of("mtu1438_cleared_refused")
    elements = {Place("size_out", key): text for key, text in grouped["size_out"].items()}
    good = rules_of("mtu1438_cleared_refused", "reqid")
    first = (Longer("ip", 1438, "size4"), Longer("ip6", 1398, "size6"))
    listing = {"q_size": first, "mtu1438_cleared_refused": good}
    assert sizes.read(listing, elements) == elements and sizes.is_right()
    wrong = {**listing, "mtu1438_cleared_refused": (*good, None)}
    assert set(sizes.read(wrong, elements).values()) == {WRONG}
    assert "flush chain inet ipsecqos mtu1438_cleared_refused" in sizes.before({}, grouped)
    assert sizes.read({**listing, "q_size": ()}, elements) == elements
    assert not sizes.is_right()
    # A chain that nobody uses is taken away.
    sizes.read({**listing, "mtu99_whole_whole": ()}, elements)
    assert "delete chain inet ipsecqos mtu99_whole_whole" in sizes.after()


def test_a_rule_that_is_none_of_ours_is_seen_as_such() -> None:
    match = {
        "match": {
            "op": ">",
            "left": {"payload": {"protocol": "ip", "field": "length"}},
            "right": 1438,
        }
    }
    assert read_rule([match, {"goto": {"target": "size4"}}]) == Longer("ip", 1438, "size4")
    assert read_rule([match, {"jump": {"target": "size4"}}]) is None
    assert read_rule([match, {"counter": None}, {"goto": {"target": "size4"}}]) is None
    assert read_rule([]) is None

"""Chains that come before elements need them and go after them, and what is in them."""

from dataplane_bridge.linux.actions import Actions, chain_of, read_chain
from dataplane_bridge.linux.actions import rules_of as actions_of
from dataplane_bridge.linux.chains import WRONG, Chains
from dataplane_bridge.linux.elements import ByGroup, Place
from dataplane_bridge.linux.rules import Jump, Longer, read_rule
from dataplane_bridge.linux.sizes import rules_of
from dataplane_bridge.plan import FixedClass, InheritPlain, Marking


def of(*tunnels: str) -> ByGroup:
    return {"size_out": {str(number): f": jump {chain}" for number, chain in enumerate(tunnels)}}


def taken(chains: Chains, gone: ByGroup, new: ByGroup) -> tuple[str, str]:
    """Let elements go and come; return what was said to the kernel before and after."""
    before = chains.before(gone, new)
    chains.took_before(gone, new)
    chains.changed(gone, new)
    after = chains.after()
    chains.took_after()
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
    chains = Chains("reqid")
    long = of("mtu1438_cleared_refused", "mtu1438_cleared_refused")
    before, after = taken(chains, {}, long)
    assert "add chain inet ipsecqos mtu1438_cleared_refused" in before
    assert "add rule inet ipsecqos q_size ip length > 1438 goto size4" in before
    assert "add rule inet ipsecqos q_size ip6 length > 1398 goto size6" in before
    assert after == ""
    first, second = ({"size_out": {key: text}} for key, text in long["size_out"].items())
    assert taken(chains, first, {}) == ("", "")
    before, after = taken(chains, second, {})
    assert before == ""
    assert "delete chain inet ipsecqos mtu1438_cleared_refused" in after
    assert after.startswith("flush chain inet ipsecqos q_size\n")
    assert "add rule" not in after
    assert chains.is_right()


def test_the_first_comparison_is_shortened_before_and_lengthened_after() -> None:
    chains = Chains("reqid")
    taken(chains, {}, of("mtu1438_cleared_refused"))
    short = {"size_out": {"9": ": jump mtu1300_refused_refused"}}
    before, after = taken(chains, {}, short)
    assert "q_size ip length > 1300 goto size4" in before and after == ""
    before, after = taken(chains, short, {})
    assert before == "" and "q_size ip length > 1438 goto size4" in after


def test_a_transaction_that_fails_leaves_nothing_that_nobody_needs() -> None:
    chains = Chains("reqid")
    new = of("mtu1438_cleared_refused")
    chains.before({}, new)
    chains.took_before({}, new)
    assert "delete chain inet ipsecqos mtu1438_cleared_refused" in chains.after()


def test_an_element_of_a_chain_that_somebody_changed_is_told_as_a_wrong_one() -> None:
    chains, grouped = Chains("reqid"), of("mtu1438_cleared_refused")
    elements = {Place("size_out", key): text for key, text in grouped["size_out"].items()}
    good = rules_of("mtu1438_cleared_refused", "reqid")
    first = (Longer("ip", 1438, "size4"), Longer("ip6", 1398, "size6"))
    listing = {"q_size": first, "mtu1438_cleared_refused": good}
    assert chains.read(listing, elements) == elements and chains.is_right()
    wrong = {**listing, "mtu1438_cleared_refused": (*good, None)}
    assert set(chains.read(wrong, elements).values()) == {WRONG}
    assert "flush chain inet ipsecqos mtu1438_cleared_refused" in chains.before({}, grouped)
    assert chains.read({**listing, "q_size": ()}, elements) == elements
    assert not chains.is_right()
    # A chain that nobody uses is taken away.
    chains.read({**listing, "mtu99_whole_whole": ()}, elements)
    assert "delete chain inet ipsecqos mtu99_whole_whole" in chains.after()


def test_a_rule_that_is_none_of_ours_is_seen_as_such() -> None:
    match = {
        "match": {
            "op": ">",
            "left": {"payload": {"protocol": "ip", "field": "length"}},
            "right": 1438,
        }
    }
    assert read_rule([match, {"goto": {"target": "size4"}}]) == Longer("ip", 1438, "size4")
    assert read_rule([{"jump": {"target": "class5"}}]) == Jump("class5")
    assert read_rule([match, {"jump": {"target": "size4"}}]) is None
    assert read_rule([{"counter": None}, {"jump": {"target": "class5"}}]) is None
    assert read_rule([match, {"counter": None}, {"goto": {"target": "size4"}}]) is None
    assert read_rule([]) is None


def test_the_chain_of_actions_is_named_after_what_it_does() -> None:
    every = [
        Actions(service_class, marking, df)
        for service_class in (None, InheritPlain(), *map(FixedClass, range(8)))
        for marking in (None, *map(Marking, range(64)))
        for df in (None, "clear", "set")
    ]
    names = [chain_of(each) for each in every]
    assert names[0] is None and len(set(names)) == len(every)
    assert [read_chain(name or "") for name in names] == every
    assert actions_of("act.class_inherit.dscp9.df_set") == (
        Jump("class_inherit"),
        Jump("dscp9"),
        Jump("df_set"),
    )
    for other in ("act", "act.", "act.dscp64", "act.dscp01", "act.df_clear.class1", "class1", ""):
        assert read_chain(other) == Actions() and actions_of(other) == ()


def test_tunnels_that_need_the_same_actions_share_a_chain() -> None:
    chains = Chains("reqid")
    first = {"act_out": {"1": ": jump act.class5.dscp46"}}
    before, after = taken(chains, {}, first)
    assert before == (
        "add chain inet ipsecqos act.class5.dscp46\nflush chain inet ipsecqos act.class5.dscp46\n"
        "add rule inet ipsecqos act.class5.dscp46 jump class5\n"
        "add rule inet ipsecqos act.class5.dscp46 jump dscp46\n"
    )
    assert after == ""
    second = {"act_in": {"2": ": jump act.class5.dscp46"}}
    assert taken(chains, {}, second) == ("", "")
    assert taken(chains, first, {}) == ("", "")
    before, after = taken(chains, second, {})
    assert before == "" and "delete chain inet ipsecqos act.class5.dscp46" in after

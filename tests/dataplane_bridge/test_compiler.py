from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dataplane_bridge.compiler import Compiled, compile_all, recompile
from dataplane_bridge.driver import Features, TunnelDown, TunnelUp
from dataplane_bridge.effective import Sourced
from dataplane_bridge.plan import ObjectKey
from dataplane_bridge.prefixes import Prefix, parse_prefix
from dataplane_bridge.selectors import matches
from tests.dataplane_bridge.shapes import (
    changes_between,
    configuration,
    policy,
    template,
    tunnel,
)
from tests.dataplane_bridge.strategies import (
    configurations,
    edits,
    events,
    inhabited,
    survivors,
    tunnels,
)
from yang.bindings import gateway as g

FEATURES = Features("test")


def compiled(root: g.Configuration, *existing: Any) -> Compiled:
    return compile_all(root, existing, FEATURES)


def policy_of(root: g.Configuration, existing: Any) -> tuple[str, int] | None:
    effective = compiled(root, existing).effective[existing.id]
    return None if effective.policy is None else effective.policy.key


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(configurations(), events), min_size=1, max_size=4))
def test_incremental_is_full(history: list[tuple[g.Configuration, list[Any]]]) -> None:
    root = configuration(bindings={})
    now = compile_all(root, (), FEATURES)
    happened: list[Any] = []
    for new_root, new_events in history:
        changes = changes_between(root, new_root)
        now, touched, _ = recompile(now, new_root, changes, new_events, FEATURES)
        root, happened = new_root, happened + new_events
        full = compile_all(root, survivors(happened).values(), FEATURES)
        assert now == full
        assert len(touched) == len(set(touched))


@settings(max_examples=200, deadline=None)
@given(inhabited(), st.lists(edits() | events, min_size=1, max_size=6))
def test_incremental_is_full_after_each_small_edit(start: Any, steps: list[Any]) -> None:
    root, existing = start
    now = compile_all(root, existing, FEATURES)
    happened: list[Any] = [TunnelUp(each) for each in existing]
    for step in steps:
        new_root, new_events = (root, step) if isinstance(step, list) else (step(root), [])
        now, *_ = recompile(now, new_root, changes_between(root, new_root), new_events, FEATURES)
        root, happened = new_root, happened + new_events
        assert now == compile_all(root, survivors(happened).values(), FEATURES)


@settings(max_examples=150, deadline=None)
@given(configurations(), tunnels())
def test_the_index_finds_what_a_search_of_everything_finds(root: g.Configuration, t: Any) -> None:
    assert policy_of(root, t) == _searched(root, t)


def _searched(root: g.Configuration, t: Any) -> tuple[str, int] | None:
    binding = root.ipsec_qos.interface_bindings.interface_binding.get((t.interface,))
    if binding is None:
        return None
    for key, entry in root.ipsec_qos.policies.policy.items():
        if entry.name != binding.policy_group or not matches(entry.tunnel_selector, t):
            continue
        templates = root.ipsec_qos.policy_templates.policy_template.values()
        if entry.template is None or any(
            each.name == entry.template and matches(each.tunnel_selector, t) for each in templates
        ):
            return key[0], key[1]
    return None


@given(configurations(), configurations(), st.lists(tunnels(), unique_by=lambda t: t.id))
def test_every_difference_of_plans_is_among_the_touched(
    first: g.Configuration, second: g.Configuration, existing: list[Any]
) -> None:
    before = compile_all(first, existing, FEATURES)
    after, touched, _ = recompile(before, second, changes_between(first, second), (), FEATURES)
    keys = {*before.plan, *after.plan}
    assert {key for key in keys if before.plan.get(key) != after.plan.get(key)} <= set(touched)


def test_first_match_in_sequence_order_decides() -> None:
    root = configuration([policy(number=20), policy(number=10, connection=("east",))])
    assert policy_of(root, tunnel(connection="east")) == ("gold", 10)
    assert policy_of(root, tunnel(connection="west")) == ("gold", 20)


def test_group_holds_only_for_its_interface() -> None:
    assert policy_of(configuration([policy()]), tunnel(interface="lan0")) is None


def test_connection_if_id_and_reqid_select() -> None:
    root = configuration(
        [
            policy(number=1, connection=("a", "b")),
            policy(number=2, if_id=(7,)),
            policy(number=3, reqid=(9, 10)),
        ]
    )
    assert policy_of(root, tunnel(connection="b")) == ("gold", 1)
    assert policy_of(root, tunnel(if_id=7)) == ("gold", 2)
    assert policy_of(root, tunnel(reqid=10)) == ("gold", 3)
    assert policy_of(root, tunnel(reqid=11)) is None


def test_all_remote_selectors_must_be_within_the_prefixes() -> None:
    root = configuration([policy(remote_prefix=("10.0.0.0/9", "10.128.0.0/9", "2001:db8::/32"))])
    assert policy_of(root, tunnel(remote_prefixes=("10.1.0.0/16",))) == ("gold", 10)
    # Covered by the two halves together.
    assert policy_of(root, tunnel(remote_prefixes=("10.0.0.0/8",))) == ("gold", 10)
    both = ("10.1.0.0/16", "192.168.0.0/24")
    assert policy_of(root, tunnel(remote_prefixes=both)) is None
    assert policy_of(root, tunnel()) is None


def test_protocol_and_port_select_only_what_is_for_them_alone() -> None:
    root = configuration([policy(protocol=6, remote_port=443)])
    assert policy_of(root, tunnel(protocol=6, remote_port=443)) == ("gold", 10)
    assert policy_of(root, tunnel(protocol=6)) is None
    assert policy_of(root, tunnel(protocol=17, remote_port=443)) is None


def test_template_decides_by_its_own_selector_and_order() -> None:
    root = configuration(
        [policy(number=10, template="dial"), policy("none", 1)],
        [
            template(number=1, connection=("east",), df_bit="set"),
            template(number=2, connection=("east", "west"), df_bit="clear"),
        ],
    )
    east = compiled(root, tunnel(connection="east")).effective["t1"]
    west = compiled(root, tunnel(connection="west")).effective["t1"]
    assert (east.df_bit, west.df_bit) == (Sourced("set", "template"), Sourced("clear", "template"))
    assert west.policy is not None
    assert (west.policy.template, west.policy.template_sequence_number) == ("dial", 2)
    assert policy_of(root, tunnel(connection="north")) is None


def test_a_tunnel_that_goes_takes_its_objects_along() -> None:
    root = configuration([policy(df_bit="clear")])
    before = compiled(root, tunnel())
    after, touched, _ = recompile(before, root, (), [TunnelDown("t1")], FEATURES)
    assert after == compiled(root)
    assert ObjectKey("df-bit", "t1") in touched


def test_a_rekey_with_another_encapsulation_changes_the_tunnel_mtu() -> None:
    root = configuration([policy(df_bit="clear")])
    before = compiled(root, tunnel())
    again = [TunnelUp(tunnel(nat_traversal=True))]
    after, touched, _ = recompile(before, root, (), again, FEATURES)
    assert ObjectKey("df-bit", "t1") in touched
    assert after == compiled(root, tunnel(nat_traversal=True))


def test_prefixes_know_what_is_within() -> None:
    assert parse_prefix("10.1.0.0/16") == Prefix(4, 0x0A01, 16)
    assert parse_prefix("10.1.0.0/16").within(parse_prefix("10.0.0.0/8"))
    assert not parse_prefix("10.0.0.0/8").within(parse_prefix("10.1.0.0/16"))
    assert not parse_prefix("::/0").within(parse_prefix("0.0.0.0/0"))


def edited(before: g.Configuration, after: g.Configuration, *existing: Any) -> Compiled:
    """Return the incremental result, having proved that it is that of a full compile."""
    first = compiled(before, *existing)
    result, *_ = recompile(first, after, changes_between(before, after), (), FEATURES)
    assert result == compiled(after, *existing)
    return result


def test_a_new_catch_all_template_takes_over_from_later_ones_of_its_name() -> None:
    user = policy(template="dial")
    later = template(number=5, connection=("a",), df_bit="set")
    edited(
        configuration([user], [later]),
        configuration([user], [later, template(number=1, df_bit="clear")]),
        tunnel(connection="a"),
        tunnel("t2", connection="b"),
    )


def test_a_new_selective_template_takes_over_from_later_ones_and_later_policies() -> None:
    policies = [policy(number=1, template="dial"), policy(number=2, connection=("a",))]
    old = [template(number=5, connection=("b",))]
    new = [*old, template(number=1, connection=("a", "b"), df_bit="clear")]
    result = edited(
        configuration(policies, old),
        configuration(policies, new),
        tunnel(connection="a"),
        tunnel("t2", connection="b"),
    )
    assert {each.df_bit.value for each in result.effective.values()} == {"clear"}


def test_a_new_template_for_a_wide_prefix_takes_over_from_later_ones() -> None:
    user = policy(template="dial")
    later = template(number=5, connection=("a",), df_bit="set")
    wide = template(number=1, remote_prefix=("0.0.0.0/0",), df_bit="clear")
    edited(
        configuration([user], [later]),
        configuration([user], [wide, later]),
        tunnel(connection="a", remote_prefixes=("10.0.0.0/8",)),
    )


def test_a_template_that_goes_gives_its_tunnels_up() -> None:
    user = policy(template="dial")
    edited(configuration([user], [template()]), configuration([user], []), tunnel())


def test_a_global_fragmentation_reaches_who_inherits() -> None:
    entries = [policy()]
    edited(
        configuration(entries), configuration(entries, fragmentation="before-encryption"), tunnel()
    )


def test_a_new_policy_finds_its_tunnels_by_any_prefix_length() -> None:
    tunnels_there = [
        tunnel(f"t{length}", remote_prefixes=(f"10.0.0.0/{length}",)) for length in range(33)
    ]
    for length in range(33):
        after = configuration([policy(remote_prefix=(f"10.0.0.0/{length}",))])
        result = edited(configuration(), after, *tunnels_there)
        matched = [each for each in result.effective.values() if each.policy is not None]
        assert len(matched) == 33 - length


def test_a_new_policy_finds_its_tunnels_by_protocol_and_port() -> None:
    tunnels_there = [
        tunnel(f"t{protocol}-{port}", protocol=protocol, remote_port=port)
        for protocol in (None, 6, 17)
        for port in (None, 80, 443)
    ]
    for protocol, port, count in ((6, None, 3), (6, 443, 1), (None, 443, 3), (None, None, 9)):
        after = configuration([policy(protocol=protocol, remote_port=port)])
        result = edited(configuration(), after, *tunnels_there)
        matched = [each for each in result.effective.values() if each.policy is not None]
        assert len(matched) == count

"""The index of entries: after every change it is the one that would be made anew."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataplane_bridge.compiler import entry_changes
from dataplane_bridge.configuration import BINDINGS, POLICIES, TEMPLATES
from dataplane_bridge.entries import EMPTY_ENTRIES, EntryIndex
from tests.dataplane_bridge.shapes import NO_SELECTOR, configuration, policy, template, tunnel
from yang.bindings import gateway as g
from yang.changes import Change

SELECTORS = [
    NO_SELECTOR,
    NO_SELECTOR._replace(connection=("a", "b")),
    NO_SELECTOR._replace(if_id=(7,)),
    NO_SELECTOR._replace(reqid=(7, 8)),
    NO_SELECTOR._replace(reqid=(8,)),
    NO_SELECTOR._replace(protocol=17, remote_port=53),
    NO_SELECTOR._replace(remote_prefix=("10.0.0.0/24", "2001:db8::/48")),
    NO_SELECTOR._replace(remote_prefix=("2001:db8:1::/64",), protocol=6),
]
"""Each is one object, as an edit of something else leaves it."""
POLICIES_OF = [
    policy(name, number, of, df_bit=df)._replace(tunnel_selector=selector)
    for name, number in (("gold", 10), ("gold", 20), ("iron", 10))
    for of in (None, "dial", "fax")
    for df in (None, "set")
    for selector in SELECTORS
]
TEMPLATES_OF = [
    template(name, number)._replace(tunnel_selector=selector)  # type: ignore[arg-type]
    for name, number in (("dial", 10), ("dial", 20), ("fax", 10))
    for selector in SELECTORS
]
BINDINGS_OF = [
    g.IpsecQosInterfaceBindingsInterfaceBinding(interface, group)
    for interface in ("wan0", "wan1")
    for group in ("gold", "iron")
]


def key_of(path: str, entry: Any) -> tuple[Any, ...]:
    return (entry.interface,) if path == BINDINGS else (entry.name, entry.sequence_number)


def put(entries: dict[Any, Any], path: str, entry: Any, is_gone: bool) -> Change:
    key = key_of(path, entry)
    old = entries.pop((path, key), None)
    new = None if is_gone else entry
    if new is not None:
        entries[path, key] = new
    return Change(path, (key,), old, new)


def anew(entries: dict[Any, Any]) -> EntryIndex:
    of = {path: [e for (at, _), e in entries.items() if at == path] for path in _PATHS}
    bindings = {each.interface: each.policy_group for each in of[BINDINGS]}
    root = configuration(of[POLICIES], of[TEMPLATES], bindings)
    return EMPTY_ENTRIES.updated(entry_changes(root))


_PATHS = (POLICIES, TEMPLATES, BINDINGS)
_ENTRY = (
    st.tuples(st.just(POLICIES), st.sampled_from(POLICIES_OF))
    | st.tuples(st.just(TEMPLATES), st.sampled_from(TEMPLATES_OF))
    | st.tuples(st.just(BINDINGS), st.sampled_from(BINDINGS_OF))
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_ENTRY, st.booleans()), max_size=30))
def test_whatever_came_before_the_index_is_that_of_what_is_there(
    steps: Sequence[tuple[tuple[str, Any], bool]],
) -> None:
    index = EMPTY_ENTRIES
    entries: dict[Any, Any] = {}
    for (path, entry), is_gone in steps:
        change = put(entries, path, entry, is_gone)
        if change.old is not None or change.new is not None:
            index = index.updated([change])
    assert index == anew(entries)
    assert {name: set(keys) for name, keys in index.members.items()} == by_name(entries, TEMPLATES)
    awaited = {
        reqid
        for (path, _), entry in entries.items()
        if path == POLICIES
        for reqid in entry.tunnel_selector.reqid
    }
    assert set(index.awaited.groups) == awaited


def by_name(entries: dict[Any, Any], path: str) -> dict[str, set[Any]]:
    found: dict[str, set[Any]] = {}
    for (at, key), entry in entries.items():
        if at == path:
            found.setdefault(entry.name, set()).add(key)
    return found


def test_another_template_is_found_though_all_else_is_the_same() -> None:
    old = policy(template="dial")
    new = old._replace(template="fax")
    key = ("gold", 10)
    index = EMPTY_ENTRIES.updated([Change(POLICIES, (key,), None, old)])
    index = index.updated([Change(POLICIES, (key,), old, new)])
    assert dict(index.references) == {"fax": index.references["fax"]}
    assert key in index.references["fax"]


def test_what_nobody_looks_for_leaves_the_index_as_it_is() -> None:
    old = policy(connection=("a",))
    index = EMPTY_ENTRIES.updated([Change(POLICIES, (("gold", 10),), None, old)])
    assert index.updated([Change(POLICIES, (("gold", 10),), old, old._replace(df_bit="set"))]) is (
        index
    )
    assert index.updated([Change("/", (), None, None)]) is index


@pytest.mark.parametrize(
    ("prefix", "network"),
    [("10.0.0.0/24", "10.0.0.128/25"), ("2001:db8::/48", "2001:db8:0:7::/64")],
)
def test_a_network_within_the_prefix_is_found_in_both_versions(prefix: str, network: str) -> None:
    entry = policy(remote_prefix=(prefix,))
    index = EMPTY_ENTRIES.updated([Change(POLICIES, (("gold", 10),), None, entry)])
    found = tunnel(remote_prefixes=(network,))
    assert list(index.policies.candidates("gold", found)) == [10]
    assert list(index.policies.candidates("iron", found)) == []


def test_no_kind_of_selector_is_looked_for_that_nobody_uses() -> None:
    entry = policy(reqid=(7,))
    index = EMPTY_ENTRIES.updated([Change(POLICIES, (("gold", 10),), None, entry)])
    assert dict(index.policies.kinds) == {"reqid": 1}
    index = index.updated([Change(POLICIES, (("gold", 10),), entry, None)])
    assert index == EMPTY_ENTRIES

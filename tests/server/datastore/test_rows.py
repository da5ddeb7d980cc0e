"""Rows of the store: what is written is what is read, whatever came first."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from server.datastore.diff import changes_between
from server.datastore.edit import edit
from server.datastore.rows import Rows, RowsUnreadable
from server.datastore.store import Store, Transaction
from tests.yang.compiled import module_of
from yang.bindings.gateway import SCHEMA
from yang.schema import Inner, List, Schema

NAMESPACE = "urn:ipsec-qos:yang:ipsec-qos"
POLICY = (
    f'<ipsec-qos xmlns="{NAMESPACE}">'
    "<policies><policy><name>p</name><sequence-number>1</sequence-number>"
    "<tunnel-selector><reqid>7</reqid><reqid>3</reqid></tunnel-selector><outbound><dscp>af11</dscp>"
    "</outbound><inbound><speed-limit><rate>9</rate></speed-limit><inherit-plain/></inbound>"
    "</policy></policies></ipsec-qos>"
)
GLOBAL = f'<ipsec-qos xmlns="{NAMESPACE}"><global><df-bit>set</df-bit></global></ipsec-qos>'
NO_GLOBAL = (
    f'<ipsec-qos xmlns="{NAMESPACE}">'
    '<global xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="remove"/></ipsec-qos>'
)
LISTS = """
    typedef mixed { type union { type uint8; type string { length "1..9"; } } }
    list pair { key "id number";
        leaf id { type mixed; } leaf number { type uint16; } leaf note { type string; }
        list inner { key "on kind"; leaf on { type empty; } leaf kind { type string; } } }
    list like { key "of number";
        leaf of { type leafref { path "/t:pair/t:id"; } } leaf number { type uint16; } }
    list flag { key "on kind"; leaf on { type empty; } leaf kind { type string; } }
    list single { key "id"; leaf id { type mixed; } }
    list step { key "name"; ordered-by user; leaf name { type string; } leaf note { type string; }
        list part { key "number"; ordered-by user; leaf number { type uint8; } } }
    list plain-step { key "name"; ordered-by user; leaf name { type string; } }
"""
"""Keys of all kinds: those that are their own sort keys, and those that are not."""


def play(store: Store, contents: list[str], schema: Schema = SCHEMA) -> Any:
    rows = Rows(schema)
    root = schema.root.empty
    for content in contents:
        new = edit(schema, root, etree.fromstring(f"<config>{content}</config>"), "merge")
        changes = rows.changes(changes_between(schema, root, new), root, new)
        store.append(Transaction("2026-01-01T00:00:00Z", "u", 1, "s", "commit", "", changes))
        root = new
    return root


def kept(directory: Path, contents: list[str], schema: Schema = SCHEMA) -> tuple[Any, Any]:
    """Return what the edits came to, and what a store gives back of it."""
    store = Store.open(directory / "state" / "running.sqlite")
    root = play(store, contents, schema)
    found = Rows(schema).root(store.load())
    store.close()
    return root, found


def check(directory: Path, contents: list[str]) -> None:
    root, found = kept(directory, contents)
    assert found == root


def test_what_is_outside_lists_may_come_after_what_is_inside(tmp_path: Path) -> None:
    check(tmp_path, [POLICY, GLOBAL])


def test_what_is_outside_lists_may_go_and_come_back(tmp_path: Path) -> None:
    check(tmp_path, [GLOBAL, POLICY, NO_GLOBAL])
    check(tmp_path / "again", [GLOBAL, NO_GLOBAL, POLICY, GLOBAL])


def test_what_all_entries_can_share_is_one_object_for_them(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "state" / "running.sqlite")
    policy = POLICY.replace("<rate>9<", "<rate>70000<")
    play(store, [policy, policy.replace("<name>p<", "<name>q<")])
    root = Rows(SCHEMA).root(store.load())
    store.close()
    one, other = root.ipsec_qos.policies.policy.values()
    assert one.outbound.dscp == "af11"
    assert one.outbound.dscp is other.outbound.dscp
    assert one.inbound.speed_limit.rate == 70000
    assert one.inbound.speed_limit.rate is other.inbound.speed_limit.rate


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    schema: Schema = module_of(LISTS, tmp_path_factory.mktemp("modules")).SCHEMA
    return schema


def pair(of: str, number: int, kinds: str = "") -> str:
    inner = "".join(f"<inner><on/><kind>{kind}</kind></inner>" for kind in kinds)
    return f'<pair xmlns="urn:t"><id>{of}</id><number>{number}</number>{inner}</pair>'


def each(tag: str, *contents: str) -> list[str]:
    return [f'<{tag} xmlns="urn:t">{content}</{tag}>' for content in contents]


MIXED = ("9", "x", "10", "true", "100", "]],[[")
LISTED = {
    "a union and a number": [pair(one, number) for one in MIXED for number in (10, 9)],
    "entries within": [pair("x", 1, "ba"), pair("10", 1, "c"), pair("9", 1), pair("x", 2, "d")],
    "a reference to a union": each(
        "like", *(f"<of>{one}</of><number>{n}</number>" for one in MIXED for n in (2, 1))
    ),
    "empty and a string": each("flag", *(f"<on/><kind>{kind}</kind>" for kind in "bca")),
    "one union": each("single", *(f"<id>{one}</id>" for one in MIXED)),
    "in the user's order": each("plain-step", *(f"<name>{name}</name>" for name in "bcad")),
    "in the user's order, and others within": each(
        "step",
        "<name>b</name><part><number>7</number></part><part><number>3</number></part>",
        "<name>a</name><note>n</note>",
        "<name>a</name><part><number>9</number></part><part><number>1</number></part>",
    ),
}


def entries(node: Inner, value: Any) -> list[Any]:
    """Return all keys below, in the order of their lists, each with those within."""
    found: list[Any] = []
    for child in node.slots:
        if isinstance(child, List):
            held = value[child.at.slot]
            found += [(child.name, key, entries(child, entry)) for key, entry in held.items()]
            assert all(held.get(key) == entry for key, entry in held.items())
    return found


@pytest.mark.parametrize("contents", LISTED.values(), ids=list(LISTED))
def test_entries_of_all_kinds_come_back_in_their_order(
    lists: Schema, tmp_path: Path, contents: list[str]
) -> None:
    root, found = kept(tmp_path, contents, lists)
    assert entries(lists.root, found) == entries(lists.root, root) != []
    assert found == root
    # What came back is edited like what was made: an entry is found by its key.
    for content in contents:
        again = edit(lists, found, etree.fromstring(f"<config>{content}</config>"), "merge")
        assert changes_between(lists, found, again) == []


def test_what_a_store_holds_beside_a_row_is_told() -> None:
    path = '/ipsec-qos:ipsec-qos/policies/policy\t[["p",1]]'
    with pytest.raises(RowsUnreadable):
        Rows(SCHEMA).root([(path, "[]", '["p",1]x')])

"""Rows of the store: what is written is what is read, whatever came first."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from server.datastore.diff import changes_between
from server.datastore.edit import edit
from server.datastore.rows import Rows, RowsUnreadable
from server.datastore.store import Store, Transaction
from yang.bindings.gateway import SCHEMA

NAMESPACE = "urn:ipsec-qos:yang:ipsec-qos"
POLICY = (
    "<policies><policy><name>p</name><sequence-number>1</sequence-number>"
    "<tunnel-selector><reqid>7</reqid><reqid>3</reqid></tunnel-selector><outbound><dscp>af11</dscp>"
    "</outbound><inbound><speed-limit><rate>9</rate></speed-limit><inherit-plain/></inbound>"
    "</policy></policies>"
)
GLOBAL = "<global><df-bit>set</df-bit></global>"
NO_GLOBAL = '<global xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0" nc:operation="remove"/>'


def edited(root: Any, content: str) -> Any:
    config = etree.fromstring(
        f'<config><ipsec-qos xmlns="{NAMESPACE}">{content}</ipsec-qos></config>'
    )
    return edit(SCHEMA, root, config, "merge")


def play(store: Store, contents: list[str]) -> Any:
    rows = Rows(SCHEMA)
    root = SCHEMA.root.empty
    for content in contents:
        new = edited(root, content)
        changes = rows.changes(changes_between(SCHEMA, root, new), root, new)
        store.append(Transaction("2026-01-01T00:00:00Z", "u", 1, "s", "commit", "", changes))
        root = new
    return root


def check(directory: Path, contents: list[str]) -> None:
    store = Store.open(directory / "state" / "running.sqlite")
    root = play(store, contents)
    assert Rows(SCHEMA).root(store.load()) == root
    store.close()


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


def test_what_a_store_holds_beside_a_row_is_told() -> None:
    path = '/ipsec-qos:ipsec-qos/policies/policy\t[["p",1]]'
    with pytest.raises(RowsUnreadable):
        Rows(SCHEMA).root([(path, "[]", '["p",1]x')])

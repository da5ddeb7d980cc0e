"""What the journal tells brings back every tree of the past, whatever was edited since."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from server.datastore.diff import changes_between
from server.datastore.edit import applied
from server.datastore.rewind import rewound
from server.datastore.rows import Rows
from server.datastore.store import RowChange
from server.errors import RpcError
from tests.differential import broad
from tests.differential.documents import Drawer
from tests.yang.compiled import bindings
from yang.bindings import gateway
from yang.schema import Schema

EDITS = 12


@pytest.fixture(scope="module")
def schema() -> Schema:
    found = bindings(broad.LOADED, broad.PATH, broad.FEATURES)[0].SCHEMA
    assert isinstance(found, Schema)
    return found


def edits(schema: Schema, about: str, seed: int) -> Iterator[Any]:
    """Yield roots, each made by a random edit of the one before."""
    drawer = Drawer(schema, broad.domains(about), Random(seed))
    root = schema.root.empty
    for number in range(EDITS):
        config = drawer.edit() if number else drawer.document()
        try:
            root = applied(schema, root, config, "merge")
        except RpcError:
            continue
        yield root


@settings(deadline=None)
@given(seed=st.integers(0, 1 << 32), about=st.sampled_from(sorted(broad.SHARES)))
def test_every_tree_of_the_past_comes_back(schema: Schema, seed: int, about: str) -> None:
    rows = Rows(schema)
    past: list[tuple[Any, list[RowChange]]] = []
    before = schema.root.empty
    for root in edits(schema, about, seed):
        past.append((before, rows.changes(changes_between(schema, before, root), before, root)))
        before = root
    newest_first: list[RowChange] = []
    for then, changes in reversed(past):
        newest_first += changes
        found = rewound(schema, rows, before, newest_first)
        assert found == then
        # As the store would keep it, order of what the user orders included.
        assert rows.changes(changes_between(schema, then, found), then, found) == []


def test_what_did_not_change_is_shared() -> None:
    schema = gateway.SCHEMA
    rows = Rows(schema)
    root = policies(policies(schema.root.empty, "changed", 1), "kept", 1)
    assert rewound(schema, rows, root, []) is root
    now = policies(root, "changed", 2)
    changes = rows.changes(changes_between(schema, root, now), root, now)
    found = rewound(schema, rows, now, changes)
    assert found == root
    assert [change.keys for change in changes_between(schema, now, found)] == [(("changed", 1),)]


def policies(root: Any, name: str, rate: int) -> Any:
    config = etree.fromstring(
        '<config><ipsec-qos xmlns="urn:ipsec-qos:yang:ipsec-qos"><policies><policy>'
        f"<name>{name}</name><sequence-number>1</sequence-number><outbound><speed-limit>"
        f"<rate>{rate}000</rate></speed-limit></outbound></policy></policies></ipsec-qos></config>"
    )
    return applied(gateway.SCHEMA, root, config, "merge")

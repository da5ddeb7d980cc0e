"""What differs between two trees, found in what is left of them."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from server.datastore.filter import Filter
from server.datastore.reduction import may_be_reduced, reduced
from server.datastore.to_xml import Writer
from server.subscriptions.patch import Differ
from server.subscriptions.selection import pruned
from tests.differential import broad
from tests.server.datastore.test_rewind import edits, policies
from tests.yang.compiled import bindings
from yang.bindings import gateway
from yang.schema import Schema


@pytest.fixture(scope="module")
def schema() -> Schema:
    found = bindings(broad.LOADED, broad.PATH, broad.FEATURES)[0].SCHEMA
    assert isinstance(found, Schema)
    return found


def filtering(schema: Schema, root: Any, random: Random) -> Filter:
    """Return a filter of some of what is there: leafs with their values, and without."""
    parts = b"".join(Writer(schema).root(root))
    tree = etree.fromstring(b"<filter>" + parts + b"</filter>")
    for element in list(tree.iter()):
        parent = element.getparent()
        if parent is not None and random.random() < 0.3:
            parent.remove(element)
        elif not len(element) and random.random() < 0.5:
            element.text = None
    return Filter.compile(schema.root, tree)


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(0, 1 << 32), about=st.sampled_from(sorted(broad.SHARES)))
def test_what_differs_of_what_a_filter_selects_is_the_same(
    schema: Schema, seed: int, about: str
) -> None:
    differ, random = Differ(Writer(schema), with_sources=True), Random(seed)
    roots = [schema.root.empty, *edits(schema, about, seed)]
    for old, new in zip(roots, roots[1:], strict=False):
        wanted = filtering(schema, random.choice((old, new)), random)
        if not may_be_reduced(schema.root, wanted):
            continue
        found = []
        for pair in ((old, new), reduced(schema.root, old, new)):
            one, other = (pruned(schema.root, root, wanted) for root in pair)
            found.append(sorted(differ.inside(schema.root, one, other, "")))
        assert found[0] == found[1]


def test_nothing_is_left_of_a_list_but_what_differs() -> None:
    schema = gateway.SCHEMA
    old = schema.root.empty
    for number in range(300):
        old = policies(old, f"p{number}", 1)
    new = policies(policies(old, "p7", 2), "another", 1)
    slot = schema.by_path["/ipsec-qos:ipsec-qos"].at.slot
    held = schema.by_path["/ipsec-qos:ipsec-qos/policies"].at.slot
    small = [root[slot][held][0] for root in reduced(schema.root, old, new)]
    assert [list(each.keys()) for each in small] == [[("p7", 1)], [("another", 1), ("p7", 1)]]
    assert reduced(schema.root, old, old) == (old, old)

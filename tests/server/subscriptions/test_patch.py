"""What a receiver of push-change-update has is what it would read (RFC 8641, sections 3.7, 3.8)."""

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from server.datastore.diff import changes_between
from server.datastore.filter import Filter
from server.datastore.to_xml import Writer
from server.datastore.view import View
from server.subscriptions.changes import Changes
from server.subscriptions.faults import Refused
from server.subscriptions.patch import Differ, text_of
from server.subscriptions.pushing import Outermost
from server.subscriptions.selection import Selection, selected
from tests.differential import broad
from tests.server.datastore.test_rewind import edits
from tests.server.subscriptions.receiver import Receiver
from tests.yang.compiled import bindings
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF, LIST, Schema


@pytest.fixture(scope="module")
def schema() -> Schema:
    found = bindings(broad.LOADED, broad.PATH, broad.FEATURES)[0].SCHEMA
    assert isinstance(found, Schema)
    return found


def patch(schema: Schema, selection: Selection, old: Any, new: Any) -> bytes:
    touched = Outermost(schema).touched(changes_between(schema, old, new))
    changes = Changes(schema, Differ(Writer(schema)))
    return text_of(changes.edits(selection, None, (old, new), touched))


@settings(deadline=None)
@given(seed=st.integers(0, 1 << 32), about=st.sampled_from(sorted(broad.SHARES)))
def test_a_patch_leads_from_any_configuration_to_any_other(
    schema: Schema, seed: int, about: str
) -> None:
    selection = Selection(schema.root, None)
    roots = [schema.root.empty, *edits(schema, about, seed)]
    for old, new in [*pairwise(roots), *pairwise(reversed(roots)), (roots[0], roots[-1])]:
        text = patch(schema, selection, old, new)
        receiver = Receiver(schema, old)
        receiver.apply(text)
        assert receiver.root == new, text
        assert patch(schema, selection, new, new) == b""


@settings(deadline=None)
@given(seed=st.integers(0, 1 << 32), about=st.sampled_from(sorted(broad.SHARES)))
def test_a_filtered_patch_leads_from_what_is_selected_to_what_is_then(
    schema: Schema, seed: int, about: str
) -> None:
    roots = [schema.root.empty, *edits(schema, about, seed)]
    for number in range(4):
        element = drawn(schema, roots[-1], Random(seed + number))
        wanted = Filter.compile(schema.root, element)
        try:
            selection = Selection(schema.root, wanted)
        except Refused as refused:
            assert refused.identity in ("filter-unsupported", "unchanging-selection")
            continue
        for old, new in pairwise(roots):
            text = patch(schema, selection, old, new)
            receiver = Receiver(schema, selected(schema.root, old, wanted))
            receiver.apply(text)
            expected = selected(schema.root, new, wanted)
            assert receiver.root == expected, (etree.tostring(element), text)


@settings(deadline=None)
@given(seed=st.integers(0, 1 << 32), about=st.sampled_from(sorted(broad.SHARES)))
def test_what_is_selected_is_what_a_get_config_shows(schema: Schema, seed: int, about: str) -> None:
    """RFC 8641, section 3.6: the same filter selects the same."""
    view = View(schema, Writer(schema), {})
    for root in list(edits(schema, about, seed))[-3:]:
        element = drawn(schema, root, Random(seed))
        wanted = Filter.compile(schema.root, element)
        shown = b"".join(view.configuration(root, wanted))
        pruned = b"".join(Writer(schema).root(selected(schema.root, root, wanted)))
        assert leafs(shown) == leafs(pruned), etree.tostring(element)


def leafs(text: bytes) -> list[str]:
    """Each leaf and list entry with its path: empty containers say nothing (RFC 7950, 7.5.1)."""
    tree = etree.ElementTree(etree.fromstring(b"<data>" + text + b"</data>"))
    return sorted(
        f"{tree.getelementpath(each)}={each.text}"
        for each in tree.iter(etree.Element)
        if not len(each) and (each.text or not is_container(each))
    )


def is_container(element: etree._Element) -> bool:
    return element.text is None


def drawn(schema: Schema, root: Any, random: Random) -> etree._Element:
    """A random subtree filter, some of whose content match nodes fit."""
    made = etree.Element("filter")
    _draw(schema.root, root, made, random, 0)
    return made


def _draw(node: Any, value: Any, into: etree._Element, random: Random, depth: int) -> None:
    for child in node.slots:
        if random.random() < (0.2 if depth else 0.4):
            continue
        if depth and random.random() < 0.4:
            continue
        held = None if value is None else value[child.at.slot]
        element = etree.SubElement(into, child.at.tag)
        if child.kind in (CONTAINER, LIST) and random.random() < 0.85:
            if child.kind == LIST:
                entries = list(held.values()) if held else []
                held = random.choice(entries) if entries else None
            _draw(child, held, element, random, depth + 1)
        elif child.kind == LEAF and held is not None and random.random() < 0.3:
            element.text = "" if child.type.contextual else canonical(held)

"""Random documents and edits over tiny domains of values, so that violations collide.

Drawn from a schema: nothing here knows a module. What a module needs is in its ``Domains``.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from lxml import etree

from server.namespaces import BASE, YANG
from yang.scalars import Identity, InstancePath, canonical, xml_text
from yang.schema import (
    AnyData,
    Container,
    DataNode,
    Inner,
    Leaf,
    LeafList,
    List,
    Schema,
)

OPERATION = f"{{{BASE}}}operation"
INSERT, KEY, VALUE = f"{{{YANG}}}insert", f"{{{YANG}}}key", f"{{{YANG}}}value"
BASE_NAMESPACES = {"nc": BASE, "yang": YANG}


@dataclass(frozen=True)
class Domains:
    """What to draw: texts for leafs (by schema path), the chance that a node is there.

    ``refused`` are texts that a leaf's type must refuse. Names in texts of identityrefs and
    instance-identifiers are canonical (``module:name``).
    """

    texts: Mapping[str, Sequence[str]]
    refused: Mapping[str, Sequence[str]] = field(default_factory=dict)
    chances: Mapping[str, float] = field(default_factory=dict)
    chance: float = 0.35
    weights: Mapping[str, int] = field(default_factory=dict)
    """How much more often an edit is about a node than about others."""
    never_empty: frozenset[str] = frozenset()
    """Containers that are left out where nothing is in them."""
    entries: Sequence[int] = (0, 1, 2, 2, 3, 4)


class Drawer:
    """Draws documents and edits."""

    def __init__(self, schema: Schema, domains: Domains, random: Random) -> None:
        self._schema = schema
        self._domains = domains
        self._random = random
        self._spoilt: Counter[str] = Counter()

    # ---- whole documents

    def document(self) -> etree._Element:
        """Return a ``<config>`` that is often invalid in one way or another."""
        config = etree.Element(f"{{{BASE}}}config", nsmap=BASE_NAMESPACES)
        self._fill(config, self._schema.root, 1.0)
        return config

    def _fill(self, element: etree._Element, node: Inner, scale: float) -> None:
        left_out = self._cases_left_out(node)
        for child in node.slots:
            if isinstance(node, List) and child in node.key_leafs:
                continue
            if any(case in left_out for case in child.cases) and self._random.random() < 0.98:
                continue
            chance = self._domains.chances.get(child.at.path, self._domains.chance)
            if isinstance(child, List) or self._random.random() < chance * scale:
                self._put(element, child)

    def _cases_left_out(self, node: Inner) -> set[tuple[str, str]]:
        """Return all cases but one of each choice."""
        cases: dict[str, list[tuple[str, str]]] = {}
        for child in node.slots:
            for case in child.cases:
                known = cases.setdefault(case[0], [])
                if case not in known:
                    known.append(case)
        return {
            case
            for known in cases.values()
            for kept in [self._random.choice(known)]
            for case in known
            if case != kept
        }

    def _put(self, parent: etree._Element, node: DataNode) -> None:
        match node:
            case List():
                for key in self._distinct_keys(node, self._random.choice(self._domains.entries)):
                    self._fill(self.entry(parent, node, key), node, 1.0)
            case Container():
                element = self._element(parent, node)
                self._fill(element, node, 1.0)
                if not len(element) and node.at.path in self._domains.never_empty:
                    parent.remove(element)
            case LeafList():
                for text in self._some_texts(node):
                    self.leaf(parent, node, text)
            case Leaf():
                self.leaf(parent, node, self._random.choice(self.texts(node)))
            case AnyData():
                etree.SubElement(self._element(parent, node), "{urn:any}x").text = "1"

    def _some_texts(self, node: LeafList) -> list[str]:
        texts = list(self.texts(node))
        return self._random.sample(texts, self._random.randint(1, min(3, len(texts))))

    def _distinct_keys(self, node: List, amount: int) -> Iterator[tuple[str, ...]]:
        drawn = {self.key(node) for _ in range(amount)}
        keys = sorted(drawn)
        self._random.shuffle(keys)
        yield from keys

    def key(self, node: List) -> tuple[str, ...]:
        """Return the texts of a random key."""
        return tuple(self._random.choice(self.texts(leaf)) for leaf in node.key_leafs)

    def entry(self, parent: etree._Element, node: List, key: tuple[str, ...]) -> etree._Element:
        """Put an entry with its keys."""
        element = self._element(parent, node)
        for leaf, text in zip(node.key_leafs, key, strict=True):
            self.leaf(element, leaf, text)
        return element

    def texts(self, node: Leaf | LeafList) -> Sequence[str]:
        """Return the texts that the type of a leaf takes."""
        found = self._domains.texts.get(node.at.path)
        assert found is not None, f"no texts for {node.at.path}"
        return found

    def leaf(self, parent: etree._Element, node: Leaf | LeafList, text: str) -> etree._Element:
        """Put a leaf; names get prefixes that are declared on it."""
        value = node.type.parse(text)
        shown, declared = xml_text(value, self._schema.prefixes)
        if not isinstance(value, Identity | InstancePath):
            shown, declared = text, {}
        element = etree.SubElement(parent, node.at.tag, nsmap=dict(declared))
        element.text = shown
        return element

    def _element(self, parent: etree._Element, node: DataNode) -> etree._Element:
        return etree.SubElement(parent, node.at.tag)

    # ---- edits

    def edit(self) -> etree._Element:
        """Return a ``<config>`` with a few changes and their operations."""
        config = etree.Element(f"{{{BASE}}}config", nsmap=BASE_NAMESPACES)
        for _ in range(self._random.choice((1, 1, 1, 2, 3))):
            self._change(config, self._schema.root)
        return config

    def _change(self, parent: etree._Element, node: Inner) -> None:
        """Go down to a random node, reusing what the edit already has, and change it."""
        wanted = [
            child
            for child in node.slots
            if not (isinstance(node, List) and child in node.key_leafs)
        ]
        if not wanted:
            return
        weights = [self._weight(child) for child in wanted]
        child = self._random.choices(wanted, weights)[0]
        match child:
            case List():
                self._change_entry(parent, child)
            case Container():
                self._change_container(parent, child)
            case _:
                self._change_leaf(parent, child)

    def _weight(self, node: DataNode) -> int:
        below = node.slots if isinstance(node, Container | List) else ()
        own = 1 + sum(map(self._weight, below))
        return own * self._domains.weights.get(node.at.path, 1)

    def _change_entry(self, parent: etree._Element, node: List) -> None:
        key = self.key(node)
        if self._has_entry(parent, node, key):
            return
        element = self.entry(parent, node, key)
        chosen = self._random.random()
        if chosen < 0.25:
            element.set(OPERATION, self._random.choice(("remove", "remove", "delete")))
            return
        if chosen < 0.5:
            if self._random.random() < 0.6:
                element.set(OPERATION, self._random.choice(("replace", "replace", "create")))
            self._fill(element, node, 1.0)
        else:
            self._change(element, node)
        if node.user_ordered and self._random.random() < 0.5:
            self._insert_entry(element, node)

    def _has_entry(self, parent: etree._Element, node: List, key: tuple[str, ...]) -> bool:
        wanted = [
            canonical(leaf.type.parse(t)) for leaf, t in zip(node.key_leafs, key, strict=True)
        ]
        for other in parent.iterchildren(node.at.tag):
            texts = [other.findtext(leaf.at.tag) or "" for leaf in node.key_leafs]
            if texts == wanted or self._random.random() < 0.1:
                return True
        return False

    def _insert_entry(self, element: etree._Element, node: List) -> None:
        where = self._random.choice(("first", "last", "before", "after"))
        element.set(INSERT, where)
        if where in ("before", "after"):
            prefix = node.module.prefix
            key = "".join(
                f"[{prefix}:{leaf.name}='{text}']"
                for leaf, text in zip(node.key_leafs, self.key(node), strict=True)
            )
            element.set(KEY, key)

    def _change_container(self, parent: etree._Element, node: Container) -> None:
        element = parent.find(node.at.tag)
        if element is not None:
            if OPERATION not in element.attrib:
                self._change(element, node)
            return
        element = self._element(parent, node)
        chosen = self._random.random()
        if chosen < 0.06:
            element.set(OPERATION, "remove")
        elif chosen < 0.12:
            element.set(OPERATION, "replace")
            self._fill(element, node, 1.0)
        elif not (node.presence and chosen < 0.3):
            self._change(element, node)
        if not len(element) and node.at.path in self._domains.never_empty:
            parent.remove(element)

    def _change_leaf(self, parent: etree._Element, node: Any) -> None:
        if parent.find(node.at.tag) is not None:
            return
        before = len(parent)
        self._put(parent, node)
        for element in parent[before:]:
            if self._random.random() < 0.3:
                element.set(OPERATION, self._random.choice(("remove", "remove", "delete")))
            elif isinstance(node, LeafList) and node.user_ordered:
                self._insert_value(element, node)

    def _insert_value(self, element: etree._Element, node: LeafList) -> None:
        if self._random.random() < 0.5:
            where = self._random.choice(("first", "last", "before", "after"))
            element.set(INSERT, where)
            if where in ("before", "after"):
                element.set(VALUE, self._random.choice(self.texts(node)))

    # ---- faults of type

    def spoil(self, config: etree._Element) -> tuple[str, etree._Element] | None:
        """Give one leaf a text that its type refuses; return the schema path and the leaf."""
        leafs = [
            (node, element)
            for node, element in leafs_of(self._schema.root, config)
            if node.at.path in self._domains.refused
        ]
        if not leafs:
            return None
        # The node that was spoilt least, so that each has its turn.
        at = min(range(len(leafs)), key=lambda i: (self._spoilt[leafs[i][0].at.path], i))
        node, element = leafs[at]
        self._spoilt[node.at.path] += 1
        element.text = self._random.choice(self._domains.refused[node.at.path])
        return node.at.path, element


def leafs_of(node: Inner, element: etree._Element) -> Iterator[tuple[DataNode, etree._Element]]:
    """Yield every leaf of a document with its schema node."""
    for child_element in element:
        child = node.by_tag[str(child_element.tag)]
        if isinstance(child, Container | List):
            yield from leafs_of(child, child_element)
        elif isinstance(child, Leaf | LeafList):
            yield child, child_element


def top_level(config: etree._Element) -> bytes:
    """Return the children of a ``<config>`` as a document of several top-level elements."""
    return b"".join(etree.tostring(child) for child in config)

"""Subtree filters (RFC 6241, section 6), compiled against the schema.

A filter node either selects a node whole, or says what of it is wanted: content match nodes
(leafs with text) decide whether a container or entry is shown at all; the rest says which of its
children are. An element without a namespace stands for that name in any namespace (6.2.1).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from server.datastore.instance_path import child_of
from yang.schema import CONTAINER, LEAF, LEAF_LIST, LIST, DataNode, Inner, List

MOST_DEPTH = 255


class Filter:
    """What is wanted of one node, or of the entries of one list."""

    __slots__ = ("_children", "_contents", "alternatives", "is_selection", "values")

    def __init__(self) -> None:
        self.is_selection = False
        """The node is wanted with all that is in it."""
        self._children: dict[int, Filter] = {}
        self._contents: list[tuple[DataNode, str]] = []
        self.alternatives: list[Filter] = []
        """For a list or container given more than once: an entry may match any of them."""
        self.values: set[str] | None = None
        """For a leaf-list: the wanted values."""

    @classmethod
    def compile(cls, node: Inner, element: etree._Element) -> "Filter":
        """Return the filter that the children of this element are."""
        made = cls()
        for child_element in element:
            if isinstance(child_element.tag, str):
                for child in _named(node, child_element.tag):
                    made._add(child, child_element)
        made._select_all_if_only_contents(node, element)
        return made

    @property
    def is_whole(self) -> bool:
        """Whether it lets everything through: a selection on no condition."""
        return self.is_selection and not self._contents and not self.alternatives

    def child(self, node: DataNode) -> "Filter | None":
        """Return what is wanted of a child; ``None``: nothing."""
        return _ALL if self.is_selection else self._children.get(id(node))

    def contents(self, node: Inner) -> Sequence[tuple[DataNode, str]]:
        """Return the content match nodes: the leaf and the text that it must have."""
        return self._contents

    def takes_value(self, text: str) -> bool:
        """Tell whether a leaf or a value of a leaf-list is wanted."""
        return self.values is None or text.strip() in self.values

    def key(self, node: List) -> Any | None:
        """Return the key of the one entry that can match, if the content match nodes name it."""
        texts = {id(leaf): text for leaf, text in self._contents}
        key = []
        for leaf in node.key_leafs:
            text = texts.get(id(leaf))
            if text is None:
                return None
            try:
                key.append(leaf.sort_key(leaf.type.parse(text)))
            except ValueError:
                return None
        return tuple(key) or None

    def with_keys(self, node: List) -> "Filter":
        """Return this filter, which then shows the keys of an entry in any case."""
        if self.is_selection:
            return self
        made = Filter()
        made._children = {id(leaf): _ALL for leaf in node.key_leafs} | self._children
        made._contents = self._contents
        return made

    @staticmethod
    def merged(filters: Sequence["Filter"]) -> "Filter | None":
        """Return what shows all that any of these shows; ``None`` shows everything."""
        if not filters or any(each.is_selection for each in filters):
            return None
        made = Filter()
        for each in filters:
            for child, below in each._children.items():
                known = made._children.get(child)
                made._children[child] = below if known is None else _both(known, below)
        return made

    def _add(self, child: DataNode, element: etree._Element) -> None:
        text = (element.text or "").strip()
        if child.kind in (CONTAINER, LIST):
            below = Filter.compile(child, element) if len(element) else _selection()  # type: ignore[arg-type]
            self._add_inner(child, below)
        elif child.kind in (LEAF, LEAF_LIST) and text:
            self._contents.append((child, text))
            self._add_value(child, text)
        else:
            self._children[id(child)] = _ALL

    def _add_inner(self, child: DataNode, below: "Filter") -> None:
        known = self._children.get(id(child))
        if known is _ALL:
            return
        if known is None:
            known = self._children[id(child)] = Filter()
        known.alternatives.append(below)
        if child.kind == CONTAINER:
            merged = Filter.merged(known.alternatives)
            joined = _selection() if merged is None else merged
            joined.alternatives = known.alternatives
            if len(known.alternatives) == 1:
                joined._contents = below._contents
            self._children[id(child)] = joined
        else:
            if any(each.is_whole for each in known.alternatives):
                self._children[id(child)] = _ALL

    def _add_value(self, child: DataNode, text: str) -> None:
        known = self._children.get(id(child))
        if known is None:
            known = self._children[id(child)] = Filter()
            known.values = set()
        if known.values is not None:
            known.values.add(text)

    def _select_all_if_only_contents(self, node: Inner, element: etree._Element) -> None:
        """Content match nodes alone select the whole container (RFC 6241, 6.2.5)."""
        matched = {id(child) for child, _ in self._contents}
        if matched and set(self._children) == matched and len(self._contents) == len(element):
            self.is_selection = True
        else:
            # A matching value is shown as it is stored, whatever form the filter gave it in.
            for child, _ in self._contents:
                if child.kind == LEAF:
                    self._children[id(child)] = _ALL


def _selection() -> Filter:
    made = Filter()
    made.is_selection = True
    return made


def _both(one: Filter, other: Filter) -> Filter:
    merged = Filter.merged([one, other])
    if merged is None:
        return _selection()
    merged.alternatives = [*one.alternatives, *other.alternatives]
    return merged


_ALL = _selection()


def _named(node: Inner, tag: str) -> Iterator[DataNode]:
    """Yield the children that a filter element can stand for."""
    if tag.startswith("{"):
        found = child_of(node, tag)
        if found is not None:
            yield found
        return
    yield from (child for child in node.children if child.name == tag)

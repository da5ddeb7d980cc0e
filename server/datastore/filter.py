"""Subtree filters (RFC 6241, section 6), compiled against the schema.

A filter node either selects a node whole, or says what of it is wanted: content match nodes
(leafs with text) decide whether a container or entry is shown at all; the rest says which of its
children are. An element without a namespace stands for that name in any namespace (6.2.1).
"""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from server.namespaces import ETAG
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF, LEAF_LIST, LIST, DataNode, Inner, List

MOST_DEPTH = 255


class Text:
    """What a content match node asks for: the text as written, and the value that it stands for."""

    __slots__ = ("value", "written", "written_by_type")

    def __init__(self, leaf: Any, text: str, element: etree._Element) -> None:
        self.written = text
        self.value: Any = None
        self.written_by_type: str | None = None
        try:
            if leaf.type.contextual:
                self.value = leaf.type.parse_in(text, element.nsmap)
            else:
                self.value = leaf.type.parse(text)
            self.written_by_type = canonical(self.value)
        except ValueError:
            pass  # No value of the type, so nothing can match it.

    @classmethod
    def exactly(cls, leaf: Any, text: str) -> "Text":
        """Return what matches this canonical text and no other form of the same value."""
        made = cls.__new__(cls)
        made.written, made.value, made.written_by_type = text, None, None
        try:
            made.value = leaf.type.parse(text)
        except ValueError:
            return made
        if canonical(made.value) == text:
            made.written_by_type = text
        return made

    def fits(self, text: str) -> bool:
        """Tell whether the canonical text of a value matches."""
        return text == self.written_by_type or text == self.written


class Filter:
    """What is wanted of one node, or of the entries of one list."""

    __slots__ = (
        "_children",
        "_contents",
        "alternatives",
        "etag",
        "is_impossible",
        "is_selection",
        "values",
    )

    def __init__(self) -> None:
        self.is_selection = False
        """The node is wanted with all that is in it."""
        self._children: dict[int, Filter] = {}
        self._contents: list[tuple[DataNode, Text]] = []
        self.is_impossible = False
        """A content match node names what nobody knows, so nothing matches."""
        self.alternatives: list[Filter] = []
        """For a container or list: an instance is shown by all those that it matches."""
        self.etag: str | None = None
        """What the client knows of the node (draft-ietf-netconf-transaction-id)."""
        self.values: list[Text] | None = None
        """For a leaf-list: the wanted values."""

    @classmethod
    def compile(cls, node: Inner, element: etree._Element) -> "Filter":
        """Return the filter that the children of this element are."""
        made = cls()
        for child_element in element:
            if isinstance(child_element.tag, str):
                known = _named(node, child_element.tag)
                for child in known:
                    made._add_element(child, child_element)
                if not known and (child_element.text or "").strip() and not len(child_element):
                    made.is_impossible = True
        made._select_all_if_only_contents(node, element)
        return made

    @property
    def is_whole(self) -> bool:
        """Whether it lets everything through: a selection on no condition."""
        return self.is_selection and not (self._contents or self.is_impossible)

    def child(self, node: DataNode) -> "Filter | None":
        """Return what is wanted of a child; ``None``: nothing."""
        return _ALL if self.is_selection else self._children.get(id(node))

    def contents(self, node: Inner) -> Sequence[tuple[DataNode, Text]]:
        """Return the content match nodes: the leaf and the text that it must have."""
        return self._contents

    def takes_value(self, text: str) -> bool:
        """Tell whether a leaf or a value of a leaf-list is wanted."""
        return self.values is None or any(each.fits(text) for each in self.values)

    def key(self, node: List) -> Any | None:
        """Return the key of the one entry that can match, if the content match nodes name it."""
        texts = {id(leaf): text for leaf, text in self._contents}
        key = []
        for leaf in node.key_leafs:
            text = texts.get(id(leaf))
            if text is None or text.written_by_type is None:
                return None
            key.append(leaf.sort_key(text.value))
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

    @classmethod
    def selection(cls) -> "Filter":
        """Return what selects a node with all that is in it."""
        made = cls()
        made.is_selection = True
        return made

    @property
    def asked(self) -> str | None:
        """The etag that the client gave for the node, in any of the alternatives."""
        given = (each.etag for each in self.alternatives if each.etag is not None)
        return self.etag if self.etag is not None else next(given, None)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is wanted."""
        return not (self.is_selection or self._children)

    def require(self, leaf: DataNode, text: Text) -> None:
        """Let only those instances match whose leaf has this value."""
        self._contents.append((leaf, text))

    def add(self, child: DataNode, text: Text | None = None) -> None:
        """Want a child with all that is in it; of a leaf-list with a text only that value."""
        if text is not None:
            self._add_value(child, text)
        else:
            self._children[id(child)] = _ALL

    def _add_element(self, child: DataNode, element: etree._Element) -> None:
        text = (element.text or "").strip()
        etag = element.get(ETAG)
        if child.kind in (CONTAINER, LIST):
            below = Filter.compile(child, element) if len(element) else Filter.selection()  # type: ignore[arg-type]
            below.etag = etag
            self.add_inner(child, below)
        elif child.kind in (LEAF, LEAF_LIST) and text:
            asked = Text(child, text, element)
            self.require(child, asked)
            self._add_value(child, asked)
        else:
            self.add(child)
            self._mark(child, etag)

    def _mark(self, child: DataNode, etag: str | None) -> None:
        if etag is not None:
            known = self._children[id(child)] = Filter.selection()
            known.etag = etag

    def add_inner(self, child: DataNode, below: "Filter") -> None:
        """Want of a container, or of the entries of a list, what another filter says."""
        known = self._children.get(id(child))
        if known is not None and known.is_selection:
            return
        if known is None:
            known = self._children[id(child)] = Filter()
        known.alternatives.append(below)
        if below.is_whole:
            self._children[id(child)] = _ALL
            self._mark(child, below.etag)

    def _add_value(self, child: DataNode, text: Text) -> None:
        known = self._children.get(id(child))
        if known is None:
            known = self._children[id(child)] = Filter()
            known.values = []
        if known.values is not None:
            known.values.append(text)

    def _select_all_if_only_contents(self, node: Inner, element: etree._Element) -> None:
        """Content match nodes alone select the whole container (RFC 6241, 6.2.5)."""
        if not self._contents:
            return
        matched = {id(child) for child, _ in self._contents}
        if set(self._children) == matched and len(self._contents) == len(element):
            self.is_selection = True
        else:
            # A matching value is shown as it is stored, whatever form the filter gave it in.
            for child, _ in self._contents:
                if child.kind == LEAF:
                    self._children[id(child)] = _ALL


def _both(one: Filter, other: Filter) -> Filter:
    merged = Filter.merged([one, other])
    if merged is None:
        return Filter.selection()
    merged.alternatives = [*one.alternatives, *other.alternatives]
    return merged


_ALL = Filter.selection()


def _named(node: Inner, tag: str) -> Sequence[DataNode]:
    """Return the children that a filter element can stand for."""
    if tag.startswith("{"):
        found = node.by_tag.get(tag)
        return () if found is None else (found,)
    return [child for child in node.children if child.name == tag]

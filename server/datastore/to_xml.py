"""Bound values -> XML text, ASCII with character references, ready to send.

The entries of a list are written leaf by leaf of the map that holds them, and the bytes stay in
the map's ``text`` slot: as long as a later version shares the leaf, nothing is written again.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from yang.scalars import EMPTY, Identity, InstancePath, canonical, xml_text
from yang.schema import (
    ANYDATA,
    CONTAINER,
    LEAF,
    LEAF_LIST,
    LIST,
    DataNode,
    Inner,
    List,
    Schema,
)
from yang.sorted_map import SortedMap

_SPECIAL = re.compile("[&<>\r]").search


def escaped(text: str) -> str:
    """Return text as element content; a carriage return would not survive otherwise."""
    if _SPECIAL(text) is None:
        return text
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    )


def encoded(text: str) -> bytes:
    """Return ASCII bytes: clients fail on a character that two chunks share (CLIENTS 3.3, 5)."""
    return text.encode("ascii", "xmlcharrefreplace")


class Writer:
    """Writes values of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._prefixes = schema.prefixes
        self._plans: dict[int, list[tuple[int, int, str, str, DataNode]]] = {}

    def root(self, root: Any) -> Iterator[bytes]:
        """Yield the top-level nodes of a configuration."""
        yield from self.children(self._schema.root, root)

    def children(self, node: Inner, value: Any) -> Iterator[bytes]:
        """Yield what is in a container or entry, lists in parts."""
        parts: list[str] = []
        for slot, kind, opening, closing, child in self._plan(node):
            held = value[slot]
            if held is None:
                continue
            if kind == LIST:
                if len(held):
                    yield encoded("".join(parts))
                    parts.clear()
                    yield from self.entries(child, held)
            elif kind == CONTAINER and child.holds_lists:  # type: ignore[union-attr]
                if held is not child.empty or child.presence:  # type: ignore[union-attr]
                    yield encoded("".join(parts) + opening)
                    parts.clear()
                    yield from self.children(child, held)  # type: ignore[arg-type]
                    parts.append(closing)
            else:
                self._small(kind, opening, closing, child, held, parts.append)
        if parts:
            yield encoded("".join(parts))

    def entries(self, node: DataNode, held: Any) -> Iterator[bytes]:
        """Yield the entries of a list, from what was written before where possible."""
        if not isinstance(held, SortedMap):
            yield self._run(node, held.values())
            return
        for leaf in held.leaves():
            if leaf.text is None:
                leaf.text = self._run(node, leaf.values)
            yield leaf.text

    def _run(self, node: DataNode, values: Any) -> bytes:
        parts: list[str] = []
        for value in values:
            self.element(node, value, parts.append)  # type: ignore[arg-type]
        return encoded("".join(parts))

    def element(self, node: Inner, value: Any, put: Callable[[str], None]) -> None:
        """Put the text of a container or entry, whole."""
        put(opening_of(node))
        self._inside(node, value, put)
        put(f"</{node.name}>")

    def leaf_text(self, node: Any, value: Any, marks: str = "") -> str:
        """Return the element of a leaf or of one leaf-list value; ``marks`` are attributes."""
        opening = opening_of(node)
        if marks:
            opening = f"{opening[:-1]}{marks}>"
        if isinstance(value, Identity | InstancePath):
            text, declarations = xml_text(value, self._prefixes)
            names = "".join(f' xmlns:{p}="{ns}"' for p, ns in declarations.items())
            return f"{opening[:-1]}{names}>{escaped(text)}</{node.name}>"
        if value is EMPTY:
            return f"{opening[:-1]}/>"
        if node.kind == ANYDATA:
            return f"{opening}{value}</{node.name}>"
        return f"{opening}{escaped(canonical(value))}</{node.name}>"

    def _inside(self, node: Inner, value: Any, put: Callable[[str], None]) -> None:
        for slot, kind, opening, closing, child in self._plan(node):
            held = value[slot]
            if held is None:
                continue
            if kind == LEAF and type(held) is int:
                put(f"{opening}{held}{closing}")
            elif kind == LEAF and type(held) is str:
                put(f"{opening}{held if _SPECIAL(held) is None else escaped(held)}{closing}")
            elif kind == LIST:
                for entry in held.values():
                    self.element(child, entry, put)  # type: ignore[arg-type]
            else:
                self._small(kind, opening, closing, child, held, put)

    def _small(
        self,
        kind: int,
        opening: str,
        closing: str,
        child: Any,
        held: Any,
        put: Callable[[str], None],
    ) -> None:
        if kind == CONTAINER:
            if held is not child.empty:
                put(opening)
                self._inside(child, held, put)
                put(closing)
            elif child.presence:
                put(f"{opening[:-1]}/>")
        elif kind == LEAF_LIST:
            for each in held:
                put(self.leaf_text(child, each))
        else:
            put(self.leaf_text(child, held))

    def _plan(self, node: Inner) -> list[tuple[int, int, str, str, DataNode]]:
        plan = self._plans.get(id(node))
        if plan is None:
            plan = self._plans[id(node)] = [
                (child.at.slot, child.kind, opening_of(child), f"</{child.name}>", child)
                for child in _keys_first(node)
            ]
        return plan


def _keys_first(node: Inner) -> list[DataNode]:
    """Return the configuration children in the order of an entry's XML (RFC 7950, 7.8.5)."""
    keys = list(node.key_leafs) if isinstance(node, List) else []
    return [*keys, *(child for child in node.slots if child not in keys)]


def opening_of(node: DataNode) -> str:
    """Return the opening tag; it declares the namespace where the parent's is another."""
    parent = node.at.parent
    if parent is not None and parent.at.parent is not None and parent.module is node.module:
        return f"<{node.name}>"
    return f'<{node.name} xmlns="{node.module.namespace}">'

"""Two trees -> the edit that leads from the one to the other, as ``<edit-config>`` takes it.

The law: ``edit(old, document) == new``, with the default operation merge. What both share is never
looked at. Deletions come first in every node, since a node of another case would refuse to be made
beside what is still there (RFC 7950, 8.3.2).
"""

from collections.abc import Iterator
from typing import Any

from server.datastore.instance_path import quoted
from server.datastore.likeness import is_alike
from server.datastore.to_xml import Writer, opening_of
from server.namespaces import BASE, YANG
from yang.scalars import Identity, InstancePath, canonical, xml_text
from yang.schema import (
    ANYDATA,
    CONTAINER,
    LEAF_LIST,
    LIST,
    DataNode,
    Inner,
    LeafList,
    List,
    Schema,
    absent,
    is_absent,
)

_PREFIXES = f' xmlns:nc="{BASE}" xmlns:yang="{YANG}"'
CREATE, DELETE, REPLACE = (f' nc:operation="{word}"' for word in ("create", "delete", "replace"))


class EditWriter:
    """Writes edits of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._writer = Writer(schema)
        self._prefixes = schema.prefixes

    def edit(self, old: Any, new: Any) -> str:
        """Return the children of ``<config>``; empty if the roots are alike."""
        return "".join(self._inside(self._schema.root, old, new))

    def _inside(self, node: Inner, old: Any, new: Any) -> list[str]:
        """Return what leads from one container or entry to another: deletions, then the rest."""
        deletions: list[str] = []
        rest: list[str] = []
        for child, before, after in zip(node.slots, old, new, strict=True):
            if before is after:
                continue
            for is_deletion, text in self._child(child, before, after):
                (deletions if is_deletion else rest).append(text)
        return deletions + rest

    def _child(self, child: DataNode, old: Any, new: Any) -> Iterator[tuple[bool, str]]:
        if child.kind == LIST:
            yield from self._entries(child, old, new)  # type: ignore[arg-type]
        elif child.kind == LEAF_LIST:
            yield from self._values(child, old, new)  # type: ignore[arg-type]
        elif is_absent(child, new):
            if not is_absent(child, old):
                yield True, f"{self._opening(child, DELETE)[:-1]}/>"
        elif child.kind == CONTAINER:
            yield from self._container(child, old, new)
        elif not is_alike(old, new):
            yield False, self._leaf(child, new, REPLACE if child.kind == ANYDATA else "")

    def _container(self, node: Any, old: Any, new: Any) -> Iterator[tuple[bool, str]]:
        appears = node.presence and old is None
        inner = "".join(self._inside(node, _or_empty(node, old), new))
        if inner or appears:
            yield False, self._element(node, CREATE if appears else "", inner)

    def _leaf(self, node: DataNode, value: Any, attributes: str) -> str:
        """Return the element of a leaf, or of one value of a leaf-list."""
        plain, marked = opening_of(node), self._opening(node, attributes)
        return marked[:-1] + self._writer.leaf_text(node, value)[len(plain) - 1 :]

    # ---- leaf-lists

    def _values(self, node: LeafList, old: Any, new: Any) -> Iterator[tuple[bool, str]]:
        before = {canonical(value) for value in old}
        after = {canonical(value) for value in new}
        for value in old:
            if canonical(value) not in after:
                yield True, self._leaf(node, value, DELETE)
        if node.user_ordered and not is_alike(old, new):
            # Each goes last, one after the other: that is the new order.
            for value in new:
                yield False, self._leaf(node, value, ' yang:insert="last"')
        elif not node.user_ordered:
            for value in new:
                if canonical(value) not in before:
                    yield False, self._leaf(node, value, "")

    # ---- lists

    def _entries(self, node: List, old: Any, new: Any) -> Iterator[tuple[bool, str]]:
        changed = {key: (before, after) for key, before, after in old.changes(new)}
        gone = [key for key, (_, after) in changed.items() if after is None]
        for key in gone:
            yield True, self._element(node, DELETE, self._keys(node, changed.pop(key)[0]))
        for key in new.in_order(changed) if node.user_ordered else changed:
            before, after = changed[key]
            place = ""
            if node.user_ordered and (before is None or not old.is_at(key, new)):
                place = self._place(node, new, key)
            if before is None:
                yield False, self._element(node, CREATE + place, self._whole(node, after))
            else:
                inner = "".join(self._inside(node, before, after))
                if inner or place:
                    yield False, self._element(node, place, self._keys(node, before) + inner)

    def _place(self, node: List, held: Any, key: Any) -> str:
        """Return the attributes that put an entry where it is (RFC 7950, 7.8.6)."""
        above = held.before(key)
        if above is None:
            return ' yang:insert="first"'
        declared: dict[str, str] = {}
        predicates = ""
        for leaf in node.key_leafs:
            value = held[above][leaf.at.slot]
            text = canonical(value)
            if isinstance(value, Identity | InstancePath):
                text, more = xml_text(value, self._prefixes)
                declared |= more
            declared[leaf.module.prefix] = leaf.module.namespace
            predicates += f"[{leaf.module.prefix}:{leaf.name}={quoted(text)}]"
        names = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in declared.items())
        return f' yang:insert="after" yang:key="{_attribute(predicates)}"{names}'

    def _keys(self, node: List, entry: Any) -> str:
        return "".join(self._leaf(leaf, entry[leaf.at.slot], "") for leaf in node.key_leafs)

    def _whole(self, node: Inner, value: Any) -> str:
        parts: list[str] = []
        self._writer.element(node, value, parts.append)
        text = "".join(parts)
        return text[len(opening_of(node)) : -len(f"</{node.name}>")]

    # ---- elements

    def _element(self, node: DataNode, attributes: str, inner: str) -> str:
        return f"{self._opening(node, attributes)}{inner}</{node.name}>"

    def _opening(self, node: DataNode, attributes: str) -> str:
        """Return the opening tag; those at the top declare what the attributes below need."""
        parent: Any = node.at.parent
        declared = _PREFIXES if parent is self._schema.root else ""
        return f"{opening_of(node)[:-1]}{declared}{attributes}>"


def _or_empty(node: Any, value: Any) -> Any:
    """Return a container that holds nothing for one that is not there."""
    return node.empty if value is None or value is absent(node) else value


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")

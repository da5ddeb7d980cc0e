"""The change list <-> rows of the store: one row for each list entry, one for the rest.

A row holds the values of one entry by position; its layout names the positions, so that a row
can still be read after a revision of a module has moved them. Nested lists are rows of their own.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from server.datastore.instance_path import line_to
from server.datastore.row_values import (
    Build,
    RowsUnreadable,
    builder_of,
    by_layout,
    compact,
    fields_of,
    json_of,
    key_of_json,
    layout_of,
    values_of,
)
from server.datastore.store import RowChange
from yang.changes import ROOT, Change, Key
from yang.ordered_map import OrderedMap
from yang.scalars import to_json
from yang.schema import LIST, Container, Inner, List, Schema

__all__ = ["Row", "Rows", "RowsUnreadable"]


class Row(NamedTuple):
    """One row, read by itself: whose it is, and what it says of the entry or the root."""

    node: Inner
    keys: tuple[Key, ...]
    own: Any
    """The entry without what is in its lists; None where it does not exist."""
    label: str = ""
    """The place among the entries, where their order is the user's."""


class Rows:
    """Writes and reads the rows of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._layouts: dict[str, str] = {}

    # ---- changes -> rows

    def changes(self, changes: Sequence[Change], old: Any, new: Any) -> list[RowChange]:
        """Return what the changes mean for the store."""
        rows = []
        for change in changes:
            node = self._node(change.path)
            before = self._content(node, change, change.old, old)
            after = self._content(node, change, change.new, new)
            if before != after:
                layout = self.layout(node)
                rows.append(RowChange(_row_path(change.path, change.keys), layout, before, after))
        return rows

    def layout(self, node: Inner) -> str:
        """Return the layout of an entry's row: names by position, a pair for a container."""
        text = self._layouts.get(node.at.path)
        if text is None:
            text = self._layouts[node.at.path] = layout_of(node)
        return text

    def _content(self, node: Inner, change: Change, entry: Any, root: Any) -> str | None:
        if entry is None:
            return None
        values: list[Any] = values_of(node, entry)
        if change.path == ROOT and not values:
            return None  # all there is is in lists
        if isinstance(node, List) and node.user_ordered:
            held = self._holder(node, root, change.keys)
            values.insert(0, held.label(change.keys[-1]))
        return compact(values)

    def _holder(self, node: List, root: Any, keys: Sequence[Key]) -> OrderedMap[Any, Any]:
        """Return the map that holds an entry of a user-ordered list."""
        value = root
        remaining = iter(keys)
        for each in line_to(node):
            value = value[each.at.slot]
            if each is not node and each.kind == LIST:
                value = value.get(next(remaining))
        return value  # type: ignore[no-any-return]

    def _node(self, path: str) -> Inner:
        return self._schema.root if path == ROOT else self._schema.by_path[path]  # type: ignore[return-value]

    # ---- rows -> root

    def root(self, rows: Iterable[tuple[str, str, str]]) -> Any:
        """Return the configuration that the rows (path, layout, content) hold.

        Raises RowsUnreadable if they do not fit the schema.
        """
        found: dict[str, dict[str, list[tuple[str, Any, Any]]]] = {}
        root_row: Any = None
        at: _Section | None = None
        for path, layout, content in rows:
            where, _, keys = path.partition("\t")
            if where == ROOT:
                top = self._schema.root
                root_row = by_layout(top, layout, self.layout(top), json_of(content))
                continue
            if at is None or at.where != where:
                at = self._section(where, found.setdefault(where, {}))
            values = json_of(content)
            label = values.pop(0) if at.is_labelled else None
            if layout != at.layout:
                values = by_layout(at.node, layout, at.layout, values)
            entry = values if at.build is None else at.build(values)
            above, own = _ALONE if at.is_alone else _split_keys(keys)
            at.below(above).append((own, label, entry))
        return _Builder(self._schema, found).root(root_row)

    def _section(self, where: str, found: dict[str, list[tuple[str, Any, Any]]]) -> "_Section":
        node = self._list(where)
        build = None if node.holds_lists else builder_of(node)
        is_alone = build is not None and sum(each.kind == LIST for each in line_to(node)) == 1
        return _Section(where, node, self.layout(node), node.user_ordered, is_alone, build, found)

    def row(self, path: str, layout: str, content: str | None) -> Row:
        """Return what one row says; raises RowsUnreadable if it does not fit the schema."""
        node, keys = self.place(path)
        if content is None:
            return Row(node, keys, None)
        values = json_of(content)
        label = values.pop(0) if isinstance(node, List) and node.user_ordered else ""
        values = by_layout(node, layout, self.layout(node), values)
        return Row(node, keys, builder_of(node)(values), label)

    def place(self, path: str) -> tuple[Inner, tuple[Key, ...]]:
        """Return the list that a row's path names with all keys, or the root; RowsUnreadable."""
        where, _, keys_text = path.partition("\t")
        node = self._schema.root if where == ROOT else self._list(where)
        return node, self._keys(node, json.loads(keys_text) if keys_text else [])

    def _list(self, path: str) -> List:
        node = self._schema.by_path.get(path)
        if not isinstance(node, List) or node.value is None:
            raise RowsUnreadable(
                f"the store holds entries of {path}, which the modules do not have; "
                "start with the modules that it was written with"
            )
        return node

    def _keys(self, node: Inner, parts: list[list[Any]]) -> tuple[Key, ...]:
        lists = [each for each in line_to(node) if isinstance(each, List)]
        return tuple(key_of_json(each, part) for each, part in zip(lists, parts, strict=True))


class _Section(NamedTuple):
    """The rows of one list, which come one after the other: what is the same for all of them."""

    where: str
    node: List
    layout: str
    """The current one."""
    is_labelled: bool
    is_alone: bool
    """No list is around it or within: nobody asks for the keys of its rows."""
    build: Build | None
    """What makes an entry; ``None`` where it holds lists, which are to be found first."""
    found: dict[str, list[tuple[str, Any, Any]]]
    """Own key, label and entry by the keys of the entries around."""

    def below(self, above: str) -> list[tuple[str, Any, Any]]:
        """Return the list to which entries within those around it are added."""
        known = self.found.get(above)
        if known is None:
            known = self.found[above] = []
        return known


class _Builder:
    """Builds the tree from rows: built entries, or values where an entry holds lists."""

    def __init__(
        self, schema: Schema, found: dict[str, dict[str, list[tuple[str, Any, Any]]]]
    ) -> None:
        self._schema = schema
        self._found = found

    def root(self, values: Any) -> Any:
        return self._inner(self._schema.root, values or [], "[")

    def _inner(self, node: Inner, values: list[Any], keys: str) -> Any:
        """Return a container or entry; ``keys`` is the JSON text of its keys, left open."""
        if not node.holds_lists:
            return builder_of(node)(values)
        below: dict[str, Any] = {}
        for position, child in enumerate(fields_of(node)[: len(values)]):
            if isinstance(child, Container) and child.holds_lists:
                below[child.at.path], values[position] = values[position], None
        fields = list(builder_of(node)(values))
        for child in node.slots:
            if isinstance(child, List):
                fields[child.at.slot] = self._list(child, keys)
            elif isinstance(child, Container) and child.holds_lists:
                held = below.get(child.at.path)
                if held is not None or not child.presence:
                    fields[child.at.slot] = self._inner(child, held or [], keys)
        same = all(a is b for a, b in zip(fields, node.empty, strict=True))
        return node.empty if same else node.value._make(fields)

    def _list(self, node: List, keys: str) -> Any:
        rows = self._found.get(node.at.path, {}).get(keys)
        if not rows:
            return node.no_entries
        if node.holds_lists:
            rows = [
                (own, label, self._inner(node, values, _joined(keys, own)))
                for own, label, values in rows
            ]
        key_of = node.key_of
        if node.user_ordered:
            return OrderedMap.restore([(label, key_of(entry), entry) for _, label, entry in rows])
        return node.build([(key_of(entry), entry) for _, _, entry in rows])


_ALONE = "[", ""
"""What ``_split_keys`` gives of keys that nobody asks for."""


def _row_path(path: str, keys: Sequence[Key]) -> str:
    if not keys:
        return path
    return path + "\t" + compact([[to_json(part) for part in key] for key in keys])  # type: ignore[arg-type]


def _split_keys(text: str) -> tuple[str, str]:
    """Split the JSON text of keys into that of the entries around, left open, and the own."""
    if text.startswith("[[") and text.find("],[") < 0:
        return "[", text[1:-1]
    keys = json.loads(text)
    return _open(keys[:-1]), compact(keys[-1])


def _open(keys: list[Any]) -> str:
    return "[" + ",".join(compact(key) for key in keys)


def _joined(keys: str, own: str) -> str:
    return keys + ("," if keys != "[" else "") + own

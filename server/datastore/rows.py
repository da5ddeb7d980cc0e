"""The change list <-> rows of the store: one row for each list entry, one for the rest.

A row holds the values of one entry by position; its layout names the positions, so that a row
can still be read after a revision of a module has moved them. Nested lists are rows of their own.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from server.datastore.store import RowChange
from yang.changes import ROOT, Change, Key
from yang.ordered_map import OrderedMap
from yang.scalars import to_json
from yang.schema import (
    ANYDATA,
    CONTAINER,
    LEAF,
    LEAF_LIST,
    LIST,
    Container,
    Inner,
    List,
    Schema,
)


class RowsUnreadable(Exception):
    """What the store holds does not fit the modules; a sentence for the operator."""


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
            text = self._layouts[node.at.path] = _compact(_names(node))
        return text

    def _content(self, node: Inner, change: Change, entry: Any, root: Any) -> str | None:
        if entry is None or (change.path == ROOT and entry is node.empty):
            return None
        values: list[Any] = _values(node, entry)
        if isinstance(node, List) and node.user_ordered:
            held = self._holder(node, root, change.keys)
            values.insert(0, held.label(change.keys[-1]))
        return _compact(values)

    def _holder(self, node: List, root: Any, keys: Sequence[Key]) -> OrderedMap[Any, Any]:
        """Return the map that holds an entry of a user-ordered list."""
        line: list[Any] = []
        at: Any = node
        while at.at.parent is not None:
            line.append(at)
            at = at.at.parent
        value = root
        remaining = iter(keys)
        for each in reversed(line):
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
        loads = json.loads
        for path, layout, content in rows:
            where, _, keys = path.partition("\t")
            if where == ROOT:
                root_row = _by_current_layout(
                    self._schema.root, layout, self.layout, loads(content)
                )
                continue
            node = self._schema.by_path.get(where)
            if not isinstance(node, List) or node.value is None:
                raise RowsUnreadable(
                    f"the store holds entries of {where}, which the modules do not have; "
                    "start with the modules that it was written with"
                )
            values = loads(content)
            label = values.pop(0) if node.user_ordered else None
            if layout != self.layout(node):
                values = _by_names(node, json.loads(layout), values)
            above, own = _split_keys(keys)
            found.setdefault(where, {}).setdefault(above, []).append((own, label, values))
        return _Builder(self._schema, found).root(root_row)


class _Builder:
    """Builds the tree from rows, the deepest lists first."""

    def __init__(
        self, schema: Schema, found: dict[str, dict[str, list[tuple[str, Any, Any]]]]
    ) -> None:
        self._schema = schema
        self._found = found

    def root(self, values: Any) -> Any:
        return self._inner(self._schema.root, values or [], "[")

    def _inner(self, node: Inner, values: Sequence[Any], keys: str) -> Any:
        """Return a container or entry; ``keys`` is the JSON text of its keys, left open."""
        made = _plain_inner(node, values)
        if not node.holds_lists:
            return made
        fields = list(made)
        position = {child.name: at for at, child in enumerate(_fields(node))}
        for child in node.slots:
            if child.kind == LIST:
                fields[child.at.slot] = self._list(child, keys)  # type: ignore[arg-type]
            elif isinstance(child, Container) and child.holds_lists:
                at = position[child.name]
                below = values[at] if at < len(values) else None
                if below is not None or not child.presence:
                    fields[child.at.slot] = self._inner(child, below or [], keys)
        same = all(a is b for a, b in zip(fields, node.empty, strict=True))
        return node.empty if same else node.value._make(fields)

    def _list(self, node: List, keys: str) -> Any:
        rows = self._found.get(node.at.path, {}).get(keys)
        if not rows:
            return node.no_entries
        entries = []
        for own, label, values in rows:
            entry = (
                self._inner(node, values, _joined(keys, own))
                if node.holds_lists
                else _plain_inner(node, values)
            )
            entries.append((label, node.key_of(entry), entry))
        if node.user_ordered:
            return OrderedMap.restore(entries)
        return node.build((key, entry) for _, key, entry in entries)


def _plain_inner(node: Inner, values: Sequence[Any]) -> Any:
    """Return a container or entry from its row, without what is in lists."""
    fields = list(node.empty)
    empty = True
    for child, value in zip(_fields(node), values, strict=False):
        if value is None:
            continue
        empty = False
        slot = child.at.slot
        if child.kind == LEAF:
            scalar = child.type
            fields[slot] = value if scalar.plain else scalar.from_json(value)
        elif child.kind == CONTAINER:
            fields[slot] = _plain_inner(child, value)
        elif child.kind == LEAF_LIST:
            fields[slot] = tuple([child.type.from_json(each) for each in value])
        else:
            fields[slot] = value
    return node.empty if empty else node.value._make(fields)


_FIELDS: dict[int, tuple[Any, ...]] = {}


def _fields(node: Inner) -> tuple[Any, ...]:
    """Return the children that a row has positions for."""
    found = _FIELDS.get(id(node))
    if found is None:
        found = _FIELDS[id(node)] = tuple(child for child in node.slots if child.kind != LIST)
    return found


def _names(node: Inner) -> list[Any]:
    return [
        [_label(node, child), _names(child)] if child.kind == CONTAINER else _label(node, child)
        for child in _fields(node)
    ]


def _label(node: Inner, child: Any) -> str:
    return f"{child.module.name}:{child.name}" if child.module is not node.module else child.name


def _values(node: Inner, entry: Any) -> list[Any]:
    values: list[Any] = []
    for child in _fields(node):
        held = entry[child.at.slot]
        if held is None:
            values.append(None)
        elif child.kind == CONTAINER:
            values.append(_container(child, held))
        elif child.kind == LEAF_LIST:
            values.append([to_json(each) for each in held] or None)
        elif child.kind == ANYDATA:
            values.append(held)
        else:
            values.append(held if type(held) in (int, str, bool) else to_json(held))
    while values and values[-1] is None:
        values.pop()
    return values


def _container(node: Container, held: Any) -> list[Any] | None:
    values = _values(node, held)
    return values if values or node.presence else None


def _by_current_layout(node: Inner, layout: str, current: Any, values: Any) -> Any:
    return values if layout == current(node) else _by_names(node, json.loads(layout), values)


def _by_names(node: Inner, names: list[Any], values: list[Any]) -> list[Any]:
    """Return values written under another layout in the positions of today's."""
    held = {}
    for name, value in zip(names, values, strict=False):
        if value is not None:
            label, below = name if isinstance(name, list) else (name, None)
            held[label] = (below, value)
    arranged: list[Any] = []
    for child in _fields(node):
        below, value = held.pop(_label(node, child), (None, None))
        if child.kind == CONTAINER and value is not None:
            value = _by_names(child, below or [], value)
        arranged.append(value)
    if held:
        raise RowsUnreadable(
            f"the store holds {', '.join(held)} in {node.at.path or ROOT}, which the modules do "
            "not have; start with the modules that it was written with and remove them first"
        )
    return arranged


def _compact(values: Any) -> str:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=True)


def _row_path(path: str, keys: Sequence[Key]) -> str:
    if not keys:
        return path
    return path + "\t" + _compact([[to_json(part) for part in key] for key in keys])  # type: ignore[arg-type]


def _split_keys(text: str) -> tuple[str, str]:
    """Split the JSON text of keys into that of the entries around, left open, and the own."""
    if text.startswith("[[") and text.find("],[") < 0:
        return "[", text[1:-1]
    keys = json.loads(text)
    return _open(keys[:-1]), _compact(keys[-1])


def _open(keys: list[Any]) -> str:
    return "[" + ",".join(_compact(key) for key in keys)


def _joined(keys: str, own: str) -> str:
    return keys + ("," if keys != "[" else "") + own

"""The change list <-> rows of the store: one row for each list entry, one for the rest.

A row holds the values of one entry by position; its layout names the positions, so that a row
can still be read after a revision of a module has moved them. Nested lists are rows of their own.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from server.datastore.store import RowChange
from yang.changes import ROOT, Change, Key
from yang.ordered_map import OrderedMap
from yang.scalars import Enumeration, to_json
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
        if entry is None:
            return None
        values: list[Any] = _values(node, entry)
        if change.path == ROOT and not values:
            return None  # all there is is in lists
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
            if not node.holds_lists:
                values = _builder(node)(values)
            above, own = _split_keys(keys)
            found.setdefault(where, {}).setdefault(above, []).append((own, label, values))
        return _Builder(self._schema, found).root(root_row)


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
            return _builder(node)(values)
        below: dict[str, Any] = {}
        for position, child in enumerate(_fields(node)[: len(values)]):
            if isinstance(child, Container) and child.holds_lists:
                below[child.at.path], values[position] = values[position], None
        fields = list(_builder(node)(values))
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
        entries = []
        for own, label, entry in rows:
            if node.holds_lists:
                entry = self._inner(node, entry, _joined(keys, own))
            entries.append((label, node.key_of(entry), entry))
        if node.user_ordered:
            return OrderedMap.restore(entries)
        return node.build((key, entry) for _, key, entry in entries)


Build = Callable[[list[Any]], Any]
_BUILDERS: dict[int, Build] = {}


def _builder(node: Inner) -> Build:
    """Return what makes a container or entry from its row, without what is in lists.

    It eats the values. Only the positions in ``special`` need more than to be taken.
    """
    found = _BUILDERS.get(id(node))
    if found is not None:
        return found
    fields = _fields(node)
    nothing = [node.empty[child.at.slot] for child in fields]
    special = [
        (position, nothing[position], convert)
        for position, child in enumerate(fields)
        if (convert := _converter(child)) is not None
    ]
    slots = [child.at.slot for child in fields]
    in_order = len(slots) == len(node.slots)
    make, empty, kind = tuple.__new__, node.empty, node.value

    def build(values: list[Any]) -> Any:
        given = len(values)
        if not given:
            return empty
        for position, none, convert in special:
            if position >= given:
                break
            value = values[position]
            values[position] = none if value is None else convert(value)
        values += nothing[given:]
        if in_order:
            return make(kind, values)
        spread = list(empty)
        for slot, value in zip(slots, values, strict=True):
            spread[slot] = value
        return make(kind, spread)

    _BUILDERS[id(node)] = build
    return build


def _converter(child: Any) -> Any:
    """Return what makes a value of a row into one of the tree; ``None`` if nothing has to."""
    if child.kind == CONTAINER:
        return _builder(child)
    if child.kind == LEAF_LIST:
        if child.type.plain:
            return tuple
        return lambda values: tuple([child.type.from_json(each) for each in values])
    if child.kind == LEAF:
        if isinstance(child.type, Enumeration):
            return child.type.parse  # gives the one string that all entries share
        if not child.type.plain:
            return child.type.from_json
    return None


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

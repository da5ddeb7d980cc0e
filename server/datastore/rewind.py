"""A tree and what the journal says has changed since -> the tree as it was before.

The law: it costs what was changed, and shares the rest. Entries around others are put back before
what is in them, so whatever a nested entry needs is there again when its turn comes.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from server.datastore.instance_path import line_to
from server.datastore.rows import Row, Rows
from server.datastore.store import RowChange
from yang.changes import Key
from yang.schema import CONTAINER, LIST, DataNode, Inner, List, Schema


def rewound(schema: Schema, rows: Rows, root: Any, changes: Iterable[RowChange]) -> Any:
    """Return the root before these changes, which come the newest first.

    Raises RowsUnreadable if they do not fit the schema.
    """
    # Of several changes of one row the oldest is the last to come: what was before it counts.
    oldest = {change.path: change for change in changes}
    groups: dict[tuple[str, tuple[Key, ...]], list[Row]] = {}
    for change in oldest.values():
        row = rows.row(change.path, change.layout, change.before)
        groups.setdefault((row.node.at.path, row.keys[:-1]), []).append(row)
    by_depth = sorted(groups.values(), key=lambda group: len(group[0].keys))
    for group in by_depth:
        root = _put_back(schema, root, group)
    return root


def _put_back(schema: Schema, root: Any, group: list[Row]) -> Any:
    """Return the root with the entries of one list, or what is outside lists, as they were."""
    node = group[0].node
    if isinstance(node, List):
        return _replaced(root, line_to(node), group[0].keys, group)
    own = schema.root.empty if group[0].own is None else group[0].own
    return _with_lists_of(schema.root, own, root)


def _replaced(value: Any, line: Sequence[DataNode], keys: Sequence[Key], group: list[Row]) -> Any:
    """Return a container or entry with the list at the end of the line put back."""
    node, *below = line
    held = value[node.at.slot]
    if not below:
        made = _entries(node, held, group)  # type: ignore[arg-type]
    elif node.kind == LIST:
        inner = held.get(keys[0])
        if inner is None:
            return value  # the entry around them did not exist, so neither did they
        made = held.set(keys[0], _replaced(inner, below, keys[1:], group))
    elif held is None:
        return value
    else:
        made = _replaced(held, below, keys, group)
    values = list(value)
    values[node.at.slot] = made
    return _shared(node.at.parent, values)


def _entries(node: List, held: Any, group: list[Row]) -> Any:
    """Return the map of a list with these entries as they were."""
    before = {row.keys[-1]: held.get(row.keys[-1]) for row in group}
    # All are taken out first: in a list that its user orders, they may have changed places.
    for key, entry in before.items():
        if entry is not None:
            held = held.remove(key)
    for row in group:
        if row.own is not None:
            entry = before[row.keys[-1]]
            made = _with_lists_of(node, row.own, node.empty if entry is None else entry)
            held = _put(node, held, row, made)
    return held if len(held) else node.no_entries


def _put(node: List, held: Any, row: Row, entry: Any) -> Any:
    if node.user_ordered:
        return held.place(row.label, row.keys[-1], entry)
    return held.set(row.keys[-1], entry)


def _with_lists_of(node: Inner, own: Any, other: Any) -> Any:
    """Return an entry or container that has its own values, and the lists of the other."""
    if not node.holds_lists:
        return own
    values = list(own)
    for child in node.slots:
        slot = child.at.slot
        if child.kind == LIST:
            values[slot] = other[slot]
        elif child.kind == CONTAINER and values[slot] is not None and other[slot] is not None:
            values[slot] = _with_lists_of(child, values[slot], other[slot])  # type: ignore[arg-type]
    return _shared(node, values)


def _shared(node: Inner, values: list[Any]) -> Any:
    """Return the entry or container of these values, the shared one if nothing is in it."""
    if all(value is nothing for value, nothing in zip(values, node.empty, strict=True)):
        return node.empty
    return node.value._make(values)

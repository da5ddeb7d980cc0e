"""The change list -> the edits that netconf-config-change tells (RFC 6470): targets, operations.

The law: this looks at the change list only, so it costs what the edit changed; of what appeared or
went as a whole only the topmost node is told. An operation says what became of its target:
``create``, ``delete``, ``replace`` for a value, ``merge`` for what was changed inside or moved.
"""

from collections.abc import Iterator, Sequence
from itertools import compress
from operator import is_not
from typing import Any, NamedTuple

from server.datastore.instance_path import line_to
from server.datastore.likeness import is_alike
from server.datastore.way import literal
from yang.changes import ROOT, Change, Key
from yang.scalars import InstancePath, canonical
from yang.schema import (
    CONTAINER,
    LEAF_LIST,
    LIST,
    DataNode,
    Inner,
    List,
    Schema,
    is_absent,
)

CREATE, DELETE, REPLACE, MERGE = "create", "delete", "replace", "merge"


class Edit(NamedTuple):
    """What became of one node; without a target it is the whole datastore."""

    target: InstancePath | None
    operation: str


def edits_of(schema: Schema, changes: Sequence[Change], most: int) -> list[Edit]:
    """Return the edits that a change list comes to.

    With more than ``most`` of them it is told only which nodes at the top have changed inside.
    """
    if len(changes) <= most:
        found = _Edits(schema).of(changes)
        if len(found) <= most:
            return found
    tops = dict.fromkeys(top for change in changes for top in _tops(schema, change))
    return [Edit(InstancePath(top), MERGE) for top in tops]


class _Edits:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._whole: set[str] = set()
        """The paths of what appeared or went as a whole."""

    def of(self, changes: Sequence[Change]) -> list[Edit]:
        # Backwards: entries come before the entries that they stand in.
        groups = [list(self._record(change)) for change in reversed(changes)]
        return [edit for group in reversed(groups) for edit in group]

    def _record(self, change: Change) -> Iterator[Edit]:
        path, old, new = change.path, change.old, change.new
        if path == ROOT:
            yield from self._inside(self._schema.root, old, new, "")
            return
        node = self._schema.by_path[path]
        assert isinstance(node, List)
        text = self._entry(node, change.keys)
        if text is None:
            return
        if old is None or new is None:
            yield self._all_of(text, CREATE if old is None else DELETE)
        elif node.user_ordered and is_alike(old, new):
            yield _edit(text, MERGE)
        else:
            yield from self._inside(node, old, new, text)

    def _entry(self, node: List, keys: Sequence[Key]) -> str | None:
        """Return the path of an entry; None where it is inside of what is told as a whole."""
        if len(keys) == 1 and not self._whole:
            return node.at.path + _predicates(node, keys[0])
        text, remaining = "", iter(keys)
        for step in line_to(node):
            text += _step(step)
            if isinstance(step, List):
                text += _predicates(step, next(remaining))
            if text in self._whole:
                return None
        return text

    def _inside(self, node: Inner, old: Any, new: Any, above: str) -> Iterator[Edit]:
        """Yield the edits of what is in a container or entry, but for lists."""
        slots = zip(node.slots, old, new, strict=True)
        for child, before, after in compress(slots, map(is_not, old, new)):
            if child.kind == LIST:
                continue
            text = above + _step(child)
            if child.kind == LEAF_LIST:
                yield from _values(text, before, after, above)
            elif child.kind == CONTAINER:
                yield from self._container(child, before, after, text)
            elif not is_alike(before, after):
                yield _edit(text, _operation(before, after))

    def _container(self, node: Any, old: Any, new: Any, text: str) -> Iterator[Edit]:
        if is_absent(node, old) is not is_absent(node, new) and not node.holds_lists:
            yield self._all_of(text, CREATE if is_absent(node, old) else DELETE)
        elif old is None or new is None:
            yield self._all_of(text, CREATE if old is None else DELETE)
        else:
            yield from self._inside(node, old, new, text)

    def _all_of(self, text: str, operation: str) -> Edit:
        self._whole.add(text)
        return _edit(text, operation)


def _values(text: str, old: Sequence[Any], new: Sequence[Any], above: str) -> Iterator[Edit]:
    before, after = ([canonical(value) for value in values] for values in (old, new))
    for value in before:
        if value not in after:
            yield _edit(f"{text}[.={literal(value)}]", DELETE)
    for value in after:
        if value not in before:
            yield _edit(f"{text}[.={literal(value)}]", CREATE)
    if before != after and set(before) == set(after):
        yield _edit(above, MERGE)  # Only their order is another.


def _edit(text: str, operation: str) -> Edit:
    return Edit(InstancePath(text) if text else None, operation)


def _operation(old: Any, new: Any) -> str:
    return CREATE if old is None else DELETE if new is None else REPLACE


def _step(node: DataNode) -> str:
    return node.at.path[node.at.path.rindex("/") :]


def _predicates(node: List, key: Key) -> str:
    pairs = zip(node.key_leafs, key, strict=True)
    return "".join(f"[{leaf.name}={literal(canonical(value))}]" for leaf, value in pairs)  # type: ignore[arg-type]


def _tops(schema: Schema, change: Change) -> Iterator[str]:
    """Yield the paths of the nodes at the top that a change is in."""
    if change.path != ROOT:
        yield "/" + change.path.split("/")[1]
        return
    for child, before, after in zip(schema.root.slots, change.old, change.new, strict=True):
        if before is not after and child.kind != LIST:
            yield _step(child)

"""What somebody may read of a tree: another tree, without the rest (RFC 8341, section 3.2.2).

Filters work on what is left, so they tell nothing of what is not. What may be read whole is shared
with the tree itself, with the bytes that were written from it; what was left out of a long list is
remembered, and the next version costs what changed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from server.datastore.instance_path import line_to
from server.nacm.positions import Entries, Position, walked
from server.nacm.rules import Access
from yang.changes import Key
from yang.ordered_map import OrderedMap
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF_LIST, LIST, DataNode, Inner, List, Schema, absent
from yang.sorted_map import SortedMap

READ = Access.READ
NOTHING: Mapping[str, Any] = {}


class Sight:
    """What the rules let somebody see."""

    def __init__(self, schema: Schema, top: Position) -> None:
        self._schema = schema
        self._top = top
        self._sees_all_configuration = top.permits_all(READ)
        self.sees_all = top.permits_all(READ, state=True)
        """Whether nothing at all is hidden."""
        self._is_quick: bool | None = None
        self._last_root: tuple[Any, Any] = (None, None)
        self._last_lists: dict[int, tuple[Any, Any]] = {}

    @property
    def is_quick(self) -> bool:
        """Whether no list has to be gone through for what is hidden in it."""
        if self._is_quick is None:
            self._is_quick = _is_quick(self._top)
        return self._is_quick

    def shows(self, node: DataNode, keys: Sequence[Key]) -> bool:
        """Tell whether a node can be read; ``keys`` are those of the lists on the way to it."""
        if self._sees_all_configuration and node.config:
            return True
        return self.shows_line(line_to(node), keys)

    def shows_line(self, line: Sequence[Any], keys: Sequence[Key]) -> bool:
        """Tell whether all the nodes on a way down from the root can be read."""
        return all(at.permits(READ) for at in walked(self._top, line, keys))

    # ---- configuration

    def configuration(self, root: Any) -> Any:
        """Return the root of what can be read."""
        if self._sees_all_configuration:
            return root
        last, shown = self._last_root
        if last is not root:
            shown = self._inner(self._top, root, outermost=True)
            self._last_root = (root, shown)
        return shown

    def _inner(self, at: Position, value: Any, outermost: bool = False) -> Any:
        if at.permits_all(READ):
            return value
        node: Inner = at.node
        values = [
            self._child(at.child(child), value[child.at.slot], outermost) for child in node.slots
        ]
        if all(new is old for new, old in zip(values, value, strict=True)):
            return value
        if all(new is nothing for new, nothing in zip(values, node.empty, strict=True)):
            return node.empty
        return node.value._make(values)

    def _child(self, at: Any, held: Any, outermost: bool) -> Any:
        node = at.node
        if held is None:
            return None
        if node.kind == LIST:
            return self._entries(at, held, outermost)
        if node.kind == LEAF_LIST:
            return self._values(at, held)
        if not at.permits(READ):
            return absent(node)
        return self._inner(at, held, outermost) if node.kind == CONTAINER else held

    def _values(self, at: Entries, held: tuple[Any, ...]) -> tuple[Any, ...]:
        if at.permits_all(READ):
            return held
        shown = tuple(each for each in held if at.entry((canonical(each),)).permits(READ))
        return held if len(shown) == len(held) else shown

    # ---- lists

    def _entries(self, at: Entries, held: Any, outermost: bool) -> Any:
        if not len(held) or at.permits_all(READ):
            return held
        if at.shows_none:
            return at.node.no_entries
        if not outermost:
            return self._shown_entries(at, held)
        last, shown = self._last_lists.get(id(at), (None, None))
        if last is not held:
            if last is not None and isinstance(held, SortedMap):
                shown = self._followed(at, last, shown, held)
            else:
                shown = self._shown_entries(at, held)
            self._last_lists[id(at)] = (held, shown)
        return shown

    def _shown_entries(self, at: Entries, held: Any) -> Any:
        shown = [
            (key, entry)
            for key, whole in held.items()
            if (entry := self._entry(at, key, whole)) is not None
        ]
        if not shown:
            return at.node.no_entries
        if isinstance(held, OrderedMap):  # Their places stay what they are.
            return OrderedMap.restore((held.label(key), key, entry) for key, entry in shown)
        same = len(shown) == len(held) and all(
            entry is whole for (_, entry), whole in zip(shown, held.values(), strict=True)
        )
        return held if same else at.node.build(shown)

    def entry(self, node: List, key: Key, whole: Any) -> Any | None:
        """Return what can be read of an entry of a list nearest the root."""
        if whole is None or self._sees_all_configuration:
            return whole
        at: Any = self._top
        for each in line_to(node)[:-1]:
            at = at.child(each)
            if not at.permits(READ):
                return None
        return self._entry(at.child(node), key, whole)

    def outside_lists(self, small: Any) -> Any:
        """Return what can be read of a root without entries; nothing is remembered of it."""
        return small if self._sees_all_configuration else self._inner(self._top, small)

    def _followed(self, at: Entries, last: Any, shown: Any, held: Any) -> Any:
        """Return what is shown of a list from what was shown of another version of it."""
        puts = []
        for key, _, whole in last.changes(held):
            entry = None if whole is None else self._entry(at, key, whole)
            if entry is not None:
                puts.append((key, entry))
            elif key in shown:
                shown = shown.remove(key)
        shown = shown.update(puts) if puts else shown
        return shown if len(shown) else at.node.no_entries

    def _entry(self, at: Entries, key: Key, whole: Any) -> Any | None:
        found = at.entry(key)
        return self._inner(found, whole) if found.shows_entry else None

    # ---- state and notifications

    def state(self, path: str, told: Any) -> Any:
        """Return what can be read of the state at a schema path; ``None`` for nothing."""
        at = self._top
        for at in walked(self._top, line_to(self._schema.by_path[path]), ()):
            if not at.permits(READ):
                return None
        return self._told(at, told)

    def asks(self, path: str) -> bool:
        """Tell whether anything of the state at a schema path can be read."""
        return self.shows_line(line_to(self._schema.by_path[path]), ())

    def _told(self, at: Position, told: Any) -> Any:
        if not isinstance(told, Mapping) or at.permits_all(READ, state=True):
            return told
        shown = {}
        for name, value in told.items():
            child = _child_named(at.node, name)
            kept = value if child is None else self._told_child(at.child(child), value)
            if kept is not None:
                shown[name] = kept
        return shown

    def _told_child(self, at: Any, value: Any) -> Any:
        if at.node.kind == LIST:
            entries = ((_told_position(at, each), each) for each in value)
            return [self._told(found, each) for found, each in entries if found.shows_entry]
        if at.node.kind == LEAF_LIST:
            return [each for each in value if at.entry((canonical(each),)).permits(READ)]
        return self._told(at, value) if at.permits(READ) else None


def _is_quick(at: Position) -> bool:
    """Tell whether every list below is seen whole or not at all."""
    if at.permits_all(READ):
        return True
    for child in at.node.slots:
        below = at.child(child)
        if child.kind == LIST and not (below.permits_all(READ) or below.shows_none):
            return False
        if child.kind == CONTAINER and below.permits(READ) and not _is_quick(below):
            return False
    return True


def _child_named(node: Inner, name: str) -> DataNode | None:
    module, _, local = name.rpartition(":")
    for child in node.children:
        if child.name == local and (not module or child.module.name == module):
            return child
    return None


def _told_position(at: Entries, entry: Mapping[str, Any]) -> Position:
    node = at.node
    if at.is_uniform or not node.key_leafs:
        return at.any
    values = (entry[name] for name in node.keys)
    return at.entry(
        tuple(
            leaf.sort_key(leaf.type.parse(canonical(value)))
            for leaf, value in zip(node.key_leafs, values, strict=True)
        )
    )

"""The edits of a change for somebody: what of the touched places is selected, and may be read."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from server.datastore.instance_path import line_to
from server.subscriptions.patch import Differ, Edit, Place, place_of
from server.subscriptions.selection import Selection, without_entries
from yang.changes import Key
from yang.schema import List, Schema

Contents = Callable[[Any], Sequence[bytes]]
"""A root of running -> the contents of an update; raises Refused where they are too big."""


@dataclass(slots=True)
class Touched:
    """Where a change was: entries of lists nearest the root, by key, and anything outside."""

    lists: dict[str, dict[Key, None]] = field(default_factory=dict)
    outside: bool = False

    def add(self, other: "Touched") -> None:
        """Be touched there, too."""
        for path, keys in other.lists.items():
            self.lists.setdefault(path, {}).update(keys)
        self.outside |= other.outside

    def __len__(self) -> int:
        return sum(map(len, self.lists.values())) + self.outside


@dataclass(frozen=True, slots=True)
class Commit:
    """A change of running; commits have numbers in their order."""

    number: int
    time: datetime
    before: Any
    after: Any
    edits: dict[Hashable, tuple[Any, bytes]] = field(default_factory=dict)
    """Edits that were found for others who select and see the same."""


class ReadSight(Protocol):
    """What somebody may read of single places."""

    def entry(self, node: List, key: Key, whole: Any) -> Any | None:
        """Return what can be read of an entry of a list nearest the root."""

    def outside_lists(self, small: Any) -> Any:
        """Return what can be read of a root without entries."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a subscriber selects, how it reads all of it, and what it may read at this moment."""

    selection: Selection
    contents: Contents
    sight: Callable[[], ReadSight | None]
    may_be_told: Callable[[str], bool]
    """Whether access control lets it have a notification of RFC 8641."""


class Changes:
    """Finds the edits of a change for somebody."""

    def __init__(self, schema: Schema, differ: Differ) -> None:
        self._schema = schema
        self._differ = differ

    def edits(
        self,
        selection: Selection,
        sight: ReadSight | None,
        roots: tuple[Any, Any],
        touched: Touched,
    ) -> list[Edit]:
        """Return what became of the touched places between two roots."""
        found: list[Edit] = []
        if touched.outside:
            old, new = (self._outside(selection, sight, root) for root in roots)
            found += self._differ.inside(self._schema.root, old, new, "")
        for path, keys in touched.lists.items():
            node: Any = self._schema.by_path[path]
            found += self._of_list(node, keys, selection, sight, roots)
        return found

    def _outside(self, selection: Selection, sight: ReadSight | None, root: Any) -> Any:
        small = without_entries(self._schema.root, root)
        return selection.outside_lists(small if sight is None else sight.outside_lists(small))

    def _of_list(
        self,
        node: List,
        keys: dict[Key, None],
        selection: Selection,
        sight: ReadSight | None,
        roots: tuple[Any, Any],
    ) -> list[Edit]:
        old, new = (_held(node, root) for root in roots)
        path = node.at.path

        def shown(key: Key, entry: Any) -> Any | None:
            seen = entry if sight is None else sight.entry(node, key, entry)
            return selection.entry(node, seen)

        deletions: list[Edit] = []
        rest: list[Edit] = []
        for key in new.in_order(_staying(keys, new)) if node.user_ordered else keys:
            before, after = shown(key, old.get(key)), shown(key, new.get(key))
            place: Place | None = None
            if node.user_ordered:
                place = place_of(
                    node,
                    path,
                    old,
                    new,
                    key,
                    lambda each: shown(each, new[each]) is not None,
                    before is not None,
                )
            edits = self._differ.entry(node, path, key, before, after, place)
            (deletions if after is None else rest).extend(edits)
        for key in keys if node.user_ordered else ():
            if key not in new:
                before = shown(key, old.get(key))
                deletions += self._differ.entry(node, path, key, before, None, None)
        return deletions + rest


def _held(node: List, root: Any) -> Any:
    """Return the entries of a list nearest the root."""
    value = root
    for each in line_to(node):
        if value is None:
            return node.no_entries
        value = value[each.at.slot]
    return value


def _staying(keys: dict[Key, None], new: Any) -> list[Key]:
    return [key for key in keys if key in new]

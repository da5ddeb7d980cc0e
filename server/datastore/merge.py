"""Two configurations that parted from one -> one with the changes of both, and their conflicts.

The law: what either side shares with where they parted is never looked at, so merging costs what
was changed since, not what the datastore holds. A node is in conflict when both sides have changed
it, and not to the same (draft-ietf-netconf-privcand, section "What is a conflict?"): a leaf; a
leaf-list as a whole; an entry or a presence container that one side made or deleted; the order of
a list that its user orders; and a choice of which they took different cases.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from server.datastore.likeness import is_alike
from server.datastore.way import Way
from yang.changes import Key
from yang.schema import CONTAINER, LIST, Container, DataNode, Inner, List, Schema, is_absent


class Resolution(StrEnum):
    """What becomes of nodes in conflict (draft-ietf-netconf-privcand, ``resolution-mode``)."""

    REVERT = "revert-on-conflict"
    PREFER_CANDIDATE = "prefer-candidate"
    PREFER_RUNNING = "prefer-running"


class Conflict(NamedTuple):
    """A node that both sides have changed."""

    way: Way
    reason: str
    """What both did, as a clause."""


class Merged(NamedTuple):
    """The root of both, every conflict resolved as wanted, and what the conflicts were."""

    root: Any
    conflicts: tuple[Conflict, ...]


def _nothing(way: Way) -> bool:
    return False


def merged(
    schema: Schema,
    base: Any,
    ours: Any,
    theirs: Any,
    resolution: Resolution = Resolution.REVERT,
    knows: Callable[[Way], bool] = _nothing,
) -> Merged:
    """Return what ``theirs`` becomes with what led from ``base`` to ``ours``.

    With conflicts under ``REVERT`` the root is good for nothing. What our side ``knows`` of theirs
    is no conflict: it was changed nevertheless.
    """
    if ours is base or ours is theirs:
        return Merged(theirs, ())
    if theirs is base:
        return Merged(ours, ())
    merging = _Merging(resolution, knows)
    root = merging.inner(schema.root, base, ours, theirs, Way())
    return Merged(root, tuple(merging.conflicts))


class _Merging:
    def __init__(self, resolution: Resolution, knows: Callable[[Way], bool]) -> None:
        self.conflicts: list[Conflict] = []
        self._knows = knows
        self._prefers_ours = resolution is Resolution.PREFER_CANDIDATE

    def inner(self, node: Inner, base: Any, ours: Any, theirs: Any, way: Way) -> Any:
        """Return the container or entry of both; none of the three is absent."""
        values = list(theirs)
        for at, (child, before, mine, other) in enumerate(
            zip(node.slots, base, ours, theirs, strict=True)
        ):
            if mine is before or mine is other:
                continue
            values[at] = mine if other is before else self._child(child, before, mine, other, way)
        for slot, rivals in node.evicts.items():
            for rival in rivals:
                if _is_there(node, slot, values) and _is_there(node, rival, values):
                    self._take_one_case(node, slot, rival, values, ours, theirs, way)
        return _shared(node, values, ours, theirs)

    def _child(self, child: DataNode, base: Any, ours: Any, theirs: Any, way: Way) -> Any:
        if isinstance(child, List):
            merge = self._ordered if child.user_ordered else self._entries
            return merge(child, base, ours, theirs, way)
        below = way.to(child)
        if isinstance(child, Container):
            return self._instance(child, base, ours, theirs, below)
        if is_alike(ours, base) or is_alike(ours, theirs):
            return theirs
        if is_alike(theirs, base):
            return ours
        return self._chosen(below, base, ours, theirs)

    def _instance(self, node: Inner, base: Any, ours: Any, theirs: Any, way: Way) -> Any:
        """Return the entry or container of both; None for what does not exist."""
        if base is not None and ours is not None and theirs is not None:
            return self.inner(node, base, ours, theirs, way)
        if is_same(node, ours, theirs) or is_same(node, ours, base):
            return theirs
        if is_same(node, theirs, base):
            return ours
        return self._chosen(way, base, ours, theirs)

    def _chosen(self, way: Way, base: Any, ours: Any, theirs: Any) -> Any:
        """Return the value of the side that a conflict is resolved for."""
        is_ours = self._goes_to_ours(Conflict(way, _reason(base, ours, theirs)))
        return ours if is_ours else theirs

    def _goes_to_ours(self, conflict: Conflict) -> bool:
        """Tell which side a conflict is resolved for, and note it."""
        if self._knows(conflict.way):
            return True
        self.conflicts.append(conflict)
        return self._prefers_ours

    def _take_one_case(
        self,
        node: Inner,
        slot: int,
        rival: int,
        values: list[Any],
        ours: Any,
        theirs: Any,
        way: Way,
    ) -> None:
        """Let the data of one side stand where both took another case of a choice."""
        mine = slot if _is_there(node, slot, ours) else rival
        reason = "running and the candidate have taken different cases of a choice"
        below = way.to(node.slots[mine])
        kept = ours if self._goes_to_ours(Conflict(below, reason)) else theirs
        for at in {*node.evicts[slot], *node.evicts[rival]}:
            values[at] = kept[at]

    # ---- lists

    def _entries(self, node: List, base: Any, ours: Any, theirs: Any, way: Way) -> Any:
        other = {key: after for key, _, after in base.changes(theirs)}
        result, puts = theirs, []
        for key, before, mine in base.changes(ours):
            entry = mine
            if key in other:
                below = way.in_entry(node, key, _first(mine, before))
                entry = self._instance(node, before, mine, other[key], below)
            if entry is not None:
                puts.append((key, entry))
            elif key in result:
                result = result.remove(key)
        result = result.update(puts) if puts else result
        return result if len(result) else node.no_entries

    def _ordered(self, node: List, base: Any, ours: Any, theirs: Any, way: Way) -> Any:
        mine = {key: (before, after) for key, before, after in base.changes(ours)}
        other = {key: after for key, _, after in base.changes(theirs)}
        placed = self._places(node, base, ours, theirs, mine, way)
        result, entries = theirs, {}
        for key, (before, after) in mine.items():
            entry = after
            if key in other:
                below = way.in_entry(node, key, _first(after, before))
                entry = self._instance(node, before, after, other[key], below)
            if entry is not None:
                entries[key] = entry
            elif key in result:
                result = result.remove(key)
        here = [key for key in entries if key in ours]
        for key in ours.in_order(here):
            if key in placed or key not in result:
                result = _placed(result, ours, key, entries[key])
            else:
                result = result.set(key, entries[key])
        for key in entries.keys() - set(here):
            result = result.set(key, entries[key])  # Deleted here, and theirs is preferred.
        return result if len(result) else node.no_entries

    def _places(
        self, node: List, base: Any, ours: Any, theirs: Any, mine: dict[Key, Any], way: Way
    ) -> set[Key]:
        """Return the keys of the entries whose place is that of our side."""
        made = {key for key, (before, _) in mine.items() if before is None}
        made_twice = {key for key in made if key in theirs}
        put, theirs_put = _put_elsewhere(base, ours), _put_elsewhere(base, theirs)
        unlike = _out_of_order(ours, theirs, put | theirs_put | made_twice)
        if not unlike:
            return made - made_twice
        moved = _out_of_order(base, ours, put)
        both_moved = moved and _out_of_order(base, theirs, theirs_put)
        in_conflict = (moved if both_moved else set()) | (unlike & made_twice)
        if not in_conflict:
            return made | put if moved else made - made_twice
        reason = "running and the candidate have changed the order of the list"
        resolved = [
            self._goes_to_ours(Conflict(way.in_entry(node, key, ours[key]), reason))
            for key in sorted(in_conflict)
        ]
        return made | put | theirs_put if all(resolved) else made - made_twice


def is_same(node: Any, value: Any, other: Any) -> bool:
    """Tell whether two values of one schema node say the same; what they share is not looked at."""
    if value is other:
        return True
    if value is None or other is None:
        return False
    if node.kind not in (CONTAINER, LIST):
        return is_alike(value, other)
    return all(
        _is_same_list(child, one, two) if child.kind == LIST else is_same(child, one, two)
        for child, one, two in zip(node.slots, value, other, strict=True)
    )


def _is_same_list(node: Any, held: Any, other: Any) -> bool:
    if len(held) != len(other):
        return False
    changed = list(held.changes(other))
    if not all(is_same(node, one, two) for _, one, two in changed):
        return False
    return not node.user_ordered or not _out_of_order(held, other, {key for key, _, _ in changed})


def _put_elsewhere(base: Any, side: Any) -> set[Key]:
    """Return the keys of the entries that a side has put elsewhere, if only to where they were."""
    return {
        key
        for key, before, after in base.changes(side)
        if before is not None and after is not None and not base.is_at(key, side)
    }


def _out_of_order(held: Any, other: Any, keys: set[Key]) -> set[Key]:
    """Return those of these entries that come behind another one in the other map.

    Only entries that are in both count. Of all that may be at another place, that there are none
    means that all have the same order.
    """
    return {
        key
        for key in keys
        if key in held and key in other and _above(held, key, other) != _above(other, key, held)
    }


def _above(held: Any, key: Key, other: Any) -> Key | None:
    """Return the key of the entry before this one that is in the other map too."""
    above: Key | None = held.before(key)
    while above is not None and above not in other:
        above = held.before(above)
    return above


def _placed(result: Any, ours: Any, key: Key, entry: Any) -> Any:
    """Return the map with an entry behind the one that it is behind on our side."""
    above = _above(ours, key, result)
    if above is None:
        return result.insert(key, entry, "first")
    return result.insert(key, entry, "after", above)


def _first(one: Any, other: Any) -> Any:
    return other if one is None else one


def _is_there(node: Inner, slot: int, values: Any) -> bool:
    return not is_absent(node.slots[slot], values[slot])


def _shared(node: Inner, values: list[Any], ours: Any, theirs: Any) -> Any:
    """Return the value of a container or entry, one that is there already if it can be."""
    for known in (theirs, ours, node.empty):
        if all(value is other for value, other in zip(values, known, strict=True)):
            return known
    return node.value._make(values)


def _reason(base: Any, ours: Any, theirs: Any) -> str:
    if _is_nothing(base):
        return "running and the candidate have both made it, and not the same"
    if _is_nothing(theirs):
        return "running no more has it, and the candidate has changed it"
    if _is_nothing(ours):
        return "running has it changed, and the candidate has deleted it"
    return "running and the candidate have both changed it"


def _is_nothing(value: Any) -> bool:
    return value is None or value == ()

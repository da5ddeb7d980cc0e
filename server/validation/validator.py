"""The validator: (version, change list) -> the next version, or every violation.

A change is checked in three ways: the changed entries themselves; the entries elsewhere that a
reverse index says are concerned; and what can only be evaluated on the whole tree, which our own
module has none of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from server.datastore.instance_path import line_to
from server.datastore.likeness import is_alike
from server.validation.fallback import Fallback
from server.validation.indexes import Indexes, IndexKeeper, Touched
from server.validation.structure import Missing, Structure
from yang.changes import ROOT, Change, Key
from yang.constraints import FALLBACK, Around, Constraint, Reverse
from yang.ordered_map import OrderedMap
from yang.schema import LIST, List, Schema
from yang.sorted_map import SortedMap
from yang.xpath_functions import EMPTY_BUCKET

_MAPS = (SortedMap, OrderedMap)

MOST_VIOLATIONS = 100
"""Violations told in one reply; a report of every entry of a broken list helps nobody."""


MOST_NAMED = 4
"""Entries named in one violation of a unique."""


class Version(NamedTuple):
    """A configuration and the indexes that belong to it."""

    root: Any
    indexes: Indexes


@dataclass(frozen=True, slots=True)
class Violation:
    """A constraint, or a demand of structure, that does not hold for an entry."""

    keys: tuple[Key, ...]
    home: str
    constraint: Constraint | None = None
    missing: Missing | None = None
    entry: Any = None
    others: tuple[Any, ...] = ()
    text: str | None = None
    """The value that was found wrong, where the entry does not tell."""
    shared: Any = None
    """What the entries that a unique compares have in common."""

    @property
    def identity(self) -> Any:
        """What makes this another violation than others: a unique is broken once for a value."""
        if self.shared is not None:
            return id(self.constraint), self.shared
        what = self.missing and self.missing.what
        return self.home, self.keys, id(self.constraint), id(what)


class Validator:
    """Validates changes of one schema."""

    def __init__(self, schema: Schema, constraints: Sequence[Constraint] | None = None) -> None:
        """Check all that the schema says, or only these constraints of it."""
        self.schema = schema
        self.keeper = IndexKeeper(schema)
        wanted = schema.constraints if constraints is None else constraints
        self._fallback = Fallback(schema, wanted)
        self._here: dict[str, list[Constraint]] = {}
        self._reverse: dict[int, list[tuple[Constraint, Reverse]]] = {}
        self._below: dict[str, list[tuple[Constraint, Around]]] = {}
        for constraint in wanted:
            self._register(constraint)
        self._structure = _structures(schema) if constraints is None else {}
        self._concerned_slots = self._find_slots([*self._here, *self._below])

    def _register(self, constraint: Constraint) -> None:
        if constraint.how == FALLBACK:
            return
        self._here.setdefault(constraint.home, []).append(constraint)
        for reverse in constraint.reverse:
            if constraint.kind != "unique":
                self._reverse.setdefault(reverse.joined, []).append((constraint, reverse))
        for around in constraint.upper:
            above = self._home_above(constraint.home, around.level)
            self._below.setdefault(above, []).append((constraint, around))

    def _find_slots(self, homes: Sequence[str]) -> tuple[int, ...]:
        """Return the slots of the root that constraints of these homes read something of."""
        if ROOT in homes:
            return tuple(range(len(self.schema.root.slots)))
        return tuple({line_to(self.schema.by_path[home])[0].at.slot for home in homes})

    def _home_above(self, home: str, level: int) -> str:
        node: Any = self.schema.by_path[home]
        for _ in range(level):
            node = node.at.parent
            while node.kind != LIST and node.at.parent is not None:
                node = node.at.parent
        return node.at.path or ROOT

    def empty(self) -> Version:
        """Return the version with nothing configured."""
        return Version(self.schema.root.empty, self.keeper.empty())

    def advance(
        self, version: Version, root: Any, changes: Sequence[Change]
    ) -> tuple[Version, list[Violation]]:
        """Return the version with this root, and what is wrong with it."""
        indexes, touched = self.keeper.advance(version.indexes, changes)
        new = Version(root, indexes)
        found: dict[Any, Violation] = {}
        for violation in self._violations(new, changes, touched):
            found.setdefault(violation.identity, violation)
            if len(found) >= MOST_VIOLATIONS:
                break
        return new, list(found.values())

    def broken(self, root: Any, changes: Sequence[Change]) -> list[Violation]:
        """Return what is wrong after changes, where no constraint asks an index."""
        return list(self._violations(Version(root, ()), changes, {}))

    def may_concern(self, old: Any, new: Any) -> bool:
        """Tell whether anything may be broken that was not, as far as that costs nothing.

        Where no constraint asks an index, as in ``broken``.
        """
        if any(old[slot] is not new[slot] for slot in self._concerned_slots):
            return True
        return old is not new and self._fallback.is_live(new)

    def restored(self, root: Any) -> Version:
        """Return the version of a root that is known to be valid: it was when it was stored."""
        return Version(root, self.keeper.built(self.schema, root))

    # ---- the three ways

    def _violations(
        self, new: Version, changes: Sequence[Change], touched: Touched
    ) -> Iterator[Violation]:
        for change in changes:
            if change.new is not None:
                yield from self._entry(new, change)
                yield from self._entries_below(new, change)
        if changes and changes[-1].path != ROOT:
            # What the root says of its lists, how many entries for one, no record of its own tells.
            yield from self._entry(new, Change(ROOT, (), None, new.root))
        for number, values in touched.items():
            for constraint, reverse in self._reverse.get(number, ()):
                for value in values:
                    yield from self._concerned(new, constraint, reverse, value)
        if changes:
            yield from self._fall_back(new)

    def _entry(self, new: Version, change: Change) -> Iterator[Violation]:
        entry = change.new
        structure = self._structure.get(change.path)
        if structure is not None:
            for missing in structure.missing(entry):
                yield Violation(change.keys, change.path, missing=missing, entry=entry)
        constraints = self._here.get(change.path, ())
        if constraints:
            if len(change.keys) == 1:
                chain: Sequence[Any] = (entry, new.root)
            else:
                chain = self.chain(new.root, change.path, change.keys)
            for constraint in constraints:
                if constraint.kind == "unique" or not _holds(new, constraint, chain):
                    yield from self._test(new, constraint, chain, change.keys)

    def _test(
        self, new: Version, constraint: Constraint, chain: Sequence[Any], keys: tuple[Key, ...]
    ) -> Iterator[Violation]:
        if constraint.kind == "unique":
            yield from self._unique(new, constraint, chain[0], keys)
            return
        if not _holds(new, constraint, chain):
            yield Violation(keys, constraint.home, constraint, entry=chain[0])

    def _unique(
        self, new: Version, constraint: Constraint, entry: Any, keys: tuple[Key, ...]
    ) -> Iterator[Violation]:
        index = self.schema.indexes[constraint.reverse[0].joined]
        for value in index.values(entry, keys):
            members = new.indexes[index.number].get(value, EMPTY_BUCKET)
            if len(members) > 1:
                several = [
                    self.keeper.keys_of(index, member)
                    for member in islice(iter(members), MOST_NAMED)
                ]
                others = tuple(each for each in several if each != keys)
                yield Violation(
                    keys, constraint.home, constraint, entry=entry, others=others, shared=value
                )

    def _concerned(
        self, new: Version, constraint: Constraint, reverse: Reverse, value: Any
    ) -> Iterator[Violation]:
        """Check the entries that read this value of the joined index."""
        if reverse.on_empty and new.indexes[reverse.joined].get(value) is not None:
            return
        if reverse.contexts < 0:
            yield from self._test(new, constraint, (new.root,), ())
            return
        index = self.schema.indexes[reverse.contexts]
        for member in new.indexes[reverse.contexts].get(value, EMPTY_BUCKET):
            keys = self.keeper.keys_of(index, member)
            chain = self.chain(new.root, constraint.home, keys)
            broken = list(self._test(new, constraint, chain, keys))
            yield from broken
            if reverse.uniform and not broken:
                return

    def _entries_below(self, new: Version, change: Change) -> Iterator[Violation]:
        """Check the entries below a changed one that read what has changed of it."""
        if change.old is None:
            return  # What is below a new entry is new itself, and has a change of its own.
        for constraint, around in self._below.get(change.path, ()):
            if _are_alike(around.reads(change.old), around.reads(change.new)):
                continue
            for chain, keys in self._all_below(constraint.home, around.level, new.root, change):
                yield from self._test(new, constraint, chain, keys)

    def _all_below(
        self, home: str, level: int, root: Any, change: Change
    ) -> Iterator[tuple[tuple[Any, ...], tuple[Key, ...]]]:
        line = [node for node in _line(self.schema.by_path[home]) if node.kind == LIST]
        start = () if change.path == ROOT else self.chain(root, change.path, change.keys)
        top = (start, change.keys) if start else ((root,), ())
        frontier = [top]
        for node in line[len(line) - level :]:
            frontier = [
                ((entry, *chain), (*keys, key))
                for chain, keys in frontier
                for key, entry in _entries_of(node, chain[0]).items()
            ]
        yield from frontier

    def _fall_back(self, new: Version) -> Iterator[Violation]:
        for constraint, keys, text in self._fallback.broken(new.root):
            yield Violation(keys, constraint.home, constraint, text=text)

    def chain(self, root: Any, home: str, keys: Sequence[Key]) -> tuple[Any, ...]:
        """Return an entry and what is around it, innermost first, the root last."""
        if home == ROOT:
            return (root,)
        chain = [root]
        value = root
        remaining = iter(keys)
        for node in _line(self.schema.by_path[home]):
            value = value[node.at.slot]
            if node.kind == LIST:
                value = value.get(next(remaining))
                chain.append(value)
        return tuple(reversed(chain))


def _holds(new: Version, constraint: Constraint, chain: Sequence[Any]) -> bool:
    """Tell whether a constraint holds for an entry; not a unique, which is of several."""
    if constraint.applies is not None and not constraint.applies(chain[0]):
        return True
    assert constraint.test is not None
    return bool(constraint.test(chain, new.indexes))


def _are_alike(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    """Tell whether what was read is the same; two maps are compared by identity only."""
    return all(
        before is after or (not isinstance(before, _MAPS) and is_alike(before, after))
        for before, after in zip(old, new, strict=True)
    )


def _structures(schema: Schema) -> dict[str, Structure]:
    found = {
        node.at.path: Structure(node)
        for node in schema.by_path.values()
        if isinstance(node, List) and node.value is not None
    }
    return found | {ROOT: Structure(schema.root)}


def _line(node: Any) -> list[Any]:
    line = []
    while node.at.parent is not None:
        line.append(node)
        node = node.at.parent
    return line[::-1]


def _entries_of(node: List, entry: Any) -> Any:
    """Return the map of a list that lies below an entry, through containers only."""
    line: list[Any] = [node]
    at: Any = node.at.parent
    while at.kind != LIST and at.at.parent is not None:
        line.append(at)
        at = at.at.parent
    value = entry
    for each in reversed(line):
        value = value[each.at.slot]
        if value is None:
            return {}
    return value

"""The indexes that constraints are checked through, kept with every version of the tree.

Immutable like the trees: a version's indexes are one tuple of persistent maps, advanced by the
change list. A bucket holds the members found under one value: the keys of entries, or (order, keys)
where the index has an order. Of an entry in no other entry it is its key alone, the one that its
map holds: with 100,000 entries a tuple around each would cost 6 MB.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from immutables import Map

from server.datastore.instance_path import line_to
from yang.changes import ROOT, Change, Key
from yang.constraints import Index
from yang.schema import LIST, List, Schema
from yang.xpath_functions import EMPTY_BUCKET, bucket_of, with_member, without_member

Indexes: TypeAlias = tuple[Map[Any, Any], ...]
Touched: TypeAlias = Mapping[int, set[Any]]
"""For each index, the values whose members changed."""


class IndexKeeper:
    """Advances the indexes of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._by_path: dict[str, list[Index]] = {}
        for index in schema.indexes:
            self._by_path.setdefault(index.path, []).append(index)
        self._outermost = {path for path in self._by_path if _depth(schema, path) == 1}
        self._count = len(schema.indexes)

    def empty(self) -> Indexes:
        """Return the indexes of the empty configuration."""
        return (Map(),) * self._count

    def advance(self, indexes: Indexes, changes: Sequence[Change]) -> tuple[Indexes, Touched]:
        """Return the indexes after the changes, and which of their values were touched."""
        touched: dict[int, set[Any]] = {}
        open_maps: dict[int, Any] = {}
        for change in changes:
            keys = change.keys[0] if change.path in self._outermost else change.keys
            for index in self._by_path.get(change.path, ()):
                if _is_where_it_was(index, change):
                    continue
                before = _members(index, change, change.old, keys)
                after = _members(index, change, change.new, keys)
                number = index.number
                if number not in open_maps:
                    open_maps[number] = indexes[number].mutate()
                    touched[number] = set()
                _move(open_maps[number], before, after, touched[number])
        if not open_maps:
            return indexes, touched
        advanced = list(indexes)
        for number, buckets in open_maps.items():
            advanced[number] = buckets.finish()
        return tuple(advanced), touched

    def built(self, schema: Schema, root: Any) -> Indexes:
        """Return the indexes of a whole configuration, made anew."""
        made: dict[int, Map[Any, Any]] = {}
        for path, indexes in self._by_path.items():
            is_outermost = path in self._outermost
            entries = tuple(entries_at(schema, root, path))
            for index in indexes:
                made[index.number] = Map(_buckets(index, entries, is_outermost))
        return tuple(made[number] for number in range(self._count))

    def keys_of(self, index: Index, member: Any) -> tuple[Key, ...]:
        """Return the keys of the entry that a member of a bucket stands for."""
        keys = member if index.order is None else member[1]
        return (keys,) if index.path in self._outermost else keys


def _depth(schema: Schema, path: str) -> int:
    """Return how many lists there are down to a node."""
    line = line_to(schema.by_path[path]) if path != ROOT else ()
    return sum(isinstance(node, List) for node in line)


def _buckets(
    index: Index, entries: Iterable[tuple[tuple[Key, ...], Any]], is_outermost: bool
) -> dict[Any, Any]:
    """Return the buckets of all entries by value."""
    order, values = index.order, index.values
    buckets: dict[Any, Any] = {}
    several: dict[Any, list[Any]] = {}
    for keys, entry in entries:
        member: Any = keys[0] if is_outermost else keys
        if order is not None:
            member = (order(entry), member)
        for value in values(entry, keys):
            if value not in buckets:
                buckets[value] = (member,)
            elif value in several:
                several[value].append(member)
            else:
                several[value] = [*buckets[value], member]
    buckets.update((value, bucket_of(members)) for value, members in several.items())
    return buckets


def entries_at(schema: Schema, root: Any, path: str) -> Iterator[tuple[tuple[Key, ...], Any]]:
    """Yield the keys and the value of every entry of a list."""
    if path == ROOT:
        yield (), root
        return
    line: list[Any] = []
    at: Any = schema.by_path[path]
    while at.at.parent is not None:
        line.append(at)
        at = at.at.parent
    yield from _below(line[::-1], root, ())


def _below(
    line: Sequence[Any], value: Any, keys: tuple[Key, ...]
) -> Iterator[tuple[tuple[Key, ...], Any]]:
    for at, node in enumerate(line):
        value = value[node.at.slot]
        if value is None:
            return
        if node.kind == LIST:
            rest = line[at + 1 :]
            for key, entry in value.items():
                if rest:
                    yield from _below(rest, entry, (*keys, key))
                else:
                    yield (*keys, key), entry
            return


def _move(
    buckets: Any, before: list[tuple[Any, Any]], after: list[tuple[Any, Any]], touched: set[Any]
) -> None:
    """Take an entry out of where it was found, and put it where it is found now."""
    for value, member in before:
        if (value, member) not in after:
            _take(buckets, value, member)
            touched.add(value)
    for value, member in after:
        if (value, member) not in before:
            buckets[value] = with_member(buckets.get(value, EMPTY_BUCKET), member)
            touched.add(value)


def _is_where_it_was(index: Index, change: Change) -> bool:
    """Tell whether an entry is found as before, as most edits leave it."""
    old, new, order = change.old, change.new, index.order
    if old is None or new is None or (order is not None and order(old) != order(new)):
        return False
    return tuple(index.values(old, change.keys)) == tuple(index.values(new, change.keys))


def _members(index: Index, change: Change, entry: Any, keys: Any) -> list[tuple[Any, Any]]:
    """Return the values under which an entry is found, each with the member that stands for it."""
    if entry is None:
        return []
    member = keys if index.order is None else (index.order(entry), keys)
    found: Iterable[Any] = index.values(entry, change.keys)
    return [(value, member) for value in found]


def _take(buckets: Any, value: Any, member: Any) -> None:
    smaller = without_member(buckets[value], member)
    if len(smaller):
        buckets[value] = smaller
    else:
        del buckets[value]

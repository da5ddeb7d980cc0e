"""The persistent sorted map: what the entries of a keyed list are held in.

A map never changes. ``set`` and ``remove`` make new nodes along one path of a B+ tree and share
the rest, so that two versions of a list of 100,000 entries cost a few tuples, and ``changes``
between them looks only into nodes that are not the same object.

A leaf also has a slot for the serialised bytes of its entries (``text``), owned by
``server.datastore.to_xml``: as long as a leaf is shared, so is what was written from it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import compress
from operator import is_not
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

FULL = 64
"""Entries of a leaf, or children of a branch, beyond which it splits."""
THIN = 16
"""Entries or children below which a node is joined with its neighbour."""


class Leaf:
    """Up to ``FULL`` entries in the order of their keys."""

    __slots__ = ("keys", "text", "values")

    def __init__(self, keys: tuple[Any, ...], values: tuple[Any, ...]) -> None:
        self.keys = keys
        self.values = values
        self.text: Any = None


class Branch:
    """Children and, for each, the smallest key below it."""

    __slots__ = ("children", "keys")

    def __init__(self, keys: tuple[Any, ...], children: tuple[Any, ...]) -> None:
        self.keys = keys
        self.children = children


Node = Leaf | Branch
_NO_LEAF = Leaf((), ())


class SortedMap(Generic[K, V]):
    """A persistent map in the order of its keys."""

    __slots__ = ("_height", "_length", "_root")

    def __init__(self, root: Node = _NO_LEAF, height: int = 0, length: int = 0) -> None:
        self._root = root
        self._height = height
        self._length = length

    @classmethod
    def build(cls, items: Iterable[tuple[K, V]]) -> "SortedMap[K, V]":
        """Return the map of these items, whose keys are distinct, in any order."""
        pairs = sorted(items, key=_first)
        if not pairs:
            return cls()
        keys = tuple([key for key, _ in pairs])
        values = tuple([value for _, value in pairs])
        size = FULL * 3 // 4
        level: list[Node] = [
            Leaf(keys[at : at + size], values[at : at + size]) for at in range(0, len(keys), size)
        ]
        height = 0
        while len(level) > 1:
            level = [_branch(level[at : at + size]) for at in range(0, len(level), size)]
            height += 1
        return cls(level[0], height, len(keys))

    def __len__(self) -> int:
        return self._length

    def __contains__(self, key: object) -> bool:
        return self.get(key, _ABSENT) is not _ABSENT  # type: ignore[arg-type]

    def __getitem__(self, key: K) -> V:
        value = self.get(key, _ABSENT)  # type: ignore[arg-type]
        if value is _ABSENT:
            raise KeyError(key)
        return value  # type: ignore[return-value]

    def get(self, key: K, default: V | None = None) -> V | None:
        """Return the value of the key, or the default."""
        node = self._root
        for _ in range(self._height):
            at = bisect_right(node.keys, key) - 1
            if at < 0:
                return default
            node = node.children[at]  # type: ignore[union-attr]
        at = bisect_left(node.keys, key)
        if at < len(node.keys) and node.keys[at] == key:
            return node.values[at]  # type: ignore[union-attr,no-any-return]
        return default

    def leaves(self) -> Iterator[Leaf]:
        """Yield the leaves in order."""
        return _leaves(self._root, self._height)

    def keys(self) -> Iterator[K]:
        """Yield the keys in order."""
        for leaf in self.leaves():
            yield from leaf.keys

    def values(self) -> Iterator[V]:
        """Yield the values in the order of their keys."""
        for leaf in self.leaves():
            yield from leaf.values

    def items(self) -> Iterator[tuple[K, V]]:
        """Yield keys and values in order."""
        for leaf in self.leaves():
            yield from zip(leaf.keys, leaf.values, strict=True)

    def __iter__(self) -> Iterator[K]:
        return self.keys()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, SortedMap):
            return NotImplemented
        return self._length == other._length and all(
            a == b for a, b in zip(self.items(), other.items(), strict=True)
        )

    def __hash__(self) -> int:
        raise TypeError("a map is not hashable")

    def __repr__(self) -> str:
        return f"SortedMap({dict(self.items())!r})"

    def set(self, key: K, value: V) -> "SortedMap[K, V]":
        """Return the map in which the key has the value; itself if it has it already."""
        if self._length == 0:
            return SortedMap(Leaf((key,), (value,)), 0, 1)
        made, grown = _set(self._root, self._height, key, value)
        if len(made) == 1:
            return (
                self
                if made[0] is self._root
                else SortedMap(made[0], self._height, self._length + grown)
            )
        return SortedMap(_branch(made), self._height + 1, self._length + grown)

    def remove(self, key: K) -> "SortedMap[K, V]":
        """Return the map without the key; KeyError if it is not there."""
        root = _remove(self._root, self._height, key)
        height = self._height
        while height and len(root.keys) == 1:
            root = root.children[0]
            height -= 1
        if not root.keys:
            return SortedMap()
        return SortedMap(root, height, self._length - 1)

    def update(self, items: Iterable[tuple[K, V]]) -> "SortedMap[K, V]":
        """Return the map with all these items set; many at once are built anew in one go."""
        pairs = list(items)
        if len(pairs) * 4 > self._length:
            merged = dict(self.items())
            merged.update(pairs)
            return SortedMap.build(merged.items())
        result = self
        for key, value in pairs:
            result = result.set(key, value)
        return result

    def changes(self, new: "SortedMap[K, V]") -> Iterator[tuple[K, V | None, V | None]]:
        """Yield (key, value here, value in ``new``) wherever they are not the same object."""
        if self is new:
            return iter(())
        if self._height == new._height:
            here, there = _where_they_part(self._root, new._root, self._height)
            if isinstance(here, Leaf) and here.keys is there.keys:
                return _replaced(here, there)
        return _changes(*_unshared(self._root, self._height, new._root, new._height))

    def last(self) -> K:
        """Return the greatest key; KeyError if there is none."""
        if not self._length:
            raise KeyError("the map is empty")
        return _last(self._root, self._height)  # type: ignore[no-any-return]

    def next(self, key: K) -> K | None:
        """Return the smallest key greater than this one."""
        return _next(self._root, self._height, key)  # type: ignore[no-any-return]

    def next_below(self, key: K) -> K | None:
        """Return the greatest key smaller than this one."""
        return _next_below(self._root, self._height, key)  # type: ignore[no-any-return]

    def rank(self, key: K) -> int:
        """Return how many keys are smaller than this one; it looks at one key of each leaf."""
        passed = 0
        for leaf in self.leaves():
            if not leaf.keys or leaf.keys[-1] >= key:
                return passed + bisect_left(leaf.keys, key)
            passed += len(leaf.keys)
        return passed

    def slice(self, start: int, stop: int) -> list[tuple[K, V]]:
        """Return the entries from one position up to another, passing over whole leaves."""
        found: list[tuple[K, V]] = []
        for leaf in self.leaves():
            count = len(leaf.keys)
            if start < count and stop > 0:
                part = slice(max(start, 0), max(stop, 0))
                found += zip(leaf.keys[part], leaf.values[part], strict=True)
            start, stop = start - count, stop - count
            if stop <= 0:
                break
        return found

    def above(self, key: K) -> bool:
        """Tell whether any key is greater than this one."""
        return self._length > 0 and _last(self._root, self._height) > key

    def below(self, key: K) -> bool:
        """Tell whether any key is smaller than this one."""
        return self._length > 0 and self._root.keys[0] < key


_ABSENT = object()


def _first(item: tuple[Any, Any]) -> Any:
    return item[0]


def _branch(children: list[Node]) -> Branch:
    return Branch(tuple([child.keys[0] for child in children]), tuple(children))


def _leaves(node: Any, height: int) -> Iterator[Leaf]:
    if height == 0:
        yield node
    else:
        for child in node.children:
            yield from _leaves(child, height - 1)


def _last(node: Any, height: int) -> Any:
    for _ in range(height):
        node = node.children[-1]
    return node.keys[-1]


def _next(node: Any, height: int, key: Any) -> Any:
    if height == 0:
        at = bisect_right(node.keys, key)
        return node.keys[at] if at < len(node.keys) else None
    at = max(bisect_right(node.keys, key) - 1, 0)
    found = _next(node.children[at], height - 1, key)
    if found is None and at + 1 < len(node.keys):
        return node.keys[at + 1]
    return found


def _next_below(node: Any, height: int, key: Any) -> Any:
    at = bisect_left(node.keys, key) - 1
    if at < 0:
        return None
    return node.keys[at] if height == 0 else _next_below(node.children[at], height - 1, key)


def _set(node: Any, height: int, key: Any, value: Any) -> tuple[list[Node], int]:
    """Return the node or nodes that take this one's place, and by how much they grew."""
    if height == 0:
        return _set_in_leaf(node, key, value)
    at = max(bisect_right(node.keys, key) - 1, 0)
    made, grown = _set(node.children[at], height - 1, key, value)
    if len(made) == 1 and made[0] is node.children[at]:
        return [node], 0
    keys = node.keys[:at] + tuple([child.keys[0] for child in made]) + node.keys[at + 1 :]
    children = node.children[:at] + tuple(made) + node.children[at + 1 :]
    if len(children) <= FULL:
        return [Branch(keys, children)], grown
    half = len(children) // 2
    return [Branch(keys[:half], children[:half]), Branch(keys[half:], children[half:])], grown


def _set_in_leaf(leaf: Leaf, key: Any, value: Any) -> tuple[list[Node], int]:
    keys, values = leaf.keys, leaf.values
    at = bisect_left(keys, key)
    if at < len(keys) and keys[at] == key:
        if values[at] is value:
            return [leaf], 0
        return [Leaf(keys, values[:at] + (value,) + values[at + 1 :])], 0
    keys = keys[:at] + (key,) + keys[at:]
    values = values[:at] + (value,) + values[at:]
    if len(keys) <= FULL:
        return [Leaf(keys, values)], 1
    # Appending in order leaves full leaves behind, not half-empty ones.
    half = FULL - 8 if at >= FULL else len(keys) // 2
    return [Leaf(keys[:half], values[:half]), Leaf(keys[half:], values[half:])], 1


def _remove(node: Any, height: int, key: Any) -> Any:
    if height == 0:
        at = bisect_left(node.keys, key)
        if at >= len(node.keys) or node.keys[at] != key:
            raise KeyError(key)
        return Leaf(node.keys[:at] + node.keys[at + 1 :], node.values[:at] + node.values[at + 1 :])
    at = bisect_right(node.keys, key) - 1
    if at < 0:
        raise KeyError(key)
    child = _remove(node.children[at], height - 1, key)
    if len(child.keys) >= THIN or len(node.children) == 1:
        made, first, past = [child] if child.keys else [], at, at + 1
    else:
        first = at - 1 if at else 0
        past = first + 2
        pair = (node.children[first], child) if at else (child, node.children[1])
        made = _join(*pair, height - 1)
    keys = node.keys[:first] + tuple([each.keys[0] for each in made]) + node.keys[past:]
    return Branch(keys, node.children[:first] + tuple(made) + node.children[past:])


def _join(left: Any, right: Any, height: int) -> list[Any]:
    """Return one or two nodes that hold what these neighbours hold."""
    keys = left.keys + right.keys
    rest = left.values + right.values if height == 0 else left.children + right.children
    make = Leaf if height == 0 else Branch
    if len(keys) <= FULL - THIN // 2:
        return [make(keys, rest)]
    half = len(keys) // 2
    return [make(keys[:half], rest[:half]), make(keys[half:], rest[half:])]


def _where_they_part(old: Any, new: Any, height: int) -> tuple[Any, Any]:
    """Return the lowest node of each of two trees that all differences are below."""
    for _ in range(height):
        olds, news = old.children, new.children
        if len(olds) != len(news):
            break
        pairs = compress(zip(olds, news, strict=True), map(is_not, olds, news))
        below = next(pairs, None)
        if below is None or next(pairs, None) is not None:
            break
        old, new = below
    return old, new


def _replaced(here: Leaf, there: Leaf) -> Iterator[tuple[Any, Any, Any]]:
    """Yield the changes where only values of one leaf are others, as most edits leave it."""
    entries = zip(here.keys, here.values, there.values, strict=True)
    return compress(entries, map(is_not, here.values, there.values))


def _changes(old_leaves: list[Any], new_leaves: list[Any]) -> Iterator[tuple[Any, Any, Any]]:
    before: dict[Any, Any] = {}
    for leaf in old_leaves:
        before.update(zip(leaf.keys, leaf.values, strict=True))
    for leaf in new_leaves:
        for key, value in zip(leaf.keys, leaf.values, strict=True):
            old = before.pop(key, None)
            if old is not value:
                yield key, old, value
    for key, old in before.items():
        yield key, old, None


def _unshared(old: Any, old_height: int, new: Any, new_height: int) -> tuple[list[Any], list[Any]]:
    """Return the leaves of each side that the other side does not have."""
    olds, news = [old], [new]
    for height in range(max(old_height, new_height), -1, -1):
        if height < old_height:
            olds = [child for node in olds for child in node.children]
        if height < new_height:
            news = [child for node in news for child in node.children]
        if height <= min(old_height, new_height):
            olds, news = _without_shared(olds, news)
    return olds, news


def _without_shared(olds: list[Any], news: list[Any]) -> tuple[list[Any], list[Any]]:
    if len(olds) == len(news):
        pairs = [(a, b) for a, b in zip(olds, news, strict=True) if a is not b]
        olds, news = [a for a, _ in pairs], [b for _, b in pairs]
    here, there = set(map(id, olds)), set(map(id, news))
    return (
        [node for node in olds if id(node) not in there],
        [node for node in news if id(node) not in here],
    )

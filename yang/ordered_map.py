"""The persistent map of a list that its user orders (``ordered-by user``, RFC 7950, 7.7.7.2).

Each entry carries a label; the order of the labels is the order of the entries. A new entry gets
a label between its neighbours, so that an insertion costs the same wherever it goes.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Generic, TypeVar

from yang.sorted_map import SortedMap

K = TypeVar("K")
V = TypeVar("V")


class OrderedMap(Generic[K, V]):
    """A persistent map in the order that its user gave."""

    __slots__ = ("_entries", "_order")

    def __init__(
        self,
        entries: SortedMap[K, tuple[Fraction, V]] | None = None,
        order: SortedMap[Fraction, K] | None = None,
    ) -> None:
        self._entries: SortedMap[K, tuple[Fraction, V]] = entries or SortedMap()
        self._order: SortedMap[Fraction, K] = order or SortedMap()

    @classmethod
    def build(cls, items: Iterable[tuple[K, V]]) -> "OrderedMap[K, V]":
        """Return the map of these items in their order; the keys are distinct."""
        labelled = [(Fraction(at), key, value) for at, (key, value) in enumerate(items)]
        return cls(
            SortedMap.build((key, (label, value)) for label, key, value in labelled),
            SortedMap.build((label, key) for label, key, _ in labelled),
        )

    @classmethod
    def restore(cls, items: Iterable[tuple[str, K, V]]) -> "OrderedMap[K, V]":
        """Return the map of these (label text, key, value), as ``labels`` told them."""
        labelled = [(Fraction(label), key, value) for label, key, value in items]
        return cls(
            SortedMap.build((key, (label, value)) for label, key, value in labelled),
            SortedMap.build((label, key) for label, key, _ in labelled),
        )

    def label(self, key: K) -> str:
        """Return what orders this entry among the others, as text."""
        return str(self._entries[key][0])

    def before(self, key: K) -> K | None:
        """Return the key of the entry before this one; None for the first."""
        label = self._order.next_below(self._entries[key][0])
        return None if label is None else self._order[label]

    def in_order(self, keys: Iterable[K]) -> list[K]:
        """Return these keys of entries in the user's order, without walking the others."""
        return sorted(keys, key=lambda key: self._entries[key][0])

    def rank(self, key: K) -> int:
        """Return how many entries are before this one; KeyError if it is not there."""
        return self._order.rank(self._entries[key][0])

    def slice(self, start: int, stop: int) -> list[tuple[K, V]]:
        """Return the entries from one position up to another."""
        return [(key, self._entries[key][1]) for _, key in self._order.slice(start, stop)]

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __getitem__(self, key: K) -> V:
        return self._entries[key][1]

    def get(self, key: K, default: V | None = None) -> V | None:
        """Return the value of the key, or the default."""
        found = self._entries.get(key)
        return default if found is None else found[1]

    def keys(self) -> Iterator[K]:
        """Yield the keys in the user's order."""
        return self._order.values()

    def values(self) -> Iterator[V]:
        """Yield the values in the user's order."""
        for key in self._order.values():
            yield self._entries[key][1]

    def items(self) -> Iterator[tuple[K, V]]:
        """Yield keys and values in the user's order."""
        for key in self._order.values():
            yield key, self._entries[key][1]

    def __iter__(self) -> Iterator[K]:
        return self.keys()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OrderedMap):
            return NotImplemented
        return self is other or (
            len(self) == len(other)
            and all(a == b for a, b in zip(self.items(), other.items(), strict=True))
        )

    def __hash__(self) -> int:
        raise TypeError("a map is not hashable")

    def __repr__(self) -> str:
        return f"OrderedMap({dict(self.items())!r})"

    def set(self, key: K, value: V) -> "OrderedMap[K, V]":
        """Return the map in which the key has the value, in its place or, if new, last."""
        found = self._entries.get(key)
        if found is None:
            return self.insert(key, value, "last")
        if found[1] is value:
            return self
        return OrderedMap(self._entries.set(key, (found[0], value)), self._order)

    def insert(self, key: K, value: V, where: str, anchor: K | None = None) -> "OrderedMap[K, V]":
        """Return the map with the entry ``first``, ``last``, or ``before``/``after`` the anchor.

        KeyError if the anchor is not there.
        """
        if self._is_there(key, where, anchor):
            return self.set(key, value)
        rest = self.remove(key) if key in self._entries else self
        label = rest._label_for(where, anchor)
        return OrderedMap(rest._entries.set(key, (label, value)), rest._order.set(label, key))

    def place(self, label: str, key: K, value: V) -> "OrderedMap[K, V]":
        """Return the map with a new entry where its label says, as ``label`` told it."""
        at = Fraction(label)
        return OrderedMap(self._entries.set(key, (at, value)), self._order.set(at, key))

    def _is_there(self, key: K, where: str, anchor: K | None) -> bool:
        """Tell whether the entry is at that place already."""
        found = self._entries.get(key)
        if found is None:
            return False
        if anchor is not None and where in ("before", "after"):
            if anchor == key:
                return True
            label = self._entries[anchor][0]
            order = self._order
            return found[0] == (order.next_below(label) if where == "before" else order.next(label))
        return found[0] == (next(self._order.keys()) if where == "first" else self._order.last())

    def remove(self, key: K) -> "OrderedMap[K, V]":
        """Return the map without the key; KeyError if it is not there."""
        label, _ = self._entries[key]
        return OrderedMap(self._entries.remove(key), self._order.remove(label))

    def is_at(self, key: K, other: "OrderedMap[K, V]") -> bool:
        """Tell whether the entry has the same place in another version."""
        return self._entries[key][0] == other._entries[key][0]

    def changes(self, new: "OrderedMap[K, V]") -> Iterator[tuple[K, V | None, V | None]]:
        """Yield (key, value here, value in ``new``); the same value twice says that it moved."""
        for key, before, after in self._entries.changes(new._entries):
            if before and after and before[0] == after[0] and before[1] is after[1]:
                continue
            yield key, before and before[1], after and after[1]

    def _label_for(self, where: str, anchor: K | None) -> Fraction:
        if not len(self._order):
            return Fraction(0)
        if where == "first":
            return next(self._order.keys()) - 1
        if where == "last":
            return self._order.last() + 1
        at: Any = anchor
        label = self._entries[at][0]
        beside = self._order.next_below(label) if where == "before" else self._order.next(label)
        if beside is None:
            return label - 1 if where == "before" else label + 1
        return (label + beside) / 2

"""Which (source, destination) pairs are whose, where the selectors of tunnels overlap.

A set of intervals takes no overlap, and a packet has one tunnel: the most specific remote prefix
decides, then the most specific local one, then the lower number.

The law: the boxes of all tunnels are disjoint, and together they cover what the selectors cover.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dataplane_bridge.prefixes import Prefix


class Box(NamedTuple):
    """Inclusive ranges of addresses, as numbers."""

    local_first: int
    local_last: int
    remote_first: int
    remote_last: int

    def cut_by(self, other: "Box") -> Iterator["Box"]:
        """Yield what is left of this box without the other one."""
        if not self.meets(other):
            yield self
            return
        if self.remote_first < other.remote_first:
            yield self._replace(remote_last=other.remote_first - 1)
        if other.remote_last < self.remote_last:
            yield self._replace(remote_first=other.remote_last + 1)
        middle = self._replace(
            remote_first=max(self.remote_first, other.remote_first),
            remote_last=min(self.remote_last, other.remote_last),
        )
        if middle.local_first < other.local_first:
            yield middle._replace(local_last=other.local_first - 1)
        if other.local_last < middle.local_last:
            yield middle._replace(local_first=other.local_last + 1)

    def meets(self, other: "Box") -> bool:
        """Tell whether the two have an address pair in common."""
        return (
            self.remote_first <= other.remote_last
            and other.remote_first <= self.remote_last
            and self.local_first <= other.local_last
            and other.local_first <= self.local_last
        )


class Claim(NamedTuple):
    """A pair of selectors of a tunnel; claims compare by who goes first."""

    remote_length: int
    local_length: int
    number: int
    box: Box

    def before(self, other: "Claim") -> bool:
        """Tell whether this claim goes before the other where they meet."""
        mine = (-self.remote_length, -self.local_length, self.number, self.box)
        return mine < (-other.remote_length, -other.local_length, other.number, other.box)


class Boxes:
    """The claims of the tunnels of one IP version, and what each gets."""

    def __init__(self, version: int) -> None:
        self._bits = 32 if version == 4 else 128
        self._claims: dict[int, tuple[Claim, ...]] = {}
        self._remotes: dict[tuple[int, int], set[Claim]] = {}
        self._starts: list[tuple[int, int]] = []
        self._lengths: dict[int, int] = {}

    def change(
        self, number: int, local: Iterable[Prefix], remote: Iterable[Prefix]
    ) -> frozenset[int]:
        """Let a tunnel claim these selectors (none: it goes); return whose boxes may differ."""
        local = tuple(local)
        after = tuple(self._claim(number, here, there) for there in remote for here in local)
        before = self._claims.get(number, ())
        if before == after:
            return frozenset()
        touched = {number}
        for claim in before:
            touched.update(other.number for other in self._neighbours(claim))
            self._remove(claim)
        for claim in after:
            self._add(claim)
            touched.update(other.number for other in self._neighbours(claim))
        self._claims[number] = after
        if not after:
            del self._claims[number]
        return frozenset(touched)

    def of(self, number: int) -> Iterator[Box]:
        """Yield the boxes of a tunnel, disjoint from those of every other one."""
        for claim in self._claims.get(number, ()):
            pieces = [claim.box]
            for other in self._neighbours(claim):
                if other.before(claim):
                    pieces = [part for piece in pieces for part in piece.cut_by(other.box)]
            yield from pieces

    def _claim(self, number: int, local: Prefix, remote: Prefix) -> Claim:
        box = Box(*_range(local, self._bits), *_range(remote, self._bits))
        return Claim(remote.length, local.length, number, box)

    def _add(self, claim: Claim) -> None:
        key = (claim.box.remote_first, claim.remote_length)
        if key not in self._remotes:
            self._remotes[key] = set()
            insort(self._starts, key)
            self._lengths[key[1]] = self._lengths.get(key[1], 0) + 1
        self._remotes[key].add(claim)

    def _remove(self, claim: Claim) -> None:
        key = (claim.box.remote_first, claim.remote_length)
        self._remotes[key].discard(claim)
        if not self._remotes[key]:
            del self._remotes[key]
            del self._starts[bisect_left(self._starts, key)]
            self._lengths[key[1]] -= 1
            if not self._lengths[key[1]]:
                del self._lengths[key[1]]

    def _neighbours(self, claim: Claim) -> Iterator[Claim]:
        """Yield the other claims that meet this one."""
        for key in (*self._above(claim), *self._within(claim)):
            for other in self._remotes.get(key, ()):
                if other != claim and other.box.meets(claim.box):
                    yield other

    def _above(self, claim: Claim) -> Iterator[tuple[int, int]]:
        for length in self._lengths:
            if length < claim.remote_length:
                shift = self._bits - length
                yield claim.box.remote_first >> shift << shift, length

    def _within(self, claim: Claim) -> Iterator[tuple[int, int]]:
        first = bisect_left(self._starts, (claim.box.remote_first, claim.remote_length))
        last = bisect_left(self._starts, (claim.box.remote_last + 1, 0))
        for place in range(first, last):
            if self._starts[place][1] >= claim.remote_length:
                yield self._starts[place]


def _range(prefix: Prefix, bits: int) -> tuple[int, int]:
    first = prefix.bits << (bits - prefix.length)
    return first, first | (1 << (bits - prefix.length)) - 1

"""Which tunnels a policy or template is for, and the index that finds the entries of a tunnel.

The law: an index never changes; a draft makes the next one and shares the rest. What the index
offers for a tunnel is a superset in sequence order, and ``matches`` decides.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from typing import Any

import immutables

from dataplane_bridge.configuration import Selector
from dataplane_bridge.prefixes import Prefix, all_within, collapse
from dataplane_bridge.tunnels import Tunnel

Place = tuple[str, Hashable]
"""Kind of a selector and one value of it: where an entry is filed and where a tunnel looks."""

UNREACHED = 1 << 16
"""Larger than any sequence number."""


def is_catch_all(selector: Selector) -> bool:
    """Tell whether the selector matches every tunnel."""
    return not (
        selector.connection
        or selector.if_id
        or selector.reqid
        or selector.remote_prefix
        or selector.protocol is not None
        or selector.remote_port is not None
    )


def matches(selector: Selector, tunnel: Tunnel) -> bool:
    """Tell whether the tunnel is one of those that the selector is for."""
    if selector.connection:
        return tunnel.connection in selector.connection
    if selector.if_id:
        return tunnel.if_id in selector.if_id
    if selector.reqid:
        return tunnel.reqid in selector.reqid
    return _traffic_matches(selector, tunnel)


def _traffic_matches(selector: Selector, tunnel: Tunnel) -> bool:
    if selector.protocol is not None and selector.protocol != tunnel.protocol:
        return False
    if selector.remote_port is not None and selector.remote_port != tunnel.remote_port:
        return False
    prefixes = selector.remote_prefix
    return not prefixes or all_within(tunnel.remote_networks, collapse(prefixes))


def places(selector: Selector) -> list[Place]:
    """Return where an entry with this selector is filed: nowhere if it is a catch-all."""
    found: list[Place] = []
    if selector.connection:
        found += [("connection", connection) for connection in selector.connection]
    if selector.if_id:
        found += [("if-id", if_id) for if_id in selector.if_id]
    if selector.reqid:
        found += [("reqid", reqid) for reqid in selector.reqid]
    ports = (selector.protocol, selector.remote_port)
    if selector.remote_prefix:
        found += [("prefix", (prefix, *ports)) for prefix in collapse(selector.remote_prefix)]
    elif ports != (None, None):
        found.append(("ports", ports))
    return found


@dataclass(frozen=True, slots=True)
class SelectorIndex:
    """Sequence numbers by group and selector value.

    ``filed``: ascending sequence numbers by (group, kind, value); ``catch_all``: by group, a
    number whose bit n tells that entry n is a catch-all (10,000 of them fit 1,250 octets);
    ``lengths``: by (group, IP version) how many entries are filed under each prefix length;
    ``kinds``: how many values of each kind there are in all groups, so that none is looked for
    that nobody uses.
    """

    filed: immutables.Map[tuple[str, str, Hashable], tuple[int, ...]] = immutables.Map()
    catch_all: immutables.Map[str, int] = immutables.Map()
    lengths: immutables.Map[tuple[str, int], immutables.Map[int, int]] = immutables.Map()
    kinds: immutables.Map[str, int] = immutables.Map()

    def candidates(self, name: str, tunnel: Tunnel) -> Iterator[int]:
        """Yield the sequence numbers of the group that may match the tunnel, ascending."""
        everything = self.catch_all.get(name, 0)
        found: set[int] = set()
        for kind, value in self._probes(name, tunnel):
            found.update(self.filed.get((name, kind, value), ()))
        ordered = sorted(found)
        first = (everything & -everything).bit_length() - 1 if everything else UNREACHED
        before = bisect_left(ordered, first)
        yield from ordered[:before]
        # Seldom needed: what comes first mostly matches.
        yield from merge(ordered[before:], bits_of(everything))

    def _probes(self, name: str, tunnel: Tunnel) -> Iterator[Place]:
        """Yield where an entry that matches the tunnel may be filed, of the kinds in use."""
        kinds = self.kinds
        if "connection" in kinds and tunnel.connection is not None:
            yield "connection", tunnel.connection
        if "if-id" in kinds and tunnel.if_id is not None:
            yield "if-id", tunnel.if_id
        if "reqid" in kinds and tunnel.reqid is not None:
            yield "reqid", tunnel.reqid
        if "ports" in kinds:
            for ports in _port_probes(tunnel):
                yield "ports", ports
        if "prefix" in kinds:
            yield from self._prefix_probes(name, tunnel)

    def _prefix_probes(self, name: str, tunnel: Tunnel) -> Iterator[Place]:
        # All remote selectors must be within the entry's prefixes, so the first finds them all.
        first = tunnel.remote_networks[0]
        lengths = self.lengths.get((name, first.version))
        if lengths is None:
            return
        prefixes = [first.supernet(length) for length in lengths if length <= first.length]
        for ports in _port_probes(tunnel):
            for prefix in prefixes:
                yield "prefix", (prefix, *ports)


def _port_probes(tunnel: Tunnel) -> set[tuple[int | None, int | None]]:
    return {
        (protocol, port)
        for protocol in (None, tunnel.protocol)
        for port in (None, tunnel.remote_port)
    }


@lru_cache(maxsize=4096)
def _alone(sequence_number: int) -> tuple[int, ...]:
    """Return the number as a tuple: few numbers are the only ones of many groups."""
    return (sequence_number,)


class SelectorDraft:
    """An index while it changes."""

    def __init__(self, index: SelectorIndex) -> None:
        self._filed = index.filed.mutate()
        self._catch_all = index.catch_all.mutate()
        self._lengths = index.lengths.mutate()
        self._kinds = dict(index.kinds)

    def move(
        self, name: str, sequence_number: int, old: Selector | None, new: Selector | None
    ) -> None:
        """Take an entry of a group out of its old places and put it into its new ones."""
        if old is not None:
            self._remove(name, sequence_number, old)
        if new is not None:
            self._add(name, sequence_number, new)

    def _add(self, name: str, sequence_number: int, selector: Selector) -> None:
        found = places(selector)
        for kind, value in found:
            key = (name, kind, value)
            known = self._filed.get(key)
            self._filed[key] = (
                _alone(sequence_number)
                if known is None
                else tuple(sorted({*known, sequence_number}))
            )
            self._count(name, kind, value, 1)
        if not found:
            self._catch_all[name] = self._catch_all.get(name, 0) | 1 << sequence_number

    def _remove(self, name: str, sequence_number: int, selector: Selector) -> None:
        found = places(selector)
        for kind, value in found:
            key = (name, kind, value)
            rest = tuple(n for n in self._filed.get(key, ()) if n != sequence_number)
            if rest:
                self._filed[key] = rest
            else:
                self._filed.pop(key, None)
            self._count(name, kind, value, -1)
        if not found:
            self._drop_catch_all(name, sequence_number)

    def finish(self) -> SelectorIndex:
        """Return the index; the draft is used up."""
        return SelectorIndex(
            self._filed.finish(),
            self._catch_all.finish(),
            self._lengths.finish(),
            immutables.Map({kind: count for kind, count in self._kinds.items() if count}),
        )

    def _drop_catch_all(self, name: str, sequence_number: int) -> None:
        rest = self._catch_all.get(name, 0) & ~(1 << sequence_number)
        if rest:
            self._catch_all[name] = rest
        else:
            self._catch_all.pop(name, None)

    def _count(self, name: str, kind: str, value: Hashable, change: int) -> None:
        self._kinds[kind] = self._kinds.get(kind, 0) + change
        if kind == "prefix":
            assert isinstance(value, tuple)
            prefix: Prefix = value[0]
            _count_lengths(self._lengths, (name, prefix.version), prefix.length, change)


def _count_lengths(
    counts: "immutables.MapMutation[Any, Any]", name: Hashable, length: Hashable, change: int
) -> None:
    """Count how many entries of a name have a length; what none has is not there."""
    of_name: immutables.Map[Hashable, int] = counts.get(name, immutables.Map())
    count = of_name.get(length, 0) + change
    of_name = of_name.set(length, count) if count else of_name.delete(length)
    if of_name:
        counts[name] = of_name
    else:
        counts.pop(name, None)


def bits_of(number: int) -> Iterator[int]:
    """Yield the positions of the bits that are 1, ascending."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest

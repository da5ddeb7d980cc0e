"""The tunnels, findable by everything that a change of the configuration can touch.

The law: an index never changes; a ``TunnelIndexDraft`` makes the next one and shares the rest. To
find the tunnels that an edit may touch costs their number, not the number of all tunnels.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import immutables

from dataplane_bridge.configuration import Selector
from dataplane_bridge.effective import Effective, PolicyReference
from dataplane_bridge.members import exclude, include
from dataplane_bridge.prefixes import collapse
from dataplane_bridge.selectors import bits_of, is_catch_all
from dataplane_bridge.tunnels import Tunnel

ANYWHERE = ""
"""Stands for whatever interface."""

UNMATCHED = 10001
"""The rank of tunnels without a policy: behind the largest sequence number."""

Ids = immutables.Map[str, None]
"""A set of tunnel ids that shares structure."""

NO_IDS: Ids = immutables.Map()

Owner = tuple[str, str]
"""("interface", its name) or ("template", its name)."""


@dataclass(frozen=True, slots=True)
class TunnelIndex:
    """The tunnels by id, by interface and selector value, by policy, and by what they inherit.

    ``ranked`` holds ids by owner and sequence number (of the policy in force on the interface, or
    of the template in force); bit n of ``ranks`` tells that the owner has tunnels of number n.
    """

    tunnels: immutables.Map[str, Tunnel] = immutables.Map()
    placed: immutables.Map[tuple[str, str, Hashable], Ids] = immutables.Map()
    ranked: immutables.Map[tuple[Owner, int], Ids] = immutables.Map()
    ranks: immutables.Map[Owner, int] = immutables.Map()
    inheriting: immutables.Map[str, Ids] = immutables.Map()

    def of_rank(self, owner: Owner, sequence_number: int) -> Ids:
        """Return the tunnels of one policy (on one interface) or of one template."""
        return self.ranked.get((owner, sequence_number), NO_IDS)

    def behind(self, owner: Owner, sequence_number: int) -> Iterator[str]:
        """Yield the tunnels that an entry with that number would come before."""
        mask = self.ranks.get(owner, 0) >> sequence_number + 1 << sequence_number + 1
        for number in bits_of(mask):
            yield from self.ranked[owner, number]

    def on_interface(self, interface: str) -> Iterator[str]:
        """Yield all tunnels of an interface."""
        return self.behind(("interface", interface), 0)

    def candidates(self, interface: str, selector: Selector, number: int) -> Iterator[str]:
        """Yield the tunnels of the interface that an entry with that number might take over.

        A superset: those that the selector may match, or for a catch-all those behind it.
        """
        if is_catch_all(selector):
            yield from self.behind(("interface", interface), number)
        for connection in selector.connection:
            yield from self.placed.get((interface, "connection", connection), NO_IDS)
        for if_id in selector.if_id:
            yield from self.placed.get((interface, "if-id", if_id), NO_IDS)
        for reqid in selector.reqid:
            yield from self.placed.get((interface, "reqid", reqid), NO_IDS)
        yield from self._traffic_candidates(interface, selector, number)

    def _traffic_candidates(self, interface: str, selector: Selector, number: int) -> Iterator[str]:
        ports = (selector.protocol, selector.remote_port)
        if ports != (None, None):
            yield from self.placed.get((interface, "ports", ports), NO_IDS)
        elif selector.remote_prefix:
            for prefix in collapse(selector.remote_prefix):
                octets = prefix.length - prefix.length % 8
                if octets:
                    place = (interface, "prefix", prefix.supernet(octets))
                    yield from self.placed.get(place, NO_IDS)
                else:
                    yield from self.behind(("interface", interface), number)


def _tunnel_places(tunnel: Tunnel) -> Iterator[tuple[str, str, Hashable]]:
    interface = tunnel.interface
    if tunnel.connection is not None:
        yield interface, "connection", tunnel.connection
    if tunnel.if_id is not None:
        yield interface, "if-id", tunnel.if_id
    if tunnel.reqid is not None:
        yield interface, "reqid", tunnel.reqid
        yield ANYWHERE, "reqid", tunnel.reqid
    for ports in _port_places(tunnel):
        yield interface, "ports", ports
    first = tunnel.remote_networks[0]
    # Octet boundaries only: four entries for an IPv4 prefix, sixteen at most for an IPv6 one.
    for length in range(8, first.length + 1, 8):
        yield interface, "prefix", first.supernet(length)


def _port_places(tunnel: Tunnel) -> set[tuple[int | None, int | None]]:
    protocol, port = tunnel.protocol, tunnel.remote_port
    return {(protocol, port), (protocol, None), (None, port)} - {(None, None)}


def _ranks(tunnel: Tunnel, policy: PolicyReference | None) -> Iterator[tuple[Owner, int]]:
    number = UNMATCHED if policy is None else policy.sequence_number
    yield ("interface", tunnel.interface), number
    if policy is not None and policy.template_sequence_number is not None:
        yield ("template", str(policy.template)), policy.template_sequence_number


class TunnelIndexDraft:
    """A tunnel index while it changes."""

    def __init__(self, index: TunnelIndex) -> None:
        self._tunnels = index.tunnels.mutate()
        self._placed = index.placed.mutate()
        self._ranked = index.ranked.mutate()
        self._ranks = index.ranks.mutate()
        self._inheriting = index.inheriting.mutate()

    def of_reqid(self, reqid: int) -> Ids:
        """Return the tunnels of that reqid, on whatever interface."""
        return self._placed.get((ANYWHERE, "reqid", reqid), NO_IDS)

    def add(self, tunnel: Tunnel) -> None:
        """Enter a tunnel that is not there."""
        self._tunnels[tunnel.id] = tunnel
        for place in _tunnel_places(tunnel):
            include(self._placed, place, tunnel.id)

    def remove(self, tunnel: Tunnel) -> None:
        """Take out a tunnel that is there and has no rank."""
        del self._tunnels[tunnel.id]
        for place in _tunnel_places(tunnel):
            exclude(self._placed, place, tunnel.id)

    def rank(self, tunnel: Tunnel, effective: Effective) -> None:
        """Enter which policy the tunnel belongs to and what it inherits."""
        for owner, number in _ranks(tunnel, effective.policy):
            include(self._ranked, (owner, number), tunnel.id)
            self._ranks[owner] = self._ranks.get(owner, 0) | 1 << number
        for setting in effective.inherited:
            include(self._inheriting, setting, tunnel.id)

    def unrank(self, tunnel: Tunnel, effective: Effective) -> None:
        """Take back what ``rank`` entered."""
        for owner, number in _ranks(tunnel, effective.policy):
            if exclude(self._ranked, (owner, number), tunnel.id):
                self._clear_rank(owner, number)
        for setting in effective.inherited:
            exclude(self._inheriting, setting, tunnel.id)

    def finish(self) -> TunnelIndex:
        """Return the index; the draft is used up."""
        return TunnelIndex(
            self._tunnels.finish(),
            self._placed.finish(),
            self._ranked.finish(),
            self._ranks.finish(),
            self._inheriting.finish(),
        )

    def _clear_rank(self, owner: Owner, number: int) -> None:
        rest = self._ranks[owner] & ~(1 << number)
        if rest:
            self._ranks[owner] = rest
        else:
            del self._ranks[owner]

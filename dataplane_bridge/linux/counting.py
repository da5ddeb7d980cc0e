"""The counters of tunnels, read in bulk.

The law: counters are only ever set back by ``clear``; a set is read whole, since the kernel's tools
read it whole anyway.
"""

from collections.abc import Iterable

from dataplane_bridge.driver import Clock, Counters, TunnelCounters
from dataplane_bridge.linux.elements import COUNTER, Elements, commands
from dataplane_bridge.linux.listing import Counts
from dataplane_bridge.linux.registry import Registry
from dataplane_bridge.linux.ruleset import SUFFIX
from dataplane_bridge.linux.table import Table
from dataplane_bridge.plan import DIRECTIONS

_BY_NUMBER = tuple(
    f"{name}_{suffix}" for name in ("pass", "drop", "idrop") for suffix in SUFFIX.values()
)
_TOO_BIG = ("refused4", "over4", "refused6")
_FRAGMENTED = ("cut4", "cleared4")


class Counting:
    """Reads the counters, and clears them."""

    def __init__(self, table: Table, registry: Registry, clock: Clock) -> None:
        self._table = table
        self._registry = registry
        self._clock = clock
        self._begun = clock()
        self._since: dict[str, float] = {}

    def counters(self, tunnel_ids: Iterable[str] | None = None) -> dict[str, TunnelCounters]:
        """Return the counters of these tunnels, or of all."""
        known = self._registry.known
        names = (
            list(known) if tunnel_ids is None else [each for each in tunnel_ids if each in known]
        )
        if not names:
            return {}
        counts = self._table.list_groups(*_BY_NUMBER, *_TOO_BIG, *_FRAGMENTED).counts
        return {name: self._of(name, counts) for name in names}

    def clear(self, tunnel_id: str) -> float:
        """Start the counters of a tunnel from zero; return when that was."""
        made = self._registry.made.get(tunnel_id, {})
        counting: Elements = {place: text for place, text in made.items() if text == COUNTER}
        self._table.change(commands(counting, {}) + commands({}, counting))
        self._since[tunnel_id] = self._clock()
        return self._since[tunnel_id]

    def _of(self, tunnel_id: str, counts: Counts) -> TunnelCounters:
        found = TunnelCounters(self._since.get(tunnel_id, self._begun))
        for place in self._registry.made.get(tunnel_id, ()):
            count = counts.get(place)
            if count is not None and count[0]:
                _enter(found, place.group, *count)
        return found


def _enter(found: TunnelCounters, group: str, packets: int, octets: int) -> None:
    if group in _TOO_BIG:
        found.outbound.too_big_packets += packets
    elif group in _FRAGMENTED:
        found.outbound.fragmented_packets += packets
    else:
        name, _, suffix = group.partition("_")
        direction = next(each for each in DIRECTIONS if SUFFIX[each] == suffix)
        _enter_directed(found.of(direction), name, packets, octets)


def _enter_directed(counters: Counters, name: str, packets: int, octets: int) -> None:
    match name:
        case "pass":
            counters.conform_packets += packets
            counters.conform_octets += octets
        case "drop":
            counters.exceed_packets += packets
            counters.exceed_octets += octets
        case "idrop":
            counters.ike_exceed_packets += packets
            counters.ike_exceed_octets += octets

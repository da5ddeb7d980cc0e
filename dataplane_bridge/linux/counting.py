"""The counters of tunnels, read in bulk.

The law: whenever counters begin from zero, by ``clear`` or since somebody else took them away, that
moment is told; a set is read whole, since the kernel gives it whole, and what counted nothing costs
next to nothing.
"""

from collections.abc import Iterable, Mapping

from dataplane_bridge.driver import Clock, Counters, TunnelCounters
from dataplane_bridge.linux.counts import Count
from dataplane_bridge.linux.elements import COUNTER, Elements
from dataplane_bridge.linux.registry import Registry
from dataplane_bridge.linux.ruleset import COUNTED_LATER, SUFFIX
from dataplane_bridge.linux.table import Table
from dataplane_bridge.plan import DIRECTIONS, Direction

Number = int
_ByNumber = Mapping[Number, Count]


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
        names = list(known) if tunnel_ids is None else [one for one in tunnel_ids if one in known]
        found = {name: TunnelCounters(self._since.get(name, self._begun)) for name in names}
        if not found:
            return found
        by_number = self._tunnels_of(found)
        for direction in DIRECTIONS:
            suffix = SUFFIX[direction]
            for group in (f"pass_{suffix}", *COUNTED_LATER[suffix]):
                kind = group.partition("_")[0]
                for number, count in self._of_numbers(group).items():
                    if number in by_number:
                        _enter(by_number[number].of(direction), kind, count)
        return found

    def exceeded(self, tunnel_ids: Iterable[str] | None = None) -> dict[tuple[str, Direction], int]:
        """Return how many packets the limits dropped, where they dropped any."""
        asked = None if tunnel_ids is None else set(tunnel_ids)
        found: dict[tuple[str, Direction], int] = {}
        for direction in DIRECTIONS:
            for kind in ("drop", "idrop"):
                group = f"{kind}_{SUFFIX[direction]}"
                for number, count in self._of_numbers(group).items():
                    name = self._registry.numbers.get(number)
                    if name is not None and (asked is None or name in asked):
                        found[name, direction] = found.get((name, direction), 0) + count.packets
        return found

    def volumes(self) -> dict[tuple[str, Direction], int]:
        """Return the octets that passed in each tunnel and direction, where any passed."""
        names = self._registry.numbers
        return {
            (names[number], direction): count.octets
            for direction in DIRECTIONS
            for number, count in self._of_numbers(f"pass_{SUFFIX[direction]}").items()
            if number in names
        }

    def clear(self, tunnel_id: str) -> float:
        """Start the counters of a tunnel from zero; return when that was."""
        made = self._registry.made.get(tunnel_id, {})
        counting: Elements = {place: text for place, text in made.items() if text == COUNTER}
        self._table.renew_elements(counting)
        self._since[tunnel_id] = self._clock()
        return self._since[tunnel_id]

    def forget(self, tunnel_id: str) -> None:
        """Drop what is known of a tunnel that is gone."""
        self._since.pop(tunnel_id, None)

    def start(self, tunnel_id: str) -> None:
        """A tunnel's counters start from zero now."""
        self._since[tunnel_id] = self._clock()

    def _tunnels_of(self, found: Mapping[str, TunnelCounters]) -> dict[Number, TunnelCounters]:
        numbers = self._registry.numbers
        return {number: found[name] for number, name in numbers.items() if name in found}

    def _of_numbers(self, group: str) -> _ByNumber:
        return {int.from_bytes(count.first, "little"): count for count in self._table.counts(group)}


def _enter(counters: Counters, kind: str, count: Count) -> None:
    match kind:
        case "pass":
            counters.conform_packets += count.packets
            counters.conform_octets += count.octets
        case "drop":
            counters.exceed_packets += count.packets
            counters.exceed_octets += count.octets
        case "big":
            counters.too_big_packets += count.packets
        case "frag":
            counters.fragmented_packets += count.packets
        case "idrop":
            counters.ike_exceed_packets += count.packets
            counters.ike_exceed_octets += count.octets

"""The current rate of each tunnel: what passed from one reading of the counters to the next.

The law: a rate is an average over at least ``INTERVAL_SECONDS``; a counter that went back gives no
rate, not a wrong one.
"""

from collections.abc import Mapping

from dataplane_bridge.driver import TunnelCounters
from dataplane_bridge.plan import DIRECTIONS, Direction

INTERVAL_SECONDS = 5.0
_BITS_IN_KILOBIT = 1000

Volumes = Mapping[tuple[str, Direction], int]
"""Octets that passed, by tunnel and direction, where any passed."""


class Rates:
    """Remembers one reading, and the rates between the last two."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._volumes: Volumes = {}
        self._rates: dict[tuple[str, Direction], int | None] | None = None

    def is_due(self, now: float) -> bool:
        """Tell whether it is time for another reading; ``now`` in seconds."""
        return self._since is None or now - self._since >= INTERVAL_SECONDS

    def take(self, volumes: Volumes, now: float) -> None:
        """Enter a reading of all tunnels."""
        if self._since is not None and now > self._since:
            seconds, before = now - self._since, self._volumes
            self._rates = {
                key: _rate(octets - before.get(key, 0), seconds) for key, octets in volumes.items()
            }
        self._since, self._volumes = now, volumes

    def of(self, tunnel_id: str, direction: Direction) -> int | None:
        """Return the rate in kbit/s, or ``None`` while it is not known."""
        # A tunnel of which nothing passed is not among the volumes.
        return None if self._rates is None else self._rates.get((tunnel_id, direction), 0)


def _rate(octets: int, seconds: float) -> int | None:
    return round(octets * 8 / seconds / _BITS_IN_KILOBIT) if octets >= 0 else None


def volumes_of(counters: Mapping[str, TunnelCounters]) -> dict[tuple[str, Direction], int]:
    """Return what passed, of counters."""
    return {
        (tunnel, direction): both.of(direction).conform_octets
        for tunnel, both in counters.items()
        for direction in DIRECTIONS
        if both.of(direction).conform_octets
    }

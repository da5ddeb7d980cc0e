"""Watches the drop counters, and tells when a tunnel begins and ceases to exceed its limit.

The law: one ``begin`` and one ``end`` for a spell of drops, however many packets it drops.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from dataplane_bridge.plan import DIRECTIONS, Direction

QUIET_SECONDS = 10.0
"""A spell has ended when nothing was dropped for so long."""


class LimitExceeded(NamedTuple):
    """A tunnel began or ceased to exceed its limit."""

    tunnel: str
    direction: Direction
    state: Literal["begin", "end"]


class ExceedWatch:
    """Compares counters from one look to the next."""

    def __init__(self) -> None:
        self._dropped: dict[tuple[str, Direction], int] = {}
        self._last_drop: dict[tuple[str, Direction], float] = {}

    def look(
        self,
        exceeded: Mapping[tuple[str, Direction], int],
        now: float,
        among: Iterable[str] | None = None,
    ) -> Iterator[LimitExceeded]:
        """Yield what began and ended, given the packets dropped so far (``Driver.exceeded``).

        ``among`` names the tunnels that were looked at; without it those are all.
        """
        looked_at = None if among is None else set(among)
        for key in self._dropped.keys() - exceeded.keys():
            if looked_at is None or key[0] in looked_at:
                del self._dropped[key]
        for (tunnel, direction), total in exceeded.items():
            yield from self._compare(tunnel, direction, total, now)
        yield from self._ended(now)

    def forget(self, tunnel: str) -> None:
        """Drop what is known of a tunnel that is gone."""
        for direction in DIRECTIONS:
            self._dropped.pop((tunnel, direction), None)
            self._last_drop.pop((tunnel, direction), None)

    def _compare(
        self, tunnel: str, direction: Direction, total: int, now: float
    ) -> Iterator[LimitExceeded]:
        key = (tunnel, direction)
        before = self._dropped.get(key, 0)
        self._dropped[key] = total
        # Fewer than before: the counters were cleared in between, and something dropped since.
        if total == before:
            return
        if key not in self._last_drop:
            yield LimitExceeded(tunnel, direction, "begin")
        self._last_drop[key] = now

    def _ended(self, now: float) -> Iterator[LimitExceeded]:
        quiet = [key for key, last in self._last_drop.items() if now - last >= QUIET_SECONDS]
        for key in quiet:
            del self._last_drop[key]
            yield LimitExceeded(*key, "end")

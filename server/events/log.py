"""The log of past events, from which a subscription may have some replayed.

The law: it is bounded in events and in octets; the oldest goes first, the newest is always there.
It lives in memory: after a restart it begins anew.
"""

from dataclasses import dataclass
from datetime import datetime

from server.events.event import Event


@dataclass(frozen=True, slots=True)
class LogLimits:
    """How much of the past is kept."""

    events: int = 10_000
    octets: int = 16 << 20
    """Octets that they take in memory, about."""


class EventLog:
    """Events by number. One thread at a time appends; any may read."""

    def __init__(self, limits: LogLimits, created: datetime) -> None:
        self.created = created
        self.aged: datetime | None = None
        """When the newest of those that are gone happened."""
        self.first = 1
        """The number of the oldest event that is kept."""
        self.last = 0
        """The number of the newest event, 0 before there was any."""
        self._limits = limits
        self._octets = 0
        self._events: dict[int, Event] = {}

    def append(self, event: Event) -> None:
        """Keep the event, whose number follows the last one's."""
        self._events[event.number] = event
        self._octets += event.size
        self.last = event.number
        while self.first < self.last and self._is_too_much():
            self._forget_first()

    def get(self, number: int) -> Event | None:
        """Return the event of that number, unless it is gone or still to come."""
        return self._events.get(number)

    def past(self) -> tuple[Event, ...]:
        """Return all that is kept, oldest first."""
        return tuple(self._events.values())

    def _is_too_much(self) -> bool:
        return len(self._events) > self._limits.events or self._octets > self._limits.octets

    def _forget_first(self) -> None:
        oldest = self._events.pop(self.first)
        self._octets -= oldest.size
        self.aged = oldest.time
        self.first += 1

"""What was heard and not yet looked at: one thread puts, another one takes all at once.

The law: nothing that was put is lost, and whoever waits is woken at the end.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

Event = tuple[str, Mapping[str, Any]]
"""Name and content of an event."""

GATHER_SECONDS = 0.01
"""How long more events are waited for once there is one."""

URGENT = "child-rekey"
"""Not waited with: packets may pass uncounted until the SPIs of new SAs are known."""


class News:
    """Events between two threads."""

    def __init__(self) -> None:
        self.ended = False
        self._events: list[Event] = []
        self._is_rung = False
        self._changed = threading.Condition()

    def put(self, name: str, content: Mapping[str, Any]) -> None:
        """Add an event."""
        with self._changed:
            self._events.append((name, content))
            self._changed.notify()

    def ring(self) -> None:
        """Wake whoever waits, with no event."""
        with self._changed:
            self._is_rung = True
            self._changed.notify()

    def end(self) -> None:
        """There will be no more."""
        with self._changed:
            self.ended = True
            self._changed.notify()

    def take(self, seconds: float) -> Sequence[Event] | None:
        """Return all events; none after that time, or a ring alone; ``None`` at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._events or self._is_rung or self.ended, seconds)
            if self._events and not self._is_urgent():
                self._changed.wait_for(self._is_urgent, GATHER_SECONDS)
            taken, self._events = self._events, []
            self._is_rung = False
            return None if self.ended and not taken else taken

    def _is_urgent(self) -> bool:
        return self.ended or any(name == URGENT for name, _ in self._events)

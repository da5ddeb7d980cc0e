"""The stop time of a subscription whose records wait in a queue (RFC 8639, section 2.4.2)."""

from collections.abc import Callable
from datetime import datetime

from server.events.timers import Timers


class Stopping:
    """Ends a subscription at its stop time."""

    def __init__(self, timers: Timers, end: Callable[[], None]) -> None:
        self._timers = timers
        self._end = end
        self._cancel: Callable[[], None] = lambda: None

    def at(self, time: datetime | None) -> None:
        """End it then and not when it was said before; ``None``: never."""
        self._cancel()
        self._cancel = (lambda: None) if time is None else self._timers.at(time, self._end)

    def now(self) -> None:
        """End it."""
        self._end()

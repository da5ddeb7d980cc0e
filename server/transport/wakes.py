"""Wakes the connections that have notifications to send.

The law: whoever publishes pays for one hand-over to the loop, however many subscribers there are;
the loop takes them in slices, so that an event for a thousand sessions holds up none.
"""

import asyncio
from collections import deque
from collections.abc import Callable

_SLICE = 0.002
"""Seconds for which waking may hold the loop."""


class Wakes:
    """What is to be called on the loop, in order."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._scheduled = False

    def add(self, loop: asyncio.AbstractEventLoop, wake: Callable[[], None]) -> None:
        """Call this on the loop, soon. From any thread; raises RuntimeError if it is closed."""
        self._waiting.append(wake)
        if not self._scheduled:
            self._scheduled = True
            loop.call_soon_threadsafe(self._run, loop)

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        self._scheduled = False  # Before looking: what is added from now on schedules again.
        until = loop.time() + _SLICE
        while self._waiting:
            self._waiting.popleft()()
            if self._waiting and loop.time() > until:
                if not self._scheduled:
                    self._scheduled = True
                    loop.call_soon(self._run, loop)
                return

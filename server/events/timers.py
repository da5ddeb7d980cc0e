"""Things to do at a certain time.

The law: the clock is a parameter, and steps of it are noticed within a second. What is done at
its time is short and waits for nothing.
"""

import heapq
import logging
import threading
from collections.abc import Callable
from datetime import datetime
from itertools import count

_log = logging.getLogger(__name__)

_LONGEST_SLEEP = 1.0
"""Seconds after which the clock is looked at again: somebody may have set it."""

_MOST_FORGOTTEN = 64
"""Forgotten ones that the order of all may hold, besides as many as there are others."""


class Timers:
    """What is to be done when; usable from any thread."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._pending: dict[int, Callable[[], None]] = {}
        self._order: list[tuple[datetime, int]] = []
        """A heap; what is forgotten stays in it for a while."""
        self._numbers = count()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="timers")

    def at(self, time: datetime, do: Callable[[], None]) -> Callable[[], None]:
        """Do this at that time; the result forgets about it, as often as one likes."""
        number = next(self._numbers)
        with self._changed:
            self._pending[number] = do
            heapq.heappush(self._order, (time, number))
            if self._order[0][1] == number:
                self._changed.notify()
        return lambda: self._cancel(number)

    def run_due(self) -> float | None:
        """Do what is due; return the seconds until something else is, None for nothing."""
        now = self._clock()
        with self._changed:
            doing = []
            while self._order and self._order[0][0] <= now:
                do = self._pending.pop(heapq.heappop(self._order)[1], None)
                if do is not None:
                    doing.append(do)
        for each in doing:
            try:
                each()
            except Exception:
                _log.exception("what was to be done at a time failed")
        with self._changed:
            return self._seconds_left()

    def start(self) -> None:
        """Do in a thread what is due from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Do nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def __len__(self) -> int:
        return len(self._pending)

    def _cancel(self, number: int) -> None:
        with self._changed:
            self._pending.pop(number, None)
            if len(self._order) > _MOST_FORGOTTEN + 2 * len(self._pending):
                self._order = [each for each in self._order if each[1] in self._pending]
                heapq.heapify(self._order)

    def _seconds_left(self) -> float | None:
        while self._order and self._order[0][1] not in self._pending:
            heapq.heappop(self._order)
        if not self._order:
            return None
        return max(0.0, (self._order[0][0] - self._clock()).total_seconds())

    def _run(self) -> None:
        while not self._stopped:
            self.run_due()
            with self._changed:
                left = self._seconds_left()
                if not self._stopped and left != 0.0:
                    self._changed.wait(None if left is None else min(left, _LONGEST_SLEEP))

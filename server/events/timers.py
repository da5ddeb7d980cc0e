"""Things to do at a certain time.

The law: the clock is a parameter, and steps of it are noticed within a second. What is done at
its time is short and waits for nothing.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from itertools import count

_log = logging.getLogger(__name__)

_LONGEST_SLEEP = 1.0
"""Seconds after which the clock is looked at again: somebody may have set it."""


class Timers:
    """What is to be done when; usable from any thread."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._pending: dict[int, tuple[datetime, Callable[[], None]]] = {}
        self._numbers = count()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="timers")

    def at(self, time: datetime, do: Callable[[], None]) -> Callable[[], None]:
        """Do this at that time; the result forgets about it, as often as one likes."""
        number = next(self._numbers)
        with self._changed:
            self._pending[number] = (time, do)
            self._changed.notify()
        return lambda: self._cancel(number)

    def run_due(self) -> float | None:
        """Do what is due; return the seconds until something else is, None for nothing."""
        now = self._clock()
        with self._changed:
            due = [(at, number) for number, (at, _) in self._pending.items() if at <= now]
            doing = [self._pending.pop(number)[1] for _, number in sorted(due)]
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

    def _seconds_left(self) -> float | None:
        if not self._pending:
            return None
        first = min(at for at, _ in self._pending.values())
        return max(0.0, (first - self._clock()).total_seconds())

    def _run(self) -> None:
        while not self._stopped:
            self.run_due()
            with self._changed:
                left = self._seconds_left()
                if not self._stopped and left != 0.0:
                    self._changed.wait(None if left is None else min(left, _LONGEST_SLEEP))

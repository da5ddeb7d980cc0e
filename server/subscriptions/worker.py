"""A thread that does one thing after another, so that whoever asks for them need not wait."""

import logging
import threading
from collections import deque
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Worker:
    """Does what it is told, in order; usable from any thread."""

    def __init__(self, name: str) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, daemon=True, name=name)

    def __len__(self) -> int:
        return len(self._waiting)

    def do(self, job: Callable[[], None]) -> None:
        """Have it done some time soon."""
        with self._changed:
            self._waiting.append(job)
            self._changed.notify()

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Do no more than what is being done."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def run_waiting(self) -> None:
        """Do all that waits, in this thread."""
        while self._waiting and not self._stopped:
            job = self._waiting.popleft()
            try:
                job()
            except Exception:
                _log.exception("what %s was to do failed", self._thread.name)

    def _run(self) -> None:
        while not self._stopped:
            self.run_waiting()
            with self._changed:
                if not self._waiting and not self._stopped:
                    self._changed.wait()

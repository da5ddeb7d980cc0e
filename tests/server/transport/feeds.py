"""A subscription for tests of the pump."""

import time
from collections.abc import Sequence


class ListFeed:
    """A subscription that gives these messages, and skips something before each.

    ``seconds`` is what each of them takes.
    """

    def __init__(self, messages: list[bytes], seconds: float = 0.0) -> None:
        self._seconds = seconds
        self.messages = messages
        self.taken = 0
        self._skips = False

    def take(self) -> Sequence[bytes] | None:
        self._skips = not self._skips
        if self.taken == len(self.messages):
            return None
        if self._skips:
            return ()
        time.sleep(self._seconds)
        self.taken += 1
        return (self.messages[self.taken - 1],)

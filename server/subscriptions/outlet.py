"""What a session reads its subscriptions from: one feed for all of them, each in its turn.

The law: a session asks only those of its subscriptions that may have something, and none of them
twice before another one that is ready.
"""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from server.sessions import NetconfSession


class Source(Protocol):
    """Has messages, some time."""

    is_queued: bool
    """Whether the outlet knows that there may be some; nobody else's business."""

    def take(self) -> Sequence[bytes] | None:
        """See ``server.sessions.Feed.take``."""


class Outlet:
    """The feed of one session; it is among the feeds as long as it has subscriptions."""

    def __init__(self, session: NetconfSession) -> None:
        self.session = session
        self._lock = threading.Lock()
        self._ready: deque[Source] = deque()
        self._members: set[int] = set()
        self._octets = 0

    def join(self, number: int) -> None:
        """Have one more subscription."""
        with self._lock:
            self._members.add(number)
            if len(self._members) == 1:
                self.session.feeds = (*self.session.feeds, self)

    def leave(self, number: int) -> None:
        """Have one less."""
        with self._lock:
            self._members.discard(number)
            if not self._members:
                self.session.feeds = tuple(each for each in self.session.feeds if each is not self)

    def __len__(self) -> int:
        return len(self._members)

    def reserve(self, octets: int, most: int) -> bool:
        """Let so many octets wait; False where that is more than may wait for one session.

        One message may, however long it is.
        """
        with self._lock:
            if self._octets and self._octets + octets > most:
                return False
            self._octets += octets
        return True

    def free(self, octets: int) -> None:
        """So many wait no longer."""
        with self._lock:
            self._octets -= octets

    def ready(self, source: Source) -> None:
        """Look at it, there may be something to take; from any thread."""
        with self._lock:
            if not source.is_queued:
                source.is_queued = True
                self._ready.append(source)
        self.session.wake()

    def take(self) -> Sequence[bytes] | None:
        """Return what the next ready subscription gives."""
        while True:
            with self._lock:
                if not self._ready:
                    return None
                source = self._ready.popleft()
                source.is_queued = False
            message = source.take()
            if message is not None:
                self._again(source)
                return message

    def _again(self, source: Source) -> None:
        with self._lock:
            if not source.is_queued:
                source.is_queued = True
                self._ready.append(source)

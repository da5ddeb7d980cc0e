"""One subscription: what waits for its subscriber, and whether it goes on.

Theory of operation. Messages wait in a queue, which is bounded; a stream has no queue but is read
from the log when the queue is empty. What does not fit suspends the subscription: the queue is
dropped, nothing is collected any more, and the subscriber is told (RFC 8639, section 2.4.1). Once
it has read that, it reads again, so the subscription is resumed. A subscriber that never reads
costs nothing but the word that waits for it.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from server.sessions import NetconfSession
from server.subscriptions.faults import no_such_subscription
from server.subscriptions.notices import Notices
from server.subscriptions.outlet import Outlet
from server.subscriptions.terms import Terms


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """What may wait for a subscriber to read."""

    messages: int = 1000
    """Records of one subscription."""
    octets: int = 16 << 20
    """Octets of those of one session, unless there is but one."""


class Feeder(Protocol):
    """Where the records of a subscription come from."""

    def take(self) -> Sequence[bytes] | None:
        """See ``server.sessions.Feed.take``; for sources that are read and not queued."""

    def adopt(self, terms: Terms, anew: bool = False) -> None:
        """Go on by other terms of the same kind; ``anew``: after a suspension."""

    def resume(self) -> None:
        """Go on after a suspension, with what happens from now on."""

    def close(self) -> None:
        """Give nothing more; forget all timers. More than once does no harm."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    pieces: Sequence[bytes]
    octets: int = 0
    """Those of the queue's bound; words about the subscription are not in it."""
    is_record: bool = False
    then: Callable[[], None] | None = None


class Subscription:
    """A dynamic subscription of a session; usable from any thread."""

    def __init__(
        self, number: int, outlet: Outlet, terms: Terms, notices: Notices, limits: QueueLimits
    ) -> None:
        self.number = number
        self.outlet = outlet
        self.terms = terms
        self.feeder: Feeder | None = None
        self.is_queued = False
        self.is_suspended = False
        self.is_over = False
        self.sent = 0
        """Records that were sent (sent-event-records)."""
        self.excluded = 0
        """Records that a filter or access control left out."""
        self._notices = notices
        self._limits = limits
        self._lock = threading.RLock()
        self._queue: deque[_Waiting] = deque()

    @property
    def session(self) -> NetconfSession:
        """Whose it is."""
        return self.outlet.session

    # ---- the subscriber

    def take(self) -> Sequence[bytes] | None:
        """Return the next message; see ``server.sessions.Feed.take``."""
        with self._lock:
            first = self._queue.popleft() if self._queue else None
            if first is not None:
                self.outlet.free(first.octets)
                self.sent += first.is_record
            feeder = None if self.is_suspended or self.is_over else self.feeder
        if first is None:
            return None if feeder is None else feeder.take()
        if first.then is not None:
            first.then()
        return first.pieces

    # ---- what comes

    def put(self, pieces: Sequence[bytes]) -> bool:
        """Let a record wait for the subscriber; False where it has been suspended instead."""
        octets = sum(map(len, pieces))
        with self._lock:
            if self.is_suspended or self.is_over:
                return False
            limits = self._limits
            if len(self._queue) >= limits.messages or not self.outlet.reserve(
                octets, limits.octets
            ):
                self.suspend("unsupportable-volume")
                return False
            self._add(_Waiting(pieces, octets, is_record=True))
        return True

    def tell(self, notice: bytes, then: Callable[[], None] | None = None) -> None:
        """Let a word about the subscription itself wait, whatever waits already."""
        with self._lock:
            self._add(_Waiting((notice,), then=then))

    def _add(self, waiting: _Waiting) -> None:
        self._queue.append(waiting)
        self.outlet.ready(self)

    def _clear(self) -> None:
        self.outlet.free(sum(each.octets for each in self._queue))
        self._queue.clear()

    # ---- its life

    def suspend(self, reason: str, until_modified: bool = False) -> None:
        """Drop what waits and collect no more until that is read, or the terms are others."""
        with self._lock:
            if self.is_suspended or self.is_over:
                return
            self.is_suspended = True
            self._clear()
            then = None if until_modified else self._resume
            self.tell(self._notices.suspended(self.number, reason), then)

    def _resume(self) -> None:
        with self._lock:
            if not self.is_suspended or self.is_over:
                return
            self.is_suspended = False
            self.tell(self._notices.write("subscription-resumed", self.number))
            feeder = self.feeder
        if feeder is not None:
            feeder.resume()

    def modify(self, terms: Terms) -> None:
        """Go on by other terms; what waits was collected by the old ones and comes before.

        Raises Refused where it is over by now.
        """
        with self._lock:
            feeder = self.feeder
            if self.is_over or feeder is None:
                raise no_such_subscription(self.number)
            self.terms = terms
            was_suspended, self.is_suspended = self.is_suspended, False
            self.tell(self._notices.write("subscription-modified", self.number, terms.told()))
        feeder.adopt(terms, was_suspended)

    def end(self, reason: str | None = None) -> None:
        """Collect no more; with a reason the subscriber is told, behind what waits already."""
        with self._lock:
            if self.is_over:
                return
            self.is_over = True
            # They refer to each other: what it holds is not to wait for the collector.
            feeder, self.feeder = self.feeder, None
            if reason is None:
                self._clear()
                self.outlet.leave(self.number)
            else:
                last = self._notices.ended(self.number, reason)
                self.tell(last, lambda: self.outlet.leave(self.number))
        if feeder is not None:
            feeder.close()

    def told(self) -> dict[str, Any]:
        """Return its entry of ``/subscriptions``."""
        receiver = {
            "name": f"session {self.session.id} of {self.session.peer}",
            "sent-event-records": self.sent,
            "excluded-event-records": self.excluded,
            "state": "suspended" if self.is_suspended else "active",
        }
        return {"id": self.number, **self.terms.told(), "receivers": {"receiver": [receiver]}}

"""A subscription of RFC 5277, as the feed of one session.

Theory of operation. A subscription holds no queue: it knows the number of the event that comes
next, and the session asks for it once its client can take more. What was logged before comes
first if a replay was asked for, then ``replayComplete``, then what happens, in order, until
``notificationComplete`` at the stop time. These two pass every filter (RFC 5277, section 3.3.2).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.events.event import Event
from server.events.log import EventLog

Takes = Callable[[Event], bool]
"""Whether a subscriber wants an event, by what it may see of it."""

Shows = Callable[[Event], Event | None]
"""What a subscriber gets of an event; None: nothing."""

SKIPPED: Sequence[bytes] = ()
"""An event that the subscriber does not get; the next one may be there already."""


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a subscription covers. ``start`` asks for a replay."""

    start: datetime | None = None
    stop: datetime | None = None


class Subscription:
    """What one session gets of a stream."""

    def __init__(
        self,
        log: EventLog,
        clock: Callable[[], datetime],
        shows: Shows,
        period: Period,
        milestone: Callable[[str], bytes],
        on_end: Callable[[], None],
    ) -> None:
        """``milestone`` writes a notification of RFC 5277 by its name; ``on_end`` is called once.

        That is when the stop time has been reached and all before it was taken.
        """
        self._log = log
        self._clock = clock
        self._shows = shows
        self.period = period
        self._milestone = milestone
        self._on_end = on_end
        self._past: Iterator[Event] | None = None
        if period.start is not None:
            start = period.start
            self._past = iter([event for event in log.past() if event.time >= start])
        self._next = log.last + 1
        self._is_over = False

    @property
    def waiting(self) -> int:
        """How many events of the log have not been looked at yet, those of the replay aside."""
        return self._log.last + 1 - self._next

    @property
    def has_lost(self) -> bool:
        """Whether the log has forgotten what comes next."""
        return self._next < self._log.first

    def skip(self) -> None:
        """Pass over all that has happened."""
        self._past = None
        self._next = self._log.last + 1

    def take(self) -> Sequence[bytes] | None:
        """Return the next message, ``SKIPPED``, or None where there is nothing for now."""
        if self._is_over:
            return None
        if self._past is not None:
            return self._replayed(next(self._past, None))
        event = self._log.get(self._next)
        if self._is_stopped_before(event):
            self._is_over = True
            self._on_end()
            return (self._milestone("notificationComplete"),)
        if event is None:
            return None
        self._next += 1
        return self._told(event)

    def _replayed(self, event: Event | None) -> Sequence[bytes]:
        if event is None or self._is_stopped_before(event):
            self._past = None
            return (self._milestone("replayComplete"),)
        return self._told(event)

    def _told(self, event: Event) -> Sequence[bytes]:
        shown = self._shows(event)
        return SKIPPED if shown is None else (shown.message,)

    def _is_stopped_before(self, event: Event | None) -> bool:
        """Whether the stop time lies before the event, or before now where there is none."""
        stop = self.period.stop
        if stop is None:
            return False
        return self._clock() >= stop if event is None else event.time > stop

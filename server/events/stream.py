"""The event stream NETCONF: takes events in, keeps them, and wakes whoever subscribed.

The law: publishing never waits. What a subscriber has not taken stays in the log, which is
bounded; a subscriber that is too far behind loses its session, and nobody else notices.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.errors import RpcError
from server.events.event import Content, Event, EventWriter
from server.events.log import EventLog, LogLimits
from server.events.subscription import Period, Shows, Subscription, Takes
from server.events.timers import Timers
from server.namespaces import NOTIFICATION
from server.sessions import NetconfSession
from yang.schema import Schema

_log = logging.getLogger(__name__)

NETCONF = "NETCONF"
"""The one stream (RFC 5277, section 3.2.3)."""
DESCRIPTION = "All events of this server"
MODULE = "nc-notifications"
STREAMS = f"/{MODULE}:netconf/streams"
SUBSCRIBE = f"{{{NOTIFICATION}}}create-subscription"

SeenBy = Callable[[NetconfSession, Event], Event | None]
"""What access control lets a session have of an event (RFC 8341, section 3.4.6)."""


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """What the stream may hold."""

    log: LogLimits = LogLimits()
    waiting: int = 10_000
    """Events that may wait for one subscriber."""


def _everybody(session: NetconfSession, event: Event) -> Event | None:
    return event


@dataclass(eq=False, slots=True)
class _Subscriber:
    """A session and its subscription; ``cancel`` forgets the timer of its stop time."""

    session: NetconfSession
    subscription: Subscription
    cancel: Callable[[], None] = field(default=lambda: None)


class EventStream:
    """All events of the server; usable from any thread."""

    def __init__(
        self,
        schema: Schema,
        clock: Callable[[], datetime],
        timers: Timers,
        limits: StreamLimits = StreamLimits(),
    ) -> None:
        self.schema = schema
        self.seen_by: SeenBy = _everybody
        self._clock = clock
        self.timers = timers
        self.limits = limits
        self._log = EventLog(limits.log, clock())
        self._writer = EventWriter(schema)
        self._known = {
            (each.module.name, each.name): each for each in schema.notifications.values()
        }
        self._lock = threading.Lock()
        self._subscribers: dict[int, _Subscriber] = {}
        self._listeners: tuple[Callable[[], None], ...] = ()

    @property
    def is_offered(self) -> bool:
        """Whether the module set has what RFC 5277 needs: to subscribe, and to see the streams."""
        return SUBSCRIBE in self.schema.rpcs and STREAMS in self.schema.by_path

    def publish(self, module: str, name: str, content: Content) -> None:
        """Tell that something happened; where the module set does not know it, nobody is told."""
        notification = self._known.get((module, name))
        if notification is None:
            return
        with self._lock:
            now = self._clock()
            self._log.append(Event(self._log.last + 1, now, notification, content, self._writer))
            subscribers = tuple(self._subscribers.values())
            listeners = self._listeners
        for each in subscribers:
            self._wake(each)
        for listener in listeners:
            listener()

    def shown(self, session: NetconfSession, event: Event, wanted: Takes) -> Event | None:
        """Return what a session gets of an event; what it may not see no filter sees either."""
        seen = self.seen_by(session, event)
        return seen if seen is not None and wanted(seen) else None

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call this after each event, which never waits; the result ends that, once or more."""
        with self._lock:
            self._listeners = (*self._listeners, listener)
        return lambda: self._forget_listener(listener)

    def reading(
        self,
        shows: Shows,
        period: Period,
        milestone: Callable[[str], bytes],
        on_end: Callable[[], None],
    ) -> Subscription:
        """Return what reads the log from now on, or from a time in the past on."""
        with self._lock:
            return Subscription(self._log, self._clock, shows, period, milestone, on_end)

    @property
    def created(self) -> datetime:
        """When the log began."""
        return self._log.created

    @property
    def aged(self) -> datetime | None:
        """When the newest of the events that are forgotten happened."""
        return self._log.aged

    @property
    def replays_since(self) -> datetime:
        """Since when no event has been forgotten (RFC 8639, replay-start-time-revision)."""
        return self._log.aged or self._log.created

    def is_subscribed(self, session: NetconfSession) -> bool:
        """Tell whether a session has a subscription of RFC 5277."""
        return session.id in self._subscribers

    def subscribe(self, session: NetconfSession, wanted: Takes, period: Period) -> None:
        """Let a session have those events from now on; raises RpcError if it has some already."""
        with self._lock:
            if session.id in self._subscribers:
                raise _subscribed_already()
            subscription = Subscription(
                self._log,
                self._clock,
                lambda event: self.shown(session, event, wanted),
                period,
                self._milestone,
                lambda: self._end(session, subscription),
            )
            subscriber = _Subscriber(session, subscription)
            self._subscribers[session.id] = subscriber
        if period.stop is not None:
            subscriber.cancel = self.timers.at(period.stop, lambda: session.wake())
        session.feeds = (*session.feeds, subscription)
        session.wake()

    def release(self, session: NetconfSession) -> None:
        """Forget the subscription of a session that has ended."""
        if self._forget(session):
            session.feeds = ()

    def streams(self) -> Mapping[str, Any]:
        """Return the content of ``/netconf/streams`` (RFC 5277, section 3.4)."""
        stream: dict[str, Any] = {
            "name": NETCONF,
            "description": DESCRIPTION,
            "replaySupport": True,
            "replayLogCreationTime": self._log.created.isoformat(timespec="seconds"),
        }
        if self._log.aged is not None:
            stream["replayLogAgedTime"] = self._log.aged.isoformat(timespec="microseconds")
        return {"stream": [stream]}

    def _forget_listener(self, listener: Callable[[], None]) -> None:
        with self._lock:
            self._listeners = tuple(each for each in self._listeners if each != listener)

    def _milestone(self, name: str) -> bytes:
        return self._writer.message(self._clock(), self._known[MODULE, name], {})

    def _end(self, session: NetconfSession, subscription: Subscription) -> None:
        session.feeds = tuple(each for each in session.feeds if each is not subscription)
        self._forget(session)

    def _forget(self, session: NetconfSession) -> bool:
        """Forget the subscription of a session; tell whether there was one."""
        with self._lock:
            subscriber = self._subscribers.pop(session.id, None)
        if subscriber is not None:
            subscriber.cancel()
        return subscriber is not None

    def _wake(self, subscriber: _Subscriber) -> None:
        waiting = subscriber.subscription.waiting
        if waiting <= self.limits.waiting and not subscriber.subscription.has_lost:
            subscriber.session.wake()
            return
        if self._forget(subscriber.session):
            subscriber.session.hang_up(
                f"{waiting} events wait for the client, which does not read them fast enough"
            )


def _subscribed_already() -> RpcError:
    """RFC 5277, section 6.5.1."""
    return RpcError(
        "operation-failed",
        "this session has a subscription already; it ends at its stop time, or with the session",
        kind="protocol",
    )

"""A stream of the gateway's modules with a clock that a test sets, and sessions that subscribe."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree

from server.events.log import LogLimits
from server.events.stream import EventStream, StreamLimits
from server.events.subscription import Period
from server.events.timers import Timers
from server.sessions import NetconfSession, Peer, SessionLimits, Sessions
from yang.bindings.gateway import SCHEMA

START = datetime(2024, 5, 1, 12, 0, 0, tzinfo=UTC)
ADA = Peer("ada", "192.0.2.7", "netconf-ssh")


class Clock:
    """The time, in seconds from ``START``."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> datetime:
        return at(self.seconds)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


class World:
    """A stream, the sessions, and what each of them was told."""

    def __init__(self, events: int = 1000, octets: int = 1 << 20, waiting: int = 100) -> None:
        self.clock = Clock()
        self.timers = Timers(self.clock)
        limits = StreamLimits(LogLimits(events, octets), waiting)
        self.stream = EventStream(SCHEMA, self.clock, self.timers, limits)
        self.sessions = Sessions(self.clock, SessionLimits())
        self.sessions.on_close.append(self.stream.release)
        self.hung_up: dict[int, str] = {}
        self.woken: list[int] = []

    def session(self, peer: Peer = ADA) -> NetconfSession:
        session = self.sessions.open(peer)
        session.hang_up = lambda reason: self.hung_up.update({session.id: reason})
        session.wake = lambda: self.woken.append(session.id)
        return session

    def subscribe(
        self,
        session: NetconfSession,
        start: float | None = None,
        stop: float | None = None,
        wanted: Any = lambda event: True,
    ) -> None:
        period = Period(*(None if each is None else at(each) for each in (start, stop)))
        self.stream.subscribe(session, wanted, period)

    def tunnel_up(self, name: str, seconds: float | None = None) -> None:
        if seconds is not None:
            self.clock.seconds = seconds
        self.stream.publish("ipsec-qos", "tunnel-up", {"tunnel": name})

    def taken(self, session: NetconfSession) -> list[str]:
        return [label(each) for each in messages(session)]


def messages(session: NetconfSession) -> list[bytes]:
    """All that a session may take now."""
    found: list[Sequence[bytes]] = []
    while (message := session.next_notification()) is not None:
        found.append(message)
    return [b"".join(each) for each in found if each]


def label(message: bytes) -> str:
    """The name of the tunnel that came up, or of the notification."""
    body = etree.fromstring(message)[1]
    return (body[0].text or "") if len(body) else etree.QName(body).localname

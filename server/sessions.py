"""The NETCONF sessions that exist.

The law: a session ends once, whatever ends it (close-session, kill, a dropped connection, an
exception), and then everything it held is released: the hooks of ``on_close`` run exactly once.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

_log = logging.getLogger(__name__)

MAX_SESSION_ID = 4_294_967_295


class EndReason(StrEnum):
    """Why a session ended, in the words of RFC 6470 (netconf-session-end)."""

    CLOSED = "closed"
    KILLED = "killed"
    DROPPED = "dropped"
    TIMEOUT = "timeout"
    BAD_HELLO = "bad-hello"
    OTHER = "other"


class SessionRefused(Exception):
    """A limit of sessions is reached; the message says which, for the client."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end."""

    user: str
    address: str
    """The client's address without port, empty for a local one."""
    transport: str
    """``netconf-ssh``, ``netconf-tls``: the identities of RFC 6022, section 2.1.3;
    ``netconf-unix``: that of our module netconf-local-transport."""

    def __str__(self) -> str:
        return f"{self.user}@{self.address or 'local'}"


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How many sessions may exist at the same time."""

    total: int = 4096
    """Sessions in all, default 4,096."""
    per_user: int = 2048
    """Sessions of one user, default 2,048."""
    per_address: int = 2048
    """Sessions from one address, default 2,048."""


def _ignore(reason: str) -> None:
    """A session that has no transport yet."""


def _wake_nobody() -> None:
    """A session that has no transport yet."""


class Feed(Protocol):
    """Where the notifications of a session come from: a subscription."""

    def take(self) -> Sequence[bytes] | None:
        """Return the next ``<notification>`` in ASCII pieces; no piece where there may be more.

        None when there is nothing for now: ``NetconfSession.wake`` is called when there is again.
        It is short, waits for nothing, and is called only once the client can take more.
        """


@dataclass(eq=False, slots=True)
class NetconfSession:
    """One session, as everybody but its transport sees it. Counters are those of RFC 6022."""

    id: int
    user: str
    peer: Peer
    opened_at: datetime
    hang_up: Callable[[str], None] = _ignore
    """End the session now, for this reason; from any thread, more than once does no harm."""
    wake: Callable[[], None] = _wake_nobody
    """There may be notifications to take; from any thread, never waits."""
    feeds: tuple[Feed, ...] = ()
    """Its subscriptions."""
    capabilities: frozenset[str] = frozenset()
    """Those of the client's hello, without their parameters."""
    in_rpcs: int = 0
    in_bad_rpcs: int = 0
    out_rpc_errors: int = 0
    out_notifications: int = 0
    ended: EndReason | None = None
    """Why it is no more; None while it exists."""
    killed_by: int = 0
    """The session that killed it, 0 when none did."""
    _working: int = field(default=0, repr=False)

    @property
    def is_subscribed(self) -> bool:
        """Whether notifications may come, so that a silent client is none to hang up on."""
        return bool(self.feeds)

    def next_notification(self) -> Sequence[bytes] | None:
        """Return what the first feed that has something gives; see ``Feed.take``."""
        taken = (feed.take() for feed in self.feeds)
        return next((message for message in taken if message is not None), None)


@dataclass(slots=True)
class Statistics:
    """Counters since the start: ``/netconf-state/statistics`` of RFC 6022, section 2.1.5."""

    in_sessions: int = 0
    in_bad_hellos: int = 0
    dropped_sessions: int = 0
    in_rpcs: int = 0
    in_bad_rpcs: int = 0
    out_rpc_errors: int = 0
    out_notifications: int = 0

    def add(self, session: NetconfSession) -> None:
        """Count what a session did."""
        self.in_rpcs += session.in_rpcs
        self.in_bad_rpcs += session.in_bad_rpcs
        self.out_rpc_errors += session.out_rpc_errors
        self.out_notifications += session.out_notifications


class Sessions:
    """All sessions; usable from any thread.

    Append to ``on_close`` what releases the things that a session can hold, to ``on_open`` what
    wants to know of new ones, to ``on_refuse`` what wants to know of those who got none (on the
    event loop: no waiting there). A hook gets the session, or the peer and the reason, and
    may raise: that is logged and stops no other hook. One of ``on_close`` may take its time.
    """

    def __init__(self, clock: Callable[[], datetime], limits: SessionLimits) -> None:
        self.on_open: list[Callable[[NetconfSession], None]] = []
        self.on_close: list[Callable[[NetconfSession], None]] = []
        self.on_refuse: list[Callable[[Peer, str], None]] = []
        self._clock = clock
        self._limits = limits
        self._lock = threading.Lock()
        self._sessions: dict[int, NetconfSession] = {}
        self._last_id = 0
        self._past = Statistics()

    def open(self, peer: Peer) -> NetconfSession:
        """A new session of its own id; raises SessionRefused at a limit."""
        try:
            session = self._opened(peer)
        except SessionRefused as refusal:
            for hook in self.on_refuse:
                hook(peer, str(refusal))
            raise
        _run(self.on_open, session)
        return session

    def _opened(self, peer: Peer) -> NetconfSession:
        with self._lock:
            self._check_limits(peer)
            session = NetconfSession(self._next_id(), peer.user, peer, self._clock())
            self._sessions[session.id] = session
            self._past.in_sessions += 1
        return session

    def close(self, session: NetconfSession, reason: EndReason = EndReason.CLOSED) -> None:
        """End the session and release what it holds; done already does no harm.

        A request that is being performed ends first: what it would still write after the release
        would belong to nobody.
        """
        if self._end(session, reason):
            self._release(session)

    @contextmanager
    def working(self, session: NetconfSession) -> Iterator[bool]:
        """Perform a request for the session in here; False when the session has ended before."""
        with self._lock:
            alive = session.ended is None
            session._working += alive
        try:
            yield alive
        finally:
            if alive:
                self._work_done(session)

    def get(self, session_id: int) -> NetconfSession | None:
        """The session of that id, if it exists."""
        with self._lock:
            return self._sessions.get(session_id)

    def kill(self, session_id: int, by: NetconfSession | str) -> bool:
        """End a session for another one, or for somebody who is named; False when there is none.

        It is released on return, unless a request of it is still being performed.
        """
        session = self.get(session_id)
        if session is None:
            return False
        killer = by if isinstance(by, str) else f"session {by.id} of {by.peer}"
        session.killed_by = 0 if isinstance(by, str) else by.id
        _log.warning("session %d of %s is killed by %s", session.id, session.peer, killer)
        is_free = self._end(session, EndReason.KILLED)
        session.hang_up(f"killed by {killer}")
        if is_free:
            self._release(session)
        return True

    def statistics(self) -> Statistics:
        """The counters of all sessions, those that have ended included."""
        with self._lock:
            total = replace(self._past)
            for session in self._sessions.values():
                total.add(session)
            return total

    def __iter__(self) -> Iterator[NetconfSession]:
        with self._lock:
            return iter(tuple(self._sessions.values()))

    def __len__(self) -> int:
        return len(self._sessions)

    def _check_limits(self, peer: Peer) -> None:
        if len(self._sessions) >= self._limits.total:
            raise SessionRefused(f"the limit of {self._limits.total} sessions is reached")
        existing = [session.peer for session in self._sessions.values()]
        if sum(each.user == peer.user for each in existing) >= self._limits.per_user:
            limit = self._limits.per_user
            raise SessionRefused(f"user {peer.user!r} has the limit of {limit} sessions open")
        # Whoever comes from this machine has no address; sshd's clients all do, behind a socket.
        here = sum(each.address == peer.address for each in existing) if peer.address else 0
        if here >= self._limits.per_address:
            limit = self._limits.per_address
            raise SessionRefused(f"{peer.address} has the limit of {limit} sessions open")

    def _next_id(self) -> int:
        # Never 0, which stands for "no session" in lock-denied (RFC 6241, section 7.5).
        self._last_id = self._last_id % MAX_SESSION_ID + 1
        while self._last_id in self._sessions:
            self._last_id = self._last_id % MAX_SESSION_ID + 1
        return self._last_id

    def _end(self, session: NetconfSession, reason: EndReason) -> bool:
        """Take the session out; True when it is the caller's to release, which is so once."""
        with self._lock:
            if session.ended is not None:
                return False
            session.ended = reason
            del self._sessions[session.id]
            self._past.in_bad_hellos += reason is EndReason.BAD_HELLO
            self._past.dropped_sessions += reason in _ABNORMAL
            return not session._working

    def _work_done(self, session: NetconfSession) -> None:
        with self._lock:
            session._working -= 1
            ended = session.ended is not None and not session._working
        if ended:
            self._release(session)

    def _release(self, session: NetconfSession) -> None:
        with self._lock:
            self._past.add(session)
        _run(self.on_close, session)


_ABNORMAL = (EndReason.DROPPED, EndReason.TIMEOUT, EndReason.OTHER)


def _run(hooks: list[Callable[[NetconfSession], None]], session: NetconfSession) -> None:
    for hook in hooks:
        try:
            hook(session)
        except Exception:
            _log.exception("a hook for session %d failed", session.id)

"""The NETCONF sessions that exist.

The law: a session ends once, whatever ends it (close-session, kill, a dropped connection, an
exception), and then everything it held is released: the hooks of ``on_close`` run exactly once.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

_log = logging.getLogger(__name__)

MAX_SESSION_ID = 4_294_967_295


class SessionRefused(Exception):
    """A limit of sessions is reached; the message says which, for the client."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end."""

    user: str
    address: str
    """The client's address without port, empty for a local one."""
    transport: str
    """``netconf-ssh``, ``netconf-tls``: the identities of RFC 6022, section 2.1.3."""

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


def _send_nowhere(message: tuple[bytes, ...]) -> None:
    """A session that has no transport yet."""


@dataclass(eq=False, slots=True)
class NetconfSession:
    """One session, as everybody but its transport sees it. Counters are those of RFC 6022."""

    id: int
    user: str
    peer: Peer
    opened_at: datetime
    hang_up: Callable[[str], None] = _ignore
    """End the session now, for this reason; from any thread, more than once does no harm."""
    notify: Callable[[tuple[bytes, ...]], None] = _send_nowhere
    """Send a ``<notification>`` element in ASCII pieces, from any thread; never waits. A client
    that does not read fast enough is hung up on."""
    subscribed: bool = False
    """Whether notifications may come, so that a silent client is none to hang up on."""
    in_rpcs: int = 0
    in_bad_rpcs: int = 0
    out_rpc_errors: int = 0
    out_notifications: int = 0
    is_closed: bool = False
    _working: int = field(default=0, repr=False)


class Sessions:
    """All sessions; usable from any thread.

    Append to ``on_close`` what releases the things that a session can hold. A hook gets the
    session, may take its time, and may raise: that is logged and stops no other hook.
    """

    def __init__(self, clock: Callable[[], datetime], limits: SessionLimits) -> None:
        self.on_close: list[Callable[[NetconfSession], None]] = []
        self._clock = clock
        self._limits = limits
        self._lock = threading.Lock()
        self._sessions: dict[int, NetconfSession] = {}
        self._last_id = 0

    def open(self, peer: Peer) -> NetconfSession:
        """A new session of its own id; raises SessionRefused at a limit."""
        with self._lock:
            self._check_limits(peer)
            session = NetconfSession(self._next_id(), peer.user, peer, self._clock())
            self._sessions[session.id] = session
            return session

    def close(self, session: NetconfSession) -> None:
        """End the session and release what it holds; done already does no harm.

        A request that is being performed ends first: what it would still write after the release
        would belong to nobody.
        """
        with self._lock:
            if session.is_closed:
                return
            session.is_closed = True
            self._sessions.pop(session.id, None)
            if session._working:
                return
        self._release(session)

    @contextmanager
    def working(self, session: NetconfSession) -> Iterator[bool]:
        """Perform a request for the session in here; False when the session has ended before."""
        with self._lock:
            alive = not session.is_closed
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

    def kill(self, session_id: int, by: str) -> bool:
        """End a session for somebody else; False when there is none. It is released on return."""
        session = self.get(session_id)
        if session is None:
            return False
        _log.warning("session %d of %s is killed by %s", session.id, session.peer, by)
        session.hang_up(f"killed by {by}")
        self.close(session)
        return True

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
        if sum(each.address == peer.address for each in existing) >= self._limits.per_address:
            limit = self._limits.per_address
            raise SessionRefused(f"{peer.address} has the limit of {limit} sessions open")

    def _next_id(self) -> int:
        # Never 0, which stands for "no session" in lock-denied (RFC 6241, section 7.5).
        self._last_id = self._last_id % MAX_SESSION_ID + 1
        while self._last_id in self._sessions:
            self._last_id = self._last_id % MAX_SESSION_ID + 1
        return self._last_id

    def _work_done(self, session: NetconfSession) -> None:
        with self._lock:
            session._working -= 1
            ended = session.is_closed and not session._working
        if ended:
            self._release(session)

    def _release(self, session: NetconfSession) -> None:
        for hook in self.on_close:
            try:
                hook(session)
            except Exception:
                _log.exception("releasing what session %d held failed", session.id)

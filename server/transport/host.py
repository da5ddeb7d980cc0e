"""What all connections of one server share."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from server.audit.trail import Trail
from server.service import Service
from server.sessions import EndReason, NetconfSession, Peer, Sessions
from server.settings import Limits
from server.transport.wakes import Wakes

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class Host:
    """The service, its sessions, and the threads beside the event loop."""

    def __init__(
        self, service: Service, sessions: Sessions, limits: Limits, trail: Trail | None = None
    ) -> None:
        self.service = service
        self.sessions = sessions
        self.limits = limits
        self.trail = trail
        self.wakes = Wakes()
        self.workers = ThreadPoolExecutor(limits.workers, thread_name_prefix="request")
        # Apart from the workers: a lock must not stay because they are all at work, and scrypt
        # must not hold up requests.
        self._releases = ThreadPoolExecutor(2, thread_name_prefix="release")
        self._logins = ThreadPoolExecutor(2, thread_name_prefix="login")

    def release(self, session: NetconfSession, reason: EndReason) -> None:
        """End the session and release what it holds, beside the loop: a hook may take time."""
        if session.ended is not None:
            return
        try:
            self._releases.submit(self.sessions.close, session, reason)
        except RuntimeError:  # the server is going down
            self.sessions.close(session, reason)

    def check_login(self, check: Callable[[], _Result]) -> "Future[_Result]":
        """Check a password beside the loop."""
        return self._logins.submit(check)

    def login_failed(self, peer: Peer, reason: str) -> None:
        """Have the audit tell of somebody who was not let in."""
        if self.trail is not None:
            self.trail.login_failed(peer, reason)

    def close(self) -> None:
        """End what still runs, release every session, and wait for it."""
        for session in self.sessions:
            self.sessions.close(session, EndReason.OTHER)
        for pool in (self.workers, self._logins, self._releases):
            pool.shutdown(wait=True, cancel_futures=False)

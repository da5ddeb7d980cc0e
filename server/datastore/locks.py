"""Locks of datastores (RFC 6241, 7.5): in memory, owned by a session, never kept on disk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from server.errors import RpcError, in_use, lock_denied
from server.sessions import NetconfSession


@dataclass(frozen=True, slots=True)
class Lock:
    """Who holds a lock, and since when."""

    session: NetconfSession
    since: datetime

    def __str__(self) -> str:
        since = self.since.isoformat(timespec="seconds")
        return f"session {self.session.id} ({self.session.peer}) since {since}"


class Locks:
    """The locks of all datastores."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._held: dict[str, Lock] = {}

    def take(self, name: str, session: NetconfSession) -> None:
        """Give the lock to the session; lock-denied names who has it."""
        self.refuse_held(name)
        self._held[name] = Lock(session, self._clock())

    def refuse_held(self, name: str) -> None:
        """Raise lock-denied if anybody, the session itself included, has the lock."""
        held = self._held.get(name)
        if held is not None:
            raise lock_denied(held.session.id, f"the lock on {name} is held by {held}")

    def give_back(self, name: str, session: NetconfSession) -> None:
        """Take the lock from the session that holds it."""
        held = self._held.get(name)
        if held is None or held.session is not session:
            raise _not_held(name, held)
        del self._held[name]

    def release(self, session: NetconfSession) -> list[str]:
        """Take every lock from a session that ends; return their names."""
        names = [name for name, held in self._held.items() if held.session is session]
        for name in names:
            del self._held[name]
        return names

    def refuse_others(self, name: str, session: NetconfSession) -> None:
        """Raise in-use if somebody else holds the lock."""
        held = self._held.get(name)
        if held is not None and held.session is not session:
            raise in_use(f"{name} is locked by {held}")

    def holder(self, name: str) -> Lock | None:
        """Return the lock on a datastore, if there is one."""
        return self._held.get(name)


def _not_held(name: str, held: Lock | None) -> RpcError:
    if held is None:
        return RpcError("operation-failed", f"{name} is not locked", kind="protocol")
    return lock_denied(held.session.id, f"the lock on {name} is held by {held}, not by you")

"""Makes true what the state machine of the confirmed commit says (``confirmed``).

The law: a confirmed commit waits only once it is applied and durable, and it is noted in the store
in the same transaction; going back is a commit like any other. The caller sees to it that there is
one change at a time.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from server.datastore.confirmed import (
    IDLE,
    Event,
    Owner,
    Request,
    Reverting,
    State,
    Waiting,
    admit_cancel,
    admit_commit,
    after_commit,
    after_failure,
    after_restart,
    after_session,
    after_time,
    event_of_commit,
    is_due,
    next_time,
)
from server.datastore.running import Purpose, Running
from server.datastore.store import Unconfirmed
from server.errors import RpcError, RpcErrors
from server.sessions import NetconfSession

_log = logging.getLogger(__name__)

ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine's own time, which nobody can set."""

    boot: str
    """What tells this boot from all others; empty if that cannot be told."""
    uptime: Callable[[], float]
    """Seconds since this boot."""


class Point(NamedTuple):
    """What a roll-back returns to: a tree, and the newest transaction of its time."""

    root: Any
    transaction: int


@dataclass(frozen=True, slots=True)
class Confirming:
    """What became of a confirmed commit, for whoever wants to know (RFC 6470)."""

    event: Event
    session: NetconfSession | None
    """Whose request, or whose end, it was; None for what time or a restart brought."""
    timeout: int | None = None
    """Seconds, of ``start`` and ``extend``."""


class OnConfirming(Protocol):
    """Is told of every event of a confirmed commit, after it is durable."""

    def __call__(self, confirming: Confirming) -> None:
        """Take note; never fails, never waits."""


class ConfirmedCommit:
    """The confirmed commit of one running configuration."""

    def __init__(self, running: Running, machine: Machine) -> None:
        self.state: State[Point] = IDLE
        self.on_event: list[OnConfirming] = []
        self._running = running
        self._machine = machine

    def restore(self, found: Unconfirmed | None) -> None:
        """Go on with what the store holds, or go back at once; before the dataplane starts."""
        if found is None:
            return
        point = Point(self._running.root_after(found.base), found.base)
        waiting = Waiting(Owner(0, found.owner), found.token, found.deadline, point)
        same_boot = found.boot == self._machine.boot != ""
        self.state = after_restart(waiting, same_boot, self._machine.uptime())
        if isinstance(self.state, Reverting):
            cause = self.state.cause
            self._running.take_back(point.root, Purpose(None, ROLLBACK, _comment(self.state)))
            self.state = IDLE
            self._tell(cause, None)

    def commit(self, root: Any, session: NetconfSession, request: Request, comment: str) -> None:
        """Make this configuration running, for good or until it is confirmed."""
        admit_commit(self.state, session.id, request)
        owner = Owner(session.id, f"session {session.id} ({session.peer})")
        point = Point(self._running.root, self._running.newest)
        state = self.state

        def waits() -> Unconfirmed | None:
            nonlocal state
            state = after_commit(self.state, owner, request, point, self._machine.uptime())
            return self._record(state)

        self._running.replace(root, Purpose(session, "commit", comment), waits)
        event = event_of_commit(self.state, request)
        self.state = state
        if event is not None:
            self._tell(event, session, request.timeout if request.confirmed else None)

    def edit(self, root: Any, purpose: Purpose) -> None:
        """Make this configuration running; a confirmed commit goes on waiting."""
        self._running.replace(root, purpose, lambda: self._record(self.state))

    def cancel(self, session: NetconfSession, persist_id: str | None) -> None:
        """Go back now (RFC 6241, 8.4.4.1); if that fails the confirmed commit goes on waiting."""
        admit_cancel(self.state, session.id, persist_id)
        state = self.state
        assert isinstance(state, Waiting | Reverting)
        try:
            self._go_back(state.before, Purpose(session, "cancel-commit"))
        except (RpcError, RpcErrors) as error:
            if isinstance(state, Reverting):
                self.state = after_failure(state, str(error), self._machine.uptime())
            raise
        self._tell(Event.CANCEL, session)

    def session_ended(self, session: NetconfSession) -> None:
        """Go back if that session alone could have confirmed."""
        before = self.state
        self.state = after_session(before, session.id, self._machine.uptime())
        self._revert_if_due(session if self.state is not before else None)

    def is_time_up(self) -> bool:
        """Tell whether ``look_at_the_clock`` would have something to do. From any thread."""
        at = next_time(self.state)
        return at is not None and self._machine.uptime() >= at

    def seconds_left(self, most: float) -> float:
        """Return for how long there is nothing to do, at most so long. From any thread."""
        at = next_time(self.state)
        return most if at is None else min(most, max(0.0, at - self._machine.uptime()))

    def look_at_the_clock(self) -> None:
        """Go back if the time has come."""
        self.state = after_time(self.state, self._machine.uptime())
        self._revert_if_due()

    def _revert_if_due(self, ended: NetconfSession | None = None) -> None:
        state = self.state
        if not isinstance(state, Reverting) or not is_due(state, self._machine.uptime()):
            return
        try:
            self._go_back(state.before, Purpose(None, ROLLBACK, _comment(state)))
        except Exception as error:
            # Never silent, never given up: the next attempt follows soon.
            told = isinstance(error, RpcError | RpcErrors)
            _log.error("rolling back failed: %s", error, exc_info=None if told else error)
            self.state = after_failure(state, str(error), self._machine.uptime())
        else:
            self._tell(state.cause, ended)

    def _go_back(self, point: Point, purpose: Purpose) -> None:
        self._running.replace(point.root, purpose, lambda: None)
        self.state = IDLE

    def _record(self, state: State[Point]) -> Unconfirmed | None:
        if not isinstance(state, Waiting):
            return None
        return Unconfirmed(
            base=state.before.transaction,
            token=state.token,
            boot=self._machine.boot,
            deadline=state.deadline,
            owner=state.owner.name,
        )

    def _tell(
        self, event: Event, session: NetconfSession | None, timeout: int | None = None
    ) -> None:
        by = "" if session is None else f" by session {session.id} ({session.peer})"
        seconds = "" if timeout is None else f", {timeout} s"
        _log.info("confirmed commit: %s%s%s", event, by, seconds)
        for listener in self.on_event:
            try:
                listener(Confirming(event, session, timeout))
            except Exception:
                _log.exception("a listener of confirmed commits failed")


def _comment(state: Reverting[Point]) -> str:
    why = "was not confirmed in time" if state.cause is Event.TIMEOUT else "lost its session"
    return f"the confirmed commit of {state.owner.name} {why}"

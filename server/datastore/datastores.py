"""The datastores: running and candidate, and who may change them when.

One lock orders all changes; readers take a version and need none. Whatever fails leaves running
as it was and the candidate with its edits. ``candidate`` is the candidate of the session that asks:
its own, or the one that all others share (``candidates``).
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from server.dataplane import Dataplane
from server.datastore.candidates import NOTHING_EXPECTED, Branch, Candidates
from server.datastore.confirmed import Idle, Request, Waiting, admit_edit, admit_lock
from server.datastore.confirming import ConfirmedCommit, Machine
from server.datastore.etags import READ_BACK, Etags
from server.datastore.expected import Expected, refuse_mismatches
from server.datastore.history import History
from server.datastore.locks import Lock, Locks
from server.datastore.merge import Resolution
from server.datastore.partial_locks import (
    LockedNode,
    PartialLock,
    PartialLockLimits,
    PartialLocks,
)
from server.datastore.running import Purpose, Running
from server.datastore.store import Store
from server.errors import RpcError, lock_denied, operation_failed
from server.sessions import NetconfSession
from yang.changes import Change
from yang.schema import Schema

RUNNING, CANDIDATE = "running", "candidate"
PLAIN_COMMIT = Request()
PARTIAL_LOCK_LIMITS = PartialLockLimits()
ATTEMPTS = 3
"""At selecting what to lock, while others may commit."""

_log = logging.getLogger(__name__)


class Datastores:
    """Running and candidate of one schema."""

    def __init__(
        self,
        schema: Schema,
        dataplane: Dataplane,
        store: Store | None,
        clock: Callable[[], datetime],
        machine: Machine,
        etag_changes: int = READ_BACK,
        private_candidates: int = 1024,
        partial_locks: PartialLockLimits = PARTIAL_LOCK_LIMITS,
    ) -> None:
        """``etag_changes``: how many changes are read back for the first etag that is asked for.

        ``private_candidates``: how many sessions may have one of their own.
        """
        self.schema = schema
        self.locks = Locks(clock)
        self._running = Running(schema, dataplane, store, clock)
        self._confirmed = ConfirmedCommit(self._running, machine)
        self.on_commit = self._running.on_commit
        self.on_confirming = self._confirmed.on_event
        self._changing = threading.RLock()
        self.history = History(self._running, self._changing)
        self.etags = Etags(schema, self._running, self.history, self._changing, etag_changes)
        self.partial_locks = PartialLocks(schema, clock, partial_locks)
        self._running.guard = self._refuse_locked
        self.candidates = Candidates(schema, self._running.root, private_candidates)
        self._edited: Lock | None = None
        """Who has edited the shared candidate last, and since when it holds edits."""
        self._clock = clock

    def load(self) -> None:
        """Restore running from the store and make the dataplane agree with it.

        A confirmed commit that lost its session with the server is rolled back first.
        """
        self._confirmed.restore(self._running.load())
        self._running.start()
        self.history.load()
        self._reset(None)

    # ---- reading

    def root(self, name: str, session: NetconfSession | None = None) -> Any:
        """Return the configuration that a datastore holds now; it never changes.

        Without a session the candidate is the shared one.
        """
        running = self._running.root
        return self.candidates.of(session, running).root if name == CANDIDATE else running

    def branch(self, session: NetconfSession) -> Branch:
        """Return the candidate of a session: what it holds, and where it left running."""
        return self.candidates.of(session, self._running.root)

    def to_commit(self, session: NetconfSession, root: Any = None) -> Any:
        """Return what a commit of the session's candidate would make running, if it held ``root``.

        That is running with what the candidate has changed; raises RpcError for conflicts.
        """
        running = self._running.root
        branch = self.branch(session)
        branch = branch if root is None else branch._replace(root=root)
        return self.candidates.to_commit(branch, running)

    # ---- changing

    def is_busy(self) -> bool:
        """Tell whether a change is under way, so that another would have to wait."""
        if self._changing.acquire(blocking=False):
            self._changing.release()
            return False
        return True

    @contextmanager
    def changing(self, name: str, session: NetconfSession) -> Iterator[None]:
        """Be the only one who changes; raise in-use if that is up to another session."""
        with self._changing:
            self.locks.refuse_others(self._lock_name(name, session), session)
            if name == RUNNING:
                admit_edit(self._confirmed.state, session.id)
            yield

    def set_candidate(self, root: Any, session: NetconfSession, is_new: bool = False) -> None:
        """Make this what the session's candidate holds (inside ``changing``).

        ``is_new``: it was not made from what the candidate held, so it is a branch of running as
        running is now, and what was expected for edits that are gone is no more.
        """
        running = self._running.root
        branch = self.candidates.of(session, running)
        is_new = is_new and root is not branch.root
        base = running if root is running or is_new else branch.base
        expected = NOTHING_EXPECTED if root is base or is_new else branch.expected
        made = Branch(root, base, branch.created, branch.unconfirmed, expected)
        self.candidates.put(session, made)
        if self.candidates.is_private(session):
            return
        since = self._clock() if self._edited is None else self._edited.since
        self._edited = Lock(session, since)
        if not self.candidates.shared.is_modified:
            self._reset(None)

    def expect(self, session: NetconfSession, expected: Iterable[Expected]) -> None:
        """Commit the candidate's edits only if running is what the client expects of it.

        Inside ``changing``. What was expected last of a node counts, until the edits are committed
        or discarded.
        """
        branch = self.branch(session)
        found = {each.where: each for each in expected}
        if found and branch.is_modified:
            self.candidates.put(session, branch._replace(expected={**branch.expected, **found}))

    def discard(self, session: NetconfSession) -> None:
        """Drop the edits of the candidate (RFC 6241, 8.3.4.2).

        A shared one is then what running is; a private one what it was when it was made or last
        brought up to date (draft-ietf-netconf-privcand, ``<discard-changes>``).
        """
        with self.changing(CANDIDATE, session):
            if self.candidates.is_private(session):
                base = self.candidates.of(session, self._running.root).base
                self.set_candidate(base, session)
            else:
                self._reset(session)

    def update(self, session: NetconfSession, resolution: Resolution) -> None:
        """Bring a private candidate up to date with running; raises RpcError for conflicts."""
        if not self.candidates.is_private(session):
            raise operation_failed(
                "this session edits the candidate that all share, which follows running by itself;"
                " a private one is had with the capability :private-candidate in the client's hello"
            )
        with self.changing(CANDIDATE, session):
            running = self._running.root
            branch = self.candidates.of(session, running)
            root = self.candidates.updated(branch, running, resolution)
            self.candidates.put(session, branch._replace(root=root, base=running))

    def commit(
        self, session: NetconfSession, request: Request = PLAIN_COMMIT, comment: str = ""
    ) -> None:
        """Make the candidate running, for good or until it is confirmed (RFC 6241, 8.3.4.1, 8.4).

        Where running has changed since the candidate left it, the edits are made on running as it
        is now; raises RpcError for conflicts. The candidate keeps its edits where it fails.
        """
        with self.changing(CANDIDATE, session):
            self.locks.refuse_others(RUNNING, session)
            refuse_mismatches(self.etags, self.branch(session).expected.values())
            root, before = self.to_commit(session), self._running.root
            with self._candidate_follows():
                self._confirmed.commit(root, session, request, comment)
            self._reset(session)
            waits = isinstance(self._confirmed.state, Waiting)
            self.candidates.committed(session, before, waits)

    def cancel_commit(self, session: NetconfSession, persist_id: str | None) -> None:
        """Go back to what was running before the confirmed commit (RFC 6241, 8.4.4.1)."""
        with self._changing, self._may_roll_back():
            self.locks.refuse_others(RUNNING, session)
            self._confirmed.cancel(session, persist_id)

    def replace_running(self, root: Any, session: NetconfSession, operation: str) -> None:
        """Make this configuration running, whole and durable, or raise and change nothing.

        Inside ``changing``. A candidate without edits of its own follows.
        """
        with self._candidate_follows():
            self._confirmed.edit(root, Purpose(session, operation))

    def validate(self, root: Any) -> None:
        """Raise every reason why this configuration could not become running."""
        with self._changing:
            self._running.judge(root)

    def _reset(self, session: NetconfSession | None) -> None:
        """Make the candidate of a session, or the shared one, what running is."""
        running = self._running.root
        branch = self.candidates.of(session, running)
        branch = Branch(running, running, branch.created, branch.unconfirmed)
        self.candidates.put(session, branch)
        if not self.candidates.is_private(session):
            self._edited = None

    @contextmanager
    def _candidate_follows(self) -> Iterator[None]:
        """Whatever becomes running in here is the shared candidate too, unless that has edits."""
        follows = not self.candidates.shared.is_modified
        yield
        if follows:
            self._reset(None)

    @contextmanager
    def _may_roll_back(self) -> Iterator[None]:
        """Where a confirmed commit is rolled back in here, private candidates get theirs back."""
        waited = not isinstance(self._confirmed.state, Idle)
        with self._candidate_follows():
            yield
        if waited and isinstance(self._confirmed.state, Idle):
            self.candidates.give_back(self._running.root)

    # ---- a confirmed commit and time

    @property
    def is_confirmation_awaited(self) -> bool:
        """Whether a confirmed commit waits for its confirmation, or is rolled back right now."""
        return not isinstance(self._confirmed.state, Idle)

    def seconds_left(self, most: float) -> float:
        """Return after how many seconds to look at the clock, at most so many."""
        return self._confirmed.seconds_left(most)

    def look_at_the_clock(self) -> None:
        """Roll back what was not confirmed in time; to be called again and again."""
        if self._confirmed.is_time_up():
            with self._changing, self._may_roll_back():
                self._confirmed.look_at_the_clock()

    # ---- locks

    def _lock_name(self, name: str, session: NetconfSession) -> str:
        """Return whose lock it is: that of a private candidate keeps nobody from anything."""
        own = name == CANDIDATE and self.candidates.is_private(session)
        return f"the private candidate of session {session.id}" if own else name

    def lock(self, name: str, session: NetconfSession) -> None:
        """Lock a datastore; a candidate with edits cannot be locked (RFC 6241, 7.5).

        A private one can: its edits are the session's own.
        """
        with self._changing:
            name = self._lock_name(name, session)
            if name == CANDIDATE and self.locks.holder(name) is None:
                self._refuse_edits()
            if name == RUNNING:
                admit_lock(self._confirmed.state, session.id)
                self.partial_locks.refuse_any()
            self.locks.take(name, session)

    def unlock(self, name: str, session: NetconfSession) -> None:
        """Unlock a datastore; edits of a locked shared candidate are discarded (8.3.5.2).

        Those of a private one stay (draft-ietf-netconf-privcand, ``<lock>``).
        """
        with self._changing:
            name = self._lock_name(name, session)
            self.locks.give_back(name, session)
            if name == CANDIDATE:
                self._reset(session)

    def lock_part(
        self,
        session: NetconfSession,
        selects: Sequence[str],
        select: Callable[[Any], Sequence[LockedNode]],
    ) -> PartialLock:
        """Lock what ``select`` gives of running (RFC 5717); raises RpcError, lock-denied for one.

        Selecting may take its time: it keeps nobody from committing, unless that goes on and on.
        Commits wait for the last attempt then, as they would for another commit: what it selects
        and visits is bounded, for all expressions together (``partial_lock_nodes``,
        ``xpath_octets`` and ``xpath_visits`` of the settings).
        """
        for _ in range(ATTEMPTS):
            root = self._running.root
            nodes = select(root)
            with self._changing:
                if root is self._running.root:
                    return self._lock_nodes(session, selects, nodes)
        with self._changing:
            return self._lock_nodes(session, selects, select(self._running.root))

    def _lock_nodes(
        self, session: NetconfSession, selects: Sequence[str], nodes: Sequence[LockedNode]
    ) -> PartialLock:
        try:
            admit_lock(self._confirmed.state, session.id)
        except RpcError as error:
            error.app_tag = "outstanding-confirmed-commit"
            raise
        self.locks.refuse_held(RUNNING)
        return self.partial_locks.take(session, selects, nodes)

    def unlock_part(self, session: NetconfSession, lock_id: int) -> None:
        """Release a partial lock of the session."""
        with self._changing:
            self.partial_locks.give_back(lock_id, session)

    def _refuse_locked(self, purpose: Purpose, changes: Sequence[Change]) -> None:
        """Raise in-use for what others have locked; going back is never refused.

        While a confirmed commit waits only its own session gets locks.
        """
        if purpose.session is not None and purpose.operation != "cancel-commit":
            self.partial_locks.refuse_changes(purpose.session, changes)

    def release(self, session: NetconfSession) -> None:
        """Release what a session that ends holds."""
        with self._changing:
            self.candidates.forget(session)
            self.partial_locks.release(session)
            if CANDIDATE in self.locks.release(session):
                self._reset(None)
            if self._edited is not None and self._edited.session is session:
                _log.info("session %d ends and leaves edits in the candidate", session.id)
            with self._may_roll_back():
                self._confirmed.session_ended(session)

    def _refuse_edits(self) -> None:
        if self.candidates.is_modified(self.candidates.shared):
            raise lock_denied(0, self._dirty_message())
        self._reset(None)

    def _dirty_message(self) -> str:
        by = "an earlier session" if self._edited is None else str(self._edited)
        return (
            f"the candidate holds edits of {by} that are not committed; "
            "commit or discard them first (commit, discard-changes)"
        )

"""The datastores: running and candidate, and who may change them when.

One lock orders all changes; readers take a version and need none. Whatever fails leaves running
as it was and the candidate with its edits.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from server.dataplane import Dataplane
from server.datastore.confirmed import Idle, Request, admit_edit, admit_lock
from server.datastore.confirming import ConfirmedCommit, Machine
from server.datastore.diff import changes_between
from server.datastore.etags import READ_BACK, Etags
from server.datastore.expected import Expected, refuse_mismatches
from server.datastore.history import History
from server.datastore.locks import Locks
from server.datastore.running import Purpose, Running
from server.datastore.store import Store
from server.errors import lock_denied
from server.sessions import NetconfSession
from yang.schema import Schema

RUNNING, CANDIDATE = "running", "candidate"
PLAIN_COMMIT = Request()

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
    ) -> None:
        """``etag_changes``: how many changes are read back for the first etag that is asked for."""
        self.schema = schema
        self.locks = Locks(clock)
        self._running = Running(schema, dataplane, store, clock)
        self._confirmed = ConfirmedCommit(self._running, machine)
        self.on_commit = self._running.on_commit
        self.on_confirming = self._confirmed.on_event
        self._changing = threading.RLock()
        self.history = History(self._running, self._changing)
        self.etags = Etags(schema, self._running, self.history, self._changing, etag_changes)
        self._expected: dict[Any, Expected] = {}
        self._candidate: Any = self._running.root
        self._edited_by: NetconfSession | None = None

    def load(self) -> None:
        """Restore running from the store and make the dataplane agree with it.

        A confirmed commit that lost its session with the server is rolled back first.
        """
        self._confirmed.restore(self._running.load())
        self._running.start()
        self.history.load()
        self._candidate = self._running.root

    # ---- reading

    def root(self, name: str) -> Any:
        """Return the configuration that a datastore holds now; it never changes."""
        return self._candidate if name == CANDIDATE else self._running.root

    @property
    def is_candidate_modified(self) -> bool:
        """Whether the candidate holds anything that running does not."""
        return self._candidate is not self._running.root

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
            self.locks.refuse_others(name, session)
            if name == RUNNING:
                admit_edit(self._confirmed.state, session.id)
            yield

    def set_candidate(self, root: Any, session: NetconfSession) -> None:
        """Make this the candidate (inside ``changing``)."""
        self._candidate = root
        self._edited_by = session if self.is_candidate_modified else None
        if not self.is_candidate_modified:
            self._expected.clear()

    def expect(self, expected: Iterable[Expected]) -> None:
        """Commit the candidate's edits only if running is what the client expects of it.

        Inside ``changing``. What was expected last of a node counts, until the edits are committed
        or discarded.
        """
        if self.is_candidate_modified:
            self._expected.update((each.where, each) for each in expected)

    def discard(self, session: NetconfSession) -> None:
        """Make the candidate what running is (RFC 6241, 8.3.4.2)."""
        with self.changing(CANDIDATE, session):
            self.set_candidate(self._running.root, session)

    def commit(
        self, session: NetconfSession, request: Request = PLAIN_COMMIT, comment: str = ""
    ) -> None:
        """Make the candidate running, for good or until it is confirmed (RFC 6241, 8.3.4.1, 8.4).

        The candidate keeps its edits where that fails.
        """
        with self.changing(CANDIDATE, session):
            self.locks.refuse_others(RUNNING, session)
            refuse_mismatches(self.etags, self._expected.values())
            self._confirmed.commit(self._candidate, session, request, comment)
            self.set_candidate(self._running.root, session)

    def cancel_commit(self, session: NetconfSession, persist_id: str | None) -> None:
        """Go back to what was running before the confirmed commit (RFC 6241, 8.4.4.1)."""
        with self._changing, self._candidate_follows():
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

    @contextmanager
    def _candidate_follows(self) -> Iterator[None]:
        """Whatever becomes running in here is the candidate too, unless that has edits."""
        follows = not self.is_candidate_modified
        yield
        if follows:
            self._candidate = self._running.root

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
            with self._changing, self._candidate_follows():
                self._confirmed.look_at_the_clock()

    # ---- locks

    def lock(self, name: str, session: NetconfSession) -> None:
        """Lock a datastore; a candidate with edits cannot be locked (RFC 6241, 7.5)."""
        with self._changing:
            if name == CANDIDATE and self.locks.holder(name) is None:
                self._refuse_edits()
            if name == RUNNING:
                admit_lock(self._confirmed.state, session.id)
            self.locks.take(name, session)

    def unlock(self, name: str, session: NetconfSession) -> None:
        """Unlock a datastore; edits of a locked candidate are discarded (RFC 6241, 8.3.5.2)."""
        with self._changing:
            self.locks.give_back(name, session)
            if name == CANDIDATE:
                self.set_candidate(self._running.root, session)

    def release(self, session: NetconfSession) -> None:
        """Release what a session that ends holds."""
        with self._changing:
            if CANDIDATE in self.locks.release(session):
                self.set_candidate(self._running.root, session)
            if self._edited_by is session:
                _log.info("session %d ends and leaves edits in the candidate", session.id)
            with self._candidate_follows():
                self._confirmed.session_ended(session)

    def _refuse_edits(self) -> None:
        if not self.is_candidate_modified:
            return
        if changes_between(self.schema, self._running.root, self._candidate):
            raise lock_denied(0, self._dirty_message())
        # Edits that undo one another leave nothing but other objects.
        self._candidate, self._edited_by = self._running.root, None
        self._expected.clear()

    def _dirty_message(self) -> str:
        who = self._edited_by
        by = f"session {who.id} ({who.peer})" if who is not None else "an earlier session"
        return (
            f"the candidate holds edits of {by} that are not committed; "
            "commit or discard them first (commit, discard-changes)"
        )

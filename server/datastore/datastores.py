"""The datastores: running and candidate, who may change them, and how a change becomes running.

One lock orders all changes; readers take a version and need none. A commit is one path: change
list, validation, dataplane, store, one assignment. Whatever fails leaves running as it was and
the candidate with its edits.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from server.dataplane import Dataplane, Prepared
from server.datastore.diff import changes_between
from server.datastore.locks import Locks
from server.datastore.rows import Rows
from server.datastore.store import Store, StoreFailed, Transaction
from server.errors import RpcError, lock_denied, operation_failed, raise_all
from server.sessions import NetconfSession
from server.validation.validator import Validator, Version
from server.validation.violations import error_of
from yang.changes import Change
from yang.schema import Schema

RUNNING, CANDIDATE = "running", "candidate"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Committed:
    """A change of running, for whoever wants to know: events, history, metrics."""

    session: NetconfSession
    operation: str
    transaction: int
    changes: Sequence[Change]


class OnCommit(Protocol):
    """Is told of every change of running, after it is durable."""

    def __call__(self, committed: Committed) -> None:
        """Take note; never fails, never waits."""


class Datastores:
    """Running and candidate of one schema."""

    def __init__(
        self,
        schema: Schema,
        dataplane: Dataplane,
        store: Store | None,
        clock: Callable[[], datetime],
    ) -> None:
        self.schema = schema
        self.validator = Validator(schema)
        self.locks = Locks(clock)
        self.on_commit: list[OnCommit] = []
        self._dataplane = dataplane
        self._store = store
        self._rows = Rows(schema)
        self._clock = clock
        self._changing = threading.RLock()
        self._running = self.validator.empty()
        self._candidate: Any = self._running.root
        self._edited_by: NetconfSession | None = None

    def load(self) -> None:
        """Restore running from the store and make the dataplane agree with it."""
        if self._store is not None:
            root = self._rows.root(self._store.load())
            self._running = self.validator.restored(root)
            self._candidate = root
        self._dataplane.start(self._running.root)

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
        """Be the only one who changes; raise in-use if another session has the lock."""
        with self._changing:
            self.locks.refuse_others(name, session)
            yield

    def set_candidate(self, root: Any, session: NetconfSession) -> None:
        """Make this the candidate (inside ``changing``)."""
        self._candidate = root
        self._edited_by = session if self.is_candidate_modified else None

    def discard(self, session: NetconfSession) -> None:
        """Make the candidate what running is (RFC 6241, 8.3.4.2)."""
        with self.changing(CANDIDATE, session):
            self.set_candidate(self._running.root, session)

    def commit(self, session: NetconfSession, comment: str = "") -> None:
        """Make the candidate running (RFC 6241, 8.3.4.1)."""
        with self.changing(CANDIDATE, session), self.changing(RUNNING, session):
            self.replace_running(self._candidate, session, "commit", comment)
            self.set_candidate(self._running.root, session)

    def replace_running(
        self, root: Any, session: NetconfSession, operation: str, comment: str = ""
    ) -> None:
        """Make this configuration running, whole and durable, or raise and change nothing.

        Inside ``changing``. A candidate without edits of its own follows.
        """
        before = self._running
        changes = changes_between(self.schema, before.root, root)
        if not changes:
            return
        version = self._validated(before, root, changes)
        prepared = self._dataplane.prepare(root, changes)
        number = self._apply_and_keep(prepared, changes, root, session, operation, comment)
        follows = not self.is_candidate_modified
        self._running = version
        if follows:
            self._candidate = root
        prepared.publish()
        self._tell(Committed(session, operation, number, changes))

    def validate(self, root: Any) -> None:
        """Raise every reason why this configuration could not become running."""
        with self._changing:
            changes = changes_between(self.schema, self._running.root, root)
            self._validated(self._running, root, changes)
            self._dataplane.check(root, changes)

    def _validated(self, before: Version, root: Any, changes: Sequence[Change]) -> Version:
        version, violations = self.validator.advance(before, root, changes)
        raise_all(error_of(self.schema, violation) for violation in violations)
        return version

    def _apply_and_keep(
        self,
        prepared: Prepared,
        changes: Sequence[Change],
        root: Any,
        session: NetconfSession,
        operation: str,
        comment: str,
    ) -> int:
        try:
            prepared.apply()
            return self._keep(changes, root, session, operation, comment)
        except BaseException as reason:
            self._undo(prepared, reason)
            if isinstance(reason, StoreFailed):
                raise operation_failed(f"the change could not be stored: {reason}") from reason
            raise

    def _undo(self, prepared: Prepared, reason: BaseException) -> None:
        try:
            prepared.abort()
        except RpcError as failure:
            # Never silent: the client gets both, the state of the dataplane shows it.
            message = f"{reason}; and the dataplane could not be put back: {failure.message}"
            raise operation_failed(message) from reason

    def _keep(
        self,
        changes: Sequence[Change],
        root: Any,
        session: NetconfSession,
        operation: str,
        comment: str,
    ) -> int:
        if self._store is None:
            return 0
        rows = self._rows.changes(changes, self._running.root, root)
        return self._store.append(
            Transaction(
                time=self._clock().isoformat(),
                user=session.user,
                session_id=session.id,
                source=str(session.peer),
                operation=operation,
                comment=comment,
                changes=rows,
            )
        )

    def _tell(self, committed: Committed) -> None:
        for listener in self.on_commit:
            try:
                listener(committed)
            except Exception:
                _log.exception("a listener of commits failed")

    # ---- locks

    def lock(self, name: str, session: NetconfSession) -> None:
        """Lock a datastore; a candidate with edits cannot be locked (RFC 6241, 7.5)."""
        with self._changing:
            if name == CANDIDATE and self.locks.holder(name) is None:
                self._refuse_edits()
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

    def _refuse_edits(self) -> None:
        if not self.is_candidate_modified:
            return
        if changes_between(self.schema, self._running.root, self._candidate):
            raise lock_denied(0, self._dirty_message())
        # Edits that undo one another leave nothing but other objects.
        self._candidate, self._edited_by = self._running.root, None

    def _dirty_message(self) -> str:
        who = self._edited_by
        by = f"session {who.id} ({who.peer})" if who is not None else "an earlier session"
        return (
            f"the candidate holds edits of {by} that are not committed; "
            "commit or discard them first (commit, discard-changes)"
        )

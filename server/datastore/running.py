"""The running configuration, and the one path on which it changes.

Change list, validation, dataplane, store, one assignment. Whatever fails leaves everything as it
was. The caller sees to it that there is one change at a time.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from server.dataplane import Dataplane, Prepared
from server.datastore.diff import changes_between
from server.datastore.rewind import rewound
from server.datastore.rows import Rows
from server.datastore.store import (
    JournalEntry,
    RowChange,
    Store,
    StoreFailed,
    Transaction,
    Unconfirmed,
)
from server.errors import RpcError, operation_failed, raise_all, rollback_failed
from server.sessions import NetconfSession
from server.validation.validator import Validator, Version
from server.validation.violations import error_of
from yang.changes import Change, Key
from yang.schema import Inner, Schema

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why running changes: who asked for it, with what operation; without a session, nobody."""

    session: NetconfSession | None
    operation: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Committed:
    """A change of running, for whoever wants to know: events, history, metrics."""

    session: NetconfSession | None
    entry: JournalEntry
    """What the journal says of it."""
    changes: Sequence[Change]
    before: Any
    """The root that they lead from."""
    root: Any
    """The root that they lead to: running now."""


class OnCommit(Protocol):
    """Is told of every change of running, after it is durable."""

    def __call__(self, committed: Committed) -> None:
        """Take note; never fails, never waits."""


Guard = Callable[[Purpose, Sequence[Change]], None]
"""Raises RpcError where a change may not be made now, for instance because of a partial lock."""

Waits = Callable[[], Unconfirmed | None]
"""Tells, once the dataplane agrees, what waits for a confirmation after the change."""


class Running:
    """The running configuration of one schema."""

    def __init__(
        self,
        schema: Schema,
        dataplane: Dataplane,
        store: Store | None,
        clock: Callable[[], datetime],
    ) -> None:
        self.schema = schema
        self.on_commit: list[OnCommit] = []
        self.guard: Guard = lambda purpose, changes: None
        self._validator = Validator(schema)
        self._dataplane = dataplane
        self._store = store
        self._rows = Rows(schema)
        self._clock = clock
        self._version = self._validator.empty()

    @property
    def root(self) -> Any:
        """The configuration; it never changes, another one takes its place."""
        return self._version.root

    @property
    def newest(self) -> int:
        """The number of the newest transaction."""
        return 0 if self._store is None else self._store.newest

    # ---- starting

    def load(self) -> Unconfirmed | None:
        """Restore what the store holds; return what waits for a confirmation.

        ``take_back`` may follow, and then ``start``. Raises RowsUnreadable or StoreRefused.
        """
        if self._store is None:
            return None
        self._version = Version(self._rows.root(self._store.load()), ())
        return self._store.unconfirmed

    def root_after(self, transaction: int) -> Any:
        """Return the configuration that a transaction left, which the store still knows."""
        return self.rewound(self.root, self.changes_after(transaction))

    def take_back(self, root: Any, purpose: Purpose) -> None:
        """Make an earlier configuration running before the dataplane has been asked for any.

        Raises StoreFailed.
        """
        assert self._store is not None
        changes = changes_between(self.schema, self.root, root)
        if not changes:
            self._store.keep_unconfirmed(None)
            return
        entry = self._keep(changes, root, purpose, None)
        before, self._version = self.root, Version(root, ())
        self._tell(Committed(purpose.session, entry, changes, before, root))

    def start(self) -> None:
        """Index the configuration and make the dataplane agree with it."""
        self._version = self._validator.restored(self.root)
        self._dataplane.start(self.root)

    # ---- the past

    def history(self) -> list[JournalEntry]:
        """Return the transactions that the store keeps, the newest first."""
        return [] if self._store is None else self._store.history(self._store.keep_transactions)

    @property
    def generations(self) -> int:
        """How many transactions the store keeps."""
        return 1 if self._store is None else self._store.keep_transactions

    def changes_after(self, transaction: int, up_to: int | None = None) -> list[RowChange]:
        """Return what was changed after a transaction, up to another, the newest first."""
        return [] if self._store is None else self._store.changes_after(transaction, up_to)

    def place_of(self, change: RowChange) -> tuple[Inner, tuple[Key, ...]]:
        """Return whose row it is: the list and the keys on the way, or the root."""
        return self._rows.place(change.path)

    def contents_of(self, change: RowChange) -> tuple[Any, Any]:
        """Return what a row said before and after, without what is in lists."""
        pair = (change.before, change.after)
        before, after = (self._rows.row(change.path, change.layout, each) for each in pair)
        return before.own, after.own

    def rewound(self, root: Any, changes: Iterable[RowChange]) -> Any:
        """Return a root before these changes; raises RowsUnreadable. From any thread."""
        return rewound(self.schema, self._rows, root, changes)

    # ---- changing

    def replace(self, root: Any, purpose: Purpose, waits: Waits) -> None:
        """Make this configuration running, whole and durable, or raise and change nothing."""
        before = self._version
        changes = changes_between(self.schema, before.root, root)
        if not changes:
            self._note(waits())
            return
        self.guard(purpose, changes)
        version = self._validated(before, root, changes)
        prepared = self._dataplane.prepare(root, changes)
        entry = self._apply_and_keep(prepared, changes, root, purpose, waits)
        self._version = version
        prepared.publish()
        self._tell(Committed(purpose.session, entry, changes, before.root, root))

    def judge(self, root: Any) -> None:
        """Raise every reason why this configuration could not become running."""
        changes = changes_between(self.schema, self.root, root)
        self._validated(self._version, root, changes)
        self._dataplane.check(root, changes)

    def _validated(self, before: Version, root: Any, changes: Sequence[Change]) -> Version:
        version, violations = self._validator.advance(before, root, changes)
        raise_all(error_of(self.schema, violation) for violation in violations)
        return version

    def _apply_and_keep(
        self,
        prepared: Prepared,
        changes: Sequence[Change],
        root: Any,
        purpose: Purpose,
        waits: Waits,
    ) -> JournalEntry:
        try:
            prepared.apply()
            return self._keep(changes, root, purpose, waits())
        except BaseException as reason:
            self._undo(prepared, reason)
            if isinstance(reason, StoreFailed):
                raise _not_stored(reason) from reason
            raise

    def _undo(self, prepared: Prepared, reason: BaseException) -> None:
        try:
            prepared.abort()
        except RpcError as failure:
            # Never silent: the client gets both, the state of the dataplane shows it.
            raise rollback_failed(f"{reason}; and {failure.message}") from reason

    def _keep(
        self,
        changes: Sequence[Change],
        root: Any,
        purpose: Purpose,
        unconfirmed: Unconfirmed | None,
    ) -> JournalEntry:
        session = purpose.session
        transaction = Transaction(
            time=self._clock().isoformat(),
            user="" if session is None else session.user,
            session_id=0 if session is None else session.id,
            source="" if session is None else str(session.peer),
            operation=purpose.operation,
            comment=purpose.comment,
            changes=self._rows.changes(changes, self.root, root),
        )
        number = 0 if self._store is None else self._store.append(transaction, unconfirmed)
        return transaction.entry(number)

    def _note(self, unconfirmed: Unconfirmed | None) -> None:
        if self._store is None:
            return
        try:
            self._store.keep_unconfirmed(unconfirmed)
        except StoreFailed as reason:
            raise _not_stored(reason) from reason

    def _tell(self, committed: Committed) -> None:
        for listener in self.on_commit:
            try:
                listener(committed)
            except Exception:
                _log.exception("a listener of commits failed")


def _not_stored(reason: StoreFailed) -> RpcError:
    return operation_failed(f"the change could not be stored: {reason}")

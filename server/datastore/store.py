"""The store: what makes a commit durable.

Rows are opaque: a path, JSON text, and the layout that names its fields. Its law: when ``append``
returns, the transaction survives a power cut; when it raises, the store is as it was. What is read
back is what was written, row by row and as a whole, or it is refused.

There is no way to take an append back, on purpose: a commit applies the dataplane first, appends,
and then publishes with one assignment, which cannot fail. The append is the last step that can, so
a failure has only the dataplane to undo, and the journal never tells of what did not happen.

A store is used by one thread at a time; the caller holds the lock of the running configuration.
"""

import atexit
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from server.datastore.store_errors import (
    SQLITE_ERRORS,
    StoreFailed,
    StoreRefused,
    cause_of,
    damaged,
    primary_code,
)
from server.datastore.store_file import Database, open_database
from server.datastore.store_journal import (
    Journal,
    JournalDamaged,
    JournalEntry,
    RowChange,
    Transaction,
)
from server.datastore.store_rows import RowsDamaged, WrongChange, read_rows, write_rows
from server.datastore.store_unconfirmed import Unconfirmed, read_unconfirmed, write_unconfirmed

__all__ = [
    "JournalEntry",
    "RowChange",
    "Store",
    "StoreFailed",
    "StoreRefused",
    "Transaction",
    "Unconfirmed",
]


class Store:
    """The durable running configuration and its history."""

    def __init__(self, database: Database, keep_transactions: int) -> None:
        """Use an open database; ``open`` makes one."""
        self._database = database
        self._connection = database.connection
        self.keep_transactions = keep_transactions
        self._journal = Journal(self._connection, keep_transactions)
        # A damaged text may come back as another type; the rows that use it will not match it.
        self._layouts: Mapping[str, int] = {
            str(text): number
            for text, number in self._connection.execute("SELECT text, id FROM layout")
        }
        self._broken: str | None = None
        self.unconfirmed = read_unconfirmed(self._connection)
        """The confirmed commit that waits for its confirmation, as it was kept last."""

    @classmethod
    def open(
        cls, path: Path, *, keep_transactions: int = 1000, accept_missing_log: bool = False
    ) -> Self:
        """Open the store, or make one if nothing is at ``path``; raise ``StoreRefused``.

        ``keep_transactions`` (at least 1) bounds the history. ``accept_missing_log`` is for an
        operator who has lost the write-ahead log and takes what the file alone holds.
        """
        if keep_transactions < 1:
            raise ValueError(f"keep_transactions is {keep_transactions}; it must be at least 1")
        database = open_database(path, accept_missing_log=accept_missing_log)
        # A process that ends without closing would let SQLite remove the log, and the next start
        # would rightly ask where it is.
        atexit.register(database.close)
        try:
            return cls(database, keep_transactions)
        except (JournalDamaged, *SQLITE_ERRORS) as error:
            database.close()
            what = cause_of(error) if isinstance(error, SQLITE_ERRORS) else str(error)
            raise damaged(database.path, what) from error

    def load(self) -> Iterator[tuple[str, str, str]]:
        """Yield (path, layout, content) of every row in path order; raise ``StoreRefused``.

        Only when it has ended without an error is the whole known to be right.
        """
        try:
            yield from read_rows(self._connection, self._layouts, self._journal.head)
        except RowsDamaged as error:
            raise damaged(self._database.path, str(error)) from error
        except SQLITE_ERRORS as error:
            raise damaged(self._database.path, cause_of(error)) from error

    @property
    def newest(self) -> int:
        """The number of the newest transaction, 0 before the first."""
        return self._journal.newest

    def append(self, transaction: Transaction, unconfirmed: Unconfirmed | None = None) -> int:
        """Make a transaction durable and return its number; raise ``StoreFailed``, nothing done.

        ``before`` must be None exactly where there is no such row; otherwise its text is only kept
        for the history. A path may come once. ``unconfirmed`` is what waits for a confirmation
        from then on; the transactions after its ``base`` stay in the journal.
        """
        with self._writing("took nothing of the transaction"):
            layouts = self._layouts_with(transaction.changes)
            head = write_rows(self._connection, transaction.changes, layouts, self._journal.head)
            needed_after = None if unconfirmed is None else unconfirmed.base
            number = self._journal.write(transaction, layouts, head, needed_after)
            if unconfirmed != self.unconfirmed:
                write_unconfirmed(self._connection, unconfirmed)
        self._layouts = layouts
        self._journal.confirm(number, head)
        self.unconfirmed = unconfirmed
        return number

    def keep_unconfirmed(self, unconfirmed: Unconfirmed | None) -> None:
        """Make durable what waits for a confirmation; raise ``StoreFailed``, nothing done."""
        if unconfirmed == self.unconfirmed:
            return
        with self._writing("could not note the confirmed commit"):
            write_unconfirmed(self._connection, unconfirmed)
        self.unconfirmed = unconfirmed

    @contextmanager
    def _writing(self, what_failed: str) -> Iterator[None]:
        if self._broken is not None:
            raise StoreFailed(self._broken)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            self._undo(error)
            if isinstance(error, (WrongChange, *SQLITE_ERRORS)):
                raise self._failed(what_failed, error) from error
            raise

    def history(self, limit: int) -> list[JournalEntry]:
        """Return the newest transactions, the newest first; raise ``StoreFailed`` if damaged."""
        try:
            return self._journal.history(limit)
        except (JournalDamaged, *SQLITE_ERRORS) as error:
            raise self._failed("cannot tell its history", error) from error

    def changes(self, transaction_id: int) -> list[RowChange]:
        """Return what a transaction changed; ``LookupError`` if it is not kept (any more)."""
        layouts = {number: text for text, number in self._layouts.items()}
        try:
            return self._journal.changes(transaction_id, layouts)
        except (JournalDamaged, *SQLITE_ERRORS) as error:
            raise self._failed("cannot tell its history", error) from error

    def changes_after(self, transaction_id: int, up_to: int | None = None) -> list[RowChange]:
        """Return what was changed after a transaction, the newest first; raise ``StoreRefused``.

        Only for what is in the history, or what an ``Unconfirmed`` keeps from being forgotten.
        """
        layouts = {number: text for text, number in self._layouts.items()}
        try:
            return self._journal.changes_after(transaction_id, up_to, layouts)
        except (JournalDamaged, LookupError, *SQLITE_ERRORS) as error:
            what = cause_of(error) if isinstance(error, SQLITE_ERRORS) else str(error)
            raise damaged(self._database.path, what) from error

    def close(self) -> None:
        """Let go of the file, once or more; what was appended is safe with or without it."""
        self._database.close()
        atexit.unregister(self._database.close)

    def _layouts_with(self, changes: Sequence[RowChange]) -> Mapping[str, int]:
        """Return the numbers of all layouts, those of ``changes`` among them."""
        missing = {change.layout for change in changes} - self._layouts.keys()
        if not missing:
            return self._layouts
        first = max(self._layouts.values(), default=0) + 1
        added = {text: number for number, text in enumerate(sorted(missing), first)}
        self._connection.executemany("INSERT INTO layout (text, id) VALUES (?, ?)", added.items())
        return {**self._layouts, **added}

    def _undo(self, error: BaseException) -> None:
        """Take the open transaction back, or say for good that it cannot be done."""
        code = primary_code(error)
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            if code == sqlite3.SQLITE_IOERR:
                self._overwrite_log()
        except SQLITE_ERRORS as second:
            self._broken = (
                f"The store {self._database.path} could not take a failed write back: "
                f"{cause_of(second)}. Nothing can be committed until the disk is well and the "
                "server has been restarted."
            )
        if code == sqlite3.SQLITE_FULL:
            self._shrink_log()

    def _overwrite_log(self) -> None:
        """Write something harmless over what a failed commit left in the write-ahead log.

        When only its fsync failed it lies there whole: SQLite has forgotten it, but the next
        process would find it and take it for committed. The checksums of a log are chained, so
        one other frame in its place is the end of it. It must differ: SQLite does not write a
        page that stays as it is.
        """
        self._connection.execute("UPDATE state SET closed = iif(closed = 0, 2, 0)")

    def _shrink_log(self) -> None:
        """Give back the room that a transaction took before the disk was full, if possible."""
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _failed(self, what: str, error: Exception) -> StoreFailed:
        cause = cause_of(error) if isinstance(error, SQLITE_ERRORS) else str(error)
        return StoreFailed(f"The store {self._database.path} {what}: {cause}.")

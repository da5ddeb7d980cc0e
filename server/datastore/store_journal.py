"""The journal: what every transaction changed, who asked for it, and what the store held after it.

Its law: a transaction costs what it changed. The oldest are removed a little with every append,
never in a sweep. Numbers rise by one and are never used again.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Changes of a big transaction lie in several blobs, so that removing it is spread over appends.
CHANGES_PER_PART = 500
COMPRESS_ABOVE = 4096  # bytes

_COLUMNS = (
    "id, time, user, session, source, operation, comment, size, parts, entries, checksum, crc"
)


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after, both as ``layout`` says; None where it does not exist."""

    path: str
    layout: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One transaction of the past without its changes; ``size`` is how many there are."""

    id: int
    time: str
    user: str
    session_id: int
    source: str
    operation: str
    comment: str
    size: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """Changes that become durable together, and who made them.

    ``time`` is RFC 3339 text in UTC, ``source`` the transport and address of the session.
    """

    time: str
    user: str
    session_id: int
    source: str
    operation: str
    comment: str
    changes: Sequence[RowChange]

    def entry(self, number: int) -> JournalEntry:
        """Return what the journal says of it without its changes."""
        return JournalEntry(
            number,
            self.time,
            self.user,
            self.session_id,
            self.source,
            self.operation,
            self.comment,
            len(self.changes),
        )


@dataclass(frozen=True, slots=True)
class Head:
    """What the store holds: how many rows, and the sum of their CRCs."""

    entries: int
    checksum: int


class JournalDamaged(Exception):
    """A transaction of the journal does not match its checksum."""


class Journal:
    """The journal in an open database; transactions are begun and ended by the caller."""

    def __init__(self, connection: sqlite3.Connection, keep: int) -> None:
        self._connection = connection
        self._keep = keep
        row = connection.execute(
            f"SELECT {_COLUMNS} FROM journal ORDER BY id DESC LIMIT 1"
        ).fetchone()
        self.newest = 0
        self.head = Head(0, 0)
        if row is not None:
            self.newest = _checked(row)[0]
            self.head = Head(entries=row[9], checksum=row[10])

    def write(
        self,
        transaction: Transaction,
        layouts: Mapping[str, int],
        head: Head,
        needed_after: int | None = None,
    ) -> int:
        """Write a transaction and return its number; it counts once ``confirm`` is called.

        What is newer than ``needed_after`` stays, however old it is.
        """
        number = self.newest + 1
        first, *more = _encode_parts(number, transaction.changes, layouts)
        record = (
            number,
            transaction.time,
            transaction.user,
            transaction.session_id,
            transaction.source,
            transaction.operation,
            transaction.comment,
            len(transaction.changes),
            1 + len(more),
            head.entries,
            head.checksum,
        )
        self._connection.execute(
            "INSERT INTO journal VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (*record, _crc_of(record), first),
        )
        self._connection.executemany(
            "INSERT INTO journal_part VALUES (?,?,?)",
            [(number, part, blob) for part, blob in enumerate(more, 1)],
        )
        oldest_gone = number - self._keep
        if needed_after is not None:
            oldest_gone = min(oldest_gone, needed_after)
        self._trim(oldest_gone, 2 + len(more))
        return number

    def confirm(self, number: int, head: Head) -> None:
        """Take note that what was written last is durable."""
        self.newest = number
        self.head = head

    def _trim(self, oldest_gone: int, budget: int) -> None:
        """Remove at most ``budget`` parts that are too old, more than came."""
        self._connection.execute(
            "DELETE FROM journal WHERE id IN "
            "(SELECT id FROM journal WHERE id <= ? ORDER BY id LIMIT ?)",
            (oldest_gone, budget),
        )
        # A transaction that is still there has all of its parts, also when more are kept again.
        self._connection.execute(
            "DELETE FROM journal_part WHERE (journal, part) IN (SELECT journal, part "
            "FROM journal_part WHERE journal < (SELECT min(id) FROM journal) "
            "ORDER BY journal, part LIMIT ?)",
            (budget,),
        )

    def history(self, limit: int) -> list[JournalEntry]:
        """Return the newest transactions, the newest first."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM journal WHERE id > ? ORDER BY id DESC LIMIT ?",
            (self.newest - self._keep, max(limit, 0)),
        )
        return [JournalEntry(*_checked(row)[:8]) for row in rows]

    def changes(self, number: int, layouts: Mapping[int, str]) -> list[RowChange]:
        """Return what a transaction changed; raise ``LookupError`` if it is not kept."""
        if number <= self.newest - self._keep:
            raise LookupError(f"transaction {number} is not in the journal")
        return self._changes(number, layouts)

    def changes_after(
        self, number: int, up_to: int | None, layouts: Mapping[int, str]
    ) -> list[RowChange]:
        """Return what was changed after a transaction, up to another, the newest first.

        Raises ``LookupError`` if any of it is not kept, or the transaction is of the future.
        """
        if number > self.newest:
            raise LookupError(f"transaction {number} is not in the journal")
        found: list[RowChange] = []
        for each in range(self.newest if up_to is None else up_to, number, -1):
            found += self._changes(each, layouts)
        return found

    def _changes(self, number: int, layouts: Mapping[int, str]) -> list[RowChange]:
        row = self._connection.execute(
            f"SELECT {_COLUMNS}, changes FROM journal WHERE id = ?", (number,)
        ).fetchone()
        if row is None:
            raise LookupError(f"transaction {number} is not in the journal")
        size, parts = _checked(row[:-1])[7:9]
        more = self._connection.execute(
            "SELECT changes FROM journal_part WHERE journal = ? ORDER BY part", (number,)
        )
        blobs = [row[-1], *(blob for (blob,) in more)]
        changes = list(_decode_parts(number, blobs, layouts))
        if (len(changes), len(blobs)) != (size, parts):
            raise JournalDamaged(f"transaction {number} lacks some of its changes")
        return changes


def _checked(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row of ``_COLUMNS`` if its last, the CRC, fits the others."""
    *record, crc = row
    if _crc_of(record) != crc:
        raise JournalDamaged(f"transaction {row[0]} does not match its checksum")
    return row


def _crc_of(record: Sequence[object]) -> int:
    return zlib.crc32(json.dumps(record, default=repr).encode())


def _encode_parts(
    number: int, changes: Sequence[RowChange], layouts: Mapping[str, int]
) -> list[bytes]:
    """Return the blobs of a transaction, at least one."""
    starts = range(0, max(len(changes), 1), CHANGES_PER_PART)
    return [
        _encode_part(number, part, changes[start : start + CHANGES_PER_PART], layouts)
        for part, start in enumerate(starts)
    ]


def _encode_part(
    number: int, part: int, changes: Iterable[RowChange], layouts: Mapping[str, int]
) -> bytes:
    """Return a CRC and the changes as JSON text, which begins with ``[`` unless compressed."""
    rows = [
        (change.path, layouts[change.layout], change.before, change.after) for change in changes
    ]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > COMPRESS_ABOVE:
        text = zlib.compress(text, 1)
    return _crc_of_part(number, part, text).to_bytes(4, "big") + text


def _decode_parts(
    number: int, blobs: Iterable[object], layouts: Mapping[int, str]
) -> Iterator[RowChange]:
    for part, blob in enumerate(blobs):
        # A bit flipped in the row can change the type of a column too.
        crc, text = (blob[:4], blob[4:]) if isinstance(blob, bytes) else (b"", b"")
        if _crc_of_part(number, part, text).to_bytes(4, "big") != crc:
            raise JournalDamaged(f"the changes of transaction {number} do not match their checksum")
        for path, layout, before, after in json.loads(
            text if text.startswith(b"[") else zlib.decompress(text)
        ):
            if layout not in layouts:
                raise JournalDamaged(f"the layout {layout} of transaction {number} is missing")
            yield RowChange(path, layouts[layout], before, after)


def _crc_of_part(number: int, part: int, text: bytes) -> int:
    return zlib.crc32(text, zlib.crc32(f"{number}/{part}".encode()))

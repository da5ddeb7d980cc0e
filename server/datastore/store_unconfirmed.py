"""The one row that says that a confirmed commit waits for its confirmation (RFC 6241, 8.4).

Its law: it is written in the transaction that it tells of, so that no crash can part them; a row
that is not the one that was written is refused like any other damage.
"""

import json
import sqlite3
import zlib
from dataclasses import asdict, dataclass, field

from server.datastore.store_journal import JournalDamaged


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A confirmed commit that waits. ``token`` is its ``<persist>``, None without one."""

    base: int
    """The number of the newest transaction before it: what is newer has to be undone."""
    token: str | None = field(repr=False)
    boot: str
    """Which boot of the machine ``deadline`` belongs to."""
    deadline: float
    """Seconds since that boot."""
    owner: str
    """Who issued it, for sentences."""


def read_unconfirmed(connection: sqlite3.Connection) -> Unconfirmed | None:
    """Return the row, if there is one; raise ``JournalDamaged``."""
    rows = connection.execute("SELECT record, crc FROM unconfirmed").fetchall()
    if not rows:
        return None
    record, crc = rows[0]
    if len(rows) > 1 or not isinstance(record, str) or zlib.crc32(record.encode()) != crc:
        raise JournalDamaged("what it says of a confirmed commit does not match its checksum")
    return Unconfirmed(**json.loads(record))


def write_unconfirmed(connection: sqlite3.Connection, unconfirmed: Unconfirmed | None) -> None:
    """Write the row, or none, within the open transaction."""
    connection.execute("DELETE FROM unconfirmed")
    if unconfirmed is not None:
        record = json.dumps(asdict(unconfirmed))
        connection.execute(
            "INSERT INTO unconfirmed VALUES (?, ?)", (record, zlib.crc32(record.encode()))
        )

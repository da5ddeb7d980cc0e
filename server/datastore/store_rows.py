"""The rows of the store: written by the change, read back all at once and verified.

Its law: the number of rows and the sum of their CRCs (the head) follow every change, taken from the
rows as they are, never from what the caller believes they were.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from server.datastore.store_journal import Head, RowChange


class RowsDamaged(Exception):
    """The rows are not those that were written."""


class WrongChange(Exception):
    """A change does not fit the rows that are there."""


def write_rows(
    connection: sqlite3.Connection,
    changes: Sequence[RowChange],
    layouts: Mapping[str, int],
    head: Head,
) -> Head:
    """Make the changes within the open transaction and return what the store then holds."""
    if len({change.path for change in changes}) != len(changes):
        raise WrongChange("a row is changed twice in one transaction")
    changes = sorted(changes, key=attrgetter("path"))  # So each page is visited once.
    old = [change for change in changes if change.before is not None]
    new = [change for change in changes if change.before is None and change.after is not None]
    deleted = [change for change in old if change.after is None]
    updated = [change for change in old if change.after is not None]
    entries, checksum = _measure(connection, old)
    if entries != len(old):
        raise WrongChange(f"{len(old) - entries} of the rows to change or delete are not there")
    created_rows, updated_rows = _rows(new, layouts), _rows(updated, layouts)
    connection.executemany("DELETE FROM entry WHERE path = ?", [(it.path,) for it in deleted])
    connection.executemany(
        "UPDATE entry SET list = ?, content = ?, crc = ? WHERE path = ?", updated_rows
    )
    try:
        connection.executemany(
            "INSERT INTO entry (list, content, crc, path) VALUES (?, ?, ?, ?)", created_rows
        )
    except sqlite3.IntegrityError as error:
        raise WrongChange("a row to create is there already") from error
    return Head(
        head.entries - len(deleted) + len(new),
        head.checksum
        - checksum
        + sum(row[2] for rows in (created_rows, updated_rows) for row in rows),
    )


def read_rows(
    connection: sqlite3.Connection, layouts: Mapping[str, int], head: Head
) -> Iterator[tuple[str, str, str]]:
    """Yield (path, layout, content) in path order; raise ``RowsDamaged`` by the end."""
    known = {number: (text, _crc_of_layout(text)) for text, number in layouts.items()}
    entries = checksum = 0
    previous = ""
    for path, layout, content, crc in connection.execute(
        "SELECT path, list, content, crc FROM entry ORDER BY path"
    ):
        text, start = known.get(layout, ("", -1))
        if start < 0 or zlib.crc32(f"{path}\n{content}".encode(), start) != crc:
            raise RowsDamaged(f"the row {path} does not match its checksum")
        if path <= previous and entries:
            raise RowsDamaged(f"the row {path} is out of order")
        entries += 1
        checksum += crc
        previous = path
        yield path, text, content
    if Head(entries, checksum) != head:
        raise RowsDamaged(
            f"its {entries} rows are not the {head.entries} that the newest transaction left behind"
        )


def _measure(connection: sqlite3.Connection, changes: Sequence[RowChange]) -> tuple[int, int]:
    """Return how many of the rows are there, and the sum of their CRCs as they are stored."""
    if not changes:
        return 0, 0
    paths = json.dumps([change.path for change in changes], ensure_ascii=False)
    entries, checksum = connection.execute(
        "SELECT count(*), coalesce(sum(crc), 0) "
        "FROM json_each(?) AS old CROSS JOIN entry ON entry.path = old.value",
        (paths,),
    ).fetchone()
    return entries, checksum


def _rows(
    changes: Sequence[RowChange], layouts: Mapping[str, int]
) -> list[tuple[int, str | None, int, str]]:
    """Return (layout, content, CRC, path) of what the changes leave behind."""
    starts = {text: _crc_of_layout(text) for text in {change.layout for change in changes}}
    return [
        (
            layouts[change.layout],
            change.after,
            zlib.crc32(f"{change.path}\n{change.after}".encode(), starts[change.layout]),
            change.path,
        )
        for change in changes
    ]


def _crc_of_layout(text: str) -> int:
    """Return the CRC with which that of a row begins: a row read by a wrong layout is damaged."""
    return zlib.crc32(text.encode())

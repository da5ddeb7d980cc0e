"""What can go wrong with the store, in sentences: what, where, and what an operator can do."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_CAUSES: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: "another program has it open",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
    sqlite3.SQLITE_NOTADB: "the file is damaged",
    sqlite3.SQLITE_READONLY: "the file or its file system is read-only",
}

# When a damaged file puts bytes that are not UTF-8 into SQLite's own message, Python cannot tell
# it and raises what the decoding met instead.
SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)

RESTORE = (
    "Move it away together with its -wal file, and put a good copy in its place, or nothing to "
    "start with an empty configuration."
)


class StoreRefused(Exception):
    """The store cannot be used: what is wrong, where, and what an operator can do."""


class StoreFailed(Exception):
    """A request to an open store failed and changed nothing; the sentence says why."""


def cause_of(error: Exception) -> str:
    """Say in words why SQLite failed, with its own words in parentheses."""
    if isinstance(error, UnicodeDecodeError):
        return "the file is damaged (text that is not UTF-8)"
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    cause = _CAUSES.get(primary_code(error), "SQLite failed")
    return f"{cause} ({name}: {error})"


def primary_code(error: BaseException) -> int:
    """Return the SQLite result code without its extension; 0 if the error is not SQLite's."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def damaged(path: Path, what: str) -> StoreRefused:
    """Build the refusal of a store that was ours and is no longer whole."""
    said = " ".join(what.split())  # SQLite may write a report of many lines
    return StoreRefused(f"The store {path} is damaged: {said}. {RESTORE}")


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turn what the system and SQLite raise into refusals."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise StoreRefused(
            f"The store {path} cannot be used: {where}: {error.strerror}."
        ) from error
    except SQLITE_ERRORS as error:
        if isinstance(error, UnicodeDecodeError) or primary_code(error) in (
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_NOTADB,
        ):
            raise damaged(path, cause_of(error)) from error
        raise StoreRefused(f"The store {path} cannot be used: {cause_of(error)}.") from error

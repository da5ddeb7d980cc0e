"""The file of the store: how it is made, locked, examined and opened.

Its law: what is not plainly a whole store of this server is refused with a sentence, and nothing is
made where something lies already. An empty configuration is never mistaken for a lost one.
"""

import fcntl
import os
import sqlite3
import stat
from contextlib import ExitStack, suppress
from pathlib import Path

from server.datastore.store_errors import SQLITE_ERRORS, StoreRefused, damaged, refusals
from server.datastore.store_schema import APPLICATION_ID, SCHEMA, VERSION, too_new, upgrade

_MAGIC = b"SQLite format 3\0"
_HEADER_SIZE = 100
_WITH_LOG = b"\2\2"
_WHOLE_CHECK_LIMIT = 256 << 20

# temp_store: configuration holds secrets, so nothing is spilled to /tmp.
_SETTINGS = (
    "locking_mode=EXCLUSIVE",
    "journal_mode=WAL",
    "synchronous=FULL",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    f"journal_size_limit={16 << 20}",
)


class Database:
    """An open file: the connection, and the lock that makes it ours alone."""

    __slots__ = ("_lock", "connection", "path")

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: int) -> None:
        self.path = path
        self.connection = connection
        self._lock: int | None = lock

    def close(self) -> None:
        """Fold the write-ahead log into the file and let go of it; again does nothing."""
        if self._lock is None:
            return
        lock, self._lock = self._lock, None
        try:
            self.connection.execute("UPDATE state SET closed = 1")
        except SQLITE_ERRORS:
            _close_unmarked(self.connection, self.path)
        else:
            self.connection.close()
        finally:
            os.close(lock)


def open_database(path: Path, *, accept_missing_log: bool = False) -> Database:
    """Open the store at ``path``, or make one if nothing is there; raise ``StoreRefused``."""
    path = path.resolve()
    with refusals(path), ExitStack() as undo:
        _prepare_directory(path.parent)
        lock = _take_lock(path)
        undo.callback(os.close, lock)
        if not _is_there(path):
            _create(path)
        _examine_header(path)
        log_is_there = _log(path).exists()
        for file in (path, _log(path)) if log_is_there else (path,):
            file.chmod(0o600)
        connection = _connect(path)
        undo.callback(_close_unmarked if log_is_there else _close, connection, path)
        _examine(connection, path)
        if not (log_is_there or accept_missing_log):
            _refuse_missing_log(connection, path)
        upgrade(connection, path)
        _mark_open(connection)
        undo.pop_all()
        return Database(path, connection, lock)


def _prepare_directory(directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = stat.S_IMODE(directory.stat().st_mode)
    # Not tightened here: the directory may be /var/lib itself, and not ours to close.
    if mode & 0o077:
        raise StoreRefused(
            f"The directory {directory} is open to others (mode {mode:04o}), and the configuration "
            f"holds secrets. Give the store a directory of its own, or run: chmod 700 {directory}"
        )


def _take_lock(path: Path) -> int:
    """Return a descriptor that holds the lock of the store.

    A file beside it, since SQLite's own lock is lost when any descriptor of the same file is
    closed in the process (sqlite.org/howtocorrupt.html, section 2.2), and we read the header.
    """
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(lock, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(lock)
        raise StoreRefused(
            f"The store {path} is in use by another server (process {owner}). "
            "Stop it first, or give this one a store of its own."
        ) from None
    with suppress(OSError):  # The number is only for the sentence above; the disk may be full.
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    return lock


def _is_there(path: Path) -> bool:
    if path.exists():
        return True
    if _log(path).exists():
        raise StoreRefused(
            f"The store {path} is missing, but its write-ahead log {_log(path)} is there. "
            "Put the file back beside it, or move the log away to start with nothing."
        )
    return False


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _create(path: Path) -> None:
    """Make an empty store under another name, then give it its own: a crash leaves no half."""
    draft = path.with_name(path.name + ".new")
    for leftover in (draft, _log(draft)):
        leftover.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = sqlite3.connect(_address(draft), uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    draft.rename(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _address(path: Path) -> str:
    """Return the URI with which SQLite opens the file and never makes one."""
    return f"{path.as_uri()}?mode=rw"


def _examine_header(path: Path) -> None:
    """Refuse what is not ours before SQLite touches it (sqlite.org/fileformat2.html, 1.3)."""
    if not path.is_file():
        raise StoreRefused(f"The store {path} is not a regular file. Name another place.")
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    if not header:
        raise damaged(path, "the file is empty (0 bytes), which no store ever is")
    if not header.startswith(_MAGIC):
        raise damaged(path, "it does not begin like an SQLite file")
    if len(header) < _HEADER_SIZE:
        raise damaged(path, f"it ends after {len(header)} bytes")
    application = int.from_bytes(header[68:72], "big")
    version = int.from_bytes(header[60:64], "big")
    if application != APPLICATION_ID:
        raise StoreRefused(
            f"The file {path} is an SQLite file of another program (application id "
            f"{application:#010x}, not {APPLICATION_ID:#010x}). Name another place for the store."
        )
    if version > VERSION:
        raise too_new(path, version)
    if header[18:20] != _WITH_LOG and _log(path).exists():
        raise damaged(
            path, "it says it has no write-ahead log, and SQLite would drop the one there"
        )


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        _address(path), uri=True, timeout=0, isolation_level=None, check_same_thread=False
    )
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}").fetchall()
        # The first write takes the lock and finds a read-only file.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except BaseException:
        connection.close()
        raise
    return connection


def _examine(connection: sqlite3.Connection, path: Path) -> None:
    """Check the structure: 30 ms for 100k rows. Contents are checked when they are loaded."""
    size = connection.execute(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    )
    # A journal of huge transactions is not worth a slow start: then the entries alone are walked.
    table = "" if size.fetchone()[0] <= _WHOLE_CHECK_LIMIT else "(entry)"
    found = connection.execute(f"PRAGMA quick_check{table}").fetchall()
    if found != [("ok",)]:
        raise damaged(path, "; ".join(str(row[0]) for row in found[:3]))


def _refuse_missing_log(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that was copied or kept without its log: it may well look empty."""
    if connection.execute("SELECT closed FROM state").fetchone() != (1,):
        raise StoreRefused(
            f"The store {path} was not closed, and its write-ahead log {_log(path)} is missing, so "
            "the newest transactions may be lost. Put the log back beside it, or accept the loss."
        )


def _mark_open(connection: sqlite3.Connection) -> None:
    """Write into the file itself that from now on it is whole only together with its log."""
    if connection.execute("SELECT closed FROM state").fetchone() == (1,):
        connection.execute("UPDATE state SET closed = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _close(connection: sqlite3.Connection, _path: Path) -> None:
    connection.close()


def _close_unmarked(connection: sqlite3.Connection, path: Path) -> None:
    """Close a file that says it needs its log; SQLite removes the log, so leave an empty one."""
    connection.close()
    with suppress(OSError):
        _log(path).touch(mode=0o600)

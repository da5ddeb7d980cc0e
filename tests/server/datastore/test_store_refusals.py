"""What is not plainly a whole store of this server is refused with a sentence."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from server.datastore.store import RowChange, Store, StoreFailed, StoreRefused, Transaction
from server.datastore.store_schema import VERSION

ROWS = sorted(
    (f"/policy[name='{index}']", "[name,rate]", f'["{index}",{"7" * 40}]') for index in range(600)
)


def transaction(*changes: RowChange) -> Transaction:
    return Transaction("2026-05-09T07:35:25Z", "admin", 7, "ssh", "commit", "", changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a closed store with some rows and a history."""
    path = tmp_path / "running.db"
    store = Store.open(path)
    store.append(transaction(*(RowChange(p, layout, None, c) for p, layout, c in ROWS)))
    for name, layout, content in ROWS[:40]:
        store.append(transaction(RowChange(name, layout, content, content)))
    store.close()
    return path


def read_all(path: Path) -> list[tuple[str, str, str]]:
    store = Store.open(path)
    try:
        return list(store.load())
    finally:
        store.close()


def change(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(5000))


def shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 4096)


def shorten_to_the_header(path: Path) -> None:
    os.truncate(path, 60)


def replace_by_a_foreign_file(path: Path) -> None:
    path.unlink()
    change(path, "CREATE TABLE t (x)")


def replace_by_a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_newer(path: Path) -> None:
    change(path, f"PRAGMA user_version = {VERSION + 1}")


def make_too_old(path: Path) -> None:
    change(path, "PRAGMA user_version = 0")


def alter_a_content(path: Path) -> None:
    change(path, "UPDATE entry SET content = '[]' WHERE path LIKE '%''77''%'")


def alter_a_layout(path: Path) -> None:
    change(path, "UPDATE layout SET text = '[rate,name]'")


def turn_a_layout_into_bytes(path: Path) -> None:
    change(path, "UPDATE layout SET text = CAST(text AS BLOB)")


def lose_a_row(path: Path) -> None:
    change(path, "DELETE FROM entry WHERE path LIKE '%''77''%'")


def lose_the_journal(path: Path) -> None:
    change(path, "DELETE FROM journal")


def alter_the_newest_transaction(path: Path) -> None:
    change(path, "UPDATE journal SET user = 'eve' WHERE id = 41")


def damage_a_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096)


def lose_the_file_but_not_its_log(path: Path) -> None:
    path.rename(path.with_name("running.db-wal"))


def switch_the_log_off(path: Path) -> None:
    change(path, "PRAGMA journal_mode = DELETE")
    path.with_name("running.db-wal").touch()


def break_the_schema(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_schema SET sql = '?', name = CAST(x'cf41' AS TEXT)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (empty, r"is damaged: the file is empty \(0 bytes\).* Move it away"),
        (garbage, "is damaged: it does not begin like an SQLite file"),
        (shorten, "is damaged: .*malformed"),
        (shorten_to_the_header, "is damaged: it ends after 60 bytes"),
        (replace_by_a_foreign_file, "another program .* Name another place"),
        (replace_by_a_directory, "not a regular file"),
        (make_newer, "written by a newer server"),
        (make_too_old, "version 0, from which this server cannot upgrade"),
        (alter_a_content, r"the row /policy\[name='77'\] does not match its checksum"),
        (alter_a_layout, "the row .* does not match its checksum"),
        (turn_a_layout_into_bytes, "the row .* does not match its checksum"),
        (lose_a_row, "its 599 rows are not the 600"),
        (lose_the_journal, "its 600 rows are not the 0"),
        (alter_the_newest_transaction, "transaction 41 does not match its checksum"),
        (damage_a_page, "is damaged: "),
        (break_the_schema, "is damaged: .*not UTF-8"),
        (lose_the_file_but_not_its_log, "is missing, but its write-ahead log"),
        (switch_the_log_off, "it says it has no write-ahead log"),
    ],
)
def test_it_is_refused_and_left_alone(
    path: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    damage(path)
    for _ in range(2):
        with pytest.raises(StoreRefused, match=sentence) as caught:
            read_all(path)
        assert str(path) in str(caught.value)


@pytest.mark.parametrize("seed", range(150))
def test_flipped_bits_never_change_what_is_loaded(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 1, 1, 3, 20])):
        position = chance.randrange(len(data) if seed % 5 else 4096)
        data[position] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    try:
        store = Store.open(path)
    except StoreRefused:
        return
    try:
        assert list(store.load()) == ROWS
        for entry in store.history(99):
            assert len(store.changes(entry.id)) == entry.size
    except (StoreRefused, StoreFailed):
        pass
    finally:
        store.close()


def test_a_damaged_transaction_of_the_past_is_not_told(path: Path) -> None:
    change(path, "UPDATE journal SET changes = zeroblob(9) WHERE id = 5")
    change(path, "UPDATE journal SET comment = 'x' WHERE id = 6")
    change(path, "UPDATE journal SET changes = 7 WHERE id = 7")
    change(path, "DELETE FROM journal_part")
    store = Store.open(path)
    for number in (1, 5, 6, 7):
        with pytest.raises(StoreFailed, match=f"transaction {number} "):
            store.changes(number)
    with pytest.raises(StoreFailed, match="transaction 6 does not match"):
        store.history(99)
    assert list(store.load()) == ROWS
    store.close()


def test_a_second_server_is_refused(path: Path) -> None:
    store = Store.open(path)
    with pytest.raises(StoreRefused, match=f"in use by another server .process {os.getpid()}"):
        Store.open(path)
    # A header read and closed by the second must not have dropped the lock of the first.
    opener = (
        "import sys, pathlib, server.datastore.store as s; s.Store.open(pathlib.Path(sys.argv[1]))"
    )
    other = subprocess.run(
        [sys.executable, "-c", opener, str(path)], capture_output=True, text=True
    )
    assert "StoreRefused" in other.stderr
    store.append(transaction())
    store.close()
    Store.open(path).close()


def test_a_store_that_another_program_reads_is_refused(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("BEGIN")
    connection.execute("SELECT * FROM entry").fetchone()
    with pytest.raises(StoreRefused, match="another program has it open"):
        Store.open(path)
    connection.close()
    assert read_all(path) == ROWS


def test_an_open_directory_is_refused(tmp_path: Path) -> None:
    directory = tmp_path / "loose"
    directory.mkdir(mode=0o755)
    with pytest.raises(StoreRefused, match=f"chmod 700 {directory}"):
        Store.open(directory / "running.db")
    assert list(directory.iterdir()) == []


def test_a_file_as_directory_is_refused(path: Path) -> None:
    with pytest.raises(StoreRefused, match="cannot be used"):
        Store.open(path / "running.db")


def test_a_copy_without_its_log_is_refused_until_accepted(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "running.db")
    store.append(transaction(RowChange("/a", "[]", None, "[]")))
    copy = tmp_path / "copy.db"
    shutil.copy(tmp_path / "running.db", copy)
    for _ in range(2):
        with pytest.raises(StoreRefused, match="write-ahead log .*copy.db-wal is missing"):
            Store.open(copy)
    accepted = Store.open(copy, accept_missing_log=True)
    assert list(accepted.load()) == []
    accepted.close()
    Store.open(copy).close()
    store.close()


def test_a_refusal_after_a_crash_does_not_lose_the_log(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "running.db")
    store.append(transaction(RowChange("/a", "[]", None, "[]")))
    copy = tmp_path / "copy.db"
    for suffix in ("", "-wal"):
        shutil.copy(f"{tmp_path / 'running.db'}{suffix}", f"{copy}{suffix}")
    store.close()
    store = Store.open(copy)
    crashed = tmp_path / "crashed.db"
    for suffix in ("", "-wal"):
        shutil.copy(f"{copy}{suffix}", f"{crashed}{suffix}")
    store.close()
    change_version(crashed, 0)
    with pytest.raises(StoreRefused, match="cannot upgrade"):
        Store.open(crashed)
    change_version(crashed, VERSION)
    assert read_all(crashed) == [("/a", "[]", "[]")]


def change_version(path: Path, version: int) -> None:
    """Change the number in the file itself and leave the log alone."""
    with path.open("r+b") as file:
        file.seek(60)
        file.write(version.to_bytes(4, "big"))


def test_a_draft_of_a_crashed_start_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "running.db.new").write_bytes(b"half")
    assert read_all(tmp_path / "running.db") == []
    assert not (tmp_path / "running.db.new").exists()

"""The file is marked as ours, and an older one is brought to the newest version."""

import sqlite3
from pathlib import Path

import pytest

from server.datastore.store import Store, StoreRefused
from server.datastore.store_schema import APPLICATION_ID, VERSION, upgrade


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Store.open(tmp_path / "running.db").close()
    return tmp_path / "running.db"


def test_the_file_says_whose_it_is(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    connection.close()


def test_a_store_of_version_1_is_taken_over(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE unconfirmed")
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    path.with_name("running.db-wal").touch()
    store = Store.open(path)
    assert store.unconfirmed is None
    store.close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    connection.close()


def test_upgrades_run_one_after_the_other(path: Path) -> None:
    steps = {
        VERSION: lambda connection: connection.execute("CREATE TABLE second (x)"),
        VERSION + 1: lambda connection: connection.execute("ALTER TABLE second ADD y"),
    }
    connection = sqlite3.connect(path, isolation_level=None)
    upgrade(connection, path, steps, newest=VERSION + 2)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION + 2,)
    assert connection.execute("SELECT x, y FROM second").fetchall() == []
    connection.close()


def test_a_failed_upgrade_leaves_the_version_before(path: Path) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (x)")
        raise sqlite3.OperationalError("no")

    connection = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        upgrade(connection, path, {VERSION: fail}, newest=VERSION + 1)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert connection.execute("SELECT name FROM sqlite_schema WHERE name = 'half'").fetchall() == []
    with pytest.raises(StoreRefused, match="newer server"):
        upgrade(connection, path, {}, newest=0)
    connection.close()

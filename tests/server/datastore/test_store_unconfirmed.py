"""What the store says of a confirmed commit is written with it, kept, and verified."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from server.datastore.store import RowChange, Store, StoreRefused, Transaction, Unconfirmed

WAITS = Unconfirmed(base=1, token="", boot="b", deadline=12.5, owner="session 1 (ada@192.0.2.1)")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own" / "running.db"


def transaction(number: int) -> Transaction:
    before = f"[{number - 1}]" if number > 1 else None
    change = RowChange("/a", "[]", before, f"[{number}]")
    return Transaction("2026-01-01T00:00:00Z", "ada", 1, "ssh", "commit", "", (change,))


def test_it_comes_back_with_its_transaction(path: Path) -> None:
    store = Store.open(path)
    store.append(transaction(1))
    store.append(transaction(2), WAITS)
    store.close()
    store = Store.open(path)
    assert store.unconfirmed == WAITS
    assert store.changes_after(1) == [RowChange("/a", "[]", "[1]", "[2]")]
    store.append(transaction(3))
    store.close()
    store = Store.open(path)
    assert store.unconfirmed is None
    store.close()


def test_it_can_come_and_go_without_a_transaction(path: Path) -> None:
    store = Store.open(path)
    for waits in (WAITS, replace(WAITS, token=None), None):
        store.keep_unconfirmed(waits)
        store.close()
        store = Store.open(path)
        assert store.unconfirmed == waits
    store.close()


def test_what_it_needs_to_go_back_is_kept_until_it_is_gone(path: Path) -> None:
    store = Store.open(path, keep_transactions=2)
    for number in range(1, 10):
        store.append(transaction(number), WAITS if number > 1 else None)
    assert [change.after for change in store.changes_after(1)] == [
        f"[{number}]" for number in range(9, 1, -1)
    ]
    assert len(store.history(100)) == 2
    for number in range(10, 20):
        store.append(transaction(number))
    with pytest.raises(StoreRefused, match="transaction 1[0-9] is not in the journal"):
        store.changes_after(1)
    store.close()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE unconfirmed SET record = replace(record, '12.5', '13.5')",
        "UPDATE unconfirmed SET record = 7",
        "INSERT INTO unconfirmed SELECT * FROM unconfirmed",
    ],
)
def test_a_damaged_one_is_refused(path: Path, damage: str) -> None:
    store = Store.open(path)
    store.keep_unconfirmed(WAITS)
    store.close()
    connection = sqlite3.connect(path)
    connection.execute(damage)
    connection.commit()
    connection.close()
    path.with_name("running.db-wal").touch()
    with pytest.raises(StoreRefused, match="confirmed commit does not match its checksum"):
        Store.open(path)


def test_its_token_is_in_no_repr() -> None:
    assert "secret" not in repr(replace(WAITS, token="secret"))

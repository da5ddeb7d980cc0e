"""The store keeps what it is given, row by row, and tells its history."""

import random
import sqlite3
import stat
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.datastore.store import JournalEntry, RowChange, Store, StoreFailed, Transaction

LAYOUT = '["name","rate"]'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own" / "running.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = Store.open(path)
    yield opened
    opened.close()


def transaction(*changes: RowChange, comment: str = "") -> Transaction:
    return Transaction(
        time="2026-05-09T07:35:25Z",
        user="admin",
        session_id=7,
        source="ssh 192.0.2.1:50000",
        operation="commit",
        comment=comment,
        changes=changes,
    )


def create(path: str, content: str, layout: str = LAYOUT) -> RowChange:
    return RowChange(path, layout, None, content)


def contents(store: Store) -> dict[str, tuple[str, str]]:
    return {path: (layout, content) for path, layout, content in store.load()}


def test_a_new_store_is_empty_and_private(path: Path, store: Store) -> None:
    store.append(transaction(create("/a", "[1]")))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["running.db", "running.db-wal", "running.db.lock"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_rows_come_back_in_path_order_with_their_layout(path: Path, store: Store) -> None:
    store.append(transaction(create("/b", "[2]"), create("/a", "[1]"), create("/é", "[]", "[]")))
    store.close()
    again = Store.open(path)
    assert list(again.load()) == [("/a", LAYOUT, "[1]"), ("/b", LAYOUT, "[2]"), ("/é", "[]", "[]")]
    again.close()


def test_a_loosely_restored_file_is_made_private(path: Path, store: Store) -> None:
    store.close()
    path.chmod(0o644)
    Store.open(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_changing_a_row_may_change_its_layout(store: Store) -> None:
    store.append(transaction(create("/a", "[1]")))
    store.append(transaction(RowChange("/a", '["rate"]', "[1]", "[2]")))
    assert contents(store) == {"/a": ('["rate"]', "[2]")}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([create("/a", "[2]")], "there already"),
        ([RowChange("/b", LAYOUT, "[1]", "[2]")], "are not there"),
        ([RowChange("/b", LAYOUT, "[1]", None)], "are not there"),
        ([RowChange("/a", LAYOUT, "[1]", "[2]")] * 2, "twice"),
    ],
)
def test_a_change_that_does_not_fit_changes_nothing(
    store: Store, changes: Sequence[RowChange], sentence: str
) -> None:
    store.append(transaction(create("/a", "[1]")))
    with pytest.raises(StoreFailed, match=sentence):
        store.append(transaction(create("/new", "[]", "[new layout]"), *changes))
    assert contents(store) == {"/a": (LAYOUT, "[1]")}
    assert store.append(transaction(create("/new", "[]", "[new layout]"))) == 2
    assert contents(store)["/new"] == ("[new layout]", "[]")


def test_what_is_not_text_changes_nothing(store: Store) -> None:
    with pytest.raises(UnicodeEncodeError):
        store.append(transaction(create("/a", "\ud800")))
    assert contents(store) == {}
    assert store.append(transaction(create("/a", "[]"))) == 1


def test_a_closed_store_fails_with_a_sentence(path: Path) -> None:
    store = Store.open(path)
    store.close()
    store.close()
    with pytest.raises(StoreFailed, match="took nothing of the transaction"):
        store.append(transaction())


def test_history_tells_the_newest_first(store: Store) -> None:
    store.append(transaction(create("/a", "[1]"), comment="first"))
    store.append(transaction(RowChange("/a", LAYOUT, "[1]", None), comment="second"))
    newest, oldest = store.history(10)
    assert newest == JournalEntry(
        2, "2026-05-09T07:35:25Z", "admin", 7, "ssh 192.0.2.1:50000", "commit", "second", 1
    )
    assert oldest.comment == "first"
    assert store.history(1) == [newest]
    assert store.changes(2) == [RowChange("/a", LAYOUT, "[1]", None)]


@pytest.mark.parametrize("size", [0, 1, 499, 500, 501, 1700])
def test_changes_of_any_size_come_back(path: Path, size: int) -> None:
    store = Store.open(path)
    changes = [create(f"/{index}", f'["{index}",{"9" * 30}]') for index in range(size)]
    number = store.append(transaction(*changes))
    assert store.changes(number) == changes
    assert store.history(1)[0].size == size
    store.close()


def test_the_journal_keeps_the_newest(path: Path) -> None:
    store = Store.open(path, keep_transactions=3)
    for index in range(10):
        store.append(transaction(create(f"/{index}", "[]")))
    assert [entry.id for entry in store.history(99)] == [10, 9, 8]
    with pytest.raises(LookupError, match="7 is not in the journal"):
        store.changes(7)
    store.close()
    assert row_counts(path) == (3, 0)


def test_a_big_old_transaction_goes_little_by_little(path: Path) -> None:
    store = Store.open(path, keep_transactions=2)
    store.append(transaction(*(create(f"/{index}", "[]") for index in range(10_000))))
    for index in range(3):
        store.append(transaction(create(f"/more/{index}", "[]")))
    store.close()
    assert row_counts(path) == (2, 19 - 2 * 2)
    store = Store.open(path, keep_transactions=2)
    for index in range(8):
        store.append(transaction(create(f"/again/{index}", "[]")))
    store.close()
    assert row_counts(path) == (2, 0)


def test_a_smaller_limit_is_reached_little_by_little(path: Path) -> None:
    store = Store.open(path)
    for index in range(20):
        store.append(transaction(create(f"/{index}", "[]")))
    store.close()
    store = Store.open(path, keep_transactions=5)
    assert len(store.history(99)) == 5
    store.append(transaction())
    store.close()
    assert row_counts(path) == (19, 0)


def test_what_is_listed_has_its_changes_when_the_limit_rises_again(path: Path) -> None:
    big = [create(f"/{index}", "[]") for index in range(2_000)]
    for keep in (1000, 1, 1000):
        store = Store.open(path, keep_transactions=keep)
        for index in range(4):
            store.append(transaction(create(f"/{keep}/{store.newest}/{index}", "[]")))
        if store.newest == 4:
            store.append(transaction(*big))
        for entry in store.history(99):
            assert len(store.changes(entry.id)) == entry.size
        store.close()


def row_counts(path: Path) -> tuple[int, int]:
    """Return how many rows the journal and its parts have."""
    connection = sqlite3.connect(path)
    counts = connection.execute(
        "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM journal_part)"
    ).fetchone()
    connection.close()
    return counts[0], counts[1]


def test_one_store_serves_worker_threads_in_turn(store: Store) -> None:
    for index in range(3):
        change = transaction(create(f"/{index}", "[]"))
        worker = threading.Thread(target=store.append, args=[change])
        worker.start()
        worker.join()
    assert len(contents(store)) == 3


States = list[dict[str, str]]
states = st.lists(
    st.dictionaries(st.text("ab\u00e9\U0001f600'", max_size=3), st.text(max_size=5), max_size=6),
    max_size=8,
)


@settings(deadline=None)
@given(states, st.randoms())
def test_every_sequence_of_transactions_is_kept(
    tmp_path_factory: pytest.TempPathFactory, states: States, chance: random.Random
) -> None:
    path = tmp_path_factory.mktemp("store") / "running.db"
    store = Store.open(path)
    before: dict[str, str] = {}
    for after in states:
        changes = [
            RowChange(key, chance.choice(["[]", LAYOUT]), before.get(key), after.get(key))
            for key in {**before, **after}
            if before.get(key) != after.get(key)
        ]
        assert store.changes(store.append(transaction(*changes))) == changes
        if chance.random() < 0.3:
            store.close()
            store = Store.open(path)
        before = after
        assert {key: content for key, (_, content) in contents(store).items()} == after
    store.close()

"""Etags against what they say: a node has another one exactly where it holds something else."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.dataplane import NoDataplane
from server.datastore.etags import Etags
from server.datastore.history import History
from server.datastore.likeness import is_alike
from server.datastore.running import Purpose, Running
from server.datastore.store import Store
from server.datastore.txids import SPECIAL, Keys, Txids
from tests.differential import broad
from tests.server.datastore.test_rewind import edits
from tests.yang.compiled import bindings
from yang.schema import CONTAINER, LIST, Inner, Schema

NOW = datetime(2026, 11, 25, tzinfo=UTC)
Nodes = dict[tuple[str, Keys], Any]
"""The versioned nodes of a tree, and what is in each."""


@pytest.fixture(scope="module")
def schema() -> Schema:
    found = bindings(broad.LOADED, broad.PATH, broad.FEATURES)[0].SCHEMA
    assert isinstance(found, Schema)
    return found


class Server:
    """A running configuration with its store, without validation."""

    def __init__(self, schema: Schema, directory: Path, generations: int, read_back: int) -> None:
        self.store = Store.open(directory / "running.sqlite", keep_transactions=generations)
        self.running = Running(schema, NoDataplane(), self.store, lambda: NOW)
        self.running._validated = (  # type: ignore[method-assign]
            lambda before, root, changes: before._replace(root=root)
        )
        changing = threading.RLock()
        self.history = History(self.running, changing)
        self.etags = Etags(schema, self.running, self.history, changing, read_back)
        self.running.load()
        self.history.load()

    def commit(self, root: Any) -> None:
        self.running.replace(root, Purpose(None, "commit"), lambda: None)


def versioned(node: Inner, value: Any, keys: Keys = ()) -> Iterator[tuple[tuple[str, Keys], Any]]:
    for child in node.slots:
        held = value[child.at.slot]
        if child.kind == LIST:
            for key, entry in held.items():
                yield (child.at.path, (*keys, key)), entry
                yield from versioned(child, entry, (*keys, key))  # type: ignore[arg-type]
        elif child.kind == CONTAINER and held is not None:
            if not keys:
                yield (child.at.path, ()), held
            yield from versioned(child, held, keys)  # type: ignore[arg-type]


def etag(txids: Txids, path: str, keys: Keys) -> str:
    return (txids.of_entry(path, keys) if keys else txids.of_container(path)).etag


def told(txids: Txids) -> dict[tuple[str, Keys], str]:
    found = {where: etag(txids, *where) for where, _ in versioned(txids.schema.root, txids.root)}
    return found | {("", ()): txids.newest.etag}


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 1 << 32), about=st.sampled_from(sorted(broad.SHARES)))
def test_an_etag_changes_exactly_with_what_is_in_the_node(
    schema: Schema, seed: int, about: str
) -> None:
    directory = Path(tempfile.mkdtemp())
    server = Server(schema, directory, 100, 100_000)
    server.etags.running()
    seen: dict[str, set[str]] = {}
    for root in edits(schema, about, seed):
        before, candidate = server.etags.running(), server.etags.candidate(root)
        server.commit(root)
        after = server.etags.running()
        old = dict(versioned(schema.root, before.root))
        for where, value in versioned(schema.root, after.root):
            same = where in old and is_alike(old[where], value)
            if where in old:
                assert (etag(before, *where) == etag(after, *where)) is same, where
            assert etag(candidate, *where) == (etag(after, *where) if same else "!")
            assert etag(after, *where) not in SPECIAL
        assert seen.setdefault(after.newest.etag, {repr(after.root)}) == {repr(after.root)}
    kept = told(server.etags.running())
    server.store.close()
    again = Server(schema, directory, 100, 100_000)
    found = told(again.etags.running())
    assert found.keys() == kept.keys()
    assert found == kept
    again.store.close()
    shutil.rmtree(directory)


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 1 << 32),
    generations=st.integers(1, 8),
    read_back=st.integers(0, 20),
    asked_at=st.integers(0, 11),
)
def test_what_is_forgotten_never_makes_an_old_etag_current(
    schema: Schema, seed: int, generations: int, read_back: int, asked_at: int
) -> None:
    directory = Path(tempfile.mkdtemp())
    server = Server(schema, directory, generations, read_back)
    past: list[tuple[Nodes, dict[tuple[str, Keys], str]]] = []
    for number, root in enumerate(edits(schema, sorted(broad.SHARES)[0], seed)):
        if number == asked_at:
            server.store.close()
            server = Server(schema, directory, generations, read_back)
        server.commit(root)
        if number < asked_at:
            continue
        txids = server.etags.running()
        nodes = dict(versioned(schema.root, txids.root))
        for then, known in past:
            for where, known_etag in known.items():
                if where not in nodes:
                    continue
                held = txids.of_entry(*where) if where[1] else txids.of_container(where[0])
                if server.etags.is_current(known_etag, held):
                    assert is_alike(then[where], nodes[where])
        past.append((nodes, {w: etag(txids, *w) for w in nodes}))
    server.store.close()
    shutil.rmtree(directory)


def test_nothing_is_kept_until_somebody_asks(schema: Schema, tmp_path: Path) -> None:
    server = Server(schema, tmp_path, 100, 100)
    for root in edits(schema, sorted(broad.SHARES)[0], 1):
        server.commit(root)
    assert server.etags._txids is None
    assert server.etags.newest.etag == server.etags.running().newest.etag
    server.store.close()


def test_who_keeps_others_from_changing_waits_for_nobody_who_reads_back(
    schema: Schema, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = list(edits(schema, sorted(broad.SHARES)[0], 1))
    server = Server(schema, tmp_path, 100, 100)
    for root in roots[:-1]:
        server.commit(root)
    reading, go_on = threading.Event(), threading.Event()
    noted = server.etags._noted

    def slowly(rows: Any) -> Any:
        if threading.current_thread() is slow:
            reading.set()
            assert go_on.wait(20)
        return noted(rows)

    monkeypatch.setattr(server.etags, "_noted", slowly)
    found: list[Txids] = []
    slow = threading.Thread(target=lambda: found.append(server.etags.running()), daemon=True)
    slow.start()
    assert reading.wait(20)
    with server.etags._changing:
        server.commit(roots[-1])
        now = server.etags.running()
    go_on.set()
    slow.join(20)
    assert found == [now]
    assert now.root is server.running.root
    server.store.close()


def test_commits_that_are_made_while_others_are_read_back_are_noted(
    schema: Schema, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = list(edits(schema, sorted(broad.SHARES)[0], 1))
    server = Server(schema, tmp_path, 100, 100)
    for root in roots[:-1]:
        server.commit(root)
    noted, left = server.etags._noted, [roots[-1]]

    def meanwhile(rows: Any) -> Any:
        if left:
            server.commit(left.pop())
        return noted(rows)

    monkeypatch.setattr(server.etags, "_noted", meanwhile)
    txids = server.etags.running()
    assert txids.root is server.running.root
    server.store.close()
    again = Server(schema, tmp_path, 100, 100)
    assert told(again.etags.running()) == told(txids)
    again.store.close()

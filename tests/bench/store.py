"""What durability costs: ``python -m tests.bench.store [directory]`` (a real disk, not tmpfs).

The floor of an append is the same bytes appended to a plain file and fdatasync, in the same run.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from io import FileIO
from pathlib import Path

from server.datastore.store import RowChange, Store, Transaction

ROUNDS = 1000
LAYOUT = '["name","tunnel","rate","prefix","enabled","classes","description"]'
BULK = 10_000


def main() -> None:
    """Print every figure."""
    where = sys.argv[1] if len(sys.argv) > 1 else None
    for size in (1_000, 100_000):
        with tempfile.TemporaryDirectory(dir=where) as directory:
            measure(Path(directory), size)


def measure(directory: Path, size: int) -> None:
    """Print the figures of a store of ``size`` rows."""
    chance = random.Random(1)
    path = directory / "running.db"
    store = Store.open(path)
    before = {name: content(chance, name) for name in names("policy", size)}
    created = [RowChange(name, LAYOUT, None, text) for name, text in before.items()]
    chance.shuffle(created)
    print(f"{size} rows of {sum(map(len, before.values())) // size} bytes")
    print(f"  fill in one transaction    {timed(store, created) * 1e3:9.1f} ms")
    edits = [edit_one(chance, before) for _ in range(ROUNDS)]
    report("append of one change", (timed(store, [edit]) for edit in edits))
    report("floor: write + fdatasync", floor(directory / "floor", edits))
    bulk = [RowChange(name, LAYOUT, None, content(chance, name)) for name in names("more", BULK)]
    after = [RowChange(it.path, LAYOUT, it.after, content(chance, it.path)) for it in bulk]
    gone = [RowChange(it.path, LAYOUT, it.after, None) for it in after]
    for what, changes in (("create", bulk), ("change", after), ("delete", gone)):
        print(f"  {what} {BULK} rows          {timed(store, changes) * 1e3:9.1f} ms")
    report("append after the bulk", (timed(store, [edit_one(chance, before)]) for _ in range(50)))
    store.close()
    report("open", (stopwatch(lambda: Store.open(path).close()) for _ in range(5)))
    store = Store.open(path)
    report("load and verify", (stopwatch(lambda: exhaust(store.load())) for _ in range(5)))
    report("history of 1000", (stopwatch(lambda: store.history(1000)) for _ in range(5)))
    store.close()
    print(f"  file                       {path.stat().st_size / 1e6:9.1f} MB")


def names(kind: str, count: int) -> Iterator[str]:
    return (f"/ipsec-qos:ipsec-qos/{kind}[name='policy-{index}']" for index in range(count))


def content(chance: random.Random, name: str) -> str:
    rate, text = chance.randrange(10**6), "x" * chance.randrange(20, 170)
    return f'["{name[-15:-2]}","tunnel 7",{rate},"10.1.2.0/24",true,["gold","silver"],"{text}"]'


def edit_one(chance: random.Random, rows: dict[str, str]) -> RowChange:
    name = f"/ipsec-qos:ipsec-qos/policy[name='policy-{chance.randrange(len(rows))}']"
    before, rows[name] = rows[name], content(chance, name)
    return RowChange(name, LAYOUT, before, rows[name])


def timed(store: Store, changes: Sequence[RowChange]) -> float:
    transaction = Transaction(
        "2026-05-09T07:35:25Z", "admin", 7, "ssh 192.0.2.1:50000", "commit", "", changes
    )
    return stopwatch(lambda: store.append(transaction))


def floor(path: Path, edits: Iterable[RowChange]) -> Iterator[float]:
    """Append the bytes that a commit must at least write: the row, and old and new for history."""
    with path.open("wb", buffering=0) as file:
        for edit in edits:
            data = f"{edit.path}{edit.after}{edit.before}{edit.after}".encode()
            yield stopwatch(partial(write_durably, file, data))


def write_durably(file: FileIO, data: bytes) -> None:
    file.write(data)
    os.fdatasync(file.fileno())


def exhaust(rows: Iterable[object]) -> None:
    for _ in rows:
        pass


def stopwatch(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(what: str, seconds: Iterable[float]) -> None:
    found = sorted(seconds)
    middle, late = found[len(found) // 2], found[len(found) * 99 // 100]
    print(
        f"  {what:<26} min {found[0] * 1e3:7.3f}  p50 {middle * 1e3:7.3f}  p99 {late * 1e3:7.3f} ms"
    )


if __name__ == "__main__":
    main()

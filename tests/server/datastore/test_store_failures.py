"""Whatever breaks in the middle, exactly the acknowledged transactions are there."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.datastore.store import RowChange, Store, StoreFailed, StoreRefused, Transaction

# Appends until it is killed, and says the number of each transaction once it is durable. Every
# third one is big, so that the kill also hits the middle of long writes and of checkpoints.
WRITER = """
import pathlib, sys
from server.datastore.store import RowChange, Store, Transaction
store = Store.open(pathlib.Path(sys.argv[1]), keep_transactions=20)
list(store.load())

while True:
    index = store.history(1)[0].id + 1 if store.history(1) else 1
    size = 800 if index % 3 == 0 else 2
    changes = [RowChange(f"/{index}/{i}", "[]", None, f'["{index}"]' * 20) for i in range(size)]
    number = store.append(Transaction("", "", 0, "", "", "", changes))
    print(number, flush=True)
"""

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def transaction(index: int, size: int = 1) -> Transaction:
    changes = [RowChange(f"/{index}/{i}", "[]", None, f'["{index}"]' * 40) for i in range(size)]
    return Transaction("", "", 0, "", "", "", changes)


def rows_after(last: int) -> int:
    return sum(800 if index % 3 == 0 else 2 for index in range(1, last + 1))


def test_kill_leaves_what_was_acknowledged_or_one_more(tmp_path: Path) -> None:
    path = tmp_path / "running.db"
    acknowledged = 0
    for attempt in range(12):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, env=ENVIRONMENT
        )
        assert writer.stdout is not None
        told = writer.stdout.readline()
        time.sleep(0.013 * attempt)
        writer.send_signal(signal.SIGKILL)
        numbers = [int(line) for line in (told + writer.stdout.read()).split()]
        writer.wait()
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert numbers[0] in (acknowledged + 1, acknowledged + 2)
        acknowledged = numbers[-1]
    store = Store.open(path, keep_transactions=20)
    newest = store.history(1)[0].id
    assert newest in (acknowledged, acknowledged + 1)
    assert len(list(store.load())) == rows_after(newest)
    assert [change.path for change in store.changes(newest)][0] == f"/{newest}/0"
    store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    options = "size=1m,mode=0700"
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", options, "tmpfs", str(disk)]).returncode
    ):
        pytest.skip("no right to mount a tmpfs")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_fails_the_append_and_nothing_else(small_disk: Path) -> None:
    path = small_disk / "running.db"
    store = Store.open(path)
    assert store.append(transaction(1)) == 1
    with pytest.raises(StoreFailed, match="the disk is full"):
        store.append(transaction(2, 10_000))
    assert len(list(store.load())) == 1
    assert store.append(transaction(2)) == 2
    ballast = small_disk / "ballast"
    number = 2
    with pytest.raises(StoreFailed, match="the disk is full"), ballast.open("wb") as file:
        fill(file.fileno())
        for number in range(3, 500):
            store.append(transaction(number))
    assert store.history(1)[0].id == number - 1
    store.close()
    ballast.unlink()
    store = Store.open(path)
    assert len(list(store.load())) == number - 1
    assert store.append(transaction(number)) == number
    store.close()


def fill(descriptor: int) -> None:
    try:
        while True:
            os.write(descriptor, bytes(4096))
    except OSError:
        return


def test_after_a_crash_a_store_on_a_full_disk_can_be_read(small_disk: Path) -> None:
    path = small_disk / "running.db"
    store = Store.open(path)
    store.append(transaction(1, 100))
    crashed = small_disk / "crashed.db"
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", f"{crashed}{suffix}")
    store.close()
    path.unlink()
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file:
        fill(file.fileno())
    store = Store.open(crashed)
    assert len(list(store.load())) == 100
    with pytest.raises(StoreFailed, match="the disk is full"):
        store.append(transaction(2, 10_000))
    store.close()
    ballast.unlink()
    store = Store.open(crashed)
    assert len(list(store.load())) == 100
    assert store.append(transaction(2, 100)) == 2
    store.close()


def test_a_read_only_disk_is_refused(small_disk: Path) -> None:
    path = small_disk / "running.db"
    Store.open(path).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StoreRefused, match="Read-only file system"):
        Store.open(path)


def test_a_write_error_fails_the_append_and_nothing_else(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "running.db")
    store.append(transaction(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(StoreFailed, match="the disk "):
            store.append(transaction(2, 5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.append(transaction(2)) == 2
    store.close()
    store = Store.open(tmp_path / "running.db")
    assert len(list(store.load())) == 2
    store.close()


# Its third append meets the failure; what lies on the disk is then copied before anything else
# happens, as a crash would leave it.
FSYNC_WRITER = """
import pathlib, sys
from server.datastore.store import RowChange, Store, StoreFailed, Transaction
path = pathlib.Path(sys.argv[1])
store = Store.open(path)
for index in range(60):
    try:
        store.append(Transaction("", "", 0, "", "", "", [RowChange(f"/{index}", "[]", None, "[]")]))
    except StoreFailed as error:
        print(index, error)
        break
for suffix in ("", "-wal"):
    path.with_name("copy.db" + suffix).write_bytes(pathlib.Path(f"{path}{suffix}").read_bytes())
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace injects the failure")
@pytest.mark.parametrize("failures", ["20", "20..21", "20+"])
def test_a_failed_fsync_is_not_found_committed_after_a_crash(tmp_path: Path, failures: str) -> None:
    trace = ["strace", "-f", "-o", "/dev/null", "-e", "trace=fdatasync"]
    inject = ["-e", f"inject=fdatasync:error=EIO:when={failures}"]
    writer = [sys.executable, "-c", FSYNC_WRITER, str(tmp_path / "running.db")]
    told = subprocess.run(
        [*trace, *inject, *writer], capture_output=True, text=True, env=ENVIRONMENT
    )
    if "ptrace" in told.stderr.lower():
        pytest.skip("no right to trace")
    index, sentence = told.stdout.split(" ", 1)
    assert "the disk reports an error (SQLITE_IOERR_FSYNC" in sentence
    copy = Store.open(tmp_path / "copy.db")
    assert len(list(copy.load())) == int(index)
    copy.close()

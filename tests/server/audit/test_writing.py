"""Nobody waits for the audit, and what is lost is told."""

import errno
import json
import os
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server.audit.writing import FileSink, Writer

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


class Disk:
    """A sink that fails on demand, or is stuck."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.fails = False
        self.free = threading.Event()
        self.free.set()
        self.attempts = 0
        self.tried = threading.Condition()

    def write(self, lines: Sequence[str]) -> None:
        self.free.wait(10)
        with self.tried:
            self.attempts += 1
            if not self.fails:
                self.lines += [json.loads(line) for line in lines]
            self.tried.notify_all()
        if self.fails:
            raise OSError(errno.ENOSPC, "No space left on device", "audit.log")

    def until(self, attempts: int) -> None:
        with self.tried:
            assert self.tried.wait_for(lambda: self.attempts >= attempts, 10)

    def reopen(self) -> None:
        raise OSError(errno.EACCES, "Permission denied", "audit.log")

    def close(self) -> None:
        pass


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def writer(disk: Disk) -> Iterator[Writer]:
    made = Writer(disk, 3, lambda: NOW)
    made.start()
    yield made
    disk.free.set()
    made.close()


def record(number: int) -> dict[str, Any]:
    return {"time": NOW, "number": number, "nothing": None, "empty": ""}


def test_lines_come_in_order_without_what_says_nothing(disk: Disk) -> None:
    writer = Writer(disk, 100, lambda: NOW)
    writer.start()
    for number in range(50):
        writer.put(record(number))
    writer.close()
    time = "2026-11-25T08:00:00.000+00:00"
    assert disk.lines == [{"time": time, "number": number} for number in range(50)]


def test_a_disk_that_fails_is_said_once_and_what_is_lost_is_counted(
    disk: Disk, writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    disk.fails = True
    for number in range(3):
        writer.put(record(number))
        disk.until(number + 1)
    disk.fails = False
    writer.put(record(9))
    disk.until(4)
    assert [(each.get("lines"), each.get("number")) for each in disk.lines] == [
        (3, None),
        (None, 9),
    ]
    said = [each.getMessage() for each in caplog.records]
    assert said[0] == (
        "the audit cannot be written, requests go on: audit.log No space left on device"
    )
    writer.put(record(10))
    disk.until(5)
    assert [each.getMessage() for each in caplog.records][1:] == [
        "the audit is written again; 3 lines of it are lost"
    ]
    assert disk.lines[-1]["number"] == 10


def test_a_disk_that_is_stuck_holds_nobody_up_and_no_more_than_the_limit_waits(
    disk: Disk,
) -> None:
    writer = Writer(disk, 3, lambda: NOW)
    disk.free.clear()
    for number in range(10):
        writer.put(record(number))
    writer.start()
    disk.free.set()
    writer.close()
    assert disk.lines[0]["lines"] == 7
    assert [each["number"] for each in disk.lines[1:]] == [0, 1, 2]


def test_a_file_that_cannot_be_opened_anew_is_kept(
    disk: Disk, writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    writer.reopen()
    writer.put(record(1))
    disk.until(1)
    assert "goes on in the file so far" in caplog.text


def test_a_file_has_its_mode_is_appended_to_and_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "audit.log"
    path.write_text("before\n")
    sink = FileSink(path, 0o640)
    sink.write(["one", "two"])
    assert path.read_text() == "before\none\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o640
    path.rename(tmp_path / "audit.log.1")
    sink.write(["three"])
    sink.reopen()
    sink.write(["four"])
    sink.close()
    assert (tmp_path / "audit.log.1").read_text().endswith("three\n")
    assert path.read_text() == "four\n"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "audit.log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        FileSink(tmp_path / "audit.log", 0o640)


def test_a_torn_line_is_ended_before_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "audit.log"
    sink = FileSink(path, 0o600)
    write = os.write
    parts = iter([4, 0])

    def some(file: int, data: memoryview) -> int:
        count = next(parts)
        if not count:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, data[:count])

    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr(os, "write", some)
        sink.write(["a whole line"])
    sink.write(["next"])
    sink.close()
    assert path.read_text() == "a wh\nnext\n"

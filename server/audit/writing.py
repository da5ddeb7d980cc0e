"""Writes the lines of the audit beside everybody else.

The law: nobody waits for the audit. What cannot be written is counted, said once, and told in the
audit itself as soon as that can be written again; the server goes on.
"""

import json
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol

_log = logging.getLogger(__name__)

GATHERING = 0.01
"""Seconds for which lines are gathered before they are written, so that a busy server is not
woken up for each of them."""

_BATCH = 1000
"""Lines that are written at once."""

_ENCODER = json.JSONEncoder(separators=(",", ":"))

Record = Mapping[str, Any]
"""The members of a line; ``time`` is a datetime."""


class Sink(Protocol):
    """Where lines go."""

    def write(self, lines: Sequence[str]) -> None:
        """Write whole lines, without their ends; raises OSError."""

    def reopen(self) -> None:
        """Open it anew, if it is a file that was moved away; raises OSError."""

    def close(self) -> None:
        """Let go of it."""


class LogSink:
    """The log of the server, under the name ``audit``."""

    def __init__(self) -> None:
        self._logger = logging.getLogger("audit")

    def write(self, lines: Sequence[str]) -> None:
        """Write whole lines."""
        for line in lines:
            self._logger.info("%s", line)

    def reopen(self) -> None:
        """Do nothing: whoever takes standard error keeps it."""

    def close(self) -> None:
        """Do nothing."""


class FileSink:
    """A file that is only appended to."""

    def __init__(self, path: Path, mode: int) -> None:
        """Open it, or make it with these permissions; raises OSError."""
        self._path = path
        self._mode = mode
        self._is_torn = False  # The last line has no end.
        self._file = self._open()

    def write(self, lines: Sequence[str]) -> None:
        """Write whole lines; raises OSError."""
        data = "".join(f"{line}\n" for line in lines).encode()
        if self._is_torn:
            data = b"\n" + data
        rest = memoryview(data)
        while rest:
            written = os.write(self._file, rest)
            self._is_torn = rest[written - 1] != ord("\n")
            rest = rest[written:]

    def reopen(self) -> None:
        """Go on in a file of the same name: the one so far was moved away. Raises OSError."""
        old, self._file = self._file, self._open()
        self._is_torn = False
        os.close(old)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        file = os.open(self._path, flags, self._mode)
        os.fchmod(file, self._mode)  # Whatever the umask says.
        return file


class Writer:
    """Takes records in no time, from any thread; one thread of its own writes them."""

    def __init__(self, sink: Sink, most: int, clock: Callable[[], datetime]) -> None:
        """``most`` records wait; any more are lost, and counted."""
        self._sink = sink
        self._most = most
        self._clock = clock
        self._queue: SimpleQueue[Record | None] = SimpleQueue()
        self._closing = threading.Event()
        self._wants_reopening = False
        self._lost = 0
        self._is_failing = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="audit")

    def start(self) -> None:
        """Start writing."""
        self._thread.start()

    def put(self, record: Record) -> None:
        """Have a line written."""
        if self._queue.qsize() < self._most:
            self._queue.put(record)
        else:
            self._lost += 1

    def reopen(self) -> None:
        """Open the file anew before the next line is written."""
        self._wants_reopening = True
        self._queue.put(None)

    def close(self) -> None:
        """Write what waits, and end."""
        self._closing.set()
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()
        self._sink.close()

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            self._closing.wait(GATHERING)
            records = [first, *self._waiting()]
            if self._wants_reopening:
                self._reopen()
            self._write([each for each in records if each is not None])
            if self._closing.is_set() and self._queue.empty():
                return

    def _waiting(self) -> list[Record | None]:
        found: list[Record | None] = []
        try:
            while len(found) < _BATCH:
                found.append(self._queue.get_nowait())
        except Empty:
            pass
        return found

    def _reopen(self) -> None:
        self._wants_reopening = False
        try:
            self._sink.reopen()
        except OSError as error:
            _log.error("the audit goes on in the file so far: %s", _cause(error))

    def _write(self, records: list[Record]) -> None:
        lost = self._lost
        if lost:
            records = [{"time": self._clock(), "event": "lost", "lines": lost}, *records]
        if not records:
            return
        try:
            self._sink.write([_line(each) for each in records])
        except OSError as error:
            self._lost += len(records) - bool(lost)
            if not self._is_failing:
                self._is_failing = True
                _log.error("the audit cannot be written, requests go on: %s", _cause(error))
            return
        self._lost -= lost
        if lost:
            _log.warning("the audit is written again; %d lines of it are lost", lost)
        self._is_failing = False


def _line(record: Record) -> str:
    time: datetime = record["time"]
    told = {name: value for name, value in record.items() if value not in (None, "", ())}
    told["time"] = time.isoformat(timespec="milliseconds")
    return _ENCODER.encode(told)


def _cause(error: OSError) -> str:
    return f"{error.filename or ''} {error.strerror or error}".strip()

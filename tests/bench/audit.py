"""``python -m tests.bench.audit``: what a line of the audit costs the request, and the process."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from server.audit.trail import Trail
from server.audit.writing import FileSink, LogSink, Sink, Writer
from server.errors import RpcError
from server.sessions import NetconfSession, Peer
from tests.end_to_end.client import BASE
from tests.end_to_end.gateway import description

REQUESTS = 20_000
EDIT = (
    f'<edit-config xmlns="{BASE}"><target><candidate/></target>'
    f"<config>{description('x')}</config></edit-config>"
)


def now() -> datetime:
    return datetime.now(UTC)


def measure(sink: Callable[[], Sink]) -> tuple[float, float]:
    """Return microseconds a request: of its own thread (median), and of CPU in all threads."""
    writer = Writer(sink(), REQUESTS, now)
    trail = Trail(writer.put, now)
    session = NetconfSession(7, "operator", Peer("operator", "192.0.2.7", "netconf-ssh"), now())
    request = etree.fromstring(EDIT)
    errors: tuple[RpcError, ...] = ()
    writer.start()
    took = []
    before = time.process_time()
    for number in range(REQUESTS):
        began = time.perf_counter()
        trail.begin()
        trail.performed(session, request, errors, 0.0012)
        took.append(time.perf_counter() - began)
        if number % 100 == 99:
            time.sleep(0.01)  # 10,000 requests a second are more than there are.
    writer.close()
    cpu = time.process_time() - before
    return statistics.median(took) * 1e6, cpu / REQUESTS * 1e6


def main() -> None:
    """Print a line for each destination."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "audit.log"
        for name, sink in (
            ("file", lambda: FileSink(path, 0o640)),
            ("log (standard error to /dev/null)", LogSink),
        ):
            own, cpu = measure(sink)
            print(f"{name:<36}{own:>6.1f} us a request, {cpu:>6.1f} us of CPU in all")


if __name__ == "__main__":
    import logging

    null = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    logging.basicConfig(
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=null,
    )
    main()

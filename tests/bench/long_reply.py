"""A reply of 50 MB: when its first byte leaves, and what memory it takes while it is sent.

python -m tests.bench.long_reply [N]           default 100000 policies
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.client import Client, Server
from tests.bench.policies import COMMIT, edit_request, policies

PART = 10_000
READERS = 4
MODE = (
    '<with-defaults xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults">'
    "%s</with-defaults>"
)
GET = "<get-config><source><running/></source>%s</get-config>"
KINDS = (
    ("as it is, cold", GET % ""),
    ("as it is, again", GET % ""),
    ("report-all", GET % MODE % "report-all"),
)


async def measure(count: int) -> None:
    """Print the figures of one size."""
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name))
        try:
            client = await Client.open(await server.connected())
            for start in range(0, count, PART):
                await client.do(edit_request(policies(range(start, min(start + PART, count)))))
                await client.do(COMMIT)
            server.stop()
            server = Server(Path(name))  # what loading has used is given back
            connections = [await server.connected() for _ in range(READERS)]
            clients = [await Client.open(each) for each in connections]
            for kind, request in KINDS:
                await _one(server, clients[0], kind, request)
            await _many(server, clients, *KINDS[-1])
        finally:
            server.stop()


async def _one(server: Server, client: Client, kind: str, request: str) -> None:
    before = server.resident()
    begin = time.perf_counter()
    peak, size, first = before, 0, 0.0
    async for part in client.parts(request):
        first = first or time.perf_counter() - begin
        size += len(part)
        peak = max(peak, server.resident())
    took = time.perf_counter() - begin
    grown = (server.resident() - before) / 1e6
    print(
        f"{kind:<16} {size / 1e6:5.1f} MB   first byte {first * 1e3:6.1f} ms   all {took:6.2f} s"
        f"   resident {before / 1e6:6.1f} MB, at most {(peak - before) / 1e6:+6.1f},"
        f" then {grown:+6.1f}"
    )


async def _many(server: Server, clients: list[Client], kind: str, request: str) -> None:
    before = peak = server.resident()

    async def read(client: Client) -> int:
        nonlocal peak
        size = 0
        async for part in client.parts(request):
            size += len(part)
            peak = max(peak, server.resident())
        return size

    sizes = await asyncio.gather(*(read(each) for each in clients))
    print(
        f"{kind}, {len(clients)} readers at once: {sum(sizes) / 1e6:.1f} MB,"
        f" resident at most {(peak - before) / 1e6:+.1f} MB"
    )


def main() -> None:
    """Print the figures."""
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))


if __name__ == "__main__":
    main()

"""The server over SSH on loopback, durable: commits, reads, restart, bulk and what it stalls.

python -m tests.bench.ssh [N ...]           default 100 1000 10000 100000
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from tests.bench.client import Client, Server
from tests.bench.policies import (
    COMMIT,
    GET_ALL,
    edit_request,
    key_filter,
    policies,
    rate_edit,
)

ROUNDS = 300
PART = 10_000


async def measure(count: int, baseline: dict[str, float]) -> None:
    """Print the figures of one size."""
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name))
        try:
            client = await Client.open(await server.connected())
            for start in range(0, count, PART):
                part = range(start, min(start + PART, count))
                begin = time.perf_counter()
                await client.do(edit_request(policies(part)))
                await client.do(COMMIT)
                bulk = time.perf_counter() - begin
            print(f"{count:>7} policies")
            print(f"  bulk of {len(part):>6}, edit-config + commit  {bulk:8.3f} s")
            await _requests(client, count, baseline)
            begin = time.perf_counter()
            size = len(await client.ask(GET_ALL))
            cold = time.perf_counter() - begin
            begin = time.perf_counter()
            await client.ask(GET_ALL)
            hot = time.perf_counter() - begin
            print(
                f"  get-config all, {size / 1e6:6.1f} MB     {cold:8.3f} s cold, {hot:.3f} s again"
            )
            server.stop()
            server = Server(Path(name))
            client = await Client.open(await server.connected())
            await client.ask(key_filter(5))
            took = time.perf_counter() - server.started
            print(f"  restart to the first reply          {took:8.3f} s")
            memory = server.resident()
            print(f"  resident after the restart          {memory / 1e6:8.1f} MB")
            if count >= 10_000:
                await _stall(server, client)
        finally:
            server.stop()


async def _requests(client: Client, count: int, baseline: dict[str, float]) -> None:
    async def one_commit(turn: int) -> None:
        await client.do(edit_request(rate_edit(turn * 7919 % count, 100 + turn % 5000)))
        await client.do(COMMIT)

    async def one_get(turn: int) -> None:
        await client.ask(key_filter(turn * 7919 % count))

    async def nothing(turn: int) -> None:
        await client.ask("<none/>")

    for what, action in (
        ("edit-config + commit", one_commit),
        ("filtered get", one_get),
        ("empty rpc", nothing),
    ):
        times = []
        for turn in range(ROUNDS):
            begin = time.perf_counter()
            await action(turn)
            times.append((time.perf_counter() - begin) * 1e3)
        middle = median(times)
        first = baseline.setdefault(what, middle)
        print(
            f"  {what:<22} p50 {middle:6.3f} ms  min {min(times):6.3f}  "
            f"p99 {quantiles(times, n=100)[98]:6.3f}   {middle / first:5.2f} x the first size"
        )


async def _stall(server: Server, client: Client) -> None:
    """What other sessions feel while one commits everything anew."""
    other = await Client.open(await server.connected())
    # Another process sends the big request: this one must be free to measure.
    loader = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.bulk_loader", str(server.port), "100000"]
    )
    times = []
    while loader.poll() is None:
        begin = time.perf_counter()
        await other.ask(key_filter(5))
        times.append((time.perf_counter() - begin) * 1e3)
        await asyncio.sleep(0.002)
    print(
        f"  during a bulk commit of 100000: other sessions p50 {median(times):.2f} ms, "
        f"p99 {quantiles(times, n=100)[98]:.1f} ms, max {max(times):.0f} ms ({len(times)} requests)"
    )


def main() -> None:
    """Print the figures of each size."""
    sizes = [int(text) for text in sys.argv[1:]] or [100, 1000, 10_000, 100_000]
    baseline: dict[str, float] = {}
    for count in sizes:
        asyncio.run(measure(count, baseline))


if __name__ == "__main__":
    main()

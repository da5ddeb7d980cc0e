"""A thousand sessions that wait and fifty that work: what the fifty feel.

python -m tests.bench.crowd [IDLE] [BUSY] [SECONDS]       default 1000 50 20

The busy ones ask for one policy of 10,000 each time, without a pause; every tenth request of
each is a change of a policy of its own, committed.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from tests.bench.client import Client, Server, connect
from tests.bench.policies import COMMIT, edit_request, key_filter, policies, rate_edit

AT_ONCE, POLICIES = 20, 10_000
Times = dict[str, list[float]]


async def opened(server: Server, count: int) -> list[Client]:
    """Open so many sessions, each on a connection of its own."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> Client:
        async with gate:
            return await Client.open(await connect(server.port))

    return list(await asyncio.gather(*[one() for _ in range(count)]))


async def work(client: Client, number: int, until: float, times: Times) -> None:
    """Ask and change until that time."""
    turn = 0
    while (begin := time.perf_counter()) < until:
        turn += 1
        what = "change" if turn % 10 == 0 else "read"
        if what == "change":
            await client.do(edit_request(rate_edit(number, 100 + turn)))
            await client.do(COMMIT)
        else:
            await client.ask(key_filter(number))
        times.setdefault(what, []).append((time.perf_counter() - begin) * 1e3)


def show(times: Times, seconds: float) -> None:
    """Print what the requests took."""
    for what, each in times.items():
        print(
            f"  {what:<8} {len(each) / seconds:7.0f} a second   p50 {median(each):7.2f} ms"
            f"   p99 {quantiles(each, n=100)[98]:7.2f} ms   max {max(each):7.1f} ms",
            flush=True,
        )


async def measure(idle: int, busy: int, seconds: float) -> None:
    """Print what the busy sessions feel, without and with the idle ones."""
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name))
        try:
            first = await Client.open(await server.connected())
            await first.do(edit_request(policies(range(POLICIES))))
            await first.do(COMMIT)
            workers = await opened(server, busy)
            for waiting in (0, idle):
                sleepers = await opened(server, waiting)
                times: Times = {}
                until = time.perf_counter() + seconds
                jobs = [work(each, n, until, times) for n, each in enumerate(workers)]
                await asyncio.gather(*jobs)
                print(f"{busy} busy, {waiting} idle; {server.resident() / 1e6:.0f} MB resident")
                show(times, seconds)
                for each in sleepers:
                    await each.ask(key_filter(1))  # none of them was lost
        finally:
            server.stop()


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    asyncio.run(measure(*(given + [1000, 50, 20][len(given) :])))

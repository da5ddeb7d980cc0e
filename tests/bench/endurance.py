"""Does memory grow: 100,000 commits, 10,000 sessions, 1,000 subscriptions, one after the other.

python -m tests.bench.endurance [COMMITS] [SESSIONS] [SUBSCRIPTIONS]

1,000 policies; access control, history and a subscriber who reads are on. The first tenth of each
is the warm-up; growth is from its end to the end, and a plot shows the way.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncssh

from tests.bench.client import Client, Server
from tests.bench.guarded import SUBSCRIBE, read_events
from tests.bench.policies import COMMIT, edit_request, policies, rate_edit

POLICIES, SAMPLES = 1000, 40
BARS = "▁▂▃▄▅▆▇█"


def plot(values: list[int]) -> str:
    """Return the values as bars between the smallest and the largest."""
    low, high = min(values), max(values)
    return "".join(BARS[(value - low) * (len(BARS) - 1) // max(high - low, 1)] for value in values)


async def repeat(server: Server, what: str, count: int, act: Callable[[], Awaitable[None]]) -> None:
    """Do it so many times, and print how resident memory went."""
    found: list[int] = []
    for turn in range(count):
        await act()
        if turn % max(count // SAMPLES, 1) == 0:
            found.append(server.resident())
    found.append(server.resident())
    warm = found[len(found) // 10]
    print(
        f"{count:>7} {what:<14} {warm / 1e6:7.1f} MB after the warm-up, {found[-1] / 1e6:7.1f} MB"
        f" at the end: {(found[-1] - warm) / 1e3:+8.0f} kB   {plot(found)}",
        flush=True,
    )


class Load:
    """What is done again and again."""

    def __init__(self, client: Client, connection: asyncssh.SSHClientConnection) -> None:
        self._client = client
        self._connection = connection
        self._commits = 0

    async def commit(self) -> None:
        """Change one rate, so that there is something to tell."""
        self._commits += 1
        turn = self._commits
        await self._client.do(edit_request(rate_edit(turn * 7919 % POLICIES, 100 + turn % 5000)))
        await self._client.do(COMMIT)

    async def session(self) -> None:
        """Open a session and close it."""
        client = await Client.open(self._connection)
        await client.do("<close-session/>")
        client.close()

    async def subscription(self) -> None:
        """Subscribe in a session of its own, have an event come, and leave."""
        client = await Client.open(self._connection)
        await client.do(SUBSCRIBE)
        await self.commit()
        await client.received()
        client.close()


async def measure(commits: int, sessions: int, subscriptions: int) -> None:
    """Print how memory went."""
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name))
        try:
            client = await Client.open(await server.connected())
            await client.do(edit_request(policies(range(POLICIES))))
            await client.do(COMMIT)
            reading = await Client.open(await server.connected())
            await reading.do(SUBSCRIBE)
            reader = asyncio.create_task(read_events(reading))
            load = Load(client, await server.connected())
            await repeat(server, "commits", commits, load.commit)
            await repeat(server, "sessions", sessions, load.session)
            await repeat(server, "subscriptions", subscriptions, load.subscription)
            reader.cancel()
        finally:
            server.stop()


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    asyncio.run(measure(*(given + [100_000, 10_000, 1000][len(given) :])))

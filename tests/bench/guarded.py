"""What access control, a subscriber and kept history cost: a plain server against a guarded one.

python -m tests.bench.guarded [N ...]           default 100 10000 100000

Plain: the user is a recovery user (nothing is asked), nobody is subscribed, one commit is kept.
Guarded: a user of a group with twenty rules before the one that permits, a subscriber to all
events who reads them, 1,000 commits kept. Both serve at the same time and take turns.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path
from statistics import median

from tests.bench.client import Client, Server
from tests.bench.policies import (
    COMMIT,
    GET_ALL,
    NAMESPACE,
    edit_request,
    key_filter,
    policies,
    rate_edit,
)

ROUNDS, PART = 200, 10_000
PLAIN = '[access]\nrecovery_users = ["admin"]\n[history]\ngenerations = 1\n'
SUBSCRIBE = '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>'


def rules(count: int = 20) -> str:
    """Return access control with so many rules of paths before the one that permits all."""
    paths = "".join(
        f"<rule><name>r{number}</name>"
        f'<path xmlns:iq="{NAMESPACE}">/iq:ipsec-qos/iq:policies/iq:policy[iq:name='
        f"'secret{number}']</path><action>deny</action></rule>"
        for number in range(count)
    )
    return (
        '<nacm xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-acm"><rule-list>'
        "<name>a-first</name><group>admin</group>" + paths + "</rule-list></nacm>"
    )


class Side:
    """A server with its session, and what its requests took."""

    def __init__(self, server: Server, client: Client) -> None:
        self.server = server
        self.client = client
        self.times: dict[str, list[float]] = {}

    async def time(self, what: str, work: Awaitable[object]) -> None:
        """Have it done, and note the milliseconds."""
        begin = time.perf_counter()
        await work
        self.times.setdefault(what, []).append((time.perf_counter() - begin) * 1e3)

    async def commit(self, number: int, rate: int) -> None:
        """Change one rate."""
        await self.client.do(edit_request(rate_edit(number, rate)))
        await self.client.do(COMMIT)


async def read_events(client: Client) -> None:
    """Read what comes until the session ends."""
    with contextlib.suppress(Exception):
        while await client.received():
            pass


async def measure(count: int, directory: Path) -> None:
    """Print the figures of one size."""
    servers = [Server(directory / "plain", 20_830, PLAIN), Server(directory / "guarded", 20_831)]
    readers = []
    try:
        sides = [Side(each, await Client.open(await each.connected())) for each in servers]
        await sides[1].client.do(edit_request(rules()))
        for side in sides:
            for start in range(0, count, PART):
                part = range(start, min(start + PART, count))
                await side.client.do(edit_request(policies(part)))
                await side.client.do(COMMIT)
        subscriber = await Client.open(await servers[1].connected())
        await subscriber.do(SUBSCRIBE)
        readers.append(asyncio.create_task(read_events(subscriber)))
        for turn in range(ROUNDS):
            for side in sides:
                number = turn * 7919 % count
                await side.time("edit-config + commit", side.commit(number, 100 + turn))
                await side.time("filtered get", side.client.ask(key_filter(number)))
        for _ in range(3):
            for side in sides:
                await side.time("get-config of everything", side.client.ask(GET_ALL))
        print(f"{count:>7} policies                 plain     guarded")
        for what, times in sides[0].times.items():
            plain, guarded = median(times), median(sides[1].times[what])
            print(
                f"  {what:<26} {plain:9.3f} {guarded:9.3f} ms   {guarded / plain:5.2f} x",
                flush=True,
            )
    finally:
        for each in servers:
            each.stop()
        for reader in readers:
            reader.cancel()


def main() -> None:
    """Print the figures of each size."""
    for count in [int(text) for text in sys.argv[1:]] or [100, 10_000, 100_000]:
        with tempfile.TemporaryDirectory() as name:
            asyncio.run(measure(count, Path(name)))


if __name__ == "__main__":
    main()

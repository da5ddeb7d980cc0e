"""Subscriptions to changes over SSH on loopback: how soon, at what cost to commits, what is left.

python -m tests.bench.push [N]              default 10000 policies
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from tests.bench.client import Client, Server
from tests.bench.policies import COMMIT, NAMESPACE, edit_request, policies, rate_edit

PORT = 20_841
ROUNDS = 300
MANY = 100
PER_SESSION = 50
MADE_AND_ENDED = 1000
SUBSCRIBED = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications"
PUSH = "urn:ietf:params:xml:ns:yang:ietf-yang-push"
DATASTORES = "urn:ietf:params:xml:ns:yang:ietf-datastores"


def to_changes(number: int | None = None, sync: bool = False) -> str:
    """Return the rpc that subscribes to all policies, or to one."""
    inside = "" if number is None else f"<policy><name>p{number:06d}</name></policy>"
    return (
        f'<establish-subscription xmlns="{SUBSCRIBED}">'
        f'<datastore xmlns="{PUSH}" xmlns:ds="{DATASTORES}">ds:running</datastore>'
        f'<datastore-subtree-filter xmlns="{PUSH}"><ipsec-qos xmlns="{NAMESPACE}"><policies>'
        f"{inside}</policies></ipsec-qos></datastore-subtree-filter>"
        f'<on-change xmlns="{PUSH}"><sync-on-start>{str(sync).lower()}</sync-on-start></on-change>'
        "</establish-subscription>"
    )


async def measure(count: int) -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name), PORT)
        try:
            connection = await server.connected()
            editor = await Client.open(connection)
            await editor.do(edit_request(policies(range(count))))
            await editor.do(COMMIT)
            print(f"{count} policies")
            await _commits(editor, count, "no subscription")
            subscriber = await Client.open(await server.connected())
            assert b"<id " in await subscriber.ask(to_changes())
            await _updates(editor, subscriber, count)
            subscriber.close()
            for what, numbers in (
                (f"{MANY} subscriptions to a policy each", range(MANY)),
                (f"{MANY} subscriptions to all policies", [None] * MANY),
            ):
                listeners = await _listeners(server, list(numbers))
                await _commits(editor, count, what)
                for client, task in listeners:
                    task.cancel()
                    client.close()
            await _memory(server, editor, count)
        finally:
            server.stop()


async def _updates(editor: Client, subscriber: Client, count: int) -> None:
    """How soon an update is there: from sending the commit, and from its ok."""
    whole, behind = [], []
    for turn in range(ROUNDS):
        await editor.do(edit_request(rate_edit(turn * 7919 % count, 100 + turn % 5000)))
        arrived = asyncio.create_task(_arrival(subscriber))
        begin = time.perf_counter()
        await editor.do(COMMIT)
        answered = time.perf_counter()
        came = await arrived
        whole.append((came - begin) * 1e3)
        behind.append((came - answered) * 1e3)
    _print("update, from sending the commit", whole)
    _print("update, from the commit's ok", behind)


async def _arrival(subscriber: Client) -> float:
    text = b""
    while not text.endswith(b"\n##\n"):
        text += await subscriber.read()
    assert b"<push-change-update" in text, text[:500]
    return time.perf_counter()


async def _commits(editor: Client, count: int, what: str) -> None:
    times = []
    for turn in range(ROUNDS):
        edit = edit_request(rate_edit(turn * 6007 % count, 100 + (turn + len(what)) % 5000))
        await editor.do(edit)
        begin = time.perf_counter()
        await editor.do(COMMIT)
        times.append((time.perf_counter() - begin) * 1e3)
    _print(f"commit, {what}", times)


async def _listeners(
    server: Server, numbers: list[int | None]
) -> list[tuple[Client, asyncio.Task[None]]]:
    """Make subscriptions, and read what they bring."""

    async def listen(client: Client) -> None:
        while await client.read():
            pass

    found = []
    for start in range(0, len(numbers), PER_SESSION):
        client = await Client.open(await server.connected())
        for number in numbers[start : start + PER_SESSION]:
            assert b"<id " in await client.ask(to_changes(number))
        found.append((client, asyncio.create_task(listen(client))))
    return found


async def _memory(server: Server, editor: Client, count: int) -> None:
    """What stays of subscriptions that were made, told something, and ended."""
    for turn in range(4):
        before = server.resident()
        client = await Client.open(await server.connected())
        begin = time.perf_counter()
        for number in range(MADE_AND_ENDED):
            reply = await client.ask(to_changes(number % count))
            made = reply.split(b"</id>")[0].rpartition(b">")[2].decode()
            await client.do(
                f'<delete-subscription xmlns="{SUBSCRIBED}"><id>{made}</id></delete-subscription>'
            )
        took = time.perf_counter() - begin
        client.close()
        await editor.do(COMMIT)
        grown = server.resident() - before
        print(
            f"  {MADE_AND_ENDED} subscriptions made and ended, turn {turn + 1}: {took:.2f} s,"
            f" resident {grown / 1e6:+.2f} MB"
        )


def _print(what: str, times: list[float]) -> None:
    print(
        f"  {what:<44} p50 {median(times):6.2f} ms  p99 {quantiles(times, n=100)[98]:6.2f}"
        f"  max {max(times):6.2f}"
    )


def main() -> None:
    """Print the figures."""
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))


if __name__ == "__main__":
    main()

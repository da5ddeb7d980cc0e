"""Many sessions at once: how fast they open and what each costs.

python -m tests.bench.sessions [COUNT]      default 1000
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import asyncssh

from tests.bench.client import Client, Server, connect
from tests.bench.policies import key_filter

AT_ONCE = 20


async def measure(count: int) -> None:
    """Open sessions, each on a connection of its own, and ask each of them once."""
    with tempfile.TemporaryDirectory() as name:
        server = Server(Path(name))
        try:
            first = await server.connected()
            before = server.resident()
            gate = asyncio.Semaphore(AT_ONCE)

            async def one() -> tuple[asyncssh.SSHClientConnection, Client]:
                async with gate:
                    connection = await connect(server.port)
                    return connection, await Client.open(connection)

            begin = time.perf_counter()
            opened = await asyncio.gather(*[one() for _ in range(count)])
            took = time.perf_counter() - begin
            print(f"{count} sessions: all open in {took:.1f} s, {count / took:.0f} a second")
            each = (server.resident() - before) / count
            print(f"  {each / 1024:.0f} KB each")
            begin = time.perf_counter()
            await asyncio.gather(*[client.ask(key_filter(1)) for _, client in opened])
            took = time.perf_counter() - begin
            print(f"  each asked once: {count / took:.0f} requests a second")
            for connection, _ in opened:
                connection.close()
            first.close()
        finally:
            server.stop()


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))

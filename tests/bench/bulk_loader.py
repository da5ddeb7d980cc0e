"""Commits many policies in one edit: the heavy neighbour of ``tests.bench.ssh``.

python -m tests.bench.bulk_loader PORT COUNT
"""

import asyncio
import sys
import time

from tests.bench.client import Client, connect
from tests.bench.policies import COMMIT, edit_request, policies


async def load(port: int, count: int) -> None:
    """Replace nothing, add ``count`` policies with new names, and commit."""
    request = edit_request(policies(range(200_000, 200_000 + count)))
    client = await Client.open(await connect(port))
    begin = time.perf_counter()
    await client.do(request)
    await client.do(COMMIT)
    print(f"  one edit-config of {count} + commit  {time.perf_counter() - begin:8.3f} s")


if __name__ == "__main__":
    asyncio.run(load(int(sys.argv[1]), int(sys.argv[2])))

"""The engine in process: commits, rejected commits, bulk loads, reads, memory, restart.

    python -m tests.bench.engine [N ...]        default 100 1000 10000 100000

Everything but SSH is real: validation, the embedded dataplane, and the store where it says
durable. Times are microseconds a commit (edit-config and commit), p50 of many.
"""

import gc
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from lxml import etree

from server.app import App
from server.errors import RpcError, RpcErrors
from server.sessions import NetconfSession, Peer
from server.settings import Settings, User
from tests.bench.policies import (
    COMMIT,
    GET_ALL,
    NAMESPACE,
    edit_request,
    key_filter,
    policies,
    rate_edit,
)

ROUNDS = 400


class Bench:
    """A server without transport."""

    def __init__(self, directory: Path, durable: bool) -> None:
        self.app = App(Settings(directory, users={"bench": User("bench")}))
        if not durable:
            self.app.datastores._running._store = None
        self.app.start()
        self.session: NetconfSession = self.app.sessions.open(Peer("bench", "", "netconf-ssh"))

    def ask(self, request: str) -> Any:
        """Perform one request, parsed as a transport would."""
        return self.app.operations.perform(self.session, etree.fromstring(request))

    def read(self, request: str) -> int:
        """Perform a request and take its whole reply, as a transport would; return its size."""
        return sum(map(len, self.ask(request).parts))

    def close(self) -> None:
        """Close the store."""
        self.app.close()


def timed(
    action: Callable[[int], object],
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the median of the rounds, in microseconds."""
    times = []
    for turn in range(rounds):
        start = clock()
        action(turn)
        times.append(clock() - start)
    return median(times) * 1e6


def load(bench: Bench, count: int) -> tuple[float, float]:
    """Load all policies in one edit; return the seconds of edit-config and of commit."""
    request = edit_request(policies(range(count)))
    start = time.perf_counter()
    bench.ask(request)
    middle = time.perf_counter()
    bench.ask(COMMIT)
    return middle - start, time.perf_counter() - middle


def commits(
    bench: Bench, count: int, rate: int = 100, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Change a rate and commit it; another first rate, or nothing is changed the next time."""

    def once(turn: int) -> None:
        bench.ask(edit_request(rate_edit(turn * 7919 % count, rate + turn % 5000)))
        bench.ask(COMMIT)

    return timed(once, clock=clock)


REJECTED = {
    "dangling template": "<policies><policy><name>p000001</name><sequence-number>2"
    "</sequence-number><template>none</template></policy></policies>",
    "name in use": "<policy-templates><policy-template><name>p000001</name><sequence-number>1"
    "</sequence-number></policy-template></policy-templates>",
    "template and local QoS": "<policies><policy><name>p000001</name><sequence-number>1"
    "</sequence-number><template>t</template></policy></policies><policy-templates>"
    "<policy-template><name>t</name><sequence-number>1</sequence-number></policy-template>"
    "</policy-templates>",
    "class conflict": "<policies><policy><name>p000001</name><sequence-number>1"
    "</sequence-number><inbound><inherit-plain/></inbound></policy></policies>",
    "port needs protocol": "<policies><policy><name>p000009</name><sequence-number>2"
    "</sequence-number><tunnel-selector><remote-port>80</remote-port></tunnel-selector></policy>"
    "</policies>",
    "unbound group": "<interface-bindings><interface-binding><interface>e0</interface>"
    "<policy-group>none</policy-group></interface-binding></interface-bindings>",
    "group bound twice": "<interface-bindings><interface-binding><interface>e0</interface>"
    "<policy-group>p000001</policy-group></interface-binding><interface-binding><interface>e1"
    "</interface><policy-group>p000001</policy-group></interface-binding></interface-bindings>",
}


def rejected(bench: Bench) -> dict[str, float]:
    """Commit what breaks one constraint each; return the microseconds of the commit alone."""
    found = {}
    for name, content in REJECTED.items():
        config = f'<ipsec-qos xmlns="{NAMESPACE}">{content}</ipsec-qos>'
        bench.ask(edit_request(config))
        found[name] = timed(lambda _: _refused(bench), 100)
        bench.app.datastores.discard(bench.session)
    return found


def _refused(bench: Bench) -> None:
    try:
        bench.ask(COMMIT)
    except (RpcError, RpcErrors):
        return
    raise AssertionError("the commit was accepted")


def resident() -> int:
    """Return the resident memory in octets."""
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def main() -> None:
    """Print the figures of each size."""
    sizes = [int(text) for text in sys.argv[1:]] or [100, 1000, 10_000, 100_000]
    baseline = 0.0
    for count in sizes:
        print(f"{count:>7} policies")
        with tempfile.TemporaryDirectory() as name:
            baseline = volatile(Path(name) / "plain", count, baseline)
            durable(Path(name) / "durable", count)


def volatile(directory: Path, count: int, baseline: float) -> float:
    """Print what everything costs without the store; return the cost of the first size."""
    gc.collect()
    before = resident()
    bench = Bench(directory, durable=False)
    edit, commit = load(bench, count)
    gc.collect()
    memory = (resident() - before) / count
    one = commits(bench, count)
    baseline = baseline or one
    print(f"  bulk edit-config {edit:8.3f} s   commit {commit:8.3f} s")
    print(f"  memory           {memory:8.0f} octets an entry, without reply cache")
    print(f"  edit + commit    {one:8.0f} us   ({one / baseline:.2f} x the first size)")
    for what, cost in rejected(bench).items():
        print(f"  rejected         {cost:8.0f} us   {what}")
    print(f"  get of one       {timed(lambda _: bench.read(key_filter(5))):8.0f} us")
    start = time.perf_counter()
    bench.read(GET_ALL)
    cold = time.perf_counter() - start
    hot = timed(lambda _: bench.read(GET_ALL), 20) / 1e3
    print(f"  get-config all   {cold * 1e3:8.1f} ms cold, {hot:.2f} ms cached")
    bench.close()
    return baseline


def durable(directory: Path, count: int) -> None:
    """Print what durable commits and a restart cost."""
    bench = Bench(directory, durable=True)
    edit, commit = load(bench, count)
    print(f"  durable bulk     {edit + commit:8.3f} s for edit-config and commit")
    print(f"  durable commit   {commits(bench, count):8.0f} us")
    bench.close()
    start = time.perf_counter()
    again = Bench(directory, durable=True)
    again.read(key_filter(5))
    print(f"  restart          {time.perf_counter() - start:8.3f} s to the first reply, in process")
    again.close()


if __name__ == "__main__":
    main()

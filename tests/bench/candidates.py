"""Private candidates and partial locks in process: what they cost, by the size of running.

    python -m tests.bench.candidates [N ...]        default 100 1000 10000 100000

Microseconds, p50 of many; no store. Beside ``edit + commit`` of the shared candidate: the same of a
private one; an update where another session has committed one change and this one holds one; a
commit that is refused for a conflict; a commit while as many partial locks are held as may be.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from lxml import etree

from server.datastore.candidates import CAPABILITY
from server.errors import RpcError
from server.namespaces import PARTIAL_LOCK, PRIVATE_CANDIDATE
from server.sessions import NetconfSession, Peer
from tests.bench.engine import Bench, load, timed
from tests.bench.policies import COMMIT, NAMESPACE, edit_request, rate_edit

UPDATE = f'<update xmlns="{PRIVATE_CANDIDATE}"/>'
LOCKS = 1000


def private(bench: Bench) -> NetconfSession:
    """Open a session with a candidate of its own."""
    session = bench.app.sessions.open(Peer("bench", "", "netconf-ssh"))
    session.capabilities = frozenset([CAPABILITY])
    return session


def ask(bench: Bench, session: NetconfSession, request: str) -> Any:
    """Perform a request of a session."""
    return bench.app.operations.perform(session, etree.fromstring(request))


def main() -> None:
    """Print the figures of each size."""
    for count in [int(text) for text in sys.argv[1:]] or [100, 1000, 10_000, 100_000]:
        with tempfile.TemporaryDirectory() as name:
            print(f"{count:>7} policies")
            measure(Path(name), count)


def measure(directory: Path, count: int) -> None:
    """Print what it costs at one size."""
    bench = Bench(directory, durable=False)
    load(bench, count)
    one, two = private(bench), private(bench)
    turn = iter(range(1, 1 << 30))

    def edit(session: NetconfSession, policy: int = 1) -> None:
        ask(bench, session, edit_request(rate_edit(policy, 1000 + next(turn))))

    def commit(session: NetconfSession) -> None:
        edit(session)
        ask(bench, session, COMMIT)

    print(f"  edit + commit    {timed(lambda _: commit(bench.session)):8.0f} us   shared")
    ask(bench, one, UPDATE)
    print(f"  edit + commit    {timed(lambda _: commit(one)):8.0f} us   private")
    ask(bench, two, UPDATE)
    edit(two, 2)

    def update(_: int) -> None:
        ask(bench, two, UPDATE)

    def refused(_: int) -> None:
        try:
            ask(bench, two, COMMIT)
        except RpcError:
            return
        raise AssertionError("it was committed")

    print(f"  update           {timed_after(lambda: commit(one), update):8.0f} us   1 change each")
    edit(two)
    commit(one)
    print(f"  conflict         {timed(refused):8.0f} us   refused commit, 1 node")
    locks = min(LOCKS, count - 2)
    for number in range(locks):
        select = (
            f"/q:ipsec-qos/q:policies/q:policy[q:name='p{number + 2:06}']"
            "[q:sequence-number='1']/q:description"
        )
        ask(
            bench,
            two,
            f'<partial-lock xmlns="{PARTIAL_LOCK}" xmlns:q="{NAMESPACE}">'
            f"<select>{select}</select></partial-lock>",
        )
    print(f"  edit + commit    {timed(lambda _: commit(one)):8.0f} us   {locks} locks of another")
    bench.close()


def timed_after(before: Any, action: Any, rounds: int = 200) -> float:
    """Return the median of an action that something else comes before, not counted."""
    found = []
    for _ in range(rounds):
        before()
        found.append(timed(action, 1))
    return sorted(found)[len(found) // 2]


if __name__ == "__main__":
    main()

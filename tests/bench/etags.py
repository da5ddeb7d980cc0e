"""Etags: what they cost a commit, and what they save a read.

    python -m tests.bench.etags [N]        default 100000

In process, with the store, in seconds of the processor. "Off" is before anybody has asked for an
etag, "on" after.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.bench.engine import Bench, commits, load, resident, timed
from tests.bench.policies import BASE, GET_ALL, NAMESPACE, edit_request, rate_edit

TXID = "urn:ietf:params:xml:ns:netconf:txid:1.0"


def get(etag: str) -> str:
    """Return a get-config of everything by a client that knows this etag."""
    return (
        f'<get-config xmlns="{BASE}" xmlns:t="{TXID}" t:etag="{etag}"><source><running/></source>'
        f'<filter><ipsec-qos xmlns="{NAMESPACE}"/></filter></get-config>'
    )


def octets(bench: Bench, request: str) -> int:
    """Return how long the answer is."""
    return sum(map(len, bench.ask(request).parts))


def seconds(bench: Bench, request: str) -> str:
    """Return how long a read takes, and how much it is."""
    start = time.process_time()
    size = octets(bench, request)
    return f"{(time.process_time() - start) * 1e3:.2f} ms, {size:,} octets"


def bulk(bench: Bench, count: int, turn: int) -> float:
    """Return the seconds of an edit-config and commit that change a tenth of the policies."""
    content = "".join(rate_edit(number, 7000 + turn) for number in range(count // 10))
    joined = content.replace(
        f'</policies></ipsec-qos><ipsec-qos xmlns="{NAMESPACE}"><policies>', ""
    )
    start = time.process_time()
    bench.ask(edit_request(joined))
    bench.ask(f'<commit xmlns="{BASE}"/>')
    return time.process_time() - start


def changes(bench: Bench, count: int, turns: range, state: str) -> None:
    """Print what commits take."""
    for turn in turns:
        took = commits(bench, count, 1000 * (turn + 1), time.process_time)
        print(f"edit + commit, {state}: {took:.0f} us")
        print(f"  ... a tenth changed in one commit: {bulk(bench, count, turn):.2f} s")


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), durable=True)
        load(bench, count)
        seconds(bench, GET_ALL)
        print(f"{count} policies")
        changes(bench, count, range(3), "off")
        print(f"get-config of everything, cached: {seconds(bench, GET_ALL)}")
        before = resident()
        print(f"the first etag: {seconds(bench, get('x').replace('<ipsec-qos', '<none'))}")
        grown = (resident() - before) / (1 << 20)
        print(f"  ... and {grown:.1f} MB for what the journal tells")
        changes(bench, count, range(3, 6), "on")
        print(f"get-config of everything, cached, on: {seconds(bench, GET_ALL)}")
        newest = bench.app.datastores.etags.newest.etag
        unchanged = timed(lambda _: octets(bench, get(newest)), clock=time.process_time)
        print(f"get-config with the newest etag: {unchanged:.0f} us")
        bench.ask(edit_request(rate_edit(1, 1234), "running"))
        print(f"  ... one entry changed since: {seconds(bench, get(newest))}")
        print(f"get-config with all etags: {seconds(bench, get('?'))}")
        bench.close()


if __name__ == "__main__":
    main()

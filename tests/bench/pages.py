"""Pages of a long list, and comparing long datastores.

    python -m tests.bench.pages [N]        default 100000

In process, without SSH; microseconds of the processor, p50 of many.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.bench.engine import Bench, load, timed
from tests.bench.policies import BASE, NAMESPACE, edit_request, rate_edit

NC = "urn:ietf:params:xml:ns:yang:ietf-list-pagination-nc"


def page(**parameters: object) -> str:
    """Return a get-config of a page of the policies."""
    content = "".join(f"<{name}>{value}</{name}>" for name, value in parameters.items())
    return (
        f'<get-config xmlns="{BASE}"><source><running/></source><filter>'
        f'<ipsec-qos xmlns="{NAMESPACE}"><policies><policy/></policies></ipsec-qos></filter>'
        f'<list-pagination xmlns="{NC}">{content}</list-pagination></get-config>'
    )


COMPARE = (
    '<compare xmlns="urn:ietf:params:xml:ns:yang:ietf-nmda-compare"'
    ' xmlns:d="urn:ietf:params:xml:ns:yang:ietf-datastores">'
    "<source>d:running</source><target>d:candidate</target></compare>"
)


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), durable=False)
        load(bench, count)

        def took(request: str, rounds: int = 100) -> str:
            def ask(_: int) -> int:
                return sum(map(len, bench.ask(request).parts))

            return f"{timed(ask, rounds, time.process_time):.0f} us"

        print(f"{count} policies")
        print(f"50 from the start: {took(page(limit=50))}")
        for offset in (count // 2, count - 50):
            print(f"50 from {offset}: {took(page(limit=50, offset=offset))}")
        backwards = page(limit=50, direction="backwards")
        print(f"50 from the end, backwards: {took(backwards)}")
        condition = page(where="sequence-number = 1 and df-bit = 'clear'", limit=50)
        print(f"50 for which leafs have values: {took(condition, 3)}")
        bench.ask(edit_request(rate_edit(7, 4321)))
        print(f"compare with the candidate, one entry changed: {took(COMPARE)}")
        bench.close()


if __name__ == "__main__":
    main()

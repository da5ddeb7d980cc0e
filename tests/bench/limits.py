"""``python -m tests.bench.limits [SECONDS]``: how exact limits are, with real packets (root).

Data in both directions through kernel-libipsec and real charon, three times the limit offered;
IKE packets of the peer with it. What arrived is held against bucket + rate x time, by totals.
"""

import sys
from typing import Any

from dataplane_bridge.effective import BYTES_A_SECOND, SMALLEST_DEFAULT_BUCKET
from tests.dataplane_bridge.linux.namespaces import why_not
from tests.dataplane_bridge.shapes import configuration, inbound, limit, outbound, policy
from tests.packets.gateway import linux_bed
from tests.packets.shots import Stream

LIMITS = {"t1": 1000, "t3": 4000}
"""kbit/s."""
LENGTH = 1000


def limited(number: int, reqid: int | None, rate: int, ike: bool) -> Any:
    both = limit(rate, "payload", ike)
    return policy(number=number, reqid=(reqid,), inbound=inbound(both), outbound=outbound(both))


def streams(kind: str) -> list[Stream]:
    if kind == "ike":
        return [Stream("t1", "inbound", 3 * LIMITS["t1"], LENGTH, "ike", 500)]
    return [
        Stream(tunnel, direction, rate * 3, LENGTH)
        for tunnel, rate in LIMITS.items()
        for direction in ("outbound", "inbound")
    ]


def main() -> int:
    reason = why_not()
    if reason is not None:
        print(f"cannot run: {reason}")
        return 1
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    print(f"{'stream':<22}{'arrived':>12}{'allowed':>12}   in {seconds:.0f} s")
    with linux_bed("selector") as bed:
        for kind in ("data", "ike"):
            rows = [
                limited(number, bed.tunnel(name).reqid, rate, kind == "ike")
                for number, (name, rate) in enumerate(LIMITS.items(), 1)
            ]
            bed.commit(configuration(rows, bindings={"wan": rows[0].name}))
            wanted = streams(kind)
            for stream, flow in zip(wanted, bed.flood(wanted, seconds), strict=True):
                rate = LIMITS[stream.tunnel] * BYTES_A_SECOND
                allowed = max(rate, SMALLEST_DEFAULT_BUCKET) + rate * flow.seconds
                error = (flow.octets / allowed - 1) * 100
                what = f"{stream.kind} {stream.direction} {stream.tunnel}"
                print(f"{what:<22}{flow.octets:>12,}{allowed:>12,.0f}   {error:+.2f} %")
            bed.commit(configuration(bindings={}))
    return 0


if __name__ == "__main__":
    sys.exit(main())

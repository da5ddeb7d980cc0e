"""``python -m tests.bench.packet_cost``: what the table costs a packet, with 1 and 10,000 tunnels.

Datagrams are sent into a device that drops them, so that what is timed is a send and the hooks of
output and postrouting. Rounds with and without the table alternate; figures are medians.
"""

import gc
import os
import socket
import subprocess
import sys
import time
from statistics import median

from tests.bench.linux import Gateway, full, known
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not
from tests.dataplane_bridge.shapes import policy

PACKETS, ROUNDS = 20_000, 15


def sends(packets: int) -> float:
    """Return the nanoseconds that one send takes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.bind(("10.64.0.1", 0))
        out.connect(("172.16.0.1", 9))
        payload = bytes(100)
        start = time.perf_counter()
        for _ in range(packets):
            out.send(payload)
        return (time.perf_counter() - start) / packets * 1e9


def measured(tunnels: int) -> float:
    """Return the median with so many tunnels, none of whose limits is reached."""
    box = Gateway([known(number) for number in range(tunnels)])
    # The first tunnel's packets match a policy with everything but a limit that would drop.
    leafs = full(4_000_000)
    box.commit([policy(number=1, **leafs)], [])
    found = median(sends(PACKETS) for _ in range(ROUNDS))
    box.driver.remove_all()
    box.driver.close()
    return found


def main() -> int:
    reason = why_not()
    if reason is not None:
        print(f"cannot run: {reason}")
        return 1
    gc.set_threshold(50_000, 50, 1000)
    name = f"ipsecqos-cost-{os.getpid()}"
    with namespace(name), inside(name):
        for command in (
            "link add ipsec0 type veth peer name sink0",
            "link set ipsec0 up",
            "link set sink0 up",
            "addr add 10.64.0.1/30 dev ipsec0",
            "route add 172.16.0.0/12 dev ipsec0",
            # A neighbour that nobody is: the other end drops what comes.
            "neigh add 172.16.0.1 lladdr 02:00:00:00:00:99 dev ipsec0",
        ):
            subprocess.run(["ip", *command.split()], check=True)
        rows: dict[str, list[float]] = {"no table": [], "1 tunnel": [], "10,000 tunnels": []}
        for _ in range(3):
            rows["no table"].append(median(sends(PACKETS) for _ in range(ROUNDS)))
            rows["1 tunnel"].append(measured(1))
            rows["10,000 tunnels"].append(measured(10_000))
        plain = median(rows["no table"])
        for what, values in rows.items():
            figure = median(values)
            print(f"{what:<20}{figure:>10.0f} ns a packet   {figure - plain:+8.0f} ns")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""``python -m tests.bench.packet_cost``: what the table costs a packet, with 1 and 10,000 tunnels.

Datagrams are sent into a device that drops them, from the gateway itself and from a host behind
it, so that what is timed is a send, the way through the gateway and its hooks. A packet of a tunnel
goes through the hooks twice: as it is, and encrypted; so a third kind of datagrams is what
user-space ESP sends. Outbound lengths are counted
encrypted, as is the default. Rounds alternate; figures are medians. Beside ours stands the least
that a limit with a counter can be: the tunnel's number known, one lookup that limits, one that
counts, with 10,000 elements each.
"""

import gc
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from statistics import median

from tests.bench.linux import Gateway, full, known
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not
from tests.dataplane_bridge.shapes import policy

PACKETS, ROUNDS, TURNS, TUNNELS = 10_000, 10, 4, 10_000
GATEWAY = (
    "link add ipsec0 type veth peer name sink0",
    "link set ipsec0 up",
    "link set sink0 up",
    "addr add 10.64.0.1/30 dev ipsec0",
    "route add 172.16.0.0/12 dev ipsec0",
    # A neighbour that nobody is: the other end drops what comes.
    "neigh add 172.16.0.1 lladdr 02:00:00:00:00:99 dev ipsec0",
    "link add wan0 type veth peer name sink1",
    "link set wan0 up",
    "link set sink1 up",
    "addr add 198.51.100.2/24 dev wan0",
    "neigh add 198.51.100.1 lladdr 02:00:00:00:00:98 dev wan0",
    "link set lan0 up",
    "addr add 10.64.0.5/30 dev lan0",
)
HOST = ("link set host0 up", "addr add 10.64.0.6/30 dev host0", "route add default via 10.64.0.5")


ESP = (0xD0000000).to_bytes(4, "big") + bytes(96)
"""A packet of the first tunnel, as far as anybody looks at it, and no IKE message."""


def sends(
    address: str, port: int = 0, to: str = "172.16.0.1", payload: bytes = bytes(100)
) -> float:
    """Return the nanoseconds that one send takes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.bind((address, port))
        out.connect((to, 9))
        start = time.perf_counter()
        for _ in range(PACKETS):
            out.send(payload)
        return (time.perf_counter() - start) / PACKETS * 1e9


def encrypted_sends() -> float:
    """Return the nanoseconds that one send takes of what user-space ESP sends."""
    return sends("198.51.100.2", 4500, "198.51.100.1", ESP)


_LIMIT = "limit rate over {} bytes/second burst 1 bytes"


@contextmanager
def nothing() -> Iterator[None]:
    """No table."""
    yield


@contextmanager
def least() -> Iterator[None]:
    """A table that limits and counts, and does nothing else."""
    numbers = range(1, TUNNELS + 1)
    limits = ", ".join(f"{number} {_LIMIT.format(500_000_000)}" for number in numbers)
    counters = ", ".join(f"{number} counter" for number in numbers)
    text = (
        "table inet least {\n"
        f"set l {{\ntype mark\nsize 65536\n{_LIMIT.format(1)}\nelements = {{ {limits} }}\n}}\n"
        f"set c {{\ntype mark\nsize 65536\ncounter\nelements = {{ {counters} }}\n}}\n"
        "chain p { type filter hook postrouting priority mangle; meta mark set 1\n"
        "meta mark @l drop\nmeta mark @c\nmeta mark set 0\n}\n}\n"
    )
    subprocess.run(["nft", "-f", "-"], input=text.encode(), check=True)
    yield
    subprocess.run(["nft", "delete", "table", "inet", "least"], check=True)


@contextmanager
def ours(tunnels: int, *without: str) -> Iterator[None]:
    """Our table with so many tunnels, none of whose limits is reached; some chains are emptied."""
    leafs = full(4_000_000)
    # The sender's packets are those of the first two tunnels.
    box = Gateway([known(number) for number in range(max(tunnels, 2))])
    box.commit([policy(number=1, **leafs)], [])
    for chain in without:
        subprocess.run(["nft", "flush", "chain", "inet", "ipsecqos", chain], check=True)
    yield
    box.driver.remove_all()
    box.driver.close()


ACTIONS = "act.class5.dscp46.df_clear"
VARIANTS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "no table": nothing,
    f"limit and counter of {TUNNELS:,}": least,
    "2 tunnels, everything": lambda: ours(2),
    f"{TUNNELS:,} tunnels, everything": lambda: ours(TUNNELS),
    "... without class, DSCP, DF": lambda: ours(TUNNELS, ACTIONS),
    "... nor limit and counter": lambda: ours(TUNNELS, ACTIONS, "account_out"),
    "... nor looking for the tunnel": lambda: ours(TUNNELS, "outer_out", "inner_out"),
    "... nor anything but hooks": lambda: ours(TUNNELS, "q_post", "q_output", "q_pre"),
}


def measure(gateway: str, host: str) -> dict[str, dict[str, float]]:
    """Return nanoseconds a packet by variant, sent by the gateway and by the host behind it."""
    found: dict[str, dict[str, list[float]]] = {}
    for _ in range(TURNS):
        for name, make in VARIANTS.items():
            rows = found.setdefault(name, {"own": [], "forwarded": [], "encrypted": []})
            with inside(gateway), make():
                rows["own"].append(min(sends("10.64.0.1") for _ in range(ROUNDS)))
                rows["encrypted"].append(min(encrypted_sends() for _ in range(ROUNDS)))
                with inside(host):
                    rows["forwarded"].append(min(sends("10.64.0.6") for _ in range(ROUNDS)))
    return {name: {way: median(each) for way, each in rows.items()} for name, rows in found.items()}


def main() -> int:
    reason = why_not()
    if reason is not None:
        print(f"cannot run: {reason}")
        return 1
    gc.set_threshold(50_000, 50, 1000)
    gateway, host = f"ipsecqos-cost-{os.getpid()}", f"ipsecqos-host-{os.getpid()}"
    with namespace(gateway), namespace(host):
        subprocess.run(
            ["ip", "-n", gateway, *f"link add lan0 type veth peer name host0 netns {host}".split()],
            check=True,
        )
        for where, commands in ((gateway, GATEWAY), (host, HOST)):
            for command in commands:
                subprocess.run(["ip", "-n", where, *command.split()], check=True)
        with inside(gateway):
            subprocess.run(["sysctl", "-qw", "net.ipv4.ip_forward=1"], check=True)
        found = measure(gateway, host)
    plain = found["no table"]
    print(f"{'nanoseconds a packet':<34}" + "".join(f"{way:>12}{'':8}" for way in plain))
    for name, rows in found.items():
        more = {way: each - plain[way] for way, each in rows.items()}
        cells = (f"{each:>12.0f}{more[way]:>+8.0f}" for way, each in rows.items())
        print(f"{name:<34}" + "".join(cells))
    return 0


if __name__ == "__main__":
    sys.exit(main())

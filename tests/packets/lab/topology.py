"""Two hosts, two gateways, a router between: namespaces and veth pairs.

    hA --- gA --- wan --- gB --- hB
    10.1.N.2        192.0.2.1 | 198.51.100.1..3         10.2.N.2      N = 1..NETWORKS
    fd00:1:N::2   2001:db8:a::1 | 2001:db8:b::1         fd00:2:N::2

The law: whatever happens, nothing of it is left behind.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.dataplane_bridge.linux.namespaces import inside, namespace

NETWORKS = 6
NEAR, NEAR6 = "192.0.2.1", "2001:db8:a::1"
FAR = ("198.51.100.1", "198.51.100.2", "198.51.100.3")
FAR6 = "2001:db8:b::1"
ROUTER_NEAR, ROUTER_FAR = "192.0.2.254", "198.51.100.254"

PLACES = ("hA", "gA", "wan", "gB", "hB")
MAC = {
    ("hA", "eth0"): "02:00:00:00:00:01",
    ("gA", "lan"): "02:00:00:00:00:02",
    ("gA", "wan"): "02:00:00:00:00:03",
    ("wan", "wa"): "02:00:00:00:00:04",
    ("wan", "wb"): "02:00:00:00:00:05",
    ("gB", "wan"): "02:00:00:00:00:06",
    ("gB", "lan"): "02:00:00:00:00:07",
    ("hB", "eth0"): "02:00:00:00:00:08",
}
LINKS = (
    (("hA", "eth0"), ("gA", "lan")),
    (("gA", "wan"), ("wan", "wa")),
    (("wan", "wb"), ("gB", "wan")),
    (("gB", "lan"), ("hB", "eth0")),
)
"""The two ends of each link: place and device."""

MTU_EXPIRES = 1
"""Seconds that a kernel remembers the MTU of a path; its own default is ten minutes."""

_SYSCTLS = {
    "net/ipv4/route/mtu_expires": str(MTU_EXPIRES),
    "net/ipv6/route/mtu_expires": str(MTU_EXPIRES),
    "net/ipv4/ip_forward": "1",
    "net/ipv4/conf/all/rp_filter": "0",
    "net/ipv4/conf/default/rp_filter": "0",
    "net/ipv6/conf/all/forwarding": "1",
    "net/ipv6/conf/all/accept_dad": "0",
    "net/ipv6/conf/default/accept_dad": "0",
    "net/ipv6/conf/default/router_solicitations": "0",
}


class Topology:
    """The namespaces of one lab; several labs live side by side."""

    def __init__(self, tag: str) -> None:
        self._tag = tag

    def name(self, place: str) -> str:
        """Return the name of a place's namespace."""
        return f"{self._tag}-{place}"

    def ip(self, place: str, *lines: str) -> None:
        """Run commands of iproute2 in a place, all in one process."""
        command = ["ip", "-n", self.name(place), "-batch", "-"]
        _run(command, "\n".join(lines) + "\n")

    def sysctl(self, place: str, values: Iterable[tuple[str, str]]) -> None:
        """Write sysctls of a place, where they exist."""
        with inside(self.name(place)):
            for name, value in values:
                file = Path("/proc/sys") / name
                if file.exists():
                    file.write_text(value)

    def run(self, place: str, *command: str, text: str = "") -> str:
        """Run a program in a place, and return what it printed."""
        return _run(["ip", "netns", "exec", self.name(place), *command], text)


@contextmanager
def topology(tag: str, wan_mtu: int) -> Iterator[Topology]:
    """Make the places and links, and take them away at the end."""
    lab = Topology(f"{tag}{os.getpid()}")
    sweep(tag)
    with ExitStack() as stack:
        for place in PLACES:
            stack.enter_context(namespace(lab.name(place)))
            lab.sysctl(place, _SYSCTLS.items())
        for one, other in LINKS:
            _link(lab, one, other)
        for device in (("gA", "wan"), ("wan", "wa"), ("wan", "wb"), ("gB", "wan")):
            lab.ip(device[0], f"link set {device[1]} mtu {wan_mtu}")
        _addresses(lab)
        yield lab


def sweep(tag: str) -> None:
    """Take away what killed processes left of labs of that tag."""
    for name in (file.name for file in Path("/run/netns").glob(f"{tag}[0-9]*-*")):
        number = name[len(tag) :].partition("-")[0]
        if number.isdecimal() and not Path(f"/proc/{number}").exists():
            subprocess.run(["ip", "netns", "del", name], timeout=60, check=False)


def _link(lab: Topology, one: tuple[str, str], other: tuple[str, str]) -> None:
    near, far = lab.name(one[0]), lab.name(other[0])
    _run(
        ["ip", "-batch", "-"],
        f"link add {one[1]} address {MAC[one]} netns {near} type veth"
        f" peer name {other[1]} address {MAC[other]} netns {far}\n",
    )
    for place, device in (one, other):
        lab.ip(place, f"link set {device} up")


def _addresses(lab: Topology) -> None:
    for host, gateway, side in (("hA", "gA", 1), ("hB", "gB", 2)):
        lab.ip(
            host,
            *(f"addr add {address} dev eth0" for address in _addresses_of(side, 2)),
            *_neighbours("eth0", _addresses_of(side, 1), MAC[gateway, "lan"]),
            f"route add default via 10.{side}.1.1",
            f"route add ::/0 via fd00:{side}:1::1",
        )
        lab.ip(
            gateway,
            *(f"addr add {address} dev lan" for address in _addresses_of(side, 1)),
            *_neighbours("lan", _addresses_of(side, 2), MAC[host, "eth0"]),
        )
    lab.ip("gA", *_uplink("192.0.2", "2001:db8:a::", (NEAR,), NEAR6, MAC["wan", "wa"]))
    lab.ip("gB", *_uplink("198.51.100", "2001:db8:b::", FAR, FAR6, MAC["wan", "wb"]))
    lab.ip(
        "wan",
        f"addr add {ROUTER_NEAR}/24 dev wa",
        f"addr add {ROUTER_FAR}/24 dev wb",
        "addr add 2001:db8:a::fe/64 dev wa nodad",
        "addr add 2001:db8:b::fe/64 dev wb nodad",
        *_neighbours("wa", (NEAR, NEAR6), MAC["gA", "wan"]),
        *_neighbours("wb", (*FAR, FAR6), MAC["gB", "wan"]),
    )


def _addresses_of(side: int, host: int) -> tuple[str, ...]:
    numbers = range(1, NETWORKS + 1)
    return (
        *(f"10.{side}.{number}.{host}/24" for number in numbers),
        *(f"fd00:{side}:{number}::{host}/64" for number in numbers),
    )


def _neighbours(device: str, addresses: Iterable[str], mac: str) -> Iterator[str]:
    for address in addresses:
        host = address.partition("/")[0]
        yield f"neigh replace {host} lladdr {mac} dev {device} nud permanent"


def _uplink(
    network: str, network6: str, addresses: tuple[str, ...], address6: str, mac: str
) -> Iterator[str]:
    for address in addresses:
        yield f"addr add {address}/24 dev wan"
    yield f"addr add {address6}/64 dev wan nodad"
    yield from _neighbours("wan", (f"{network}.254", f"{network6}fe"), mac)
    yield f"route add default via {network}.254"
    yield f"route add ::/0 via {network6}fe"


def _run(command: list[str], text: str) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{text}{done.stdout}{done.stderr}")
    return done.stdout

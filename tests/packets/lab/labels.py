"""MPLS in the lab, where the kernel has it: labels towards the near host and towards the peers.

The law: what was made is taken away, so that the MTU of other scenarios is whole again.
"""

import subprocess
from collections.abc import Iterator

from tests.packets.lab.topology import FAR, FAR6, NETWORKS, ROUTER_NEAR, Topology

MODULES = ("mpls_router", "mpls_iptunnel")
_INPUTS = (("hA", "eth0"), ("wan", "wa"))
_HOST, _PEERS, _PEERS6 = 100, 200, 201


def impose_labels(lab: Topology) -> None:
    """Let the gateway push labels, and its neighbours take them off."""
    for module in MODULES:
        subprocess.run(["modprobe", module], check=True, timeout=60)
    for place, device in (*_INPUTS, ("gA", "lan"), ("gA", "wan")):
        values = (("net/mpls/platform_labels", "1000"), (f"net/mpls/conf/{device}/input", "1"))
        lab.sysctl(place, values)
    for place, route in (
        ("hA", f"{_HOST} dev lo"),
        ("wan", f"{_PEERS} via inet {FAR[0]}"),
        ("wan", f"{_PEERS6} via inet6 {FAR6}"),
    ):
        lab.run(place, "ip", "-f", "mpls", "route", "replace", *route.split())
    lab.ip("gA", *(f"route replace {route}" for route in _routes()))


def impose_no_labels(lab: Topology) -> None:
    """Let packets go without labels again."""
    lab.ip("gA", *(f"route del {route}" for route in _routes()))


def _routes() -> Iterator[str]:
    for number in range(1, NETWORKS + 1):
        for version, address in (("", f"10.1.{number}.2"), ("6", f"fd00:1:{number}::2")):
            yield f"{address} encap mpls {_HOST} via inet{version} {address} dev lan onlink"
    yield f"198.51.100.0/24 encap mpls {_PEERS} via inet {ROUTER_NEAR} dev wan"
    yield f"2001:db8:b::/64 encap mpls {_PEERS6} via inet6 2001:db8:a::fe dev wan"

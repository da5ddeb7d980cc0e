"""Segments of TCP that a device, or a sender, put together are no packets that are too long."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from dataplane_bridge.plan import Direction
from tests.dataplane_bridge.linux.kernel_lab import Lab, known, nft
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not
from tests.dataplane_bridge.shapes import limit, outbound, policy

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

MEGABYTE = bytes(1 << 20)
OUT: Direction = "outbound"
NETWORKS = {4: ("10.1.1.", "10.2.1.", "/24"), 6: ("fd01::", "fd02::", "/64")}


@pytest.fixture
def hosts(inside_namespace: str) -> Iterator[tuple[str, str]]:
    """Two hosts on both sides of the gateway of the test, whose segments fit into its tunnel."""
    names = f"ipsecqos-one-{os.getpid()}", f"ipsecqos-two-{os.getpid()}"
    with ExitStack() as stack:
        for side, name in enumerate(names):
            stack.enter_context(namespace(name))
            ip(
                f"link add side{side} type veth peer name eth0 netns {name}",
                f"link set side{side} up",
            )
            ip(f"-n {name} link set eth0 up")
            for version, sides in NETWORKS.items():
                near, far, length = sides[side], sides[1 - side], sides[2]
                nodad, end = ("nodad", "") if version == 6 else ("", "0")
                ip(
                    f"address add {near}1{length} dev side{side} {nodad}",
                    f"-n {name} address add {near}2{length} dev eth0 {nodad}",
                    f"-n {name} route add {far}{end}{length} via {near}1 mtu 1400",
                )
        for switch in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
            with open(f"/proc/sys/net/{switch}", "w") as file:
                file.write("1")
        nft("add table inet probe")
        nft("add chain inet probe long { type filter hook prerouting priority raw; }")
        nft("add rule inet probe long meta l4proto tcp meta length > 1500 counter")
        yield names


def ip(*commands: str) -> None:
    for command in commands:
        subprocess.run(["ip", *command.split()], check=True)


def sent(hosts: tuple[str, str], version: int, content: bytes = MEGABYTE) -> int:
    """Send this by TCP through the gateway; return how many octets arrived."""
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    with ExitStack() as stack:
        ends = []
        for name in hosts:
            with inside(name):
                ends.append(stack.enter_context(socket.socket(family)))
        sender, listener = ends
        listener.bind((f"{NETWORKS[version][1]}2", 9))
        listener.listen()
        sender.settimeout(30)
        sender.connect(listener.getsockname())
        receiver = stack.enter_context(listener.accept()[0])
        receiver.settimeout(30)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, len(content) * 2)
        arrived = 0
        for start in range(0, len(content), 1 << 16):
            part = content[start : start + (1 << 16)]
            sender.sendall(part)
            while arrived < start + len(part):
                arrived += len(receiver.recv(1 << 16))
        return arrived


@pytest.mark.parametrize("version", NETWORKS)
@pytest.mark.parametrize("mode", ["set", "copy", "clear"])
def test_segments_that_fit_are_neither_dropped_nor_counted(
    hosts: tuple[str, str], mode: str, version: int
) -> None:
    local, remote, length = NETWORKS[version]
    end = f"0{length}" if version == 4 else length
    lab = Lab(known(1, local_prefixes=(f"{local}{end}",), remote_prefixes=(f"{remote}{end}",)))
    lab.commit(policy(df_bit=mode))
    assert sent(hosts, version) == len(MEGABYTE)
    assert "packets 0 " not in nft("list chain inet probe long"), "no segments were put together"
    counters = lab.driver.counters()["t1"].of(OUT)
    assert (counters.too_big_packets, counters.fragmented_packets) == (0, 0)


def test_the_bucket_of_the_lowest_rate_holds_segments_that_were_put_together(
    hosts: tuple[str, str],
) -> None:
    tunnel = known(1, local_prefixes=("10.1.1.0/24",), remote_prefixes=("10.2.1.0/24",))
    # The link to the second host stands in for the tunnel.
    lab = Lab(tunnel, tunnel_interface="side1")
    lab.commit(policy(outbound=outbound(limit(8, "payload"))))
    assert sent(hosts, 4, bytes(40_000)) == 40_000
    assert "packets 0 " not in nft("list chain inet probe long"), "no segments were put together"
    counters = lab.driver.counters()["t1"].of(OUT)
    assert counters.conform_octets > 40_000 and counters.exceed_packets == 0

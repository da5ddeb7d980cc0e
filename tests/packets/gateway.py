"""A whole lab with a driver in its gateway.

The law: everything is taken away at the end, whatever happens.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dataplane_bridge.linux.ruleset import Mode
from tests.dataplane_bridge.linux.namespaces import inside
from tests.packets.embedded import TUNNELS
from tests.packets.lab.charon import Charon
from tests.packets.lab.peers import await_peers
from tests.packets.lab.probe import install_probe
from tests.packets.lab.spokes import IF_ID, far_connection, near_connection, secret, spokes
from tests.packets.lab.topology import topology
from tests.packets.linux import LinuxBed

_WAN_MTU: dict[Mode, int] = {"selector": 1300, "reqid": 1500}
"""kernel-libipsec reads at most 1400 octets at once: with less outside, what is too long exists."""


@contextmanager
def linux_bed(mode: Mode) -> Iterator[LinuxBed]:
    """Make a lab with a driver in its gateway, and take everything away at the end."""
    userspace = mode == "selector"
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="packets-")))
        lab = stack.enter_context(topology("iq", _WAN_MTU[mode]))
        for gateway in ("gA", "gB"):
            if userspace:
                # The outer DF bit stays clear only on sockets that are opened after this.
                lab.sysctl(gateway, (("net/ipv4/ip_no_pmtu_disc", "1"),))
        near = Charon(lab, "gA", directory / "gA", userspace=userspace)
        far = Charon(lab, "gB", directory / "gB", userspace=userspace)
        for daemon in (near, far):
            stack.callback(daemon.stop)
            daemon.start()
        for spoke in spokes(userspace=userspace):
            near.load(secret(spoke), near_connection(spoke, if_id=None if userspace else IF_ID))
            far.load(secret(spoke), far_connection(spoke))
            for child in spoke.children:
                if child.name in TUNNELS:
                    near.initiate(child.name)
        await_peers(near, if_id=None if userspace else IF_ID)
        install_probe(lab, "gA")
        stack.enter_context(inside(lab.name("gA")))
        bed = LinuxBed(lab, mode, near, far, ("lan", "wan"))
        stack.callback(bed.close)
        yield bed

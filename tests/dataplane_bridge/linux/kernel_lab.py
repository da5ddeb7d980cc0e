"""The driver on the kernel of this namespace, for tests; tunnels are told, not negotiated."""

import subprocess
import threading
from typing import Any

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.delta import diff_plans
from dataplane_bridge.driver import BridgeError
from dataplane_bridge.linux.dataplane import LinuxDataplane
from dataplane_bridge.linux.registry import Known
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.tunnels import Tunnel
from tests.dataplane_bridge.linux.fixed_tunnels import FixedTunnels
from tests.dataplane_bridge.shapes import (
    Clock,
    changes_between,
    configuration,
    inbound,
    limit,
    outbound,
    policy,
)


def known(number: int, **fields: Any) -> Known:
    values: dict[str, Any] = {
        "local_prefixes": (f"10.1.{number}.0/24",),
        "remote_prefixes": (f"10.2.{number}.0/24",),
        "reqid": number,
        "mpls": "both",
        **fields,
    }
    tunnel = Tunnel(f"t{number}", "wan", **values)
    return Known(tunnel, (0xC0000000 + number,), (0xD0000000 + number,))


class Lab:
    """A bridge with the driver of this namespace, and a configuration."""

    def __init__(
        self, *tunnels: Known, repair_drift: bool = True, tunnel_interface: str = "ipsec0"
    ) -> None:
        self.repair_drift = repair_drift
        self.settings = LinuxSettings(mode="selector", tunnel_interface=tunnel_interface)
        self.discovery = FixedTunnels(*tunnels)
        self.root = configuration([], bindings={"wan": "gold"})
        self.events: list[tuple[str, Any]] = []
        self.begin()

    def begin(self) -> None:
        """Start the server, so to say, with the configuration there is."""
        self.clock = Clock()
        self.driver = LinuxDataplane(self.clock, self.settings, self.discovery, threading.RLock())
        self.bridge = Bridge(
            self.driver,
            self.clock,
            lambda name, content: self.events.append((name, content)),
            repair_drift=self.repair_drift,
        )
        self.bridge.start(self.root)

    def commit(self, *policies: Any, **more: Any) -> None:
        root = configuration(policies, bindings={"wan": "gold"} if policies else {}, **more)
        change = self.bridge.prepare(root, changes_between(self.root, root))
        try:
            change.apply()
        except BridgeError:
            change.abort()
            raise
        change.publish()
        self.root = root


FULL = policy(
    df_bit="clear",
    fragmentation="before-encryption",
    inbound=inbound(limit(1000, "payload", True), "af21", None, True),
    outbound=outbound(limit(2000, None, True), 46, "ef"),
)


def nft(command: str) -> str:
    return subprocess.run(
        ["nft", *command.split()], check=True, capture_output=True, text=True
    ).stdout


def routes() -> str:
    command = "ip route show table 4510"
    return subprocess.run(command.split(), check=True, capture_output=True, text=True).stdout


def reread(lab: Lab) -> Any:
    """Return what differs between what is believed and what the kernel holds."""
    believed = lab.driver._kernel.plan
    return diff_plans(believed, lab.driver.read())


def count_of(group: str) -> int:
    return nft(f"list set inet ipsecqos {group}").count("packets")


def count_drops(number: int) -> None:
    """Leave behind what a packet of a tunnel would that its limit drops."""
    nft(f"add element inet ipsecqos drop_out {{ {number} counter packets 5 bytes 500 }}")


def static(rate: int = 1000) -> Any:
    return policy(reqid=(7,), outbound=outbound(limit(rate, "payload"), 46))


def limits_of(reqid: int) -> list[str]:
    listed = nft("list set inet ipsecqos lim_out")
    return [line for line in listed.splitlines() if f"{reqid:#010x}" in line]

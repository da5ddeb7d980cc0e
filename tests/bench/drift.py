"""``python -m tests.bench.drift [TUNNELS]``: how soon what others change is told, and put right.

A real watch in a namespace of this kernel (root); tunnels are told, not negotiated. "seen" is until
the driver tells the bridge, "told" until the event that says so, after which it has been repaired.
"""

import gc
import os
import subprocess
import sys
import threading
import time
from statistics import median
from typing import Any

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.linux.dataplane import LinuxDataplane
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.linux.watching import KernelWatch
from tests.bench.linux import Gateway, full, known
from tests.dataplane_bridge.linux.fixed_tunnels import FixedTunnels
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not
from tests.dataplane_bridge.shapes import policy

FOREIGN = (
    ("element deleted", "nft delete element inet ipsecqos lim_out { 1 }"),
    ("table deleted", "nft delete table inet ipsecqos"),
    ("route deleted", "ip route del 172.16.0.0/30 table 4510"),
    ("rule deleted", "ip rule del pref 219"),
    ("sysctl changed", "sysctl -q net.ipv4.ipfrag_time=7"),
)
TIMES, FEW_TIMES, MANY = 9, 3, 5000
MOST_SECONDS = 60.0


class WatchedGateway(Gateway):
    """A gateway with a watch, that notes when changes of others are seen and told."""

    def __init__(self, count: int) -> None:
        self.seen: list[float] = []
        self.told: list[float] = []
        self.guard = threading.RLock()
        self.discovery = FixedTunnels(*(known(number) for number in range(count)))
        settings = LinuxSettings(mode="selector")
        self.driver = LinuxDataplane(time.time, settings, self.discovery, self.guard)
        self.bridge = Bridge(self.driver, time.time, self._hear)
        self.start()
        leafs = full(1000, fragmentation="before-encryption")
        with self.guard:
            self.commit([policy(number=1, **leafs)], [])
        self.driver.subscribe(lambda _: self.seen.append(time.monotonic()))
        # Whoever subscribed first is told first: the driver is to note before it is repaired.
        self.driver._subscribers.reverse()
        self.watch = KernelWatch(
            settings.route_table,
            self.driver.route_port,
            self.driver.look_for_disturbance,
            self.driver.look_at_tunnels_again,
        )
        self.watch.start()

    def measure(self, command: str) -> tuple[float, float]:
        """Return the seconds until that change of somebody else is seen, and told."""
        self.seen.clear()
        self.told.clear()
        subprocess.run(command.split(), check=True)
        begin = time.monotonic()
        while not self.told and time.monotonic() < begin + MOST_SECONDS:
            time.sleep(0.001)
        return self.seen[0] - begin, self.told[0] - begin

    def _hear(self, name: str, content: Any) -> None:
        if name == "dataplane-drift":
            self.told.append(time.monotonic())


def measure(count: int) -> None:
    box = WatchedGateway(count)
    print(
        f"{count:,} tunnels{'seen, median':>32}{'longest':>10}{'told, median':>16}{'longest':>10}"
    )
    for what, command in FOREIGN:
        found = []
        for number in range(TIMES if count < MANY else FEW_TIMES):
            time.sleep(1.0 + number * 0.1)  # at another place of the watch's rounds
            found.append(box.measure(command))
        seen, told = zip(*found, strict=True)
        figures = median(seen), max(seen), median(told), max(told)
        print(f"{what:<32}" + "".join(f"{each:>11.2f} s" for each in figures), flush=True)
    box.watch.close()
    box.driver.close()


def main() -> int:
    reason = why_not()
    if reason is not None:
        print(f"cannot run: {reason}")
        return 1
    gc.set_threshold(50_000, 50, 1000)  # as the server does
    counts = [int(each) for each in sys.argv[1:]] or [1, 1000, 10_000]
    for count in counts:
        name = f"ipsecqos-drift-{os.getpid()}"
        with namespace(name), inside(name):
            subprocess.run(["ip", "tuntap", "add", "ipsec0", "mode", "tun"], check=True)
            subprocess.run(["ip", "link", "set", "ipsec0", "up"], check=True)
            measure(count)
    return 0


if __name__ == "__main__":
    sys.exit(main())

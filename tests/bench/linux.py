"""``python -m tests.bench.linux [TUNNELS]``: the Linux driver in a namespace of this kernel (root).

Tunnels are told, not negotiated; everything else is real: nftables, routes, sysctls.
"""

import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.linux.dataplane import LinuxDataplane
from dataplane_bridge.linux.registry import Known
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.tunnels import Tunnel
from tests.dataplane_bridge.linux.fixed_tunnels import FixedTunnels
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not
from tests.dataplane_bridge.shapes import (
    changes_between,
    configuration,
    inbound,
    limit,
    outbound,
    policy,
    template,
)

THOUSAND = 1000


def known(number: int, **fields: Any) -> Known:
    local, remote = f"10.{64 + (number >> 14)}", f"172.{16 + (number >> 14)}"
    place = f"{number >> 6 & 255}.{(number & 63) << 2}/30"
    tunnel = Tunnel(
        f"t{number:05}",
        "wan",
        connection="few" if number < THOUSAND else f"c{number}",
        remote_address=f"192.0.{number >> 8 & 255}.{number & 255}",
        local_prefixes=(f"{local}.{place}",),
        remote_prefixes=(f"{remote}.{place}",),
        reqid=number + 1,
        mpls="both",
        **fields,
    )
    return Known(tunnel, (0xC0000000 + number,), (0xD0000000 + number,))


def full(rate: int, **leafs: Any) -> dict[str, Any]:
    return {
        "df_bit": "clear",
        "inbound": inbound(limit(rate, "payload", True), "af21", None, True),
        "outbound": outbound(limit(rate, None, True), 46, "ef"),
        **leafs,
    }


class Gateway:
    """A bridge over the driver of this namespace."""

    def __init__(self, tunnels: list[Known]) -> None:
        self.discovery = FixedTunnels(*tunnels)
        self.driver = LinuxDataplane(
            time.time, LinuxSettings(mode="selector"), self.discovery, threading.RLock()
        )
        self.bridge = Bridge(self.driver, time.time, lambda *_: None)
        self.start()

    def start(self) -> None:
        """Start the bridge with an empty configuration."""
        self.root = configuration([], bindings={"wan": "gold"})
        self.bridge.start(self.root)

    def commit(self, policies: list[Any], templates: list[Any]) -> float:
        """Commit, and return the seconds from the change list to the kernel."""
        gc.freeze()  # as the server does after a bulk commit
        root = configuration(policies, templates, bindings={"wan": "gold"})
        changes = list(changes_between(self.root, root))
        return timed(lambda: self._commit(root, changes))

    def _commit(self, root: Any, changes: list[Any]) -> None:
        change = self.bridge.prepare(root, changes)
        change.apply()
        change.publish()
        self.root = root


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def show(what: str, seconds: float) -> None:
    print(f"{what:<62}{seconds * 1000:>10.1f} ms", flush=True)


def measure(count: int) -> None:
    box = Gateway([known(number) for number in range(count)])
    one = policy(number=1, connection=("c5000",), **full(4000))
    rest = policy(number=20, template="dial")
    few = template("dial", 5, connection=("few",), **full(2000))
    many = template("dial", 10, **full(1000))
    # The kernel's first touch of memory can cost a virtual machine more than all the rest.
    for again in ("first", "again", "once more"):
        show(f"install {count:,} tunnels, {again}", box.commit([one, rest], [few, many]))
        if again != "once more":
            show("take everything back", box.commit([], []))
    times = []
    for rate in range(5000, 5020):
        changed = policy(number=1, connection=("c5000",), **full(rate))
        times.append(box.commit([changed, rest], [few, many]))
    show("change one policy's rate, median of 20", median(times))
    changed_few = template("dial", 5, connection=("few",), **full(3000))
    show(
        "change a template that holds 1,000 tunnels",
        box.commit([changed, rest], [changed_few, many]),
    )
    box.commit([changed, rest], [few, many])
    new = [known(count + number) for number in range(100)]
    ups = [timed(partial(box.discovery.come, each)) for each in new[:10]]
    show("one tunnel comes up", median(ups))
    show("90 tunnels come up at once", timed(lambda: box.discovery.come(*new[10:])))
    show("one tunnel goes", timed(lambda: box.discovery.go(new[0].tunnel.id)))
    show("90 tunnels go at once", timed(lambda: box.discovery.go(*(e.tunnel.id for e in new[10:]))))
    show("all counters", median(timed(box.driver.counters) for _ in range(5)))
    show("all state as plain values", median(timed(box.bridge.state) for _ in range(3)))
    show("poll (limit-exceeded)", median(timed(box.bridge.poll) for _ in range(3)))
    show("read all back and compare", timed(box.bridge._reconciler.resynchronize))


def main() -> int:
    reason = why_not()
    if reason is not None:
        print(f"cannot run: {reason}")
        return 1
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    name = f"ipsecqos-bench-{os.getpid()}"
    gc.set_threshold(50_000, 50, 1000)  # as the server does
    with namespace(name), inside(name):
        subprocess.run(["ip", "tuntap", "add", "ipsec0", "mode", "tun"], check=True)
        subprocess.run(["ip", "link", "set", "ipsec0", "up"], check=True)
        measure(count)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""``python -m tests.bench.state [TUNNELS]``: the state of tunnels of a kernel as a reply (root).

What a ``<get>`` of the tunnels costs the server: counters from the kernel, state, XML.
"""

import gc
import os
import subprocess
import sys
import time
from statistics import median

from lxml import etree

from server.datastore.filter import Filter
from server.datastore.to_xml import Writer
from server.datastore.view import View
from tests.bench.linux import Gateway, full, known
from tests.dataplane_bridge.linux.namespaces import inside, namespace, why_not
from tests.dataplane_bridge.shapes import policy
from yang.bindings.gateway_linux import SCHEMA

NAMESPACE = "urn:ipsec-qos:yang:ipsec-qos"
WHOLE = f'<filter><ipsec-qos xmlns="{NAMESPACE}"><tunnels/></ipsec-qos></filter>'
COUNTERS = (
    f'<filter><ipsec-qos xmlns="{NAMESPACE}"><tunnels><tunnel><id/><counters/></tunnel></tunnels>'
    "</ipsec-qos></filter>"
)


def wanted(text: str) -> Filter:
    return Filter.compile(SCHEMA.root, etree.fromstring(text))


def measure(count: int) -> None:
    box = Gateway([known(number) for number in range(count)])
    box.commit([policy(number=1, **full(1000))], [])
    gc.freeze()
    told = box.bridge
    view = View(
        SCHEMA,
        Writer(SCHEMA),
        {
            "/ipsec-qos:ipsec-qos/tunnels": told.tunnels_state,
        },
    )
    for what, text in (("counters", COUNTERS), ("whole state", WHOLE)):
        took, size = [], 0
        for _ in range(5):
            start = time.perf_counter()
            size = sum(map(len, view.everything(SCHEMA.root.empty, wanted(text))))
            took.append(time.perf_counter() - start)
        figure = f"{median(took) * 1000:8.0f} ms (first {took[0] * 1000:.0f}), {size / 1e6:.1f} MB"
        print(f"{what + f' of {count:,} tunnels':<32}{figure}", flush=True)


def main() -> int:
    reason = why_not()
    if reason is not None:
        print(f"cannot run: {reason}")
        return 1
    gc.set_threshold(50_000, 50, 1000)
    name = f"ipsecqos-state-{os.getpid()}"
    with namespace(name), inside(name):
        subprocess.run(["ip", "tuntap", "add", "ipsec0", "mode", "tun"], check=True)
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    return 0


if __name__ == "__main__":
    sys.exit(main())

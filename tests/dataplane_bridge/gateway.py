"""A gateway with one tunnel, for tests that prove behaviour by packets."""

from typing import Any

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.driver import Counters
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.packets import Packet
from dataplane_bridge.plan import Direction
from tests.dataplane_bridge.shapes import (
    Clock,
    changes_between,
    configuration,
    policy,
    tunnel,
)
from yang.bindings import gateway as g

BIG = Packet(1500, df=True)


class Gateway:
    """A dataplane with one tunnel, and the bridge that configures it."""

    def __init__(self, root: g.Configuration, **fields: Any) -> None:
        self.clock = Clock()
        self.dataplane = MemoryDataplane(self.clock, [tunnel(**fields)])
        self.events: list[tuple[str, Any]] = []
        self.bridge = Bridge(
            self.dataplane, self.clock, lambda name, content: self.events.append((name, content))
        )
        self.root = root
        self.bridge.start(root)

    def commit(self, root: g.Configuration) -> None:
        change = self.bridge.prepare(root, changes_between(self.root, root))
        change.apply()
        change.publish()
        self.root = root

    def send(self, packet: Packet, direction: Direction = "outbound", name: str = "t1") -> Any:
        return self.dataplane.send(name, direction, packet)

    def counters(self, direction: Direction = "outbound", name: str = "t1") -> Counters:
        return self.dataplane.counters([name])[name].of(direction)

    def flood(
        self, length: int, seconds: float, direction: Direction = "outbound", name: str = "t1"
    ) -> int:
        """Send a packet each millisecond, and return the packets that passed."""
        passed = 0
        for _ in range(round(seconds * 1000)):
            passed += self.send(Packet(length), direction, name).passed
            self.clock.seconds += 0.001
        return passed


def gateway(*, fields: dict[str, Any] | None = None, **leafs: Any) -> Gateway:
    return Gateway(configuration([policy(**leafs)]), **(fields or {}))

"""The operations of the embedded dataplane: make tunnels, send packets, see what becomes of them.

The law: packets of one request are all alike, so what the headers become is worked out once; the
limit is asked about every packet at its own time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.packets import Packet
from dataplane_bridge.plan import Direction
from dataplane_bridge.token_bucket import NANOSECONDS
from dataplane_bridge.traffic import Outcome
from dataplane_bridge.tunnel_input import tunnel_of

Input = Mapping[str, Any]
Output = dict[str, Any]


def establish_tunnel(dataplane: MemoryDataplane, values: Input) -> Output:
    """Make a tunnel, or replace the one of the same id."""
    dataplane.establish(tunnel_of(values))
    return {}


def remove_tunnel(dataplane: MemoryDataplane, values: Input) -> Output:
    """Take a tunnel down."""
    dataplane.remove(str(_required(values, "id")))
    return {}


def send_packets(dataplane: MemoryDataplane, values: Input) -> Output:
    """Send packets of one kind, and return what became of them."""
    tunnel_id = str(_required(values, "tunnel"))
    dataplane.tunnel(tunnel_id)
    direction: Direction = "inbound" if _required(values, "direction") == "inbound" else "outbound"
    if values.get("kind") == "ike":
        return _send_ike(dataplane, tunnel_id, direction, values)
    return _send_data(dataplane, tunnel_id, direction, values)


@dataclass(slots=True)
class _Tally:
    """What became of the packets of one request."""

    passed: int = 0
    exceeded: int = 0
    too_big: int = 0
    sent: int = 0
    draws: bool = True
    last: Outcome | None = None

    def take(self, outcome: Outcome, times: int) -> None:
        """Add that many packets of one outcome."""
        self.passed += outcome.passed * times
        self.exceeded += (outcome.exceeded > 0) * times
        self.too_big += outcome.too_big * times
        self.sent += times * sum(len(piece.fragment_lengths) for piece in outcome.sent)
        self.draws = bool(outcome.sent)
        if outcome.sent or self.last is None:
            self.last = outcome

    def output(self) -> Output:
        """Return the leaves that count."""
        return {
            "passed": self.passed,
            "exceeded": self.exceeded,
            "too-big": self.too_big,
            "sent-packets": self.sent,
        }


def _send_data(
    dataplane: MemoryDataplane, tunnel_id: str, direction: Direction, values: Input
) -> Output:
    packet = _packet(values)
    send = dataplane.sender(tunnel_id, direction, packet)
    tally = _Tally()
    distance = _distance(values, packet.length)
    left = int(_given(values, "count", 1))
    now = dataplane.now()
    while left:
        # Nothing comes into the bucket at one moment: when one is refused, so is the rest.
        times = 1 if distance or tally.draws else left
        tally.take(send(now, times), times)
        now += distance
        left -= times
    dataplane.advance_to(now)
    return {**tally.output(), **_appearance(tally.last, direction)}


def _send_ike(
    dataplane: MemoryDataplane, tunnel_id: str, direction: Direction, values: Input
) -> Output:
    length = int(_given(values, "length", 1000))
    distance = _distance(values, length)
    count = int(_given(values, "count", 1))
    passed = 0
    for _ in range(count):
        passed += dataplane.send_ike(tunnel_id, direction, length)
        dataplane.advance_to(dataplane.now() + distance)
    return {"passed": passed, "exceeded": count - passed, "too-big": 0, "sent-packets": passed}


def _appearance(outcome: Outcome | None, direction: Direction) -> Output:
    """Return how a packet looked that left, or what its sender was told."""
    if outcome is None:
        return {}
    if not outcome.sent:
        return {} if outcome.told_mtu is None else {"tunnel-mtu": outcome.told_mtu}
    wire = outcome.sent[0]
    seen: Output = {"dscp": wire.inner.dscp}
    if direction == "outbound":
        seen.update({"outer-dscp": wire.dscp, "outer-df": wire.df})
    if wire.traffic_class is not None:
        seen["mpls-traffic-class"] = wire.traffic_class
    return seen


def _packet(values: Input) -> Packet:
    version: Literal[4, 6] = 6 if values.get("ip-version") == "ipv6" else 4
    return Packet(
        length=int(_given(values, "length", 1000)),
        version=version,
        dscp=int(_given(values, "dscp", 0)),
        df=bool(_given(values, "df", False)) and version == 4,
        header=20 if version == 4 else 40,
    )


def _distance(values: Input, length: int) -> int:
    """Return the time from one packet to the next, nanoseconds."""
    rate = values.get("rate")
    return 0 if rate is None else length * 8 * NANOSECONDS // (int(rate) * 1000)


def _given(values: Input, name: str, default: int | bool) -> Any:
    value = values.get(name)
    return default if value is None else value


def _required(values: Input, name: str) -> Any:
    value = values.get(name)
    if value is None:
        raise BridgeError(f"The input needs the leaf {name}.")
    return value

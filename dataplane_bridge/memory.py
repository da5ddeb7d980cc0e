"""The embedded reference dataplane: strict like a kernel, exact like the semantics say.

It is the default, and the oracle that other dataplanes are compared with. Objects do not need
their tunnel to exist (in a kernel they are keyed by a number too); buckets and counters belong to
the tunnel and go with it; replacing a tunnel, as a rekey does, keeps both.

The law: a batch happens as a whole or not at all, and a packet is decided by what is held now.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import immutables

from dataplane_bridge.delta import Steps
from dataplane_bridge.driver import (
    DEFRAGMENTATION,
    EXACT_BURST,
    Clock,
    Counters,
    DataplaneRefused,
    Feature,
    Features,
    OnDriverEvent,
    TunnelCounters,
    TunnelDown,
    TunnelUp,
    Unmatched,
)
from dataplane_bridge.effective import Condition
from dataplane_bridge.forwarding import (
    Forwarded,
    TooBig,
    Treatment,
    forward_inbound,
    forward_outbound,
    treatment,
)
from dataplane_bridge.object_checks import after_steps
from dataplane_bridge.packets import Packet, WirePacket
from dataplane_bridge.plan import DIRECTIONS, EMPTY_PLAN, Direction, Limit, ObjectKey, Plan
from dataplane_bridge.token_bucket import NANOSECONDS, TokenBucket
from dataplane_bridge.tunnels import Tunnel

CAPACITY = 65_536
"""Tunnels, and tunnels with objects: the size of a set in the kernel."""


class Outcome(NamedTuple):
    """What became of one packet; ``told_mtu`` where an ICMP message went to its sender."""

    sent: tuple[WirePacket, ...]
    exceeded: int = 0
    too_big: bool = False
    told_mtu: int | None = None

    @property
    def passed(self) -> bool:
        """Whether the whole packet passed."""
        return not self.too_big and not self.exceeded


class MemoryDataplane:
    """A dataplane in memory. ``clock`` gives seconds; packets are decided on it."""

    def __init__(
        self,
        clock: Clock,
        tunnels: Iterable[Tunnel] = (),
        *,
        defragmentation: bool = False,
        capacity: int = CAPACITY,
    ) -> None:
        self._clock = clock
        self._ahead = 0
        self._capacity = capacity
        self._features = _features(defragmentation)
        self._plan: Plan = EMPTY_PLAN
        self._objects: immutables.Map[str, int] = immutables.Map()
        self._tunnels: dict[str, Tunnel] = {}
        self._buckets: dict[ObjectKey, TokenBucket] = {}
        self._counters: dict[str, TunnelCounters] = {}
        self._unmatched = Unmatched(0, 0)
        self._identification = 0
        self._subscribers: list[OnDriverEvent] = []
        for tunnel in tunnels:
            self.establish(tunnel)

    # The driver's side.

    def features(self) -> Features:
        """Return what the dataplane is and can do."""
        return self._features

    def read(self, keys: Iterable[ObjectKey] | None = None) -> Plan:
        """Return what is held of these objects, or all."""
        if keys is None:
            return self._plan
        found = ((key, self._plan.get(key)) for key in keys)
        return immutables.Map((key, value) for key, value in found if value is not None)

    def check(self, steps: Steps) -> None:
        """Raise ``DataplaneRefused`` if the steps would be refused."""
        self._count_objects(steps, after_steps(self._plan, steps))

    def apply(self, steps: Steps) -> None:
        """Take all steps, or raise ``DataplaneRefused`` and take none."""
        plan = after_steps(self._plan, steps)
        self._objects = self._count_objects(steps, plan)
        self._plan = plan
        now = self.now()
        for step in steps:
            if step.key in self._buckets:
                self._change_bucket(step.key, now)

    def tunnels(self) -> Iterable[Tunnel]:
        """Return the tunnels that exist."""
        return tuple(self._tunnels.values())

    def subscribe(self, on_event: OnDriverEvent) -> None:
        """Call this with each event from now on."""
        self._subscribers.append(on_event)

    def counters(self, tunnel_ids: Iterable[str] | None = None) -> Mapping[str, TunnelCounters]:
        """Return the counters of these tunnels, or of all."""
        if tunnel_ids is None:
            return dict(self._counters)
        return {name: self._counters[name] for name in tunnel_ids if name in self._counters}

    def clear_counters(self, tunnel_id: str) -> float:
        """Start a tunnel's counters from zero."""
        self.tunnel(tunnel_id)
        counters = TunnelCounters(self._clock())
        self._counters[tunnel_id] = counters
        return counters.since

    def unmatched(self) -> Unmatched:
        """Return what passed in tunnels that no policy matches."""
        return self._unmatched

    def conditions(self, tunnel_id: str) -> Iterable[Condition]:
        """Return nothing: everything is in force at once here."""
        return ()

    # The tunnels' side.

    def tunnel(self, tunnel_id: str) -> Tunnel:
        """Return a tunnel that exists."""
        tunnel = self._tunnels.get(tunnel_id)
        if tunnel is None:
            raise DataplaneRefused(f"There is no tunnel {tunnel_id!r}.")
        return tunnel

    def establish(self, tunnel: Tunnel) -> None:
        """Make a tunnel, or replace the one of the same id as a rekey does."""
        if tunnel.id not in self._tunnels and len(self._tunnels) >= self._capacity:
            raise DataplaneRefused(f"There is no room for more than {self._capacity} tunnels.")
        self._tunnels[tunnel.id] = tunnel
        if tunnel.id not in self._counters:
            self._counters[tunnel.id] = TunnelCounters(self._clock())
        for on_event in self._subscribers:
            on_event(TunnelUp(tunnel))

    def remove(self, tunnel_id: str) -> None:
        """Take a tunnel down; its buckets and counters go with it."""
        self.tunnel(tunnel_id)
        del self._tunnels[tunnel_id]
        del self._counters[tunnel_id]
        for direction in DIRECTIONS:
            self._buckets.pop(ObjectKey("limit", tunnel_id, direction), None)
        for on_event in self._subscribers:
            on_event(TunnelDown(tunnel_id))

    # The packets' side.

    def now(self) -> int:
        """Return the time of the dataplane, nanoseconds."""
        return round(self._clock() * NANOSECONDS) + self._ahead

    def advance(self, nanoseconds: int) -> None:
        """Let the dataplane's time run ahead of the clock by so much more."""
        self._ahead += nanoseconds

    def send(self, tunnel_id: str, direction: Direction, packet: Packet) -> Outcome:
        """Let one packet into the tunnel (outbound), or out of it after decryption (inbound)."""
        tunnel = self.tunnel(tunnel_id)
        qos = treatment(self._plan, tunnel_id, direction)
        forwarded = self.forward(tunnel, direction, qos, packet)
        return self.decide(tunnel_id, direction, qos, packet, forwarded)

    def forward(
        self, tunnel: Tunnel, direction: Direction, qos: Treatment, packet: Packet
    ) -> Forwarded | TooBig:
        """Return what the packet becomes before the limit is asked."""
        if direction == "inbound":
            return forward_inbound(tunnel, qos, packet)
        return forward_outbound(tunnel, qos, packet, self._fresh_identification)

    def decide(
        self,
        tunnel_id: str,
        direction: Direction,
        qos: Treatment,
        packet: Packet,
        forwarded: Forwarded | TooBig,
    ) -> Outcome:
        """Ask the limit about each piece, and count."""
        counters = self._counters[tunnel_id].of(direction)
        if isinstance(forwarded, TooBig):
            counters.too_big_packets += 1
            return Outcome((), too_big=True, told_mtu=forwarded.told_mtu)
        if forwarded.fragmented:
            counters.fragmented_packets += 1
        if qos.accounting is None:
            seen = self._unmatched
            self._unmatched = Unmatched(seen.packets + 1, seen.octets + packet.length)
        key = ObjectKey("limit", tunnel_id, direction)
        sent = tuple(
            piece
            for piece, counted in zip(forwarded.pieces, forwarded.counted, strict=True)
            if self._conforms(key, qos.limit, counted, counters)
        )
        return Outcome(sent, exceeded=len(forwarded.pieces) - len(sent))

    def send_ike(self, tunnel_id: str, direction: Direction, length: int) -> bool:
        """Let one IKE packet of the peer pass, if it may; the length is that of its IP packet."""
        self.tunnel(tunnel_id)
        limit = treatment(self._plan, tunnel_id, direction).limit
        if limit is None or not limit.ike:
            return True
        key = ObjectKey("limit", tunnel_id, direction)
        if self._bucket(key, limit).draw(length, self.now()):
            return True
        counters = self._counters[tunnel_id].of(direction)
        counters.ike_exceed_packets += 1
        counters.ike_exceed_octets += length
        return False

    def _conforms(
        self, key: ObjectKey, limit: Limit | None, counted: int, counters: Counters
    ) -> bool:
        if limit is None or self._bucket(key, limit).draw(counted, self.now()):
            counters.conform_packets += 1
            counters.conform_octets += counted
            return True
        counters.exceed_packets += 1
        counters.exceed_octets += counted
        return False

    def _bucket(self, key: ObjectKey, limit: Limit) -> TokenBucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(limit.rate, limit.bucket, self.now())
        return bucket

    def _change_bucket(self, key: ObjectKey, now: int) -> None:
        limit = self._plan.get(key)
        if isinstance(limit, Limit):
            self._buckets[key].change(limit.rate, limit.bucket, now)
        else:
            del self._buckets[key]

    def _fresh_identification(self) -> int:
        self._identification = self._identification % 65535 + 1
        return self._identification

    def _count_objects(self, steps: Steps, after: Plan) -> immutables.Map[str, int]:
        """Return how many objects each tunnel will have; refuse more tunnels than fit."""
        draft = self._objects.mutate()
        for key in {step.key for step in steps}:
            count = draft.get(key.tunnel, 0) + (key in after) - (key in self._plan)
            if count:
                draft[key.tunnel] = count
            else:
                draft.pop(key.tunnel, None)
        draft.pop("", None)
        if len(draft) > self._capacity:
            raise DataplaneRefused(
                f"There is no room for objects of more than {self._capacity} tunnels."
            )
        return draft.finish()


def _features(defragmentation: bool) -> Features:
    reason = None if defragmentation else "Connection tracking is not defragmenting packets."
    return Features(
        "embedded",
        1,
        (
            Feature(EXACT_BURST, True),
            Feature(DEFRAGMENTATION, defragmentation, reason),
            Feature("mpls-traffic-class", True),
        ),
    )

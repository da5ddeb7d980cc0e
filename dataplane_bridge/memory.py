"""The embedded reference dataplane: strict like a kernel, exact like the semantics say.

It is the default, and the oracle that other dataplanes are compared with. Objects do not need
their tunnel to exist (in a kernel they are keyed by a number too); buckets and counters belong to
the tunnel and go with it; replacing a tunnel, as a rekey does, keeps both.

The law: a batch happens as a whole or not at all, and a packet is decided by what is held now.
"""

from collections.abc import Callable, Iterable, Mapping

import immutables

from dataplane_bridge.delta import Steps
from dataplane_bridge.driver import (
    DEFRAGMENTATION,
    EXACT_BURST,
    Clock,
    DataplaneRefused,
    Feature,
    Features,
    OnDriverEvents,
    TunnelCounters,
    TunnelDown,
    TunnelUp,
    Unmatched,
    exceeded_packets,
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
from dataplane_bridge.packets import Packet
from dataplane_bridge.plan import EMPTY_PLAN, Direction, Limit, ObjectKey, Plan, PlanObject
from dataplane_bridge.rates import volumes_of
from dataplane_bridge.routing import find_tunnel
from dataplane_bridge.token_bucket import NANOSECONDS
from dataplane_bridge.traffic import Outcome, Traffic
from dataplane_bridge.tunnels import Tunnel

CAPACITY = 65_536
"""Tunnels, and tunnels with objects: the size of a set in the kernel."""


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
        self._traffic = Traffic()
        self._identification = 0
        self._subscribers: list[OnDriverEvents] = []
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
            if step.key.kind == "limit":
                self._traffic.change_limit(step.key, _limit(plan.get(step.key)), now)

    def tunnels(self) -> Iterable[Tunnel]:
        """Return the tunnels that exist."""
        return tuple(self._tunnels.values())

    def subscribe(self, on_events: OnDriverEvents) -> None:
        """Call this with the events from now on."""
        self._subscribers.append(on_events)

    def counters(self, tunnel_ids: Iterable[str] | None = None) -> Mapping[str, TunnelCounters]:
        """Return the counters of these tunnels, or of all."""
        return self._traffic.counters(tunnel_ids)

    def exceeded(
        self, tunnel_ids: Iterable[str] | None = None
    ) -> Mapping[tuple[str, Direction], int]:
        """Return how many packets the limits of these tunnels (or all) dropped, if any."""
        return exceeded_packets(self._traffic.counters(tunnel_ids))

    def volumes(self) -> Mapping[tuple[str, Direction], int]:
        """Return the octets that passed in each tunnel and direction, where any passed."""
        return volumes_of(self._traffic.counters())

    def clear_counters(self, tunnel_id: str) -> float:
        """Start a tunnel's counters from zero."""
        self.tunnel(tunnel_id)
        since = self._clock()
        self._traffic.clear(tunnel_id, since)
        return since

    def unmatched(self) -> Unmatched:
        """Return what passed in tunnels that no policy matches."""
        return self._traffic.unmatched

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
        self._traffic.welcome(tunnel.id, self._clock())
        for on_events in self._subscribers:
            on_events((TunnelUp(tunnel),))

    def remove(self, tunnel_id: str) -> None:
        """Take a tunnel down; its buckets and counters go with it."""
        self.tunnel(tunnel_id)
        del self._tunnels[tunnel_id]
        self._traffic.forget(tunnel_id)
        for on_events in self._subscribers:
            on_events((TunnelDown(tunnel_id),))

    # The packets' side.

    def now(self) -> int:
        """Return the time of the dataplane, nanoseconds."""
        return round(self._clock() * NANOSECONDS) + self._ahead

    def advance_to(self, nanoseconds: int) -> None:
        """Let the dataplane's time run ahead of the clock, if it is not that late already."""
        self._ahead += max(0, nanoseconds - self.now())

    def route(self, packet: Packet, direction: Direction) -> Tunnel | None:
        """Return the tunnel that a packet with addresses goes into or came out of."""
        return find_tunnel(self._tunnels.values(), packet, direction)

    def send(self, tunnel_id: str, direction: Direction, packet: Packet) -> Outcome:
        """Let one packet into the tunnel (outbound), or out of it after decryption (inbound)."""
        return self.sender(tunnel_id, direction, packet)(self.now(), 1)

    def sender(
        self, tunnel_id: str, direction: Direction, packet: Packet
    ) -> Callable[[int, int], Outcome]:
        """Return what sends packets like this one; what their headers become is worked out once.

        It is called with the time (nanoseconds) and the number of packets that this one stands
        for (see ``Traffic.decide``).
        """
        qos = treatment(self._plan, tunnel_id, direction)
        forwarded = self._forward(self.tunnel(tunnel_id), direction, qos, packet)
        key = ObjectKey("limit", tunnel_id, direction)

        def send(now: int, times: int) -> Outcome:
            return self._traffic.decide(key, qos, packet, forwarded, now, times)

        return send

    def send_ike(self, tunnel_id: str, direction: Direction, length: int) -> bool:
        """Let one IKE packet of the peer pass, if it may; the length is that of its IP packet."""
        self.tunnel(tunnel_id)
        key = ObjectKey("limit", tunnel_id, direction)
        return self._traffic.decide_ike(key, _limit(self._plan.get(key)), length, self.now())

    def _forward(
        self, tunnel: Tunnel, direction: Direction, qos: Treatment, packet: Packet
    ) -> Forwarded | TooBig:
        if direction == "inbound":
            return forward_inbound(tunnel, qos, packet)
        return forward_outbound(tunnel, qos, packet, self._fresh_identification)

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


def _limit(value: PlanObject | None) -> Limit | None:
    return value if isinstance(value, Limit) else None


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

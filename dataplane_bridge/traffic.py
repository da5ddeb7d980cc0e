"""What the traffic of tunnels leaves behind: buckets and counters, and the verdicts they give.

The law: both belong to the tunnel: they outlive its rekeys and every change of its QoS, and go
with it. Times are the dataplane's, in nanoseconds.
"""

from collections.abc import Iterable
from typing import NamedTuple

from dataplane_bridge.driver import Counters, TunnelCounters, Unmatched
from dataplane_bridge.forwarding import Forwarded, TooBig, Treatment
from dataplane_bridge.packets import Packet, WirePacket
from dataplane_bridge.plan import DIRECTIONS, Direction, Limit, ObjectKey
from dataplane_bridge.token_bucket import TokenBucket


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


class Traffic:
    """The buckets and counters of all tunnels."""

    def __init__(self) -> None:
        self.unmatched = Unmatched(0, 0)
        self._buckets: dict[ObjectKey, TokenBucket] = {}
        self._counters: dict[str, TunnelCounters] = {}

    def welcome(self, tunnel_id: str, since: float) -> None:
        """Begin to count for a tunnel, unless that has begun; ``since`` in seconds."""
        if tunnel_id not in self._counters:
            self._counters[tunnel_id] = TunnelCounters(since)

    def forget(self, tunnel_id: str) -> None:
        """Drop all of a tunnel that goes."""
        del self._counters[tunnel_id]
        for direction in DIRECTIONS:
            self._buckets.pop(ObjectKey("limit", tunnel_id, direction), None)

    def clear(self, tunnel_id: str, since: float) -> None:
        """Start the counters of a tunnel from zero; its buckets stay."""
        self._counters[tunnel_id] = TunnelCounters(since)

    def counters(self, tunnel_ids: Iterable[str] | None = None) -> dict[str, TunnelCounters]:
        """Return the counters of these tunnels, or of all."""
        if tunnel_ids is None:
            return dict(self._counters)
        return {name: self._counters[name] for name in tunnel_ids if name in self._counters}

    def change_limit(self, key: ObjectKey, limit: Limit | None, now: int) -> None:
        """Let the bucket go on under another limit, or without one go."""
        bucket = self._buckets.get(key)
        if bucket is None:
            return
        if limit is None:
            del self._buckets[key]
        else:
            bucket.change(limit.rate, limit.bucket, now)

    def decide(
        self,
        key: ObjectKey,
        qos: Treatment,
        packet: Packet,
        forwarded: Forwarded | TooBig,
        now: int,
        times: int = 1,
    ) -> Outcome:
        """Ask the limit under that key about each piece of a packet, and count.

        ``times`` counts that many packets alike, which is right where none of them draws: without
        a limit, and for packets that are refused at the same moment.
        """
        # What no policy matches is counted as such, and not for the tunnel.
        counters = Counters() if qos.accounting is None else self._of(key)
        if isinstance(forwarded, TooBig):
            counters.too_big_packets += times
            return Outcome((), too_big=True, told_mtu=forwarded.told_mtu)
        if forwarded.fragmented:
            counters.fragmented_packets += times
        if qos.accounting is None:
            packets, octets = self.unmatched
            self.unmatched = Unmatched(packets + times, octets + packet.length * times)
        bucket = self._bucket(key, qos.limit, now)
        sent = tuple(
            piece
            for piece, counted in zip(forwarded.pieces, forwarded.counted, strict=True)
            if _conforms(bucket, counted, counters, now, times)
        )
        return Outcome(sent, exceeded=len(forwarded.pieces) - len(sent))

    def decide_ike(self, key: ObjectKey, limit: Limit | None, length: int, now: int) -> bool:
        """Tell whether an IKE packet of that length passes, and count if it does not."""
        bucket = self._bucket(key, limit if limit is not None and limit.ike else None, now)
        if bucket is None or bucket.draw(length, now):
            return True
        counters = self._of(key)
        counters.ike_exceed_packets += 1
        counters.ike_exceed_octets += length
        return False

    def _of(self, key: ObjectKey) -> Counters:
        direction: Direction = "inbound" if key.direction == "inbound" else "outbound"
        return self._counters[key.tunnel].of(direction)

    def _bucket(self, key: ObjectKey, limit: Limit | None, now: int) -> TokenBucket | None:
        if limit is None:
            return None
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = TokenBucket(limit.rate, limit.bucket, now)
        return bucket


def _conforms(
    bucket: TokenBucket | None, counted: int, counters: Counters, now: int, times: int
) -> bool:
    if bucket is None or bucket.draw(counted, now):
        counters.conform_packets += times
        counters.conform_octets += counted * times
        return True
    counters.exceed_packets += times
    counters.exceed_octets += counted * times
    return False

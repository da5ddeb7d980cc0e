"""The embedded dataplane as a bed; the oracle of the others when it has their tunnels.

The law: its time is told, so that a flood of seconds takes none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import merge
from typing import Any, Literal

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.driver import Features, TunnelCounters
from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.packets import Packet, WirePacket
from dataplane_bridge.tunnels import Inability, Tunnel
from tests.dataplane_bridge.shapes import Clock, changes_between, configuration
from tests.packets.bed import Act, commit
from tests.packets.lab.peers import CONNECTION
from tests.packets.shots import Flow, Inner, Outer, Shot, Sighting, Stream


def _tunnel(name: str, connection: str, remote: str, **more: Any) -> Tunnel:
    number = int(name[1:])
    return Tunnel(
        name,
        "wan",
        connection,
        remote_address=remote,
        local_prefixes=(f"10.1.{number}.0/24", f"fd00:1:{number}::/64"),
        remote_prefixes=(f"10.2.{number}.0/24", f"fd00:2:{number}::/64"),
        reqid=number,
        mpls="both",
        **more,
    )


TUNNELS: Mapping[str, Tunnel] = {
    each.id: each
    for each in (
        _tunnel("t1", "spoke1", "198.51.100.1"),
        _tunnel("t2", "spoke1", "198.51.100.1"),
        _tunnel("t3", "spoke2", "198.51.100.2", cipher="aes-cbc-sha256", nat_traversal=True),
        _tunnel("t4", "spoke6", "2001:db8:b::1", local_address="2001:db8:a::1"),
    )
}
"""What the lab has, as tunnels of the embedded dataplane, by short name."""


_NO_DEVICE = Inability("fragmentation", "The tunnel goes by no xfrm interface.")
LATER: Mapping[str, Tunnel] = {
    each.id: each
    for each in (
        _tunnel("t5", "spoke3", "198.51.100.3", inabilities=(_NO_DEVICE,)),
        _tunnel("t6", "spoke3", "198.51.100.3"),
    )
}
"""Those that a scenario brings up where it needs them: by policies alone; without ``copy_df``."""


def peers(numbers: Iterable[int]) -> dict[str, Tunnel]:
    """Return tunnels of peers that dial in, by short name."""
    return {
        f"p{number}": Tunnel(
            f"p{number}",
            "wan",
            CONNECTION,
            remote_address=f"198.51.100.{100 + number}",
            local_prefixes=("10.1.1.0/24",),
            remote_prefixes=(f"10.3.{number}.0/24",),
            reqid=number + 10,
            mpls="both",
        )
        for number in numbers
    }


class EmbeddedBed:
    """The embedded dataplane with these tunnels, by short name."""

    name = "embedded"

    def __init__(self, tunnels: Mapping[str, Tunnel] = TUNNELS) -> None:
        self.clock = Clock()
        self.events: list[tuple[str, Any]] = []
        self._tunnels = {**LATER, **tunnels}
        self.dataplane = MemoryDataplane(self.clock, tunnels.values())
        self.root = configuration(bindings={})
        self.bridge = Bridge(
            self.dataplane, self.clock, lambda name, content: self.events.append((name, content))
        )
        self.bridge.start(self.root)

    def features(self) -> Features:
        return self.dataplane.features()

    def tunnel(self, name: str) -> Tunnel:
        return self._tunnels[name]

    def up_by_peer(self, name: str) -> None:
        """Bring a tunnel up again from the other side."""
        self.up(name)

    def move(self, name: str, address: str) -> None:
        """Let the peer of a tunnel have another address."""
        self.establish(name, replace(self._tunnels[name], remote_address=address))

    def establish(self, name: str, tunnel: Tunnel) -> None:
        """Take over a tunnel of another bed as it is there."""
        self._tunnels[name] = tunnel
        self.dataplane.establish(tunnel)

    def commit(self, root: Any) -> None:
        commit(self, root, changes_between(self.root, root))

    def counters(self, name: str) -> TunnelCounters:
        tunnel_id = self.tunnel(name).id
        return self.dataplane.counters([tunnel_id])[tunnel_id]

    def send(self, shot: Shot, expected: Sighting | None = None) -> Sighting:
        packet = _packet(shot)
        outcome = self.dataplane.send(self.tunnel(shot.tunnel).id, shot.direction, packet)
        if not outcome.sent:
            return Sighting(False, told_mtu=outcome.told_mtu)
        outbound = shot.direction == "outbound"
        return Sighting(
            outcome.passed,
            tuple(_inner(wire.inner) for wire in outcome.sent),
            _identification(packet, outcome.sent[0].inner),
            tuple(_outer(wire) for wire in outcome.sent) if outbound else (),
            outcome.told_mtu,
            outcome.sent[0].traffic_class,
        )

    def flood(
        self,
        streams: Sequence[Stream],
        seconds: float,
        acts: Iterable[Act] = (),
        sent: Sequence[tuple[float, ...]] | None = None,
    ) -> list[Flow]:
        """Send streams at once; where it is told when to send packets of each, then."""
        begin = self.clock.seconds
        moments = sent or [_steady(each, seconds) for each in streams]
        passed = [0] * len(streams)
        waiting = sorted(acts, key=lambda act: act.at)
        for moment, number in merge(*map(_numbered, moments, range(len(streams)))):
            while waiting and waiting[0].at <= moment:
                self.clock.seconds = begin + waiting[0].at
                waiting.pop(0).do(self)
            self.clock.seconds = begin + moment
            passed[number] += self._passes(streams[number])
        self.clock.seconds = begin + seconds
        return [
            Flow(moments[each], passed[each], stream.length, seconds)
            for each, stream in enumerate(streams)
        ]

    def rekey(self, name: str) -> None:
        self.dataplane.establish(self.tunnel(name))

    def down(self, name: str) -> None:
        self.dataplane.remove(self.tunnel(name).id)

    def up(self, name: str) -> None:
        self.dataplane.establish(self.tunnel(name))

    def _passes(self, stream: Stream) -> bool:
        tunnel_id = self.tunnel(stream.tunnel).id
        if stream.kind == "ike":
            return self.dataplane.send_ike(tunnel_id, stream.direction, stream.length)
        return self.dataplane.send(tunnel_id, stream.direction, Packet(stream.length)).passed


def _steady(stream: Stream, seconds: float) -> tuple[float, ...]:
    """Return when the packets of a stream are sent that never falters."""
    number = round(stream.rate * 125 * seconds / stream.length)
    return tuple(seconds * each / number for each in range(number))


def _numbered(moments: Iterable[float], number: int) -> Iterator[tuple[float, int]]:
    return ((moment, number) for moment in moments)


def _packet(shot: Shot) -> Packet:
    return Packet(
        shot.length,
        shot.version,
        shot.dscp,
        shot.ecn,
        shot.df and shot.version == 4,
        shot.identification,
        20 if shot.version == 4 else 40,
    )


def _inner(packet: Packet) -> Inner:
    return Inner(
        packet.length, packet.offset, packet.more_fragments, packet.dscp, packet.ecn, packet.df
    )


def _outer(wire: WirePacket) -> Outer:
    return Outer(wire.dscp, wire.ecn, wire.df, wire.fragment_lengths)


def _identification(sent: Packet, seen: Packet) -> Literal["kept", "fresh", "zero"]:
    if sent.identification == seen.identification:
        return "kept"
    return "fresh" if seen.identification else "zero"

"""Streams on the wires of the lab: how a packet of each is sent, and how many arrived.

The law: what arrived is counted where it arrives, not by what the driver says.
"""

import socket

from dataplane_bridge.tunnels import Tunnel
from tests.dataplane_bridge.linux.namespaces import inside
from tests.packets.frames import udp_packet
from tests.packets.lab.probe import IKE_INBOUND, IKE_OUTBOUND, ike_packets
from tests.packets.lab.topology import Topology
from tests.packets.lab.wires import Feeds, Sink, Wire
from tests.packets.shots import Shot, Stream
from tests.packets.sightings import FAR_HOST, NEAR_HOST, OUTSIDE, Ends

ENTRANCE: dict[str, tuple[Wire, Wire]] = {
    "outbound": (NEAR_HOST, ("gA", "lan")),
    "inbound": (FAR_HOST, ("gB", "lan")),
}
# The header of an answer of an IKE_SA that nobody knows: the daemon drops it without an answer.
_IKE = bytes.fromhex("a1a2a3a4a5a6a7a8 b1b2b3b4b5b6b7b8 00 20 25 20 00000009")


class DataFlow:
    """Datagrams from one host to the other."""

    def __init__(self, lab: Topology, feeds: Feeds, stream: Stream, port: int) -> None:
        ends = Ends(Shot(stream.tunnel, stream.direction), ("", ""))
        packet = udp_packet(
            ends.source, ends.destination, (port, port), stream.length, identification=port
        )
        self.send = feeds.sender(*ENTRANCE[stream.direction], packet)
        self._sink = Sink(lab, ends.receiver[0], port)

    def __enter__(self) -> "DataFlow":
        return self

    def __exit__(self, *_: object) -> None:
        self._sink.close()

    def passed(self) -> int:
        return len(self._sink.take())


class IkeFlow:
    """Packets of the peer to the daemon, or of the daemon to the peer, by their addresses."""

    def __init__(self, lab: Topology, feeds: Feeds, tunnel: Tunnel, stream: Stream) -> None:
        self._lab, self._stream = lab, stream
        inbound = stream.direction == "inbound"
        ends = tunnel.local_address, tunnel.remote_address
        source, destination = reversed(ends) if inbound else ends
        marker = bytes(4) if stream.port == 4500 else b""
        message = stream.length - 28 - len(marker)
        payload = marker + _IKE + message.to_bytes(4, "big")
        ports = stream.port, stream.port
        packet = udp_packet(source, destination, ports, stream.length, payload=payload)
        self._raw: socket.socket | None = None
        if inbound:
            self.send = feeds.sender(OUTSIDE, ("gA", "wan"), packet)
        else:
            with inside(lab.name("gA")):
                self._raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            self.send = lambda: self._raw.sendto(packet, (destination, 0)) if self._raw else 0
        self._before = self._count()

    def __enter__(self) -> "IkeFlow":
        return self

    def __exit__(self, *_: object) -> None:
        if self._raw is not None:
            self._raw.close()

    def passed(self) -> int:
        return self._count() - self._before

    def _count(self) -> int:
        stream = self._stream
        which = IKE_INBOUND if stream.direction == "inbound" else IKE_OUTBOUND
        return ike_packets(self._lab, "gA", which, stream.port, stream.length)

"""Packets as the reference dataplane sees them, and how a router fragments them.

The law: lengths are real: a fragment's payload is a multiple of 8 octets except the last one's,
every fragment carries a whole header, and nothing is longer than the MTU.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

LONGEST_IPV4 = 65535
LONGEST_IPV6 = 65535 + 40
IPV6_FRAGMENT_HEADER = 8  # RFC 8200, section 4.5
IPV6_MINIMUM_MTU = 1280  # RFC 8200, section 5


@dataclass(frozen=True, slots=True)
class Packet:
    """An inner IP packet; lengths in octets, ``offset`` of a fragment in octets of payload.

    Addresses are only needed to find the tunnel of a packet.
    """

    length: int
    version: Literal[4, 6] = 4
    dscp: int = 0
    ecn: int = 0
    df: bool = False
    identification: int = 0
    header: int = 20
    more_fragments: bool = False
    offset: int = 0
    source: str | None = None
    destination: str | None = None
    protocol: int | None = None
    remote_port: int | None = None


@dataclass(frozen=True, slots=True)
class WirePacket:
    """A packet that leaves, or one fragment of it; ``fragment_lengths`` are those on the wire.

    Outbound ``length`` is the IPsec packet's and ``dscp``, ``ecn``, ``df`` its outer header's;
    inbound they are those of the decrypted packet. ``traffic_class`` is ``None`` where no label is
    imposed.
    """

    inner: Packet
    length: int
    dscp: int
    ecn: int
    df: bool
    traffic_class: int | None
    fragment_lengths: tuple[int, ...]


def fragment_ipv4(packet: Packet, mtu: int) -> Iterator[Packet]:
    """Yield the fragments of a packet that is longer than the MTU (RFC 791, section 2.3)."""
    payload = packet.length - packet.header
    for start, size, last in _cuts(payload, (mtu - packet.header) // 8 * 8):
        yield replace(
            packet,
            length=packet.header + size,
            offset=packet.offset + start,
            more_fragments=packet.more_fragments or not last,
        )


def fragment_lengths(length: int, version: int, mtu: int) -> tuple[int, ...]:
    """Return the lengths on the wire of an IPsec packet without header options."""
    if length <= mtu:
        return (length,)
    header = 20 if version == 4 else 40
    extra = 0 if version == 4 else IPV6_FRAGMENT_HEADER
    room = (mtu - header - extra) // 8 * 8
    return tuple(header + extra + size for _, size, _ in _cuts(length - header, room))


def _cuts(payload: int, room: int) -> Iterator[tuple[int, int, bool]]:
    """Yield start, size and whether it is the last, for each fragment of a payload."""
    start = 0
    while payload - start > 0:
        size = min(room, payload - start)
        yield start, size, start + size == payload
        start += size

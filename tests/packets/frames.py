"""Frames as bytes: made, and read. Standard library only: a packet library takes a minute to
import on an emulated machine.

The law: what cannot be read is ``None``, never guessed.
"""

import socket
import struct
from typing import NamedTuple

ETHERNET = 14
IPV4, IPV6, MPLS = 0x0800, 0x86DD, 0x8847
ICMP, UDP, ESP, ICMPV6, FRAGMENT = 1, 17, 50, 58, 44
NAT_TRAVERSAL = 4500
_DF, _MF = 0x4000, 0x2000


class Label(NamedTuple):
    """An entry of an MPLS label stack (RFC 3032, RFC 5462)."""

    label: int
    traffic_class: int


class Frame(NamedTuple):
    """An IP packet of a frame; offset in octets, ``identification`` also of IPv6 fragments.

    ``told_mtu`` is that of an ICMP message "too big"; ``expired`` tells of "reassembly time
    exceeded"; ``sound`` whether the checksum of the IPv4 header is right.
    """

    version: int
    length: int
    dscp: int
    ecn: int
    df: bool
    identification: int
    offset: int
    more: bool
    protocol: int
    source: str
    destination: str
    sound: bool
    labels: tuple[Label, ...]
    ports: tuple[int, int] | None
    told_mtu: int | None
    expired: bool
    body: bytes

    @property
    def is_fragment(self) -> bool:
        """Whether it is a part of a packet."""
        return self.more or self.offset > 0

    @property
    def is_ipsec(self) -> bool:
        """Whether it carries ESP, in UDP or not; of fragments whether it may."""
        if self.protocol == ESP:
            return True
        if self.protocol != UDP:
            return False
        if self.ports is None:
            return self.offset > 0
        # Four octets of zero are the non-ESP marker, one octet is a keepalive (RFC 3948).
        return NAT_TRAVERSAL in self.ports and len(self.body) > 12 and self.body[8:12] != bytes(4)


def read_frame(kind: int, data: bytes) -> Frame | None:
    """Return the IP packet of a frame of that EtherType, without its link header."""
    labels: list[Label] = []
    while kind == MPLS and len(data) >= 4:
        (entry,) = struct.unpack_from("!I", data)
        data = data[4:]
        labels.append(Label(entry >> 12, entry >> 9 & 7))
        if entry & 0x100:
            kind = IPV4 if data[:1] and data[0] >> 4 == 4 else IPV6
    if kind == IPV4 and len(data) >= 20:
        return _read_ipv4(data, tuple(labels))
    if kind == IPV6 and len(data) >= 40:
        return _read_ipv6(data, tuple(labels))
    return None


def _read_ipv4(data: bytes, labels: tuple[Label, ...]) -> Frame:
    first, tos, length, identification, flags, _, protocol, _, source, destination = struct.unpack(
        "!BBHHHBBH4s4s", data[:20]
    )
    header = (first & 15) * 4
    body = data[header:length]
    offset = (flags & 0x1FFF) * 8
    return Frame(
        4,
        length,
        tos >> 2,
        tos & 3,
        bool(flags & _DF),
        identification,
        offset,
        bool(flags & _MF),
        protocol,
        socket.inet_ntoa(source),
        socket.inet_ntoa(destination),
        checksum(data[:header]) == 0,
        labels,
        _ports(protocol, offset, body),
        _told_mtu(protocol, body),
        protocol == ICMP and body[:2] == b"\x0b\x01",
        body,
    )


def _read_ipv6(data: bytes, labels: tuple[Label, ...]) -> Frame:
    word, length, protocol, _ = struct.unpack("!IHBB", data[:8])
    traffic_class = word >> 20 & 255
    body = data[40 : 40 + length]
    identification, offset, more = 0, 0, False
    if protocol == FRAGMENT and len(body) >= 8:
        protocol, _, place, identification = struct.unpack("!BBHI", body[:8])
        offset, more, body = place & 0xFFF8, bool(place & 1), body[8:]
    return Frame(
        6,
        length + 40,
        traffic_class >> 2,
        traffic_class & 3,
        False,
        identification,
        offset,
        more,
        protocol,
        socket.inet_ntop(socket.AF_INET6, data[8:24]),
        socket.inet_ntop(socket.AF_INET6, data[24:40]),
        True,
        labels,
        _ports(protocol, offset, body),
        _told_mtu(protocol, body),
        protocol == ICMPV6 and body[:2] == b"\x03\x01",
        body,
    )


def _ports(protocol: int, offset: int, body: bytes) -> tuple[int, int] | None:
    if protocol != UDP or offset or len(body) < 4:
        return None
    source, destination = struct.unpack_from("!HH", body)
    return source, destination


def _told_mtu(protocol: int, body: bytes) -> int | None:
    if len(body) < 8:
        return None
    if protocol == ICMP and body[:2] == b"\x03\x04":
        return int.from_bytes(body[6:8], "big")
    if protocol == ICMPV6 and body[:2] == b"\x02\x00":
        return int.from_bytes(body[4:8], "big")
    return None


def checksum(data: bytes) -> int:
    """Return the internet checksum (RFC 1071)."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    total += total >> 16
    return ~total & 0xFFFF


def udp_packet(
    source: str,
    destination: str,
    ports: tuple[int, int],
    length: int,
    *,
    dscp: int = 0,
    ecn: int = 0,
    df: bool = False,
    identification: int = 0,
    payload: bytes = b"",
) -> bytes:
    """Return an IP packet of that length with a UDP datagram; ``payload`` begins its data."""
    if ":" in source:
        return _udp_over_ipv6(source, destination, ports, length, dscp << 2 | ecn, payload)
    addresses = socket.inet_aton(source) + socket.inet_aton(destination)
    datagram = _datagram(addresses, ports, length - 20, payload)
    flags = _DF if df else 0
    return ipv4_header(length, UDP, addresses, dscp << 2 | ecn, identification, flags) + datagram


def _udp_over_ipv6(
    source: str,
    destination: str,
    ports: tuple[int, int],
    length: int,
    traffic_class: int,
    payload: bytes,
) -> bytes:
    addresses = b"".join(socket.inet_pton(socket.AF_INET6, each) for each in (source, destination))
    datagram = _datagram(addresses, ports, length - 40, payload)
    return struct.pack("!IHBB", 6 << 28 | traffic_class << 20, length - 40, UDP, 64) + (
        addresses + datagram
    )


def ipv4_header(
    length: int, protocol: int, addresses: bytes, tos: int, identification: int, flags: int
) -> bytes:
    """Return an IPv4 header; ``flags`` are the flags and the offset as one number."""
    fields = struct.pack("!BBHHHBB", 0x45, tos, length, identification, flags, 64, protocol)
    return fields + struct.pack("!H", checksum(fields + bytes(2) + addresses)) + addresses


def _datagram(addresses: bytes, ports: tuple[int, int], length: int, payload: bytes) -> bytes:
    data = payload + b"q" * (length - 8 - len(payload))
    header = struct.pack("!HHHH", *ports, length, 0)
    pseudo = addresses + struct.pack("!HH", UDP, length)
    return header[:6] + struct.pack("!H", checksum(pseudo + header + data) or 0xFFFF) + data


def label_entry(label: int, traffic_class: int, *, bottom: bool) -> bytes:
    """Return an entry of an MPLS label stack with a time to live of 64."""
    return struct.pack("!I", label << 12 | traffic_class << 9 | bottom << 8 | 64)

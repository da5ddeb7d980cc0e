"""What libnftables cannot say, or says slowly, spoken to the kernel in its own words (nfnetlink).

One rule, "the mark is the reqid of the packet's SA", has no text in nft 1.0.6 though the kernel
knows it; the generation id, which every commit of anybody raises by one; and the counters of a set,
which the library reads element by element into text.

The law: attributes are built here and nowhere else; numbers are those of
linux/netfilter/nf_tables.h.
"""

import os
import struct
from collections.abc import Iterator
from typing import NamedTuple

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.linux.sockets import netfilter_socket
from dataplane_bridge.plan import Direction

_SUBSYSTEM = 10 << 8
_NFTABLES_RESOURCE = 10 << 8  # in network order
GENERATION_GROUP = 1 << 6
"""NFNLGRP_NFTABLES: tells of every commit."""
_NEWRULE, _NEWGEN, _GETGEN, _GETSETELEM = 6, 15, 16, 13
_BATCH_BEGIN, _BATCH_END = 16, 17
_GETOBJ, _COUNTER_OBJECT = 19, struct.pack("!I", 1)
_ERROR, _DONE = 2, 3
_REQUEST, _ACK, _DUMP, _CREATE, _APPEND = 1, 4, 0x300, 0x400, 0x800
_NESTED = 0x8000
_NFPROTO_INET = 1
_MESSAGE = struct.Struct("=IHHII")
_XFRM_REQID, _META_MARK, _REGISTER = 5, 3, 1
_DIRECTION = {"inbound": 0, "outbound": 1}
_LONGEST_ANSWER = 1 << 20
_ELEMENTS, _KEY, _EXPRESSION, _KEY_END = 3, 1, 7, 10
_NO_PACKETS = bytes(8)


class Count(NamedTuple):
    """What an element counted; ``first`` and ``last`` are its key, as the kernel holds it."""

    first: bytes
    last: bytes
    packets: int
    octets: int


class Netfilter:
    """One socket to the kernel's nftables, for questions of one thread at a time.

    It is kept open: to close such a socket takes the kernel several milliseconds.
    """

    def __init__(self) -> None:
        self._socket = netfilter_socket()
        self._sequence = 0

    def close(self) -> None:
        """Let the socket go."""
        self._socket.close()

    def generation(self) -> int:
        """Return the number of the ruleset's generation in this namespace."""
        self._ask(_GETGEN, _header(0), 0)
        for kind, _, body in self._answers():
            if kind == _SUBSYSTEM | _NEWGEN:
                return generation_of(body)[0]
        raise BridgeError("The kernel does not tell the generation of its nftables ruleset.")

    def append_reqid_rules(self, table: str, chains: dict[str, Direction]) -> None:
        """Append the rule "mark := reqid of the SA" to these chains, all or none."""
        sequence = 1
        parts = [message(_BATCH_BEGIN, _REQUEST, sequence, _header(_NFTABLES_RESOURCE))]
        for chain, direction in chains.items():
            sequence += 1
            body = _header(0, _NFPROTO_INET) + _reqid_rule(table, chain, direction)
            flags = _REQUEST | _CREATE | _APPEND | _ACK
            parts.append(message(_SUBSYSTEM | _NEWRULE, flags, sequence, body))
        parts.append(message(_BATCH_END, _REQUEST, sequence + 1, _header(_NFTABLES_RESOURCE)))
        self._socket.send(b"".join(parts))
        for _ in chains:
            _expect_success(self._socket.recv(_LONGEST_ANSWER))

    def counts(self, table: str, group: str) -> Iterator[Count]:
        """Yield what the elements of a set counted, without those that counted nothing."""
        body = _header(0, _NFPROTO_INET)
        body += attribute(1, table.encode() + b"\0") + attribute(2, group.encode() + b"\0")
        self._ask(_GETSETELEM, body, _DUMP)
        layouts: dict[int, _Layout | None] = {}
        while True:
            for kind, _, content in messages(self._socket.recv(_LONGEST_ANSWER)):
                if kind == _DONE:
                    return
                if kind == _ERROR:
                    raise BridgeError(f"The set {group} cannot be read: {_reason(content)}.")
                yield from _counts_of(content, layouts)

    def named_counter(self, table: str, name: str) -> tuple[int, int]:
        """Return packets and octets of a counter object; zeros where there is none."""
        body = _header(0, _NFPROTO_INET) + attribute(1, table.encode() + b"\0")
        body += attribute(2, name.encode() + b"\0") + attribute(3, _COUNTER_OBJECT)
        self._ask(_GETOBJ, body, 0)
        for kind, _, content in self._answers():
            if kind != _ERROR:
                data = dict(attributes(dict(attributes(content[4:])).get(4, b"")))
                octets, packets = (int.from_bytes(data.get(each, b""), "big") for each in (1, 2))
                return packets, octets
        return 0, 0

    def _ask(self, kind: int, body: bytes, flags: int) -> None:
        self._sequence += 1
        self._socket.send(message(_SUBSYSTEM | kind, _REQUEST | flags, self._sequence, body))

    def _answers(self) -> Iterator[tuple[int, int, bytes]]:
        return messages(self._socket.recv(_LONGEST_ANSWER))


def generation_of(body: bytes) -> tuple[int, int]:
    """Return the generation and the process that a NEWGEN message names (0 where it does not)."""
    numbers = {
        kind: struct.unpack("!I", data[:4])[0]
        for kind, data in attributes(body[4:])
        if kind in (1, 2)
    }
    return numbers.get(1, 0), numbers.get(2, 0)


def is_new_generation(kind: int) -> bool:
    """Tell whether a message says that a commit happened."""
    return kind == _SUBSYSTEM | _NEWGEN


def messages(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield type, port (whose request it answers or tells of) and body of each netlink message."""
    place, end = 0, len(data)
    while place + _MESSAGE.size <= end:
        length, kind, _, _, port = _MESSAGE.unpack_from(data, place)
        yield kind, port, data[place + _MESSAGE.size : place + length]
        place += max(_MESSAGE.size, (length + 3) & ~3)


def _counts_of(body: bytes, layouts: "dict[int, _Layout | None]") -> Iterator[Count]:
    # Elements of one length are laid out alike, so that only the first one is taken apart.
    for kind, elements in attributes(body[4:]):
        if kind != _ELEMENTS:
            continue
        place, end = 0, len(elements)
        while place < end:
            length = int.from_bytes(elements[place : place + 2], "little")
            if length not in layouts:
                layouts[length] = _layout_of(elements[place + 4 : place + length])
            layout = layouts[length]
            if layout is not None:
                start = place + 4 + layout.packets
                if elements[start : start + 8] != _NO_PACKETS:
                    yield layout.read(elements, place + 4)
            place += (length + 3) & ~3


class _Layout(NamedTuple):
    """Where in an element the key, its end and the counter are."""

    first: slice
    last: slice
    packets: int
    octets: int

    def read(self, data: bytes, start: int) -> Count:
        """Return the counter of the element that starts there."""
        numbers = [
            int.from_bytes(data[start + each : start + each + 8], "big")
            for each in (self.packets, self.octets)
        ]
        first, last = (
            data[start + each.start : start + each.stop] for each in (self.first, self.last)
        )
        return Count(first, last, numbers[0], numbers[1])


def _layout_of(element: bytes) -> _Layout | None:
    """Return how an element that counts is laid out, or ``None`` if it does not count."""
    parts = dict(_places(element, slice(0, len(element))))
    if _EXPRESSION not in parts:
        return None
    named = dict(_places(element, parts[_EXPRESSION]))
    if element[named[1]] != b"counter\0":
        return None
    numbers = dict(_places(element, named[2]))
    first = dict(_places(element, parts[_KEY]))[1]
    last = dict(_places(element, parts[_KEY_END]))[1] if _KEY_END in parts else first
    return _Layout(first, last, numbers[2].start, numbers[1].start)


def _places(data: bytes, within: slice) -> Iterator[tuple[int, slice]]:
    """Yield kind and place of each attribute within a part of a message."""
    place = within.start
    while place + 4 <= within.stop:
        length, kind = struct.unpack_from("=HH", data, place)
        yield kind & 0x3FFF, slice(place + 4, place + length)
        place += max(4, (length + 3) & ~3)


def _reqid_rule(table: str, chain: str, direction: Direction) -> bytes:
    number = struct.Struct("!I").pack
    load = _expression(
        b"xfrm",
        attribute(1, number(_REGISTER))
        + attribute(2, number(_XFRM_REQID))
        + attribute(3, bytes([_DIRECTION[direction]]))
        + attribute(4, number(0)),
    )
    store = _expression(b"meta", attribute(2, number(_META_MARK)) + attribute(3, number(_REGISTER)))
    return (
        attribute(1, table.encode() + b"\0")
        + attribute(2, chain.encode() + b"\0")
        + attribute(4 | _NESTED, load + store)
    )


def _expression(name: bytes, data: bytes) -> bytes:
    return attribute(1 | _NESTED, attribute(1, name + b"\0") + attribute(2 | _NESTED, data))


def _expect_success(data: bytes) -> None:
    for kind, _, body in messages(data):
        if kind == _ERROR and struct.unpack_from("=i", body)[0]:
            raise BridgeError(
                f"The kernel has no nftables match for IPsec reqids (nft_xfrm): {_reason(body)}."
            )


def _reason(body: bytes) -> str:
    return os.strerror(-struct.unpack_from("=i", body)[0])


def _header(resource: int, family: int = 0) -> bytes:
    return struct.pack("=BBH", family, 0, resource)


def message(kind: int, flags: int, sequence: int, body: bytes) -> bytes:
    """Return a netlink message."""
    return _MESSAGE.pack(_MESSAGE.size + len(body), kind, flags, sequence, 0) + body


def attribute(kind: int, data: bytes) -> bytes:
    """Return a netlink attribute, padded."""
    length = 4 + len(data)
    return struct.pack("=HH", length, kind) + data + bytes(-length % 4)


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each netlink attribute."""
    place, end = 0, len(data)
    while place + 4 <= end:
        length, kind = struct.unpack_from("=HH", data, place)
        yield kind & 0x3FFF, data[place + 4 : place + length]
        place += max(4, (length + 3) & ~3)

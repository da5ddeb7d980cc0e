"""Netlink messages and attributes as bytes, for every family that this package speaks.

The law: nothing else here packs a header or pads an attribute (netlink(7), linux/netlink.h).
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

REQUEST, ACK, DUMP, CREATE, APPEND = 1, 4, 0x300, 0x400, 0x800
ERROR, DONE = 2, 3
NESTED = 0x8000
LONGEST_ANSWER = 1 << 20
_MESSAGE = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")


class Answer(NamedTuple):
    """A message of the kernel: its type, whose request it answers (0: nobody's), its body."""

    kind: int
    sequence: int
    port: int
    body: bytes


def answers(data: bytes) -> Iterator[Answer]:
    """Yield each netlink message of what was received."""
    place, end = 0, len(data)
    while place + _MESSAGE.size <= end:
        length, kind, _, sequence, port = _MESSAGE.unpack_from(data, place)
        yield Answer(kind, sequence, port, data[place + _MESSAGE.size : place + length])
        place += max(_MESSAGE.size, (length + 3) & ~3)


def messages(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield type, port (whose request it answers or tells of) and body of each netlink message."""
    for answer in answers(data):
        yield answer.kind, answer.port, answer.body


def spans(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield type, and begin and end of the body, of each netlink message: to pass over many."""
    place, end = 0, len(data)
    while place + _MESSAGE.size <= end:
        length, kind, _, _, _ = _MESSAGE.unpack_from(data, place)
        yield kind, place + _MESSAGE.size, place + length
        place += max(_MESSAGE.size, (length + 3) & ~3)


def message(kind: int, flags: int, sequence: int, body: bytes) -> bytes:
    """Return a netlink message."""
    return _MESSAGE.pack(_MESSAGE.size + len(body), kind, flags, sequence, 0) + body


def attribute(kind: int, data: bytes) -> bytes:
    """Return a netlink attribute, padded."""
    length = 4 + len(data)
    return _ATTRIBUTE.pack(length, kind) + data + bytes(-length % 4)


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each netlink attribute."""
    place, end = 0, len(data)
    while place + 4 <= end:
        length, kind = _ATTRIBUTE.unpack_from(data, place)
        yield kind & 0x3FFF, data[place + 4 : place + length]
        place += max(4, (length + 3) & ~3)


def error_of(answer: Answer) -> int:
    """Return the errno of an ERROR message, 0 where it says that all is well."""
    return -int(struct.unpack_from("=i", answer.body)[0])

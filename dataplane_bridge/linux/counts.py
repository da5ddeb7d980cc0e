"""What the elements of a set counted, from the messages of a dump.

The law: elements of one length are laid out alike, so that only the first one is taken apart.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from dataplane_bridge.linux.netlink import attributes

_ELEMENTS, _KEY, _EXPRESSION, _KEY_END = 3, 1, 7, 10
_NO_PACKETS = bytes(8)


class Count(NamedTuple):
    """What an element counted; ``first`` and ``last`` are its key, as the kernel holds it."""

    first: bytes
    last: bytes
    packets: int
    octets: int


def counts_of(content: bytes, layouts: "Layouts") -> Iterator[Count]:
    """Yield the counters of one message, without those of nothing; ``layouts`` begins empty."""
    for kind, elements in attributes(content):
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


Layouts = dict[int, _Layout | None]
"""How elements are laid out, by their length."""

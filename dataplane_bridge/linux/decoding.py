"""Elements as the kernel tells them: from netlink attributes to their key and text.

The library reads the elements of ten thousand tunnels into JSON in several seconds, while every
change waits; told by the kernel they are here in one.

The law: the inverse of ``encoding``. What is not laid out as we lay it out has the text ``OTHER``,
which nobody wants, and is seen by that.
"""

import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from ipaddress import IPv6Address

from dataplane_bridge.linux.elements import COUNTER
from dataplane_bridge.linux.netlink import attributes

OTHER = "(not one of ours)"
_ELEMENTS, _KEY, _DATA, _EXPRESSION, _KEY_END = 3, 1, 2, 7, 10
_VALUE, _VERDICT, _CODE, _CHAIN = 1, 2, 1, 2
_JUMP = -3  # NFT_JUMP
_PLAIN_LIMIT = {2: 1, 4: 1, 5: 1}
"""NFTA_LIMIT_UNIT, _TYPE and _FLAGS of ours: a second, octets, over."""
_head = struct.Struct("=HH")
_data = struct.Struct("=HHHHI")

_ReadKey = Callable[[bytes, bytes], str]


def elements_in(group: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield key and text of each element in the attributes of one message about a set."""
    read_key = _key_reader(group)
    for kind, listed in attributes(content):
        if kind != _ELEMENTS:
            continue
        place, end = 0, len(listed)
        while place + _head.size <= end:
            length, _ = _head.unpack_from(listed, place)
            yield _element(listed[place + _head.size : place + length], read_key)
            place += max(_head.size, (length + 3) & ~3)


def _element(element: bytes, read_key: _ReadKey) -> tuple[str, str]:
    length, kind = _head.unpack_from(element)
    first, place = element[8:length], (length + 3) & ~3
    last = first
    if len(element) >= place + _head.size:
        length, kind = _head.unpack_from(element, place)
        if kind & 0x3FFF == _KEY_END:
            last = element[place + 8 : place + length]
            place += (length + 3) & ~3
    return read_key(first, last), _text(element[place:])


def _key_reader(group: str) -> _ReadKey:
    kind = group.partition("_")[0]
    if kind == "spi":
        return lambda first, last: str(int.from_bytes(first, "big"))
    if kind == "ts":
        return _ranges
    if kind == "peer":
        return lambda first, last: _address(first)
    return lambda first, last: str(int.from_bytes(first, "little"))


def _ranges(first: bytes, last: bytes) -> str:
    half = len(first) // 2
    return " . ".join(_range(first[part], last[part]) for part in (slice(half), slice(half, None)))


def _range(first: bytes, last: bytes) -> str:
    return _address(first) if first == last else f"{_address(first)}-{_address(last)}"


def _address(packed: bytes) -> str:
    if len(packed) == 4:
        return ".".join(map(str, packed))
    return str(IPv6Address(packed)) if len(packed) == 16 else packed.hex()


def _text(rest: bytes) -> str:
    """Return what follows the key: see ``elements.Elements``."""
    if len(rest) == _data.size:
        length, kind, inner, value, number = _data.unpack(rest)
        if (length, kind & 0x3FFF, inner, value & 0x3FFF) == (12, _DATA, 8, _VALUE):
            return f": {number}"
    # What a counter has counted is told too, and differs with each.
    if rest[8:16] == b"counter\0":
        return _counter(rest)
    return _spelled(rest)


def _counter(rest: bytes) -> str:
    kinds = [kind for kind, _ in attributes(rest)]
    return COUNTER if kinds == [_EXPRESSION] else OTHER


@lru_cache(maxsize=4096)
def _spelled(rest: bytes) -> str:
    match list(attributes(rest)):
        case []:
            return ""
        case [(kind, content)] if kind == _DATA:
            return _jump(content)
        case [(kind, content)] if kind == _EXPRESSION:
            return _limit(content)
    return OTHER


def _jump(content: bytes) -> str:
    verdict = dict(attributes(dict(attributes(content)).get(_VERDICT, b"")))
    code, chain = verdict.get(_CODE, b""), verdict.get(_CHAIN, b"")
    if int.from_bytes(code, "big", signed=True) != _JUMP:
        return OTHER
    return f": jump {chain.rstrip(bytes(1)).decode(errors='replace')}"


def _limit(content: bytes) -> str:
    named = dict(attributes(content))
    found = dict(attributes(named.get(2, b"")))
    numbers = {kind: int.from_bytes(value, "big") for kind, value in found.items()}
    plain = {kind: numbers.get(kind) for kind in _PLAIN_LIMIT}
    if named.get(1) != b"limit\0" or plain != _PLAIN_LIMIT:
        return OTHER
    return f"limit rate over {numbers.get(1)} bytes/second burst {numbers.get(3)} bytes"

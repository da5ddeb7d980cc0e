"""Elements as the kernel takes them: from their place and text to netlink attributes.

The law: what is encoded here is what libnftables would make of the same text; a test reads it back
by the library (nft(8); linux/netfilter/nf_tables.h, ``nft_set_elem_attributes``).
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from socket import AF_INET, AF_INET6, inet_pton
from typing import TypeVar

from dataplane_bridge.linux.elements import Elements
from dataplane_bridge.linux.netlink import CREATE, NESTED, attribute
from dataplane_bridge.linux.nfnetlink import DELELEMENT, NEWELEMENT, Part, expression, names
from dataplane_bridge.linux.ruleset import TABLE

_KEY, _DATA, _EXPRESSION, _KEY_END, _ELEMENT, _ELEMENTS = 1, 2, 7, 10, 1, 3
_VALUE, _VERDICT, _CODE, _CHAIN = 1, 2, 1, 2
_JUMP = struct.pack("!i", -3)  # NFT_JUMP
_PER_SECOND, _BYTES, _OVER = 1, 1, 1
_LONGEST = 60_000
"""Octets of elements in one message: the length of an attribute has 16 bits."""

_T = TypeVar("_T")

_nested = struct.Struct("=HH")
_marked = struct.Struct("=HHHHI")
_number = struct.Struct("!I")
_long = struct.Struct("!Q")


def parts(gone: Elements, new: Elements) -> Iterator[Part]:
    """Yield what deletes these elements and adds those: deletions first.

    An element whose text changes is deleted and added, since an addition of something that is
    there is ignored, or refused.
    """
    for group, keys in _grouped((place.group, place.key) for place in gone):
        yield from deletions(group, keys)
    for group, pairs in _grouped((place.group, (place.key, text)) for place, text in new.items()):
        yield from additions(group, pairs)


def deletions(group: str, keys: Iterable[str]) -> Iterator[Part]:
    """Yield what deletes the elements with these keys from a set."""
    encode = _key_encoder(group)
    yield from _messages(DELELEMENT, 0, group, (_element(encode(key)) for key in keys))


def additions(group: str, items: Iterable[tuple[str, str]]) -> Iterator[Part]:
    """Yield what adds elements (key and text) to a set."""
    encode = _key_encoder(group)
    found = (_element(encode(key) + _text(text)) for key, text in items)
    yield from _messages(NEWELEMENT, CREATE, group, found)


def _grouped(pairs: Iterable[tuple[str, _T]]) -> Iterable[tuple[str, list[_T]]]:
    by_group: dict[str, list[_T]] = {}
    for group, one in pairs:
        by_group.setdefault(group, []).append(one)
    return by_group.items()


def _messages(kind: int, flags: int, group: str, elements: Iterable[bytes]) -> Iterator[Part]:
    verb = "to add" if kind == NEWELEMENT else "to delete"
    about, head = f"{verb} elements of the set {group}", names(TABLE, group)
    chunk: list[bytes] = []
    size = 0
    for element in elements:
        chunk.append(element)
        size += len(element)
        if size > _LONGEST:
            yield Part(kind, flags, head + attribute(_ELEMENTS | NESTED, b"".join(chunk)), about)
            chunk, size = [], 0
    if chunk:
        yield Part(kind, flags, head + attribute(_ELEMENTS | NESTED, b"".join(chunk)), about)


def _element(content: bytes) -> bytes:
    # Everything in it is padded already.
    return _nested.pack(4 + len(content), _ELEMENT | NESTED) + content


def _key_encoder(group: str) -> Callable[[str], bytes]:
    kind = group.partition("_")[0]
    if kind == "spi":
        return lambda key: _value(_KEY, _number.pack(int(key)))
    if kind == "ts":
        return _ranges
    if kind == "peer":
        return lambda key: _value(_KEY, _address(key))
    return lambda key: _marked.pack(12, _KEY | NESTED, 8, _VALUE, int(key))


def _ranges(key: str) -> bytes:
    """Return the first and the last of the address pairs of ``first-last . first-last``."""
    sides = [side.partition("-") for side in key.split(" . ")]
    first = b"".join(_address(side[0]) for side in sides)
    last = b"".join(_address(side[2] or side[0]) for side in sides)
    return _value(_KEY, first) + _value(_KEY_END, last)


def _address(text: str) -> bytes:
    return inet_pton(AF_INET6 if ":" in text else AF_INET, text)


def _value(kind: int, data: bytes) -> bytes:
    return attribute(kind | NESTED, attribute(_VALUE, data))


def _text(text: str) -> bytes:
    """Return what follows the key of an element: see ``elements.Elements``."""
    if text[2:].isdecimal():
        return _marked.pack(12, _DATA | NESTED, 8, _VALUE, int(text[2:]))
    return _spelled(text)


@lru_cache(maxsize=4096)
def _spelled(text: str) -> bytes:
    words = text.split()
    match words:
        case []:
            return b""
        case [":", "jump", chain]:
            code = attribute(_CODE, _JUMP) + attribute(_CHAIN, chain.encode() + b"\0")
            return attribute(_DATA | NESTED, attribute(_VERDICT | NESTED, code))
        case ["counter"]:
            zeros = attribute(1, bytes(8)) + attribute(2, bytes(8))
            return attribute(_EXPRESSION | NESTED, expression(b"counter", zeros))
        case ["limit", "rate", "over", rate, "bytes/second", "burst", burst, "bytes"]:
            return attribute(_EXPRESSION | NESTED, _limit(int(rate), int(burst)))
    raise ValueError(f"no element of ours ends in {text!r}")


def _limit(rate: int, burst: int) -> bytes:
    return expression(
        b"limit",
        attribute(1, _long.pack(rate))
        + attribute(2, _long.pack(_PER_SECOND))
        + attribute(3, _number.pack(burst))
        + attribute(4, _number.pack(_BYTES))
        + attribute(5, _number.pack(_OVER)),
    )

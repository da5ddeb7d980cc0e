"""Elements as the kernel takes them: from their place and text to netlink attributes.

The law: what is encoded here is what libnftables would make of the same text; a test reads it back
by the library (nft(8); linux/netfilter/nf_tables.h, ``nft_set_elem_attributes``).
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from socket import AF_INET, AF_INET6, inet_pton

from dataplane_bridge.linux.elements import ByGroup
from dataplane_bridge.linux.netlink import CREATE, NESTED, attribute
from dataplane_bridge.linux.nfnetlink import DELELEMENT, NEWELEMENT, Part, expression, names
from dataplane_bridge.linux.ruleset import TABLE

_KEY, _DATA, _EXPRESSION, _KEY_END, _ELEMENT, _ELEMENTS = 1, 2, 7, 10, 1, 3
_VALUE, _VERDICT, _CODE, _CHAIN = 1, 2, 1, 2
_JUMP = struct.pack("!i", -3)  # NFT_JUMP
_PER_SECOND, _BYTES, _OVER = 1, 1, 1
_BEFORE_NUMBER = 12
"""Octets of an element before its key: its own header, and those of the key."""
_LONGEST = 60_000
"""Octets of elements in one message: the length of an attribute has 16 bits."""

_nested = struct.Struct("=HH")
_mark = struct.Struct("=I")
_number = struct.Struct("!I")
_long = struct.Struct("!Q")


def parts(gone: ByGroup, new: ByGroup) -> Iterator[Part]:
    """Yield what deletes these elements and adds those: deletions first.

    An element whose text changes is deleted and added, since an addition of something that is
    there is ignored, or refused.
    """
    for group, elements in gone.items():
        yield from deletions(group, elements)
    for group, elements in new.items():
        yield from additions(group, elements)


def commands(elements: ByGroup) -> str:
    """Return what adds these elements as commands for libnftables: slower, but beside others."""
    return "".join(
        f"add element inet {TABLE} {group} {{ {_listed(each)} }}\n"
        for group, each in elements.items()
    )


def _listed(elements: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {text}" for key, text in elements.items())


def deletions(group: str, keys: Iterable[str]) -> Iterator[Part]:
    """Yield what deletes the elements with these keys from a set."""
    encode = _key_encoder(group)
    yield from _messages(DELELEMENT, 0, group, [encode(key, "") for key in keys])


def additions(group: str, elements: Mapping[str, str]) -> Iterator[Part]:
    """Yield what adds elements (text by key) to a set."""
    encode = _key_encoder(group)
    yield from _messages(
        NEWELEMENT, CREATE, group, [encode(key, text) for key, text in elements.items()]
    )


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


def _key_encoder(group: str) -> Callable[[str, str], bytes]:
    kind = group.partition("_")[0]
    if kind == "spi":
        return lambda key, text: _of_key(_number.pack(int(key)), b"", text)
    if kind == "ts":
        return lambda key, text: _of_key(*_ends(key), text)
    if kind == "peer":
        return lambda key, text: _of_key(_address(key), b"", text)
    return _of_number


def _element(*content: bytes) -> bytes:
    # Everything in it is padded already.
    inside = b"".join(content)
    return _nested.pack(4 + len(inside), _ELEMENT | NESTED) + inside


def _of_key(first: bytes, last: bytes, text: str) -> bytes:
    """Return an element that has a key (a range has a last one too), and mostly a tunnel's number.

    All such elements of one set are laid out alike.
    """
    number = text[2:]
    if not number.isdecimal():
        end = _value(_KEY_END, last) if last else b""
        return _element(_value(_KEY, first), end, _text(text))
    before, between, after = _around_key(len(first), bool(last))
    return before + first + between + last + after + _mark.pack(int(number))


@lru_cache(maxsize=64)
def _around_key(size: int, is_range: bool) -> tuple[bytes, bytes, bytes]:
    """Return what is before, between and after first and last key, up to the number."""
    end = _value(_KEY_END, bytes(size)) if is_range else b""
    element = _element(_value(_KEY, bytes(size)), end, _value(_DATA, bytes(_mark.size)))
    between = _BEFORE_NUMBER + size
    after = between + len(end)
    kept = after - size if is_range else after
    return element[:_BEFORE_NUMBER], element[between:kept], element[after : -_mark.size]


def _of_number(key: str, text: str) -> bytes:
    """Return an element whose key is a mark: nearly all are, and few texts differ."""
    head, rest = _around_number(text)
    return head + _mark.pack(int(key)) + rest


@lru_cache(maxsize=4096)
def _around_number(text: str) -> tuple[bytes, bytes]:
    element = _element(_value(_KEY, bytes(_mark.size)), _text(text))
    return element[:_BEFORE_NUMBER], element[_BEFORE_NUMBER + _mark.size :]


def _ends(key: str) -> tuple[bytes, bytes]:
    """Return the first and the last of the address pairs of ``first-last . first-last``."""
    sides = [side.partition("-") for side in key.split(" . ")]
    first = b"".join([_address(side[0]) for side in sides])
    last = b"".join([_address(side[2] or side[0]) for side in sides])
    return first, last


def _address(text: str) -> bytes:
    return inet_pton(AF_INET6 if ":" in text else AF_INET, text)


def _value(kind: int, data: bytes) -> bytes:
    return attribute(kind | NESTED, attribute(_VALUE, data))


def _text(text: str) -> bytes:
    """Return what follows the key of an element: see ``elements.Elements``."""
    number = text[2:]
    if number.isdecimal():
        return _value(_DATA, _mark.pack(int(number)))
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

"""What libnftables cannot say, spoken to the kernel in its own words (nfnetlink).

One rule, "the mark is the reqid of the packet's SA", has no text in nft 1.0.6 though the kernel
knows it; and the generation id, which every commit of anybody raises by one.

The law: attributes are built here and nowhere else; numbers are those of
linux/netfilter/nf_tables.h.
"""

import os
import struct
from collections.abc import Iterator

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.linux.sockets import netfilter_socket
from dataplane_bridge.plan import Direction

_SUBSYSTEM = 10 << 8
_NFTABLES_RESOURCE = 10 << 8  # in network order
GENERATION_GROUP = 1 << 6
"""NFNLGRP_NFTABLES: tells of every commit."""
_NEWRULE, _NEWGEN, _GETGEN = 6, 15, 16
_BATCH_BEGIN, _BATCH_END = 16, 17
_REQUEST, _ACK, _CREATE, _APPEND = 1, 4, 0x400, 0x800
_NESTED = 0x8000
_NFPROTO_INET = 1
_MESSAGE = struct.Struct("=IHHII")
_XFRM_REQID, _META_MARK, _REGISTER = 5, 3, 1
_DIRECTION = {"inbound": 0, "outbound": 1}


def generation() -> int:
    """Return the number of the ruleset's generation in this namespace."""
    with netfilter_socket() as netlink:
        netlink.send(_message(_SUBSYSTEM | _GETGEN, _REQUEST, 1, _header(0)))
        for kind, body in messages(netlink.recv(8192)):
            if kind == _SUBSYSTEM | _NEWGEN:
                return generation_of(body)[0]
    raise BridgeError("The kernel does not tell the generation of its nftables ruleset.")


def generation_of(body: bytes) -> tuple[int, int]:
    """Return the generation and the process that a NEWGEN message names (0 where it does not)."""
    numbers = {
        kind: struct.unpack("!I", data[:4])[0]
        for kind, data in _attributes(body[4:])
        if kind in (1, 2)
    }
    return numbers.get(1, 0), numbers.get(2, 0)


def is_new_generation(kind: int) -> bool:
    """Tell whether a message says that a commit happened."""
    return kind == _SUBSYSTEM | _NEWGEN


def append_reqid_rules(table: str, chains: dict[str, Direction]) -> None:
    """Append the rule "mark := reqid of the SA" to these chains, all or none."""
    sequence = 1
    parts = [_message(_BATCH_BEGIN, _REQUEST, sequence, _header(_NFTABLES_RESOURCE))]
    for chain, direction in chains.items():
        sequence += 1
        body = _header(0, _NFPROTO_INET) + _reqid_rule(table, chain, direction)
        flags = _REQUEST | _CREATE | _APPEND | _ACK
        parts.append(_message(_SUBSYSTEM | _NEWRULE, flags, sequence, body))
    parts.append(_message(_BATCH_END, _REQUEST, sequence + 1, _header(_NFTABLES_RESOURCE)))
    with netfilter_socket() as netlink:
        netlink.send(b"".join(parts))
        for _ in chains:
            _expect_success(netlink.recv(8192))


def messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and body of each netlink message."""
    while len(data) >= _MESSAGE.size:
        length, kind, *_ = _MESSAGE.unpack_from(data)
        yield kind, data[_MESSAGE.size : length]
        data = data[(length + 3) & ~3 :]


def _reqid_rule(table: str, chain: str, direction: Direction) -> bytes:
    number = struct.Struct("!I").pack
    load = _expression(
        b"xfrm",
        _attribute(1, number(_REGISTER))
        + _attribute(2, number(_XFRM_REQID))
        + _attribute(3, bytes([_DIRECTION[direction]]))
        + _attribute(4, number(0)),
    )
    store = _expression(
        b"meta", _attribute(2, number(_META_MARK)) + _attribute(3, number(_REGISTER))
    )
    return (
        _attribute(1, table.encode() + b"\0")
        + _attribute(2, chain.encode() + b"\0")
        + _attribute(4 | _NESTED, load + store)
    )


def _expression(name: bytes, data: bytes) -> bytes:
    return _attribute(1 | _NESTED, _attribute(1, name + b"\0") + _attribute(2 | _NESTED, data))


def _expect_success(data: bytes) -> None:
    for kind, body in messages(data):
        if kind == 2 and (error := -struct.unpack_from("=i", body)[0]):
            raise BridgeError(
                "The kernel has no nftables match for IPsec reqids (nft_xfrm):"
                f" {os.strerror(error)}."
            )


def _header(resource: int, family: int = 0) -> bytes:
    return struct.pack("=BBH", family, 0, resource)


def _message(kind: int, flags: int, sequence: int, body: bytes) -> bytes:
    return _MESSAGE.pack(_MESSAGE.size + len(body), kind, flags, sequence, 0) + body


def _attribute(kind: int, data: bytes) -> bytes:
    length = 4 + len(data)
    return struct.pack("=HH", length, kind) + data + bytes(-length % 4)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        yield kind & 0x3FFF, data[4:length]
        data = data[(length + 3) & ~3 :]

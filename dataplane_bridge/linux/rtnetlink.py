"""Routes spoken to the kernel in its own words (rtnetlink): thousands at once, and who made them.

The law: numbers are those of linux/rtnetlink.h; a batch stops at nothing, and its first error is
raised when all of it has been answered.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import NamedTuple

from dataplane_bridge.driver import DataplaneFailed
from dataplane_bridge.linux.netlink import attribute, attributes, message, messages
from dataplane_bridge.linux.sockets import FAMILIES, route_socket

PROTOCOL = 145
"""Stamps our routes and rules (rtm_protocol)."""

_NEWROUTE, _DELROUTE, _GETROUTE = 24, 25, 26
_ERROR, _DONE = 2, 3
_REQUEST, _ACK, _REPLACE, _CREATE, _DUMP = 0x1, 0x4, 0x100, 0x400, 0x300
_DST, _OIF, _METRICS, _TABLE = 1, 4, 8, 15
_LOCK, _MTU = 1, 2
_NESTED = 0x8000
_UNICAST, _LINK_SCOPE, _NOWHERE = 1, 253, 255
_ROUTE = struct.Struct("=BBBBBBBBI")
_NUMBER = struct.Struct("=I").pack
_BATCH = 256
_NOT_THERE = 3  # ESRCH
_NO_TABLE = 2  # ENOENT
_LONGEST = 1 << 18


class Route(NamedTuple):
    """The number of the device that a prefix leaves by, and the MTU that is locked (0: none)."""

    device: int
    mtu: int = 0


Routes = dict[str, Route]
"""Routes by prefix."""


class RouteSocket:
    """One socket to the kernel's routing tables."""

    def __init__(self) -> None:
        self._socket = route_socket()
        self.port = int(self._socket.getsockname()[0])
        """Tells our own changes from those of others."""

    def close(self) -> None:
        """Let the socket go."""
        self._socket.close()

    def read(self, table: int, version: int) -> Routes:
        """Return our routes of that table."""
        head = _ROUTE.pack(FAMILIES[version], 0, 0, 0, 0, PROTOCOL, 0, 0, 0)
        body = head + attribute(_TABLE, _NUMBER(table))
        self._socket.send(message(_GETROUTE, _REQUEST | _DUMP, 1, body))
        found: Routes = {}
        while True:
            for kind, _, content in messages(self._socket.recv(_LONGEST)):
                if kind in (_DONE, _ERROR):
                    _raise_first(_errors(kind, content), {_NO_TABLE})
                    return found
                prefix, route = _read(content, version)
                found[prefix] = route

    def change(self, table: int, gone: Iterable[str], new: Iterable[tuple[str, Route]]) -> None:
        """Remove our routes to these prefixes, make or replace those; ``DataplaneFailed``."""
        requests = [_removal(table, prefix) for prefix in gone]
        requests += [_addition(table, prefix, route) for prefix, route in new]
        errors: list[int] = []
        for start in range(0, len(requests), _BATCH):
            part = requests[start : start + _BATCH]
            self._socket.send(b"".join(part))
            errors += self._acknowledged(len(part))
        # What went with its device is not there to be removed.
        _raise_first(errors, {_NOT_THERE})

    def _acknowledged(self, count: int) -> Iterator[int]:
        while count > 0:
            for kind, _, content in messages(self._socket.recv(_LONGEST)):
                count -= 1
                yield from _errors(kind, content)


def _addition(table: int, prefix: str, route: Route) -> bytes:
    address, length, version = _parts(prefix)
    scope = _LINK_SCOPE if version == 4 else 0
    body = _ROUTE.pack(
        FAMILIES[version], length, 0, 0, 0, PROTOCOL, scope, _UNICAST, 0
    ) + attribute(_DST, address)
    body += attribute(_OIF, _NUMBER(route.device)) + attribute(_TABLE, _NUMBER(table))
    if route.mtu:
        metrics = attribute(_LOCK, _NUMBER(1 << _MTU)) + attribute(_MTU, _NUMBER(route.mtu))
        body += attribute(_METRICS | _NESTED, metrics)
    return message(_NEWROUTE, _REQUEST | _ACK | _CREATE | _REPLACE, 1, body)


def _removal(table: int, prefix: str) -> bytes:
    address, length, version = _parts(prefix)
    head = _ROUTE.pack(FAMILIES[version], length, 0, 0, 0, PROTOCOL, _NOWHERE, 0, 0)
    body = head + attribute(_DST, address) + attribute(_TABLE, _NUMBER(table))
    return message(_DELROUTE, _REQUEST | _ACK, 1, body)


def _parts(prefix: str) -> tuple[bytes, int, int]:
    network = ip_network(prefix)
    return network.network_address.packed, network.prefixlen, network.version


def _read(content: bytes, version: int) -> tuple[str, Route]:
    length = content[1]
    parts = dict(attributes(content[12:]))
    kind = IPv4Address if version == 4 else IPv6Address
    address = kind(parts[_DST]) if _DST in parts else kind(0)
    metrics = dict(attributes(parts.get(_METRICS, b"")))
    is_locked = int.from_bytes(metrics.get(_LOCK, b""), "little") & 1 << _MTU
    mtu = int.from_bytes(metrics.get(_MTU, b""), "little") if is_locked else 0
    return f"{address}/{length}", Route(int.from_bytes(parts.get(_OIF, b""), "little"), mtu)


def table_of(content: bytes) -> int:
    """Return the routing table that a message about a route is of."""
    for kind, data in attributes(content[12:]):
        if kind == _TABLE:
            return int.from_bytes(data[:4], "little")
    return content[4] if len(content) > 4 else 0


def _errors(kind: int, content: bytes) -> Iterator[int]:
    if kind in (_ERROR, _DONE) and len(content) >= 4:
        number = -struct.unpack_from("=i", content)[0]
        if number:
            yield number


def _raise_first(errors: Iterable[int], harmless: set[int]) -> None:
    for number in errors:
        if number not in harmless:
            raise DataplaneFailed(f"A route could not be read or changed: {os.strerror(number)}.")

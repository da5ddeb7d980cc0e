"""What libnftables cannot say, or says slowly, spoken to the kernel in its own words (nfnetlink).

One rule, "the mark is the reqid of the packet's SA", has no text in nft 1.0.6 though the kernel
knows it; the generation id, which every commit of anybody raises by one; counters, which the
library reads element by element into text; and elements, whose text it reads slower than the
kernel takes them (and of intervals it reads all, to change one).

The law: a transaction is one batch: the kernel takes all of it or nothing. Numbers are those of
linux/netfilter/nf_tables.h and nfnetlink.h.
"""

import errno
import os
import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.linux.counts import Count, Layouts, counts_of
from dataplane_bridge.linux.decoding import elements_in
from dataplane_bridge.linux.netlink import (
    ACK,
    APPEND,
    CREATE,
    DONE,
    DUMP,
    ERROR,
    LONGEST_ANSWER,
    NESTED,
    REQUEST,
    Answer,
    answers,
    attribute,
    attributes,
    error_of,
    message,
)
from dataplane_bridge.linux.sockets import netfilter_socket
from dataplane_bridge.plan import Direction

_SUBSYSTEM = 10 << 8
_NFTABLES_RESOURCE = 10 << 8  # in network order
GENERATION_GROUP = 1 << 6
"""NFNLGRP_NFTABLES: tells of every commit."""
NEWRULE, _GETRULE, DELRULE, NEWSET, _GETSET, DELSET = 6, 7, 8, 9, 10, 11
NEWELEMENT, _GETELEMENT, DELELEMENT = 12, 13, 14
_NEWGEN, _GETGEN, _GETOBJ = 15, 16, 19
_BATCH_BEGIN, _BATCH_END = 16, 17
_COUNTER_OBJECT = struct.pack("!I", 1)
_NFPROTO_INET = 1
_XFRM_REQID, _META_MARK, _REGISTER = 5, 3, 1
_DIRECTION = {"inbound": 0, "outbound": 1}


_FULL = "the set is full"
"""What nftables means by ENFILE."""


class NetfilterRefused(BridgeError):
    """The kernel refused a transaction; nothing of it has happened."""

    def __init__(self, number: int, about: str) -> None:
        reason = _FULL if number == errno.ENFILE else os.strerror(number)
        super().__init__(f"nftables refuses {about}: {reason}.")


class Part(NamedTuple):
    """A message of a transaction: its type, flags beside those of a request, attributes.

    ``about`` says in an error what the kernel refused.
    """

    kind: int
    flags: int
    attributes: bytes
    about: str


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
        for answer in self._ask(_GETGEN, _header(0), 0):
            if is_new_generation(answer.kind):
                return generation_of(answer.body)[0]
        raise BridgeError("The kernel does not tell the generation of its nftables ruleset.")

    def transact(self, parts: Sequence[Part]) -> None:
        """Take the parts as one transaction, or raise ``NetfilterRefused``."""
        first = self._sequence = self._sequence + 1
        batch = [message(_BATCH_BEGIN, REQUEST, first, _header(_NFTABLES_RESOURCE))]
        for part in parts:
            self._sequence += 1
            # Not every kernel acknowledges the end of a batch; all do the last message in it.
            ack = ACK if part is parts[-1] else 0
            body = _header(0, _NFPROTO_INET) + part.attributes
            kind = _SUBSYSTEM | part.kind
            batch.append(message(kind, REQUEST | ack | part.flags, self._sequence, body))
        last = self._sequence
        self._sequence += 1
        batch.append(message(_BATCH_END, REQUEST, self._sequence, _header(_NFTABLES_RESOURCE)))
        self._send(b"".join(batch))
        self._await_end(parts, first, last)

    def append_reqid_rules(self, table: str, chains: dict[str, Direction]) -> None:
        """Append the rule "mark := reqid of the SA" to these chains, all or none."""
        about = "a match for IPsec reqids (nft_xfrm)"
        self.transact(
            [
                Part(NEWRULE, CREATE | APPEND, _reqid_rule(table, chain, direction), about)
                for chain, direction in chains.items()
            ]
        )

    def elements(self, table: str, group: str) -> Iterator[tuple[str, str]]:
        """Yield key and text of each element of a set."""
        for answer in self._dump(_GETELEMENT, names(table, group), f"the set {group}"):
            yield from elements_in(group, answer.body[4:])

    def counts(self, table: str, group: str) -> Iterator[Count]:
        """Yield what the elements of a set counted, without those that counted nothing."""
        layouts: Layouts = {}
        for answer in self._dump(_GETELEMENT, names(table, group), f"the set {group}"):
            yield from counts_of(answer.body[4:], layouts)

    def named_counter(self, table: str, name: str) -> tuple[int, int]:
        """Return packets and octets of a counter object; zeros where there is none."""
        body = _header(0, _NFPROTO_INET) + names(table, name) + attribute(3, _COUNTER_OBJECT)
        for answer in self._ask(_GETOBJ, body, 0):
            if answer.kind != ERROR:
                data = dict(attributes(dict(attributes(answer.body[4:])).get(4, b"")))
                octets, packets = (int.from_bytes(data.get(each, b""), "big") for each in (1, 2))
                return packets, octets
        return 0, 0

    def definition(self, table: str, group: str) -> bytes:
        """Return the attributes of a set, as the kernel tells them."""
        body = _header(0, _NFPROTO_INET) + names(table, group)
        for answer in self._ask(_GETSET, body, 0):
            if answer.kind == ERROR:
                raise NetfilterRefused(error_of(answer), f"to tell of the set {group}")
            return answer.body[4:]
        raise BridgeError(f"The kernel does not tell of the set {group}.")

    def rules(self, table: str) -> list[bytes]:
        """Return the attributes of each rule of a table, chain by chain, in order."""
        wanted = attribute(1, table.encode() + b"\0")
        return [answer.body[4:] for answer in self._dump(_GETRULE, wanted, f"the table {table}")]

    def _ask(self, kind: int, body: bytes, flags: int) -> Iterator[Answer]:
        """Yield what the kernel answers at once; what it said to older questions is passed over."""
        self._sequence += 1
        self._socket.send(message(_SUBSYSTEM | kind, REQUEST | flags, self._sequence, body))
        while True:
            found = [each for each in self._receive() if each.sequence == self._sequence]
            if found:
                yield from found
                return

    def _dump(self, kind: int, wanted: bytes, about: str) -> Iterator[Answer]:
        self._sequence += 1
        body = _header(0, _NFPROTO_INET) + wanted
        self._socket.send(message(_SUBSYSTEM | kind, REQUEST | DUMP, self._sequence, body))
        while True:
            for answer in self._receive():
                if answer.sequence != self._sequence:
                    continue
                if answer.kind == DONE:
                    return
                if answer.kind == ERROR:
                    raise NetfilterRefused(error_of(answer), f"to list {about}")
                yield answer

    def _send(self, batch: bytes) -> None:
        try:
            self._socket.send(batch)
        except OSError as error:
            if error.errno != errno.EMSGSIZE:
                raise BridgeError(f"nftables could not be told: {error.strerror}.") from error
            raise BridgeError(
                f"A change of {len(batch):,} octets is more than this server may send to nftables"
                " at once; raise net.core.wmem_max, or start it with CAP_NET_ADMIN on the host."
            ) from error

    def _await_end(self, parts: Sequence[Part], first: int, last: int) -> None:
        while True:
            for answer in self._receive():
                if answer.kind != ERROR or not first <= answer.sequence <= self._sequence:
                    continue
                number = error_of(answer)
                if number:
                    place = min(max(answer.sequence - first - 1, 0), len(parts) - 1)
                    raise NetfilterRefused(number, parts[place].about)
                if answer.sequence == last:
                    return

    def _receive(self) -> Iterator[Answer]:
        return answers(self._socket.recv(LONGEST_ANSWER))


def is_new_generation(kind: int) -> bool:
    """Tell whether a message says that a commit happened, and its number."""
    return kind == _SUBSYSTEM | _NEWGEN


def generation_of(body: bytes) -> tuple[int, int]:
    """Return the generation and the process that a NEWGEN message names (0 where it does not)."""
    numbers = {
        kind: struct.unpack("!I", data[:4])[0]
        for kind, data in attributes(body[4:])
        if kind in (1, 2)
    }
    return numbers.get(1, 0), numbers.get(2, 0)


def names(table: str, thing: str) -> bytes:
    """Return the attributes that name a table, and a set, chain or object in it."""
    return attribute(1, table.encode() + b"\0") + attribute(2, thing.encode() + b"\0")


def expression(name: bytes, data: bytes) -> bytes:
    """Return the content of an attribute that holds one expression."""
    return attribute(1, name + b"\0") + attribute(2 | NESTED, data)


def _reqid_rule(table: str, chain: str, direction: Direction) -> bytes:
    number = struct.Struct("!I").pack
    load = expression(
        b"xfrm",
        attribute(1, number(_REGISTER))
        + attribute(2, number(_XFRM_REQID))
        + attribute(3, bytes([_DIRECTION[direction]]))
        + attribute(4, number(0)),
    )
    store = expression(b"meta", attribute(2, number(_META_MARK)) + attribute(3, number(_REGISTER)))
    both = attribute(1 | NESTED, load) + attribute(1 | NESTED, store)
    return names(table, chain) + attribute(4 | NESTED, both)


def _header(resource: int, family: int = 0) -> bytes:
    return struct.pack("=BBH", family, 0, resource)

"""What a dataplane must hold: objects as frozen values, and the plan, a map of them.

The law: a plan holds only what differs from a dataplane that was left alone (DF copied,
fragmentation after encryption, nothing limited, nothing marked), so that what can be read back
from a kernel is the same value as what was asked for. A plan never changes in place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import immutables

Direction = Literal["inbound", "outbound"]
"""Seen from this gateway: inbound is from the tunnel, after decryption."""

DIRECTIONS: tuple[Direction, Direction] = ("inbound", "outbound")

CountedLength = Literal["encrypted", "payload"]
"""Which IP length a rate counts: the outer packet's or the inner packet's (RFC 9348)."""

DfMode = Literal["clear", "copy", "set"]
FragmentationMode = Literal["before-encryption", "after-encryption"]

Kind = Literal[
    "awaited",
    "fragment-aging-time",
    "accounting",
    "df-bit",
    "fragmentation",
    "limit",
    "dscp",
    "service-class",
]


class ObjectKey(NamedTuple):
    """Names an object: its kind and, where it has them, its tunnel's id and its direction."""

    kind: Kind
    tunnel: str = ""
    direction: Direction | Literal[""] = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.direction, self.kind) if part) + (
            f" of tunnel {self.tunnel!r}" if self.tunnel else ""
        )


@dataclass(frozen=True, slots=True)
class FragmentAgingTime:
    """How long fragments wait for the rest of their packet, as the dataplane can do it."""

    milliseconds: int


@dataclass(frozen=True, slots=True)
class Awaited:
    """A tunnel of this reqid is not up yet; the other objects of the same tunnel are for it."""

    reqid: int


@dataclass(frozen=True, slots=True)
class Accounting:
    """A policy matches the tunnel: its packets are counted, in these lengths."""

    inbound: CountedLength
    outbound: CountedLength


@dataclass(frozen=True, slots=True)
class DfBit:
    """Treatment of the DF bit other than copying it.

    ``tunnel_mtu`` (octets of inner packet) tells which packets are oversize.
    """

    mode: Literal["clear", "set"]
    tunnel_mtu: int


@dataclass(frozen=True, slots=True)
class FragmentBeforeEncryption:
    """Inner packets longer than ``tunnel_mtu`` octets are fragmented before they are encrypted."""

    tunnel_mtu: int


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket: ``rate`` in bytes a second, ``bucket`` in bytes.

    ``ike``: the peer's IKE packets draw from the same bucket.
    """

    rate: int
    bucket: int
    counted_length: CountedLength
    ike: bool


@dataclass(frozen=True, slots=True)
class Marking:
    """The DSCP (0..63) written: outbound into the outer header, inbound into the inner one."""

    code_point: int


@dataclass(frozen=True, slots=True)
class FixedClass:
    """The Traffic Class (0..7) of the MPLS label that the packets of the direction get."""

    traffic_class: int


@dataclass(frozen=True, slots=True)
class InheritPlain:
    """The Traffic Class follows from the decrypted packet's DSCP, read before re-marking."""


PlanObject = (
    FragmentAgingTime
    | Awaited
    | Accounting
    | DfBit
    | FragmentBeforeEncryption
    | Limit
    | Marking
    | FixedClass
    | InheritPlain
)

Plan = immutables.Map[ObjectKey, PlanObject]

Held = Mapping[ObjectKey, PlanObject]
"""Some of a plan, or all."""

EMPTY_PLAN: Plan = immutables.Map()

AGING_TIME_KEY = ObjectKey("fragment-aging-time")

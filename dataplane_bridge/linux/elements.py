"""The elements of sets and maps that one tunnel is made of.

The law: an element has one place (set and key) and one text, and the text that a listing of the
kernel gives is the one that was written; so two dictionaries tell what to add and to delete.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Literal, NamedTuple

from dataplane_bridge.linux import sizes
from dataplane_bridge.linux.actions import GROUPS, actions_of, chain_of
from dataplane_bridge.linux.boxes import Box
from dataplane_bridge.linux.ruleset import SUFFIX, Mode, limit_statement
from dataplane_bridge.plan import (
    DIRECTIONS,
    Accounting,
    DfBit,
    Direction,
    FragmentBeforeEncryption,
    Kind,
    Limit,
    ObjectKey,
    PlanObject,
)
from dataplane_bridge.tunnels import Tunnel

COUNTER = "counter"
PAYLOAD, OUTER = "payload_out", "outer_in"
"""The tunnels whose limits count other lengths than most do."""


class Place(NamedTuple):
    """Where an element is: the name of its set or map, and its key as nftables writes it."""

    group: str
    key: str


Elements = dict[Place, str]
"""What follows the key of each element: its statement or its value."""

ByGroup = dict[str, dict[str, str]]
"""Elements by set: key and text."""

Objects = Mapping[ObjectKey, PlanObject]
_Values = Mapping[tuple[Kind, Direction | Literal[""]], PlanObject]
"""The objects of one tunnel by kind and direction."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A tunnel as the table sees it.

    ``number`` is its reqid; the SPIs are those of the SAs that exist, old and new ones during a
    rekey; the boxes are its own part of the addresses; ``ike`` are the directions in which the
    peer's IKE packets are counted for this tunnel rather than for another one of the same peer.
    """

    tunnel: Tunnel
    number: int
    spis_in: tuple[int, ...] = ()
    spis_out: tuple[int, ...] = ()
    boxes4: tuple[Box, ...] = ()
    boxes6: tuple[Box, ...] = ()
    ike: frozenset[Direction] = frozenset(DIRECTIONS)


def by_group(elements: Elements) -> ByGroup:
    """Return the elements by set."""
    found: ByGroup = {}
    for (group, key), text in elements.items():
        if group in found:
            found[group][key] = text
        else:
            found[group] = {key: text}
    return found


def differing(elements: Elements, others: Elements) -> Elements:
    """Return the elements that the others have not, or with another text."""
    if not others:
        return elements
    return {place: text for place, text in elements.items() if others.get(place) != text}


def elements_of(sight: Sight, objects: Objects, mode: Mode) -> Elements:
    """Return the elements of a tunnel that has these objects; none where it has no objects."""
    if not objects:
        return {}
    number = str(sight.number)
    values = {(kind, direction): value for (kind, _, direction), value in objects.items()}
    found: Elements = {}
    accounting = values.get(("accounting", ""))
    for direction in DIRECTIONS:
        limit = values.get(("limit", direction))
        numbered = _numbered(
            direction,
            accounting,
            limit,
            values.get(("service-class", direction)),
            values.get(("dscp", direction)),
            values.get(("df-bit", "")) if direction == "outbound" else None,
        )
        for group, text in numbered:
            found[Place(group, number)] = text
        if isinstance(limit, Limit) and limit.ike:
            if direction in sight.ike:
                found[peer_of(sight, direction)] = f": {number}"
            else:
                found[Place(f"ike_{SUFFIX[direction]}", number)] = ""
    found.update(_addresses(sight))
    found.update(_associations(sight, accounting, mode))
    found.update(_sizes(sight, values, mode))
    return found


@lru_cache(maxsize=4096)
def _numbered(
    direction: Direction,
    accounting: PlanObject | None,
    limit: PlanObject | None,
    service_class: PlanObject | None,
    marking: PlanObject | None,
    df_bit: PlanObject | None,
) -> tuple[tuple[str, str], ...]:
    """Return set and text of the elements whose key is the tunnel's number: few differ."""
    found = []
    if isinstance(accounting, Accounting):
        found.append((f"pass_{SUFFIX[direction]}", COUNTER))
        if direction == "inbound" and accounting.inbound == "encrypted":
            found.append((OUTER, ""))
        if direction == "outbound" and accounting.outbound == "payload":
            found.append((PAYLOAD, ""))
    if isinstance(limit, Limit):
        found.append((f"lim_{SUFFIX[direction]}", limit_statement(limit.rate, limit.bucket)))
    chain = chain_of(actions_of(service_class, marking, df_bit))
    if chain is not None:
        found.append((GROUPS[direction], f": jump {chain}"))
    return tuple(found)


def peer_of(sight: Sight, direction: Direction) -> Place:
    """Return where the address of the tunnel's peer is, if its IKE packets are limited."""
    peer = sight.tunnel.remote_address
    return Place(f"peer_{SUFFIX[direction]}{6 if ':' in peer else 4}", peer)


def _addresses(sight: Sight) -> Iterator[tuple[Place, str]]:
    for version, boxes in ((4, sight.boxes4), (6, sight.boxes6)):
        for box in boxes:
            local, remote = _sides(box, version)
            yield Place(f"ts_{version}", f"{local} . {remote}"), f": {sight.number}"


def _associations(
    sight: Sight, accounting: PlanObject | None, mode: Mode
) -> Iterator[tuple[Place, str]]:
    # Inbound the SPI is asked for only where lengths are counted before decryption.
    if isinstance(accounting, Accounting) and accounting.inbound == "encrypted":
        for spi in sight.spis_in:
            yield Place("spi_in", str(spi)), f": {sight.number}"
    if mode == "selector":
        for spi in sight.spis_out:
            yield Place("spi_out", str(spi)), f": {sight.number}"


def _sizes(sight: Sight, values: _Values, mode: Mode) -> Iterator[tuple[Place, str]]:
    tunnel, number = sight.tunnel, str(sight.number)
    df_bit, before = values.get(("df-bit", "")), values.get(("fragmentation", ""))
    mtu = tunnel.tunnel_mtu
    if isinstance(before, FragmentBeforeEncryption):
        mtu = before.tunnel_mtu
    elif isinstance(df_bit, DfBit):
        mtu = df_bit.tunnel_mtu
    if sight.boxes4 or sight.boxes6:
        # User-space ESP takes what is too long whole, unless a route refuses it.
        too_long = "refused" if mode == "reqid" or before is not None else "whole"
        way4 = _way_of_ipv4(tunnel, df_bit, before is not None, too_long)
        yield Place(sizes.GROUP, number), f": jump mtu{mtu}_{way4}_{too_long}"


def _way_of_ipv4(tunnel: Tunnel, df_bit: PlanObject | None, before: bool, too_long: str) -> str:
    """Return what becomes of IPv4 packets longer than the MTU; without DF all are fragmented."""
    if isinstance(df_bit, DfBit) and df_bit.mode == "clear":
        return "cleared"
    # Over IPv6 there is no outer DF bit to set.
    if isinstance(df_bit, DfBit) and not before and ":" not in tunnel.remote_address:
        return "over"
    return too_long


def _sides(box: Box, version: int) -> tuple[str, str]:
    return (
        address_range(box.local_first, box.local_last, version),
        address_range(box.remote_first, box.remote_last, version),
    )


def address_range(first: int, last: int, version: int) -> str:
    """Return a range of addresses as it is written here: one address, or first-last."""
    text = _dotted if version == 4 else _colons
    return text(first) if first == last else f"{text(first)}-{text(last)}"


def _dotted(address: int) -> str:
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"


def _colons(address: int) -> str:
    return str(IPv6Address(address))

"""What a dataplane does that says that it lacks a feature: as exact as what it should do.

The law: only a feature that the dataplane lists as not supported, with a reason, excuses anything.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from dataplane_bridge.driver import Counters
from dataplane_bridge.packets import IPV6_MINIMUM_MTU, fragment_lengths
from dataplane_bridge.plan import Accounting, Marking, ObjectKey, Plan
from dataplane_bridge.tunnels import Tunnel
from tests.packets.shots import Inner, Outer, Shot, Sighting

OUTER_DSCP_COPY = "outer-dscp-copy"
OUTER_DF_COPY = "outer-df-copy"
REFUSAL = "refusal-of-too-long"
FRAGMENTS_COUNTED = "inner-fragments-counted"
SMALL_IPV6 = "ipv6-minimum-mtu"
IPV6_UNCOUNTED = "refused-ipv6-uncounted"
OWN_AFTER = "own-packets-after-encryption"
REKEY = "rekey-without-gap"
BUCKET_KEPT = "bucket-kept-on-change"

Lacks = Callable[[str], bool]


class Instead(NamedTuple):
    """What must be seen instead, and by what the outbound counters then differ."""

    sighting: Sighting
    counted: Counters


def instead(lacks: Lacks, tunnel: Tunnel, held: Plan, shot: Shot, expected: Sighting) -> Instead:
    """Return what a dataplane must show that lacks some features, given what all others do."""
    if shot.direction == "inbound":
        return Instead(expected, Counters())
    counted = Counters()
    before = ObjectKey("fragmentation", tunnel.id) in held
    accounting = held.get(ObjectKey("accounting", tunnel.id))
    if expected.told_mtu is not None and not before and lacks(REFUSAL):
        expected = _carried(tunnel, shot, held)
        if isinstance(accounting, Accounting):
            counted = _carried_counters(tunnel, accounting, shot)
    mtu = tunnel.tunnel_mtu
    if shot.version == 6 and mtu < shot.length <= IPV6_MINIMUM_MTU and lacks(SMALL_IPV6):
        return Instead(Sighting(False, told_mtu=mtu), _refused_counters(accounting, expected))
    in_payload = isinstance(accounting, Accounting) and accounting.outbound == "payload"
    is_refused = expected.told_mtu is not None
    if in_payload and is_refused and _is_ipv6_by_policy(tunnel, shot) and lacks(IPV6_UNCOUNTED):
        counted = Counters(1, shot.length)
    is_refused_late = shot.own and before and is_refused
    if in_payload and is_refused_late and lacks(FRAGMENTS_COUNTED):
        counted = Counters(1, shot.length)
    if in_payload and len(expected.inner) > 1 and lacks(FRAGMENTS_COUNTED):
        counted = _uncounted_fragments(shot, expected)
    return Instead(_without_copies(lacks, tunnel, held, expected), counted)


def _is_ipv6_by_policy(tunnel: Tunnel, shot: Shot) -> bool:
    return shot.version == 6 and tunnel.if_id is None


def _carried(tunnel: Tunnel, shot: Shot, held: Plan) -> Sighting:
    marking = held.get(ObjectKey("dscp", tunnel.id, "outbound"))
    dscp = marking.code_point if isinstance(marking, Marking) else shot.dscp
    length = tunnel.encapsulation.outer_length(shot.length)
    version = 6 if ":" in tunnel.remote_address else 4
    return Sighting(
        True,
        (Inner(shot.length, 0, False, shot.dscp, shot.ecn, shot.df and shot.version == 4),),
        "kept",
        (Outer(dscp, shot.ecn, False, fragment_lengths(length, version, tunnel.egress_mtu)),),
        traffic_class=0 if tunnel.imposes_label("outbound") else None,
    )


def _carried_counters(tunnel: Tunnel, accounting: Accounting, shot: Shot) -> Counters:
    octets = _octets(tunnel, accounting, shot)
    return Counters(1, octets, too_big_packets=-1, fragmented_packets=1)


def _refused_counters(accounting: object, expected: Sighting) -> Counters:
    if not isinstance(accounting, Accounting):
        return Counters()
    refused = Counters(too_big_packets=1, fragmented_packets=-1)
    # The inner packet has been counted by then; an outer one never comes to be.
    if accounting.outbound == "encrypted":
        refused.conform_packets = -len(expected.outer)
        refused.conform_octets = -sum(sum(each.lengths) for each in expected.outer)
    return refused


def _octets(tunnel: Tunnel, accounting: object, shot: Shot) -> int:
    """Return the length in which a packet of a tunnel counts."""
    outer = isinstance(accounting, Accounting) and accounting.outbound == "encrypted"
    return tunnel.encapsulation.outer_length(shot.length) if outer else shot.length


def _uncounted_fragments(shot: Shot, expected: Sighting) -> Counters:
    octets = sum(piece.length for piece in expected.inner)
    return Counters(1 - len(expected.inner), shot.length - octets)


def _without_copies(lacks: Lacks, tunnel: Tunnel, held: Plan, expected: Sighting) -> Sighting:
    outer = expected.outer
    marked = ObjectKey("dscp", tunnel.id, "outbound") in held
    plain = tuple(each._replace(dscp=each.dscp if marked else 0, ecn=0) for each in outer)
    if plain != outer and lacks(OUTER_DSCP_COPY):
        outer = plain
    if ObjectKey("df-bit", tunnel.id) not in held:
        clear = tuple(each._replace(df=False) for each in outer)
        if clear != outer and lacks(OUTER_DF_COPY):
            outer = clear
    return replace(expected, outer=outer)

"""From what is in force for a tunnel to the objects that a dataplane must hold for it.

The law: only what differs from a dataplane left alone becomes an object (see ``plan``).
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from dataplane_bridge.effective import BYTES_A_SECOND, Effective, EffectiveDirection
from dataplane_bridge.plan import (
    Accounting,
    Awaited,
    CountedLength,
    DfBit,
    Direction,
    FixedClass,
    FragmentBeforeEncryption,
    InheritPlain,
    Kind,
    Limit,
    Marking,
    ObjectKey,
    PlanObject,
)
from dataplane_bridge.tables import TRAFFIC_CLASS, code_point
from dataplane_bridge.tunnels import Tunnel

Item = tuple[ObjectKey, PlanObject]


class Part(NamedTuple):
    """An object that all tunnels of one match have in common, whatever their name."""

    kind: Kind
    direction: Direction | Literal[""]
    value: PlanObject


def common_parts(effective: Effective) -> tuple[Part, ...]:
    """Return what does not depend on the tunnel of what is in force: few values for many."""
    lengths = _counted_length(effective.inbound), _counted_length(effective.outbound)
    return (
        Part("accounting", "", Accounting(*lengths)),
        *_direction_parts("inbound", effective.inbound),
        *_direction_parts("outbound", effective.outbound),
    )


def tunnel_objects(tunnel: Tunnel, effective: Effective, parts: Iterable[Part]) -> Iterator[Item]:
    """Yield the objects of a tunnel that a policy matches; none that cannot be."""
    if tunnel.inability("tunnel") is not None:
        return
    name = tunnel.id
    if tunnel.is_awaited:
        assert tunnel.reqid is not None
        yield ObjectKey("awaited", name), Awaited(tunnel.reqid)
    if effective.df_bit.value == "clear":
        yield ObjectKey("df-bit", name), DfBit("clear", tunnel.tunnel_mtu)
    elif effective.df_bit.value == "set":
        yield ObjectKey("df-bit", name), DfBit("set", tunnel.tunnel_mtu)
    # Where it will go to is not known before it is up, and no packet needs it before.
    is_able = not tunnel.is_awaited and tunnel.inability("fragmentation") is None
    if effective.fragmentation.value == "before-encryption" and is_able:
        yield ObjectKey("fragmentation", name), FragmentBeforeEncryption(tunnel.tunnel_mtu)
    for kind, direction, value in parts:
        if kind != "service-class" or tunnel.imposes_label(direction):
            yield ObjectKey(kind, name, direction), value


def _counted_length(effective: EffectiveDirection) -> CountedLength:
    limit = effective.speed_limit
    return "payload" if limit is None else limit.counted_length


def _direction_parts(direction: Direction, effective: EffectiveDirection) -> Iterator[Part]:
    limit = effective.speed_limit
    if limit is not None:
        rate = limit.rate * BYTES_A_SECOND
        yield Part("limit", direction, Limit(rate, limit.burst, limit.counted_length, limit.ike))
    dscp = effective.dscp.value
    if dscp is not None:
        yield Part("dscp", direction, Marking(code_point(dscp)))
    match effective.service_class.value:
        case None:
            return
        case "inherit-plain":
            yield Part("service-class", direction, InheritPlain())
        case name:
            yield Part("service-class", direction, FixedClass(TRAFFIC_CLASS[name]))

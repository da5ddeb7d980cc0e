"""From what is in force for a tunnel to the objects that a dataplane must hold for it.

The law: only what differs from a dataplane left alone becomes an object (see ``plan``).
"""

from collections.abc import Iterator

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
    Limit,
    Marking,
    ObjectKey,
    PlanObject,
)
from dataplane_bridge.tables import TRAFFIC_CLASS, code_point
from dataplane_bridge.tunnels import Tunnel

Item = tuple[ObjectKey, PlanObject]


def tunnel_objects(tunnel: Tunnel, effective: Effective) -> Iterator[Item]:
    """Yield the objects of a tunnel that a policy matches; none that cannot be."""
    if tunnel.inability("tunnel") is not None:
        return
    if tunnel.is_awaited:
        assert tunnel.reqid is not None
        yield ObjectKey("awaited", tunnel.id), Awaited(tunnel.reqid)
    yield (
        ObjectKey("accounting", tunnel.id),
        Accounting(_counted_length(effective.inbound), _counted_length(effective.outbound)),
    )
    df_key = ObjectKey("df-bit", tunnel.id)
    if effective.df_bit.value == "clear":
        yield df_key, DfBit("clear", tunnel.tunnel_mtu)
    elif effective.df_bit.value == "set":
        yield df_key, DfBit("set", tunnel.tunnel_mtu)
    # Where it will go to is not known before it is up, and no packet needs it before.
    is_able = not tunnel.is_awaited and tunnel.inability("fragmentation") is None
    if effective.fragmentation.value == "before-encryption" and is_able:
        fragment = FragmentBeforeEncryption(tunnel.tunnel_mtu)
        yield ObjectKey("fragmentation", tunnel.id), fragment
    yield from _direction_objects(tunnel, "inbound", effective.inbound)
    yield from _direction_objects(tunnel, "outbound", effective.outbound)


def _counted_length(effective: EffectiveDirection) -> CountedLength:
    limit = effective.speed_limit
    return "payload" if limit is None else limit.counted_length


def _direction_objects(
    tunnel: Tunnel, direction: Direction, effective: EffectiveDirection
) -> Iterator[Item]:
    limit = effective.speed_limit
    if limit is not None:
        yield (
            ObjectKey("limit", tunnel.id, direction),
            Limit(limit.rate * BYTES_A_SECOND, limit.burst, limit.counted_length, limit.ike),
        )
    dscp = effective.dscp.value
    if dscp is not None:
        yield ObjectKey("dscp", tunnel.id, direction), Marking(code_point(dscp))
    service_class = effective.service_class.value
    if service_class is not None and tunnel.imposes_label(direction):
        key = ObjectKey("service-class", tunnel.id, direction)
        if service_class == "inherit-plain":
            yield key, InheritPlain()
        else:
            yield key, FixedClass(TRAFFIC_CLASS[service_class])

"""What becomes of one packet in a tunnel: pure, before the speed limit has its say.

Theory of operation, outbound, in a router's order: too long? then refuse, or clear DF and fragment
the inner packet, or plan to fragment the IPsec packet; encapsulate each piece; mark outer headers;
give the label its class. Inbound: class from the decrypted header, then re-mark it.

The law: the limiter sees each IPsec packet once, before outer fragmentation: with ``encrypted``
its outer length counts, with ``payload`` the length of the inner packet that it carries.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from dataplane_bridge.packets import (
    IPV6_MINIMUM_MTU,
    LONGEST_IPV4,
    LONGEST_IPV6,
    Packet,
    WirePacket,
    fragment_ipv4,
    fragment_lengths,
)
from dataplane_bridge.plan import (
    Accounting,
    DfBit,
    Direction,
    FixedClass,
    FragmentBeforeEncryption,
    InheritPlain,
    Limit,
    Marking,
    ObjectKey,
    Plan,
)
from dataplane_bridge.tables import inherited_traffic_class
from dataplane_bridge.tunnels import Tunnel

FreshIdentification = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a dataplane holds for one tunnel and direction."""

    accounting: Accounting | None
    df_bit: DfBit | None
    before_encryption: FragmentBeforeEncryption | None
    limit: Limit | None
    marking: Marking | None
    service_class: FixedClass | InheritPlain | None


class Forwarded(NamedTuple):
    """The pieces that go on to the limiter, each with the length that it counts."""

    pieces: tuple[WirePacket, ...]
    counted: tuple[int, ...]
    fragmented: bool


class TooBig(NamedTuple):
    """The packet is dropped; ``told_mtu`` is what an ICMP message tells its sender, if one goes."""

    told_mtu: int | None


def treatment(plan: Plan, tunnel_id: str, direction: Direction) -> Treatment:
    """Return what the plan holds for the tunnel and direction."""
    get = plan.get
    return Treatment(
        get(ObjectKey("accounting", tunnel_id)),  # type: ignore[arg-type]
        get(ObjectKey("df-bit", tunnel_id)),  # type: ignore[arg-type]
        get(ObjectKey("fragmentation", tunnel_id)),  # type: ignore[arg-type]
        get(ObjectKey("limit", tunnel_id, direction)),  # type: ignore[arg-type]
        get(ObjectKey("dscp", tunnel_id, direction)),  # type: ignore[arg-type]
        get(ObjectKey("service-class", tunnel_id, direction)),  # type: ignore[arg-type]
    )


def forward_inbound(tunnel: Tunnel, qos: Treatment, packet: Packet) -> Forwarded:
    """Return the decrypted packet as it goes on."""
    # The class is read before the re-marking (SEMANTICS, row 21).
    traffic_class = _traffic_class(tunnel, "inbound", qos, packet.dscp)
    if qos.marking is not None:
        packet = replace(packet, dscp=qos.marking.code_point)
    piece = WirePacket(
        packet,
        packet.length,
        packet.dscp,
        packet.ecn,
        packet.df,
        traffic_class,
        (packet.length,),
    )
    counted = tunnel.encapsulation.outer_length(packet.length)
    return Forwarded((piece,), (counted if _counts_outer(qos) else packet.length,), False)


def forward_outbound(
    tunnel: Tunnel, qos: Treatment, packet: Packet, fresh: FreshIdentification
) -> Forwarded | TooBig:
    """Return the IPsec packets that the packet becomes, or why it does not fit."""
    pieces = _inner_pieces(tunnel, qos, packet, fresh)
    if isinstance(pieces, TooBig):
        return pieces
    sent = tuple(_encapsulate(tunnel, qos, piece) for piece in pieces)
    # The outer DF bit of an IPsec packet that does not fit forbids what would be needed.
    ipv4 = _outer_version(tunnel) == 4
    if any(_does_not_fit(piece, ipv4, tunnel.egress_mtu) for piece in sent):
        return TooBig(None)
    counted = tuple(wire.length if _counts_outer(qos) else wire.inner.length for wire in sent)
    fragmented = len(sent) > 1 or any(len(wire.fragment_lengths) > 1 for wire in sent)
    return Forwarded(sent, counted, fragmented)


def _does_not_fit(piece: WirePacket, ipv4: bool, mtu: int) -> bool:
    if piece.length > (LONGEST_IPV4 if ipv4 else LONGEST_IPV6):
        return True
    return ipv4 and piece.df and piece.length > mtu


def _inner_pieces(
    tunnel: Tunnel, qos: Treatment, packet: Packet, fresh: FreshIdentification
) -> tuple[Packet, ...] | TooBig:
    mtu = _inner_mtu(tunnel, qos)
    if packet.length <= mtu:
        return (packet,)
    if packet.version == 6:
        # No router fragments IPv6; but what every link must carry is carried, as outer fragments.
        least = max(mtu, IPV6_MINIMUM_MTU)
        return (packet,) if packet.length <= least else TooBig(least)
    if packet.df:
        packet_or_refusal = _without_df(tunnel, qos, packet, mtu, fresh)
        if isinstance(packet_or_refusal, TooBig):
            return packet_or_refusal
        packet = packet_or_refusal
    if qos.before_encryption is not None:
        return tuple(fragment_ipv4(packet, mtu))
    return (packet,)


def _inner_mtu(tunnel: Tunnel, qos: Treatment) -> int:
    # As in a kernel, what was configured decides, not what would be right.
    held = qos.before_encryption or qos.df_bit
    return tunnel.tunnel_mtu if held is None else held.tunnel_mtu


def _without_df(
    tunnel: Tunnel, qos: Treatment, packet: Packet, mtu: int, fresh: FreshIdentification
) -> Packet | TooBig:
    if qos.df_bit is None:
        return TooBig(mtu)
    if qos.df_bit.mode == "clear":
        # A DF packet often has identification 0, which all its fragments would share.
        return replace(packet, df=False, identification=fresh())
    # df-bit set: before encryption the inner DF forbids fragments and the sender is told;
    # after encryption the outer DF does, where there is one, and the packet is dropped.
    is_told = qos.before_encryption is not None or _outer_version(tunnel) == 6
    return TooBig(mtu if is_told else None)


def _encapsulate(tunnel: Tunnel, qos: Treatment, packet: Packet) -> WirePacket:
    length = tunnel.encapsulation.outer_length(packet.length)
    version = _outer_version(tunnel)
    df = version == 4 and _outer_df(qos, packet, fits=length <= tunnel.egress_mtu)
    return WirePacket(
        packet,
        length,
        packet.dscp if qos.marking is None else qos.marking.code_point,
        packet.ecn,
        df,
        _traffic_class(tunnel, "outbound", qos, packet.dscp),
        fragment_lengths(length, version, tunnel.egress_mtu),
    )


def _outer_df(qos: Treatment, packet: Packet, *, fits: bool) -> bool:
    if qos.df_bit is None:
        # No router fragments IPv6 either, but what every link must carry is carried.
        return packet.df or (packet.version == 6 and fits)
    return qos.df_bit.mode == "set"


def _outer_version(tunnel: Tunnel) -> int:
    return 6 if ":" in tunnel.remote_address else 4


def _counts_outer(qos: Treatment) -> bool:
    return qos.limit is not None and qos.limit.counted_length == "encrypted"


def _traffic_class(tunnel: Tunnel, direction: Direction, qos: Treatment, dscp: int) -> int | None:
    if not tunnel.imposes_label(direction):
        return None
    match qos.service_class:
        case FixedClass(traffic_class):
            return traffic_class
        case InheritPlain():
            return inherited_traffic_class(dscp)
    return 0

"""From frames on the wires to what was seen of a packet.

The law: fragments are put beside their first one, in the order in which they belong.
"""

from collections.abc import Iterable
from typing import Literal

from tests.packets.frames import ICMP, ICMPV6, UDP, Frame
from tests.packets.lab.peers import peer_number
from tests.packets.lab.wires import Watch, Wire
from tests.packets.shots import Inner, Outer, Shot, Sighting

NEAR_HOST: Wire = ("hA", "eth0")
FAR_HOST: Wire = ("hB", "eth0")
OUTSIDE: Wire = ("wan", "wa")
"""Where the gateway's IPsec packets come out."""


class Ends:
    """The addresses of a shot: where from and where to, and of the tunnel it goes by."""

    def __init__(self, shot: Shot, peers: tuple[str, str]) -> None:
        near, far = _hosts(shot)
        if shot.own:
            near = near.removesuffix("2") + "1"
        outbound = shot.direction == "outbound"
        self.source, self.destination = (near, far) if outbound else (far, near)
        self.receiver = FAR_HOST if outbound else NEAR_HOST
        self._peers = peers

    def is_inner(self, frame: Frame) -> bool:
        """Whether it is (a part of) the packet, in clear."""
        return (frame.source, frame.destination, frame.protocol) == (
            self.source,
            self.destination,
            UDP,
        )

    def is_outer(self, frame: Frame) -> bool:
        """Whether it is (a part of) an IPsec packet of the tunnel."""
        return frame.is_ipsec and (frame.source, frame.destination) == self._peers

    def is_told(self, frame: Frame) -> bool:
        """Whether it tells the sender of a smaller MTU."""
        return frame.protocol in (ICMP, ICMPV6) and frame.told_mtu is not None


def _hosts(shot: Shot) -> tuple[str, str]:
    number = shot.tunnel[1:]
    if peer_number(shot.tunnel) is not None:
        return "10.1.1.2", f"10.3.{number}.2"
    if shot.version == 6:
        return f"fd00:1:{number}::2", f"fd00:2:{number}::2"
    return f"10.1.{number}.2", f"10.2.{number}.2"


def sighting(watch: Watch, shot: Shot, ends: Ends, *, delivered: bool) -> Sighting:
    """Return what was seen of a shot."""
    inner = watch.frames(ends.receiver, ends.is_inner)
    outbound = shot.direction == "outbound"
    outer = watch.frames(OUTSIDE, ends.is_outer) if outbound else []
    told = watch.frames(NEAR_HOST, ends.is_told) if outbound else []
    return Sighting(
        delivered,
        tuple(_inner(frame) for frame in sorted(inner, key=lambda frame: frame.offset)),
        _identification(shot, inner),
        tuple(_outer(group) for group in _packets(outer)),
        told[0].told_mtu if told else None,
        _traffic_class(outer if outbound else inner),
        all(frame.sound for frame in (*inner, *outer)),
    )


def is_complete(watch: Watch, ends: Ends, expected: Sighting) -> bool:
    """Tell whether as much was heard as is expected."""
    inner = watch.frames(ends.receiver, ends.is_inner)
    outer = watch.frames(OUTSIDE, ends.is_outer)
    told = watch.frames(NEAR_HOST, ends.is_told)
    return (
        len(inner) >= len(expected.inner)
        and len(outer) >= sum(len(each.lengths) for each in expected.outer)
        and (expected.told_mtu is None or bool(told))
    )


def _inner(frame: Frame) -> Inner:
    return Inner(frame.length, frame.offset, frame.more, frame.dscp, frame.ecn, frame.df)


def _packets(frames: Iterable[Frame]) -> list[list[Frame]]:
    """Return the fragments of each packet, or the packet, by their first appearance."""
    whole: list[list[Frame]] = []
    by_identification: dict[int, list[Frame]] = {}
    for frame in frames:
        if not frame.is_fragment:
            whole.append([frame])
        elif frame.identification in by_identification:
            by_identification[frame.identification].append(frame)
        else:
            whole.append([frame])
            by_identification[frame.identification] = whole[-1]
    return [sorted(group, key=lambda frame: frame.offset) for group in whole]


def _outer(group: list[Frame]) -> Outer:
    first = group[0]
    lengths = tuple(frame.length for frame in group)
    return Outer(first.dscp, first.ecn, any(frame.df for frame in group), lengths)


def _identification(shot: Shot, inner: list[Frame]) -> Literal["kept", "fresh", "zero", ""]:
    if not inner:
        return ""
    seen = {frame.identification for frame in inner}
    if seen == {shot.identification} or shot.version == 6:
        return "kept"
    return "zero" if 0 in seen else "fresh"


def _traffic_class(frames: list[Frame]) -> int | None:
    classes = {frame.labels[0].traffic_class for frame in frames if frame.labels}
    return classes.pop() if len(classes) == 1 else None

"""What is sent, and what is seen of it, the same for every dataplane.

The law: a value says only what an outsider can see on a wire; nothing of how it came about.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from dataplane_bridge.plan import Direction

Kind = Literal["data", "ike"]


class Shot(NamedTuple):
    """One packet; ``length`` in octets of IP packet, before it enters the tunnel or behind it.

    ``own``: it is one of the gateway itself, not of a host behind it.
    """

    tunnel: str = "t1"
    direction: Direction = "outbound"
    length: int = 500
    version: Literal[4, 6] = 4
    dscp: int = 0
    ecn: int = 0
    df: bool = False
    identification: int = 0
    own: bool = False


class Inner(NamedTuple):
    """An inner packet, or a fragment of one, behind the tunnel."""

    length: int
    offset: int
    more: bool
    dscp: int
    ecn: int
    df: bool


class Outer(NamedTuple):
    """An IPsec packet: its header, and the lengths of its fragments on the wire."""

    dscp: int
    ecn: int
    df: bool
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """What became of a packet.

    ``identification`` is "fresh" where a non-zero one replaced what the sender wrote; ``outer`` is
    seen of outbound packets; ``traffic_class`` is ``None`` where no label was imposed.
    """

    delivered: bool
    inner: tuple[Inner, ...] = ()
    identification: Literal["kept", "fresh", "zero", ""] = ""
    outer: tuple[Outer, ...] = ()
    told_mtu: int | None = None
    traffic_class: int | None = None
    sound: bool = True


class Stream(NamedTuple):
    """Packets of one kind at a steady pace: ``rate`` in kbit/s of ``length``.

    IKE packets carry the non-ESP marker where their ``port`` is 4500.
    """

    tunnel: str
    direction: Direction
    rate: int
    length: int = 1000
    kind: Kind = "data"
    port: int = 500


class Flow(NamedTuple):
    """What became of a stream of packets of that length, in that many seconds.

    ``moments`` tells when each was sent, in seconds from the begin.
    """

    moments: tuple[float, ...]
    passed: int
    length: int
    seconds: float

    @property
    def sent(self) -> int:
        """Packets that were sent."""
        return len(self.moments)

    @property
    def offered(self) -> int:
        """Octets that were sent."""
        return self.sent * self.length

    @property
    def octets(self) -> int:
        """Octets that arrived."""
        return self.passed * self.length

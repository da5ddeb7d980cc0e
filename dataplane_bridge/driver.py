"""What the bridge needs of a dataplane.

The law: a driver holds objects and reports tunnels; it knows nothing of policies. ``check`` changes
nothing; ``apply`` leaves either everything done, or an exception behind it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from dataplane_bridge.delta import Steps
from dataplane_bridge.effective import Condition
from dataplane_bridge.plan import DIRECTIONS, Direction, Held, ObjectKey
from dataplane_bridge.tunnels import Tunnel

Clock = Callable[[], float]
"""Seconds since 1970-01-01 00:00 UTC."""

EXACT_BURST = "exact-burst"
DEFRAGMENTATION = "connection-tracking-defragmentation"


class BridgeError(Exception):
    """Something could not be done; its text is a sentence for a person."""


class DataplaneRefused(BridgeError):
    """The dataplane does not take a step, and nothing has happened."""

    def __init__(self, sentence: str, key: ObjectKey | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.key = key


class DataplaneFailed(BridgeError):
    """The dataplane broke; some steps may have been taken."""


class Feature(NamedTuple):
    """Something that a dataplane can or cannot do, and why not."""

    name: str
    supported: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """What a dataplane is and can do; ``aging_time_step`` in milliseconds."""

    driver: str
    aging_time_step: int = 1
    listing: tuple[Feature, ...] = ()

    def supports(self, name: str) -> bool:
        """Tell whether the dataplane says that it can do this."""
        return any(feature.name == name and feature.supported for feature in self.listing)

    def applied_aging_time(self, milliseconds: int) -> int:
        """Return the aging time that the dataplane can do, rounded up; milliseconds."""
        return -(-milliseconds // self.aging_time_step) * self.aging_time_step


@dataclass(slots=True)
class Counters:
    """What the traffic of one tunnel met in one direction; octets in the counted length."""

    conform_packets: int = 0
    conform_octets: int = 0
    exceed_packets: int = 0
    exceed_octets: int = 0
    ike_exceed_packets: int = 0
    ike_exceed_octets: int = 0
    too_big_packets: int = 0
    fragmented_packets: int = 0


@dataclass(slots=True)
class TunnelCounters:
    """The counters of a tunnel; ``since`` (clock) is when they last started from zero."""

    since: float
    inbound: Counters = field(default_factory=Counters)
    outbound: Counters = field(default_factory=Counters)

    def of(self, direction: Direction) -> Counters:
        """Return the counters of one direction."""
        return self.inbound if direction == "inbound" else self.outbound


def exceeded_packets(
    counters: Mapping[str, TunnelCounters],
) -> dict[tuple[str, Direction], int]:
    """Return how many packets the limits dropped, data and IKE, where they dropped any."""
    found: dict[tuple[str, Direction], int] = {}
    for tunnel, both in counters.items():
        for direction in DIRECTIONS:
            one = both.of(direction)
            if one.exceed_packets or one.ike_exceed_packets:
                found[tunnel, direction] = one.exceed_packets + one.ike_exceed_packets
    return found


class Unmatched(NamedTuple):
    """Traffic of tunnels that no policy matches; octets of the inner packets."""

    packets: int
    octets: int


class TunnelUp(NamedTuple):
    """A tunnel came up, or was replaced by one of the same id (a rekey)."""

    tunnel: Tunnel


class TunnelDown(NamedTuple):
    """A tunnel went down."""

    tunnel_id: str


class Disturbed(NamedTuple):
    """Somebody else may have changed what the dataplane holds for us."""

    reason: str


DriverEvent = TunnelUp | TunnelDown | Disturbed
OnDriverEvents = Callable[[Sequence[DriverEvent]], None]


class Driver(Protocol):
    """A dataplane."""

    def features(self) -> Features:
        """Return what the dataplane is and can do."""

    def read(self, keys: Iterable[ObjectKey] | None = None) -> Held:
        """Return what the dataplane holds of these objects, or all that it holds."""

    def check(self, steps: Steps) -> None:
        """Raise ``DataplaneRefused`` if the steps would be refused; change nothing."""

    def apply(self, steps: Steps) -> None:
        """Take the steps in order.

        Raise ``DataplaneRefused`` when nothing has happened, else ``DataplaneFailed``.
        """

    def tunnels(self) -> Iterable[Tunnel]:
        """Return the tunnels that exist."""

    def subscribe(self, on_events: OnDriverEvents) -> None:
        """Call this with the events from now on, in their order; those of a moment together."""

    def counters(self, tunnel_ids: Iterable[str] | None = None) -> Mapping[str, TunnelCounters]:
        """Return the counters of these tunnels (those that exist), or of all."""

    def exceeded(
        self, tunnel_ids: Iterable[str] | None = None
    ) -> Mapping[tuple[str, Direction], int]:
        """Return how many packets the limits of these tunnels (or all) dropped, if any."""

    def volumes(self) -> Mapping[tuple[str, Direction], int]:
        """Return the octets that passed in each tunnel and direction, where any passed."""

    def clear_counters(self, tunnel_id: str) -> float:
        """Start a tunnel's counters from zero, and return when that was (clock).

        Raise ``DataplaneRefused`` where there is no such tunnel.
        """

    def unmatched(self) -> Unmatched:
        """Return what passed in tunnels that no policy matches."""

    def conditions(self, tunnel_id: str) -> Iterable[Condition]:
        """Return what is not yet or not in force for the tunnel, and why."""

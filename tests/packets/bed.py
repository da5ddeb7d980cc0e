"""What a scenario needs of a dataplane under test.

The law: a bed does and sees; it judges nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.driver import Features, TunnelCounters
from dataplane_bridge.tunnels import Tunnel
from tests.packets.shots import Flow, Shot, Sighting, Stream
from yang.bindings import gateway as g


class Act(NamedTuple):
    """Something that is done while packets flow, so many seconds after they began."""

    at: float
    do: Callable[["Bed"], None]


class Bed(Protocol):
    """A dataplane with its tunnels, and a bridge that configures it."""

    name: str
    bridge: Bridge
    events: list[tuple[str, Any]]
    root: g.Configuration

    def features(self) -> Features:
        """Return what the dataplane says that it can do."""

    def tunnel(self, name: str) -> Tunnel:
        """Return a tunnel by its short name, as it is now."""

    def commit(self, root: g.Configuration) -> None:
        """Commit a configuration, or raise ``ConfigurationRefused``."""

    def counters(self, name: str) -> TunnelCounters:
        """Return the counters of a tunnel."""

    def send(self, shot: Shot, expected: Sighting | None = None) -> Sighting:
        """Send a packet, and return what was seen; what is expected is not waited for longer."""

    def flood(
        self, streams: Sequence[Stream], seconds: float, acts: Iterable[Act] = ()
    ) -> list[Flow]:
        """Send streams at once, and return what arrived of each."""

    def rekey(self, name: str) -> None:
        """Let a tunnel have new SAs."""

    def down(self, name: str) -> None:
        """Take a tunnel down."""

    def up(self, name: str) -> None:
        """Bring a tunnel up again."""


def commit(bed: Bed, root: g.Configuration, changes: Iterable[Any]) -> None:
    """Commit as the server does."""
    change = bed.bridge.prepare(root, changes)
    try:
        change.apply()
        change.publish()
        bed.root = root
    finally:
        change.abort()

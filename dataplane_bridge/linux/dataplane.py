"""The driver: the bridge's objects made true by nftables, routes and sysctls (see ``kernel``).

The law: tunnels and their objects meet here; whatever the kernel refuses of a tunnel that comes is
told to the bridge, never passed over.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Protocol

from dataplane_bridge.delta import Steps
from dataplane_bridge.driver import (
    BridgeError,
    Clock,
    DataplaneRefused,
    Disturbed,
    DriverEvent,
    Feature,
    Features,
    OnDriverEvents,
    TunnelCounters,
    TunnelDown,
    TunnelUp,
    Unmatched,
)
from dataplane_bridge.effective import Condition
from dataplane_bridge.linux.abilities import check_abilities, features_of, inabilities_of
from dataplane_bridge.linux.counting import Counting
from dataplane_bridge.linux.kernel import Kernel
from dataplane_bridge.linux.registry import Known, Registry
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.linux.xfrm import Associations
from dataplane_bridge.plan import Direction, Held, ObjectKey
from dataplane_bridge.tunnels import Inability, Tunnel

Guard = AbstractContextManager[object]


class Discovery(Protocol):
    """Who knows which tunnels exist."""

    @property
    def is_known(self) -> bool:
        """Whether it could be told, ever, which tunnels exist."""

    def read(self) -> Sequence[Known]:
        """Return the tunnels that exist now."""

    def watch(self, on_change: Callable[[Collection[str]], None]) -> None:
        """Call this with the tunnels that changed, from now on, in a thread of its own.

        When it is known for the first time which there are, it is called even if there is none.
        """

    def now(self, names: Collection[str]) -> Mapping[str, Known | None]:
        """Return these tunnels as they are known now; ``None`` for one that is gone."""

    def trouble(self) -> str | None:
        """Return why tunnels are not known now, or ``None``: one sentence."""

    def look_again(self) -> None:
        """Addresses or devices have changed: look whether tunnels changed by that, soon."""

    def close(self) -> None:
        """Stop watching, soon."""


class LinuxDataplane:
    """The Linux kernel of this network namespace.

    ``guard`` is held by whoever calls the driver; events come under it too.
    """

    def __init__(
        self,
        clock: Clock,
        settings: LinuxSettings,
        discovery: Discovery,
        guard: Guard,
        associations: Associations | None = None,
    ) -> None:
        self._associations = associations
        self._discovery = discovery
        self._guard = guard
        self._registry = Registry(settings.mode)
        self._kernel = Kernel(settings, self._registry)
        self._counting = Counting(self._kernel.table, self._registry, clock)
        self._kernel.on_counting = self._counting.start
        self._features = features_of(settings)
        self._mode = settings.mode
        self._subscribers: list[OnDriverEvents] = []
        self._is_closed = False

    # The bridge's side.

    def features(self) -> Features:
        """Return what this kernel and this mode can do, and whether tunnels can be found."""
        reason = self._discovery.trouble()
        discovery = Feature("tunnel-discovery", reason is None, reason)
        return replace(self._features, listing=(*self._features.listing, discovery))

    def read(self, keys: Iterable[ObjectKey] | None = None) -> Held:
        """Return what the kernel holds of these objects, or all."""
        return self._kernel.read(keys)

    def check(self, steps: Steps) -> None:
        """Raise ``DataplaneRefused`` if the steps would be refused."""
        self._kernel.check(steps)
        awaited = {step.key.tunnel for step in steps if step.key.kind == "awaited"}
        tunnels = self._registry.known.keys() | awaited if awaited else self._registry.known
        check_abilities(steps, tunnels)

    def apply(self, steps: Steps) -> None:
        """Take the steps: elements in one transaction, then routes and sysctls."""
        self._kernel.apply(steps)

    def tunnels(self) -> Iterable[Tunnel]:
        """Return the tunnels that exist, newly asked for."""
        self._kernel.paths.install()
        now: dict[str, Known | None] = {known.tunnel.id: known for known in self._discovery.read()}
        # A server that is started while charon is away leaves what an earlier one made in force.
        self._kernel.keeps_strays = not self._discovery.is_known
        there = {
            name: known
            for name, known in self._registry.known.items()
            if not known.tunnel.is_awaited
        }
        now.update({name: None for name in there if name not in now})
        self._take(now, tell=False)
        return [
            known.tunnel for known in self._registry.known.values() if not known.tunnel.is_awaited
        ]

    def subscribe(self, on_events: OnDriverEvents) -> None:
        """Call this with the events from now on, under the guard."""
        if not self._subscribers:
            self._discovery.watch(self._on_change)
        self._subscribers.append(on_events)

    def counters(self, tunnel_ids: Iterable[str] | None = None) -> Mapping[str, TunnelCounters]:
        """Return the counters of these tunnels, or of all."""
        return self._counting.counters(tunnel_ids)

    def exceeded(
        self, tunnel_ids: Iterable[str] | None = None
    ) -> Mapping[tuple[str, Direction], int]:
        """Return how many packets the limits of these tunnels (or all) dropped, if any."""
        return self._counting.exceeded(tunnel_ids)

    def volumes(self) -> Mapping[tuple[str, Direction], int]:
        """Return the octets that passed in each tunnel and direction, where any passed."""
        return self._counting.volumes()

    def clear_counters(self, tunnel_id: str) -> float:
        """Start a tunnel's counters from zero."""
        if tunnel_id not in self._registry.known:
            raise DataplaneRefused(f"There is no tunnel {tunnel_id!r}.")
        return self._counting.clear(tunnel_id)

    def unmatched(self) -> Unmatched:
        """Return what passed in tunnels that no policy matches."""
        return Unmatched(*self._kernel.table.unmatched())

    def conditions(self, tunnel_id: str) -> Iterable[Condition]:
        """Return whether the kernel lacks the SAs of the tunnel, and what its ESP cannot."""
        known = self._registry.known.get(tunnel_id)
        objects = self._registry.objects.get(tunnel_id, {})
        if known is None or self._associations is None:
            return inabilities_of(tunnel_id, objects, self._mode)
        return self._associations.conditions(known, objects)

    # Those who watch the kernel.

    @property
    def route_port(self) -> int:
        """Tells messages about our own changes of routes from those about others'."""
        return self._kernel.paths.port

    def look_for_disturbance(self, with_routes: bool = True) -> None:
        """Tell the bridge if what the kernel holds is not as we left it; takes the guard.

        Routes and devices are looked at only ``with_routes``: to read them costs their number.
        """
        with self._guard:
            if self._is_closed or self._kernel.is_as_left(with_routes=with_routes):
                return
            self._kernel.is_current = False
            self._tell((Disturbed("Somebody else changed our table, routes or settings."),))

    def look_at_tunnels_again(self) -> None:
        """Addresses or devices have changed, and tunnels may have by that."""
        self._discovery.look_again()

    def close(self) -> None:
        """Let go of the kernel; what was made stays in force."""
        self._discovery.close()
        with self._guard:
            self._is_closed = True
            self._kernel.close()

    def remove_all(self) -> None:
        """Take everything out of the kernel that this driver made."""
        self._kernel.remove_all()

    # Tunnels that come and go.

    def _on_change(self, changes: Collection[str]) -> None:
        with self._guard:
            if self._is_closed:
                return
            is_first = self._kernel.keeps_strays and self._discovery.is_known
            if is_first:
                self._kernel.keeps_strays = self._kernel.is_current = False
            # What was told may be older than what somebody else has read meanwhile.
            self._take(self._discovery.now(changes), tell=True)
            if is_first and not self._kernel.is_current:
                self._let_kernel(self._kernel.settle)

    def _take(self, changes: Mapping[str, Known | None], *, tell: bool) -> None:
        gone = [name for name, known in changes.items() if known is None]
        touched: set[str] = set()
        events: list[DriverEvent] = []
        self._kernel.paths.look_again()
        for known in filter(None, changes.values()):
            self._come(known, touched, events)
        self._refresh(touched)
        if tell:
            self._tell((*map(TunnelDown, gone), *events))
        self._go(gone, tell=tell)

    def _come(self, known: Known, touched: set[str], events: list[DriverEvent]) -> None:
        admitted = self._admit(known)
        old = self._registry.known.get(admitted.tunnel.id)
        if old == admitted:
            return
        if old is None:
            self._counting.start(admitted.tunnel.id)
        touched |= self._registry.put(admitted)
        if old is None or old.tunnel != admitted.tunnel:
            events.append(TunnelUp(admitted.tunnel))

    def _go(self, gone: Iterable[str], *, tell: bool) -> None:
        known = self._registry.known
        names = [name for name in gone if name in known]
        if not names:
            return
        waiting_for = {known[name].tunnel.reqid for name in names}
        if self._registry.is_full:  # whoever there was no room for waits for any number
            waiting_for.update(self._registry.waiting)
        for name in names:
            self._counting.forget(name)
        self._refresh(self._kernel.forget(names))
        # Whoever was refused for a number that is free now can have it.
        waiting = {
            name for number in waiting_for for name in self._registry.waiting.get(number, ())
        }
        touched: set[str] = set()
        for name in waiting:
            if known[name].tunnel.is_awaited:
                touched |= self._registry.put(known[name])
        self._refresh(touched)
        again = {name: known[name] for name in waiting - touched}
        if again:
            self._take(again, tell=tell)

    def _admit(self, known: Known) -> Known:
        """Return the tunnel with what this kernel cannot do for it."""
        tunnel = replace(known.tunnel, inabilities=())
        reason = self._registry.refusal(tunnel)
        if reason is not None:
            return known._replace(
                tunnel=replace(tunnel, inabilities=(Inability("tunnel", reason),))
            )
        reason = self._kernel.paths.refusal(tunnel)
        found = () if reason is None else (Inability("fragmentation", _sentence(reason)),)
        return known._replace(tunnel=replace(tunnel, inabilities=found))

    def _refresh(self, touched: Iterable[str]) -> None:
        """Let the kernel follow what changed of tunnels, not of their objects."""
        if self._kernel.is_current:
            self._let_kernel(lambda: self._kernel.refresh(touched))

    def _let_kernel(self, act: Callable[[], None]) -> None:
        """Let the kernel do something; what fails is found out by the bridge's next look."""
        try:
            act()
        except BridgeError as error:
            self._kernel.is_current = False
            self._tell((Disturbed(str(error)),))

    def _tell(self, events: Sequence[DriverEvent]) -> None:
        if events:
            for on_events in self._subscribers:
                on_events(events)


def _sentence(reason: str) -> str:
    return f"Packets cannot be fragmented before encryption: {reason}."

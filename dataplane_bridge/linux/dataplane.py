"""The driver: the bridge's objects made true by nftables, routes and sysctls.

Theory of operation: what each tunnel has in the kernel and what it needs are two dictionaries of
elements; their difference is one nftables transaction, and routes and sysctls follow it. What is
held is believed only as long as the ruleset's generation tells that nobody else was there;
otherwise, and at start, it is read back from the kernel. A table that is found is adopted: what is
right in it is left alone, with its counters and buckets.

The law: nothing is told to be held that could not be read back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import immutables

from dataplane_bridge.delta import Steps
from dataplane_bridge.driver import (
    Clock,
    DataplaneRefused,
    Disturbed,
    DriverEvent,
    Features,
    OnDriverEvent,
    TunnelCounters,
    TunnelDown,
    TunnelUp,
    Unmatched,
)
from dataplane_bridge.effective import Condition
from dataplane_bridge.linux.abilities import check_ability, features_of
from dataplane_bridge.linux.aging import read_aging_time, write_aging_time
from dataplane_bridge.linux.counting import Counting
from dataplane_bridge.linux.decode import held_objects, strays
from dataplane_bridge.linux.elements import Elements, commands
from dataplane_bridge.linux.listing import Listing
from dataplane_bridge.linux.paths import Paths
from dataplane_bridge.linux.registry import Known, Registry
from dataplane_bridge.linux.routes import Routes, RouteTable
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.linux.table import Table
from dataplane_bridge.object_checks import after_steps
from dataplane_bridge.plan import (
    AGING_TIME_KEY,
    EMPTY_PLAN,
    Accounting,
    FragmentAgingTime,
    FragmentBeforeEncryption,
    ObjectKey,
    Plan,
    PlanObject,
)
from dataplane_bridge.tunnels import Tunnel

STRAYS = ObjectKey("accounting", "(elements that nobody asked for)")
"""Stands for what is in our table and of no object: the bridge takes it away like an object."""

Guard = AbstractContextManager[object]


class Discovery(Protocol):
    """Who knows which tunnels exist."""

    def read(self) -> Sequence[Known]:
        """Return the tunnels that exist now."""

    def watch(self, on_change: Callable[[Mapping[str, Known | None]], None]) -> None:
        """Call this with each change from now on, in a thread of its own."""


class LinuxDataplane:
    """The Linux kernel of this network namespace.

    ``guard`` is held by whoever calls the driver; events come under it too.
    """

    def __init__(
        self, clock: Clock, settings: LinuxSettings, discovery: Discovery, guard: Guard
    ) -> None:
        self._clock = clock
        self._settings = settings
        self._discovery = discovery
        self._guard = guard
        self._table = Table(settings.mode, settings.tunnel_interface, settings.mpls_interfaces)
        self._routes = RouteTable(settings.route_table, settings.rule_priority)
        self._paths = Paths(settings, self._routes)
        self._registry = Registry(settings.mode)
        self._counting = Counting(self._table, self._registry, clock)
        self._features = features_of(settings)
        self._plan: Plan = EMPTY_PLAN
        self._strays: Elements = {}
        self._current = False
        self._subscribers: list[OnDriverEvent] = []

    # The bridge's side.

    def features(self) -> Features:
        """Return what this kernel and this mode can do."""
        return self._features

    def read(self, keys: Iterable[ObjectKey] | None = None) -> Plan:
        """Return what the kernel holds of these objects, or all."""
        if keys is None or not self._current:
            self._read_back(self._table.list())
        if keys is None:
            return self._plan
        wanted = set(keys)
        found = {key: self._plan[key] for key in wanted if key in self._plan}
        found.update(self._read_beside(wanted))
        return immutables.Map({key: value for key, value in found.items() if value is not None})

    def check(self, steps: Steps) -> None:
        """Raise ``DataplaneRefused`` if the steps would be refused."""
        after_steps(self._plan, steps)
        for step in steps:
            check_ability(step, self._registry, self._paths)

    def apply(self, steps: Steps) -> None:
        """Take the steps: elements in one transaction, then routes and sysctls."""
        plan = after_steps(self._plan, steps)
        if not self._current:
            self._read_back(self._table.install())
        before = self._registry.objects.copy()
        touched = self._enter(steps, plan)
        try:
            self._write(touched)
        except DataplaneRefused:
            for tunnel_id in touched:
                self._registry.set_objects(tunnel_id, before.get(tunnel_id, {}))
            raise
        self._plan = plan
        self._change_beside(steps)

    def tunnels(self) -> Iterable[Tunnel]:
        """Return the tunnels that exist, newly asked for."""
        now = {known.tunnel.id: known for known in self._discovery.read()}
        for tunnel_id in [name for name in self._registry.known if name not in now]:
            now[tunnel_id] = None  # type: ignore[assignment]
        self._take(now, tell=False)
        return [known.tunnel for known in self._registry.known.values()]

    def subscribe(self, on_event: OnDriverEvent) -> None:
        """Call this with each event from now on, under the guard."""
        if not self._subscribers:
            self._discovery.watch(self._on_change)
        self._subscribers.append(on_event)

    def counters(self, tunnel_ids: Iterable[str] | None = None) -> Mapping[str, TunnelCounters]:
        """Return the counters of these tunnels, or of all."""
        return self._counting.counters(tunnel_ids)

    def clear_counters(self, tunnel_id: str) -> float:
        """Start a tunnel's counters from zero."""
        if tunnel_id not in self._registry.known:
            raise DataplaneRefused(f"There is no tunnel {tunnel_id!r}.")
        return self._counting.clear(tunnel_id)

    def unmatched(self) -> Unmatched:
        """Return what passed in tunnels that no policy matches."""
        return Unmatched(*self._table.unmatched())

    def conditions(self, tunnel_id: str) -> Iterable[Condition]:
        """Return why the tunnel cannot have QoS, if so."""
        known = self._registry.known.get(tunnel_id)
        reason = None if known is None else self._registry.refusal(known)
        return () if reason is None else (Condition("tunnel", "failed", reason),)

    # Those who watch.

    def look_for_disturbance(self) -> None:
        """Tell the bridge if what the kernel holds may not be as we left it; takes the guard."""
        with self._guard:
            if self._table.is_disturbed() or self._read_routes() != self._wanted_routes():
                self._current = False
                self._tell(Disturbed("Somebody else changed our table or routes."))

    def close(self) -> None:
        """Let go of the kernel; what was made stays in force."""
        self._table.close()
        self._routes.close()

    def remove_all(self) -> None:
        """Take everything out of the kernel that this driver made."""
        self._table.remove()
        self._routes.change(self._routes.read(), {})
        self._current = False

    # Tunnels that come and go.

    def _on_change(self, changes: Mapping[str, Known | None]) -> None:
        with self._guard:
            self._take(changes, tell=True)

    def _take(self, changes: Mapping[str, Known | None], *, tell: bool) -> None:
        events: list[DriverEvent] = []
        touched: set[str] = set()
        for tunnel_id, known in changes.items():
            old = self._registry.known.get(tunnel_id)
            if known is None:
                events.append(TunnelDown(tunnel_id))
            elif old != known:
                touched |= self._registry.put(known)
                if old is None or old.tunnel != known.tunnel:
                    events.append(TunnelUp(known.tunnel))
        self._refresh(touched)
        if tell:
            for event in events:
                self._tell(event)
        self._forget(tunnel_id for tunnel_id, known in changes.items() if known is None)

    def _forget(self, tunnel_ids: Iterable[str]) -> None:
        touched: set[str] = set()
        for tunnel_id in tunnel_ids:
            if tunnel_id in self._registry.known:
                for key in self._registry.objects.get(tunnel_id, {}):
                    self._plan = self._plan.delete(key)
                touched |= self._registry.drop(tunnel_id)
        self._refresh(touched)

    def _refresh(self, touched: Iterable[str]) -> None:
        """Let the kernel follow what changed of tunnels, not of their objects."""
        if self._current:
            try:
                self._write(touched)
            except DataplaneRefused as error:
                self._current = False
                self._tell(Disturbed(str(error)))

    def _tell(self, event: DriverEvent) -> None:
        for on_event in self._subscribers:
            on_event(event)

    # The kernel.

    def _enter(self, steps: Steps, plan: Plan) -> set[str]:
        """Give the tunnels of the steps their objects; return whose elements may differ."""
        touched: set[str] = set()
        by_tunnel: dict[str, dict[ObjectKey, PlanObject]] = {}
        for key in {step.key for step in steps} - {AGING_TIME_KEY, STRAYS}:
            objects = by_tunnel.get(key.tunnel)
            if objects is None:
                objects = by_tunnel[key.tunnel] = dict(self._registry.objects.get(key.tunnel, {}))
            value = plan.get(key)
            if value is None:
                objects.pop(key, None)
            else:
                objects[key] = value
        for tunnel_id, objects in by_tunnel.items():
            touched |= self._registry.set_objects(tunnel_id, objects)
        return touched

    def _write(self, touched: Iterable[str]) -> None:
        registry = self._registry
        wanted = {tunnel_id: registry.wanted(tunnel_id) for tunnel_id in touched}
        after: Elements = {}
        for elements in wanted.values():
            after.update(elements)
        there = {**self._strays, **registry.made_of(wanted)}
        self._current = self._table.change(commands(there, after)) and self._current
        registry.keep_made(wanted)
        self._strays = {}

    def _read_back(self, listing: Listing) -> None:
        """Believe what the kernel holds instead of what we remember."""
        registry = self._registry
        elements = listing.elements if self._table.is_as_made(listing) else {}
        beside = self._held_routes()
        plan: dict[ObjectKey, PlanObject] = dict(beside)
        explained: Elements = {}
        for tunnel_id in {*registry.known, *registry.objects}:
            others = {key: value for key, value in beside.items() if key.tunnel == tunnel_id}
            sight = registry.sight(tunnel_id)
            found = (
                {} if sight is None else held_objects(sight, elements, others, self._settings.mode)
            )
            registry.set_objects(tunnel_id, {**found, **others})
            plan.update(found)
        for tunnel_id in registry.known:
            wanted = registry.wanted(tunnel_id)
            held = {place: text for place, text in wanted.items() if elements.get(place) == text}
            registry.keep_made({tunnel_id: held})
            explained.update(held)
        self._strays = strays(elements, explained)
        if self._strays:
            plan[STRAYS] = Accounting("payload", "payload")
        plan.update(self._read_beside({AGING_TIME_KEY}))
        self._plan = immutables.Map(plan)
        self._current = self._table.is_as_made(listing)

    def _read_beside(self, keys: set[ObjectKey]) -> dict[ObjectKey, PlanObject]:
        """Return the objects among these that are no elements, read from the kernel."""
        found: dict[ObjectKey, PlanObject] = {}
        if AGING_TIME_KEY in keys:
            aging_time = read_aging_time()
            if aging_time is not None:
                found[AGING_TIME_KEY] = aging_time
        if any(key.kind == "fragmentation" for key in keys):
            held = self._held_routes()
            found.update({key: value for key, value in held.items() if key in keys})
        return found

    def _held_routes(self) -> dict[ObjectKey, PlanObject]:
        routes, found = self._read_routes(), dict[ObjectKey, PlanObject]()
        for tunnel_id, known in self._registry.known.items():
            tunnel = known.tunnel
            mtus = {routes[each].mtu for each in self._paths.prefixes(tunnel) if each in routes}
            wanted = self._paths.routes(tunnel, max(mtus, default=0))
            if mtus and all(routes.get(prefix) == route for prefix, route in wanted.items()):
                mtu = mtus.pop()
                key = ObjectKey("fragmentation", tunnel_id)
                found[key] = FragmentBeforeEncryption(mtu)
        return found

    def _change_beside(self, steps: Steps) -> None:
        kinds = {step.key.kind for step in steps}
        if "fragment-aging-time" in kinds:
            value = self._plan.get(AGING_TIME_KEY)
            if isinstance(value, FragmentAgingTime):
                write_aging_time(value)
        if "fragmentation" in kinds:
            self._routes.change(self._read_routes(), self._wanted_routes())

    def _read_routes(self) -> Routes:
        return self._routes.read()

    def _wanted_routes(self) -> Routes:
        wanted: Routes = {}
        for tunnel_id, objects in self._registry.objects.items():
            value = objects.get(ObjectKey("fragmentation", tunnel_id))
            known = self._registry.known.get(tunnel_id)
            if isinstance(value, FragmentBeforeEncryption) and known is not None:
                wanted.update(self._paths.routes(known.tunnel, value.tunnel_mtu))
        return wanted

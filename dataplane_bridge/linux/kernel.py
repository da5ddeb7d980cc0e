"""What this server has in the kernel: the elements of our table, our routes, two sysctls.

Theory of operation: what each tunnel has in the kernel and what it needs are two dictionaries of
elements; their difference is one nftables transaction, and routes and sysctls follow it. What is
held is believed only as long as the ruleset's generation tells that nobody else was there;
otherwise, and at start, it is read back from the kernel. A table that is found is adopted: what is
right in it is left alone, with its counters and buckets.

The law: nothing is told to be held that could not be read back.
"""

from collections.abc import Callable, Iterable, Mapping

import immutables

from dataplane_bridge.delta import Remove, Steps
from dataplane_bridge.driver import DataplaneFailed, DataplaneRefused
from dataplane_bridge.linux.aging import read_aging_time, write_aging_time
from dataplane_bridge.linux.elements import COUNTER, Elements, elements_of
from dataplane_bridge.linux.held import held_objects, strays
from dataplane_bridge.linux.listing import Listing
from dataplane_bridge.linux.paths import Paths
from dataplane_bridge.linux.registry import Known, Registry
from dataplane_bridge.linux.ruleset import TABLE
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.linux.table import Table
from dataplane_bridge.object_checks import after_steps
from dataplane_bridge.plan import (
    AGING_TIME_KEY,
    EMPTY_PLAN,
    Accounting,
    Awaited,
    FragmentAgingTime,
    FragmentBeforeEncryption,
    Held,
    ObjectKey,
    Plan,
    PlanObject,
)
from dataplane_bridge.tunnels import Tunnel

STRAYS = ObjectKey("accounting", "(what nobody asked for)")
"""Stands for elements, routes and labels of no object: the bridge takes it away like an object."""

_BESIDE = ("awaited", "fragmentation")
"""Kinds of objects that are no elements."""


class Kernel:
    """Our part of this network namespace's kernel."""

    def __init__(self, settings: LinuxSettings, registry: Registry) -> None:
        self.table = Table(settings.mode, settings.tunnel_interface, settings.mpls_interfaces)
        self.paths = Paths(settings)
        self.plan: Plan = EMPTY_PLAN
        self.is_current = False
        """Whether what is remembered is what the kernel holds, as far as can be known."""
        self.on_counting: Callable[[str], None] = lambda _: None
        """Called with a tunnel whose counters begin from zero."""
        self.keeps_strays = False
        """Whether what nobody asked for stays: which tunnels there are is not known yet."""
        self._mode = settings.mode
        self._registry = registry
        self._strays: Elements = {}
        # A commit is checked and then applied; what the first found serves the second.
        self._checked: tuple[Plan, Steps, Plan] = (EMPTY_PLAN, (), EMPTY_PLAN)

    def close(self) -> None:
        """Let go of the kernel; what was made stays in force."""
        self.table.close()
        self.paths.close()

    def remove_all(self) -> None:
        """Take everything out of the kernel that was made."""
        self.table.remove()
        self.paths.remove_all()
        self.is_current = False

    def read(self, keys: Iterable[ObjectKey] | None = None) -> Held:
        """Return what the kernel holds of these objects, or all."""
        if keys is None or not self.is_current:
            self._read_back(self.table.list())
        if keys is None:
            return self.plan
        wanted = set(keys)
        found = _read_aging_time() if AGING_TIME_KEY in wanted else {}
        for key in wanted - {AGING_TIME_KEY}:
            value = self.plan.get(key)
            if value is not None:
                found[key] = value
        return found

    def check(self, steps: Steps) -> Plan:
        """Return the plan after the steps; raise ``DataplaneRefused`` if they cannot be taken."""
        before, checked, after = self._checked
        if before is not self.plan or checked is not steps:
            after = after_steps(self.plan, steps)
            self._checked = self.plan, steps, after
        return after

    def apply(self, steps: Steps) -> None:
        """Take the steps: elements in one transaction, then routes and sysctls."""
        self.paths.look_again()
        plan = self.check(steps)
        keys = {step.key for step in steps}
        if not self.is_current:
            self._restore()
            # What is read now may differ from what the steps were worked out from.
            keys |= _differing(self.plan, plan)
        before = self._registry.objects.copy()
        self._await(steps)
        touched = self._enter(keys, plan)
        try:
            self._change_elements(touched)
        except DataplaneRefused:
            for tunnel_id in touched:
                self._registry.set_objects(tunnel_id, before.get(tunnel_id, {}))
            raise
        self.plan = plan
        self._await_no_longer(steps)
        self._change_routes(touched)
        self._change_aging_time(steps)

    def settle(self) -> None:
        """Keep strays no longer, and have nothing but what is asked for."""
        self._restore()
        self._change_elements(())
        self._read_back(self.table.list())

    def refresh(self, touched: Iterable[str]) -> None:
        """Let the kernel follow what changed of these tunnels, not of their objects."""
        touched = tuple(touched)
        self._change_elements(touched)
        self._change_routes(touched)

    def forget(self, tunnel_ids: Iterable[str]) -> set[str]:
        """Drop tunnels that are gone, with their objects; return whose elements may differ."""
        touched: set[str] = set()
        for tunnel_id in tunnel_ids:
            for key in self._registry.objects.get(tunnel_id, {}):
                if key in self.plan:
                    self.plan = self.plan.delete(key)
            touched |= self._registry.drop(tunnel_id)
        return touched

    def is_as_left(self, *, with_routes: bool) -> bool:
        """Tell whether the kernel is as we left it; routes and devices only where asked for."""
        held = _read_aging_time().get(AGING_TIME_KEY)
        return (
            not self.table.is_disturbed()
            and held == self.plan.get(AGING_TIME_KEY)
            and (not with_routes or self._is_beside_as_left())
        )

    def _is_beside_as_left(self) -> bool:
        """Tell whether routes, and labels on the devices that are there, are as they should be."""
        return self.paths.read_back() and self.table.labels_are_as_made(self.paths.devices)

    def _restore(self) -> None:
        """Have the table, and routes as they are claimed, and know what is held."""
        listing = self.table.install(self.paths.devices)
        if self.keeps_strays and self.table.is_outdated:
            raise DataplaneFailed(
                f"The nftables table 'inet {TABLE}' was made by another version of this server, or"
                " changed by somebody; it stays in force as it is until charon tells which tunnels"
                " exist."
            )
        self._read_back(listing)
        if not self.keeps_strays:
            self.paths.restore()
        self.is_current = True

    def _await(self, steps: Steps) -> None:
        for step in steps:
            if not isinstance(step, Remove) and isinstance(step.value, Awaited):
                name, reqid = step.key.tunnel, step.value.reqid
                self._registry.put(Known(Tunnel(name, "", reqid=reqid, is_awaited=True)))

    def _await_no_longer(self, steps: Steps) -> None:
        for step in steps:
            is_awaited = step.key.kind == "awaited" and isinstance(step, Remove)
            if is_awaited and step.key.tunnel in self._registry.known:
                self._registry.drop(step.key.tunnel)

    def _enter(self, keys: set[ObjectKey], plan: Plan) -> set[str]:
        """Give tunnels these objects of the plan; return whose elements may differ."""
        touched: set[str] = set()
        by_tunnel: dict[str, dict[ObjectKey, PlanObject]] = {}
        for key in keys - {AGING_TIME_KEY, STRAYS}:
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

    def _change_elements(self, touched: Iterable[str]) -> None:
        registry = self._registry
        wanted = {tunnel_id: registry.wanted(tunnel_id) for tunnel_id in touched}
        after: Elements = {}
        for elements in wanted.values():
            after.update(elements)
        there = {**self._strays, **registry.made_of(wanted)}
        self.is_current = self.table.change_elements(there, after) and self.is_current
        registry.keep_made(wanted)
        self._strays = {}
        for tunnel_id, elements in wanted.items():
            if any(text == COUNTER and place not in there for place, text in elements.items()):
                self.on_counting(tunnel_id)

    def _change_routes(self, touched: Iterable[str]) -> None:
        self.paths.write(self._claim(touched))

    def _claim(self, touched: Iterable[str]) -> set[str]:
        """Let these tunnels claim their routes; return the prefixes touched."""
        prefixes: set[str] = set()
        for tunnel_id in touched:
            known = self._registry.known.get(tunnel_id)
            if known is None:
                prefixes |= self.paths.forget(tunnel_id)
            else:
                prefixes |= self.paths.claim(known.tunnel, self._locked_mtu(tunnel_id))
        return prefixes

    def _locked_mtu(self, tunnel_id: str) -> int:
        objects: Mapping[ObjectKey, PlanObject] = self._registry.objects.get(tunnel_id, {})
        value = objects.get(ObjectKey("fragmentation", tunnel_id))
        return value.tunnel_mtu if isinstance(value, FragmentBeforeEncryption) else 0

    def _change_aging_time(self, steps: Steps) -> None:
        value = self.plan.get(AGING_TIME_KEY)
        is_touched = any(step.key == AGING_TIME_KEY for step in steps)
        if is_touched and isinstance(value, FragmentAgingTime):
            write_aging_time(value)

    def _read_back(self, listing: Listing) -> None:
        """Believe what the kernel holds instead of what we remember."""
        registry = self._registry
        elements = listing.elements if self.table.is_as_made(listing) else {}
        self.paths.read_back()
        # The lowest number first: of the tunnels of one peer that one answers for its IKE packets.
        for tunnel_id in sorted({*registry.known, *registry.objects}, key=registry.number_of):
            held = self._held(tunnel_id, elements)
            if held != registry.objects.get(tunnel_id, {}):
                registry.set_objects(tunnel_id, held)
        for number in listing.lost & {str(each) for each in registry.numbers}:
            self.on_counting(registry.numbers[int(number)])
        # After a restart nothing is claimed yet: what is right stays, and is ours.
        self._claim(registry.known)
        is_right = self.paths.is_as_claimed() and self.table.labels_are_as_made(self.paths.devices)
        explained = self._explain(elements)
        self._strays = {} if self.keeps_strays else strays(elements, explained)
        is_right = is_right or self.keeps_strays
        plan = dict(registry.all_objects())
        if self._strays or not is_right or not self.table.are_chains_right():
            plan[STRAYS] = Accounting("payload", "payload")
        plan.update(_read_aging_time())
        self.plan = immutables.Map(plan)
        self.is_current = self.table.is_as_made(listing) and is_right

    def _explain(self, elements: Elements) -> Elements:
        """Remember which elements each tunnel has of those that it needs; return them all."""
        registry = self._registry
        explained: Elements = {}
        for tunnel_id in registry.known:
            wanted = registry.wanted(tunnel_id)
            if not wanted.items() <= elements.items():
                wanted = {
                    place: each for place, each in wanted.items() if elements.get(place) == each
                }
            registry.keep_made({tunnel_id: wanted})
            explained.update(wanted)
        return explained

    def _held(self, tunnel_id: str, elements: Elements) -> dict[ObjectKey, PlanObject]:
        sight = self._registry.sight(tunnel_id)
        if sight is None:
            return {}
        beside = self._held_beside(sight.tunnel)
        remembered = self._registry.objects.get(tunnel_id, {})
        # Nearly always all that is remembered is there, and need not be worked out from elements.
        if remembered and beside == _beside(remembered):
            wanted = elements_of(sight, remembered, self._mode)
        else:
            wanted = {}
        if wanted and wanted.items() <= elements.items():
            return remembered
        return {**held_objects(sight, elements, beside, self._mode), **beside}

    def _held_beside(self, tunnel: Tunnel) -> dict[ObjectKey, PlanObject]:
        """Return what is held of a tunnel beside elements."""
        if tunnel.is_awaited:
            assert tunnel.reqid is not None
            return {ObjectKey("awaited", tunnel.id): Awaited(tunnel.reqid)}
        mtu = self.paths.holds(tunnel)
        key = ObjectKey("fragmentation", tunnel.id)
        return {key: FragmentBeforeEncryption(mtu)} if mtu else {}


def _beside(objects: Mapping[ObjectKey, PlanObject]) -> dict[ObjectKey, PlanObject]:
    """Return those of the objects that are no elements."""
    return {key: each for key, each in objects.items() if key.kind in _BESIDE}


def _differing(one: Plan, other: Plan) -> set[ObjectKey]:
    return {key for key in {*one, *other} if one.get(key) != other.get(key)}


def _read_aging_time() -> dict[ObjectKey, PlanObject]:
    aging_time = read_aging_time()
    return {} if aging_time is None else {AGING_TIME_KEY: aging_time}

"""(configuration, tunnels) -> plan, pure and incremental.

Theory of operation: ``Compiled`` is one immutable value: the configuration, indexes over it, the
tunnels, what is in force for each, and the plan. ``recompile`` makes the next one of it in three
movements: the indexes take the changes; the indexes tell which tunnels that may touch; each of
those is compiled anew. A full compile is the same from nothing.

The law: the cost is that of the changes and of the tunnels that they touch.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import immutables

from dataplane_bridge.awaited import awaited_id
from dataplane_bridge.configuration import (
    BINDINGS,
    POLICIES,
    TEMPLATES,
    Policy,
    Root,
    Template,
)
from dataplane_bridge.driver import Features, TunnelDown, TunnelUp
from dataplane_bridge.effective import DEFAULT_AGING_TIME, Effective
from dataplane_bridge.entries import EMPTY_ENTRIES, EntryIndex
from dataplane_bridge.matching import Matching
from dataplane_bridge.plan import AGING_TIME_KEY, EMPTY_PLAN, FragmentAgingTime, ObjectKey, Plan
from dataplane_bridge.selectors import is_catch_all
from dataplane_bridge.tunnel_index import TunnelIndex, TunnelIndexDraft
from dataplane_bridge.tunnels import Tunnel
from yang.changes import Change

TunnelEvent = TunnelUp | TunnelDown


@dataclass(frozen=True, slots=True)
class Compiled:
    """A configuration and the tunnels, compiled. ``root`` is ``None`` before the first compile."""

    root: Root | None
    entries: EntryIndex
    tunnels: TunnelIndex
    effective: immutables.Map[str, Effective]
    plan: Plan


NOTHING = Compiled(None, EMPTY_ENTRIES, TunnelIndex(), immutables.Map(), EMPTY_PLAN)


class Recompiled(NamedTuple):
    """The new value, and what may differ from the one before: objects, and tunnels known before."""

    compiled: Compiled
    touched: tuple[ObjectKey, ...]
    tunnels: frozenset[str] = frozenset()


def compile_all(root: Root, tunnels: Iterable[Tunnel], features: Features) -> Compiled:
    """Compile everything."""
    events = [TunnelUp(tunnel) for tunnel in tunnels]
    return recompile(NOTHING, root, entry_changes(root), events, features).compiled


def entry_changes(root: Root) -> Iterator[Change]:
    """Yield the changes that make this configuration of an empty one."""
    settings = root.ipsec_qos
    for key, policy in settings.policies.policy.items():
        yield Change(POLICIES, (key,), None, policy)
    for key, template in settings.policy_templates.policy_template.items():
        yield Change(TEMPLATES, (key,), None, template)
    for key, binding in settings.interface_bindings.interface_binding.items():
        yield Change(BINDINGS, (key,), None, binding)


def recompile(
    before: Compiled,
    root: Root,
    changes: Iterable[Change],
    events: Iterable[TunnelEvent],
    features: Features,
) -> Recompiled:
    """Return what the changes (which lead to ``root``) and the tunnel events make of ``before``.

    Changes of other modules, and records of the root, are ignored: the global settings of
    both configurations are compared.
    """
    changes = tuple(changes)
    draft = _Draft(before, root, before.entries.updated(changes))
    draft.take_events(events)
    draft.compile(_affected(before, draft.entries, root, changes))
    draft.wait_for(before.entries.awaited.touched(draft.entries.awaited, changes))
    draft.set_aging_time(features)
    return draft.finish()


def _affected(
    before: Compiled, entries: EntryIndex, root: Root, changes: Iterable[Change]
) -> Iterator[str]:
    """Yield the tunnels (known before) that the changes may touch."""
    tunnels = before.tunnels
    if not tunnels.tunnels:
        return
    for change in changes:
        if change.path == POLICIES:
            entry = change.new or change.old
            yield from _of_policy(tunnels, entries, entry, change.new)
        elif change.path == TEMPLATES:
            entry = change.new or change.old
            yield from _of_template(before, entries, root, entry, change.new)
        elif change.path == BINDINGS:
            yield from tunnels.on_interface((change.new or change.old).interface)
    yield from _inheriting(before, root)


def _of_policy(
    tunnels: TunnelIndex, entries: EntryIndex, entry: Policy, new: Policy | None
) -> Iterator[str]:
    number = entry.sequence_number
    for interface in entries.interfaces.get(entry.name, ()):
        yield from tunnels.of_rank(("interface", interface), number)
        if new is not None:
            yield from tunnels.candidates(interface, new.tunnel_selector, number)


def _of_template(
    before: Compiled, entries: EntryIndex, root: Root, entry: Template, new: Template | None
) -> Iterator[str]:
    owner = ("template", entry.name)
    yield from before.tunnels.of_rank(owner, entry.sequence_number)
    if new is None:
        return
    policies = root.ipsec_qos.policies.policy
    for key in entries.references.get(entry.name, ()):
        policy = policies.get(key)
        assert policy is not None, "a reference is taken back with its policy"
        for interface in entries.interfaces.get(policy.name, ()):
            yield from _template_candidates(before.tunnels, interface, policy, new)


def _template_candidates(
    tunnels: TunnelIndex, interface: str, policy: Policy, template: Template
) -> Iterator[str]:
    # Tunnels that the policy does not hold yet are behind the policy; those that it holds
    # through a later template of this name are behind the template.
    number = policy.sequence_number
    if is_catch_all(template.tunnel_selector):
        yield from tunnels.behind(("template", template.name), template.sequence_number)
        yield from tunnels.candidates(interface, policy.tunnel_selector, number)
    else:
        yield from tunnels.candidates(interface, template.tunnel_selector, number - 1)


def _inheriting(before: Compiled, root: Root) -> Iterator[str]:
    if before.root is None:
        return
    old, new = before.root.ipsec_qos.global_, root.ipsec_qos.global_
    if old.df_bit != new.df_bit:
        yield from before.tunnels.inheriting.get("df-bit", ())
    if old.fragmentation != new.fragmentation:
        yield from before.tunnels.inheriting.get("fragmentation", ())


class _Draft:
    """A compiled value while it changes."""

    def __init__(self, before: Compiled, root: Root, entries: EntryIndex) -> None:
        self.entries = entries
        self._root = root
        self._matching = Matching(root.ipsec_qos, entries)
        self._known = before.tunnels.tunnels
        self._tunnels = TunnelIndexDraft(before.tunnels)
        self._effective = before.effective.mutate()
        self._plan = before.plan.mutate()
        self._touched: dict[ObjectKey, None] = {}
        """Each once, in the order of the tunnels: steps follow it."""
        self._fresh: set[str] = set()
        self._reqids: set[int] = set()
        self._changed: set[str] = set()

    def take_events(self, events: Iterable[TunnelEvent]) -> None:
        """Let tunnels come, change and go."""
        latest: dict[str, Tunnel | None] = {}
        for event in events:
            match event:
                case TunnelUp(tunnel):
                    latest[tunnel.id] = tunnel
                case TunnelDown(tunnel_id):
                    latest[tunnel_id] = None
        for tunnel_id, new in latest.items():
            self._exchange(self._known.get(tunnel_id), new)

    def wait_for(self, reqids: Iterable[int]) -> None:
        """Have the tunnels stand in that static policies wait for, and no others.

        ``reqids`` are those that the changes may be about; those of tunnels that came or went are
        known here.
        """
        for reqid in {*reqids, *self._reqids}:
            name = awaited_id(reqid)
            exists = any(each != name for each in self._tunnels.of_reqid(reqid))
            new = None if exists else self.entries.awaited.tunnel(reqid, self.entries.interfaces)
            old = self._known.get(name)
            if old != new:
                self._exchange(old, new)

    def _exchange(self, old: Tunnel | None, new: Tunnel | None) -> None:
        for each in filter(None, (old, new)):
            self._fresh.add(each.id)
            if each.reqid is not None:
                self._reqids.add(each.reqid)
        if old is not None:
            self._retire(old)
        if new is not None:
            self._tunnels.add(new)
            self._compile_one(new)

    def compile(self, tunnel_ids: Iterable[str]) -> None:
        """Compile these tunnels anew, each once."""
        for tunnel_id in sorted(set(tunnel_ids) - self._fresh):
            self._compile_one(self._known[tunnel_id])

    def set_aging_time(self, features: Features) -> None:
        """Enter the global aging time as the dataplane can do it."""
        wanted = self._root.ipsec_qos.global_.fragment_aging_time
        applied = features.applied_aging_time(DEFAULT_AGING_TIME if wanted is None else wanted)
        old = self._plan.get(AGING_TIME_KEY)
        new = FragmentAgingTime(applied)
        if old != new:
            self._plan[AGING_TIME_KEY] = new
            self._touched[AGING_TIME_KEY] = None

    def finish(self) -> Recompiled:
        """Return the new value; the draft is used up."""
        compiled = Compiled(
            self._root,
            self.entries,
            self._tunnels.finish(),
            self._effective.finish(),
            self._plan.finish(),
        )
        return Recompiled(compiled, tuple(self._touched), frozenset(self._changed))

    def _compile_one(self, tunnel: Tunnel) -> None:
        new = self._matching.compile(tunnel)
        old = self._effective.get(tunnel.id)
        if new == old:
            return
        if old is not None:
            self._changed.add(tunnel.id)
            self._tunnels.unrank(tunnel, old)
            self._withdraw(old)
        self._tunnels.rank(tunnel, new)
        self._effective[tunnel.id] = new
        for key, value in new.objects:
            self._plan[key] = value
            self._touched[key] = None

    def _retire(self, tunnel: Tunnel) -> None:
        old = self._effective.pop(tunnel.id)
        self._tunnels.unrank(tunnel, old)
        self._withdraw(old)
        self._tunnels.remove(tunnel)

    def _withdraw(self, effective: Effective) -> None:
        for key, _ in effective.objects:
            del self._plan[key]
            self._touched[key] = None

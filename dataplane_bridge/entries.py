"""The configuration's entries, findable by what a tunnel or another entry knows of them.

The law: an index never changes; ``updated`` makes the next one from the change list alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import immutables

from dataplane_bridge.awaited import NOBODY, Awaited, AwaitedDraft
from dataplane_bridge.configuration import BINDINGS, POLICIES, TEMPLATES, EntryKey, Selector
from dataplane_bridge.members import exclude, include
from dataplane_bridge.selectors import SelectorDraft, SelectorIndex
from yang.changes import Change

Keys = immutables.Map[EntryKey, None]
"""A set of keys that shares structure."""


@dataclass(frozen=True, slots=True)
class EntryIndex:
    """Policies and templates by selector, and the references between entries.

    ``references``: the policies that reference the templates of a name; ``interfaces``: where a
    group is bound; ``port_selective``: policies and templates whose selector has a remote port;
    ``members``: the templates of a name; ``awaited``: the reqids that policies name.
    """

    policies: SelectorIndex = SelectorIndex()
    templates: SelectorIndex = SelectorIndex()
    references: immutables.Map[str, Keys] = immutables.Map()
    interfaces: immutables.Map[str, tuple[str, ...]] = immutables.Map()
    port_selective: immutables.Map[str, Keys] = immutables.Map()
    members: immutables.Map[str, Keys] = immutables.Map()
    awaited: Awaited = NOBODY

    def updated(self, changes: Iterable[Change]) -> "EntryIndex":
        """Return the index after the changes."""
        draft: _Draft | None = None
        for change in changes:
            if _is_found_otherwise(change):
                if draft is None:
                    draft = _Draft(self)
                draft.take(change)
        return self if draft is None else draft.finish()


EMPTY_ENTRIES = EntryIndex()


def _is_found_otherwise(change: Change) -> bool:
    """Tell whether a change is of what is indexed; most edits of an entry are of its QoS alone."""
    path, _, old, new = change
    if path not in (POLICIES, TEMPLATES, BINDINGS):
        return False
    if old is None or new is None or path == BINDINGS:
        return True
    if old.tunnel_selector is not new.tunnel_selector:
        return True
    return path == POLICIES and bool(old.template != new.template)


class _Draft:
    """An index while it changes."""

    def __init__(self, index: EntryIndex) -> None:
        self._policies = SelectorDraft(index.policies)
        self._templates = SelectorDraft(index.templates)
        self._references = index.references.mutate()
        self._interfaces = index.interfaces.mutate()
        self._port_selective = index.port_selective.mutate()
        self._members = index.members.mutate()
        self._awaited = AwaitedDraft(index.awaited)

    def take(self, change: Change) -> None:
        """Take one entry from where it was found, and put it where it is found now."""
        path, _, old, new = change
        if path == BINDINGS:
            self._bind(old, new)
            return
        entry = new or old
        name, number = entry.name, entry.sequence_number
        was = None if old is None else old.tunnel_selector
        now = None if new is None else new.tunnel_selector
        if path == POLICIES:
            self._policies.move(name, number, was, now)
            self._awaited.move(name, was, now)
            _move(self._references, (name, number), old and old.template, new and new.template)
        else:
            self._templates.move(name, number, was, now)
            _move(self._members, (name, number), old and name, new and name)
        _move(self._port_selective, (name, number), _by_port(path, was), _by_port(path, now))

    def _bind(self, old: Any, new: Any) -> None:
        interfaces = self._interfaces
        if old is not None:
            group = old.policy_group
            rest = tuple(name for name in interfaces[group] if name != old.interface)
            if rest:
                interfaces[group] = rest
            else:
                del interfaces[group]
        if new is not None:
            group = new.policy_group
            interfaces[group] = tuple(sorted({*interfaces.get(group, ()), new.interface}))

    def finish(self) -> EntryIndex:
        return EntryIndex(
            self._policies.finish(),
            self._templates.finish(),
            self._references.finish(),
            self._interfaces.finish(),
            self._port_selective.finish(),
            self._members.finish(),
            self._awaited.finish(),
        )


def _by_port(path: str, selector: Selector | None) -> str | None:
    """Return the path if an entry with this selector is only for a remote port."""
    return None if selector is None or selector.remote_port is None else path


def _move(
    index: "immutables.MapMutation[str, Keys]", key: EntryKey, old: str | None, new: str | None
) -> None:
    """Take a key out of one group of keys and put it into another one."""
    if old == new:
        return
    if old is not None:
        exclude(index, old, key)
    if new is not None:
        include(index, new, key)

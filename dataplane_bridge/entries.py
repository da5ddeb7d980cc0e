"""The configuration's entries, findable by what a tunnel or another entry knows of them.

The law: an index never changes; ``updated`` makes the next one from the change list alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import immutables

from dataplane_bridge.awaited import NOBODY, Awaited
from dataplane_bridge.configuration import BINDINGS, POLICIES, TEMPLATES, EntryKey
from dataplane_bridge.selectors import Filing, SelectorIndex
from yang.changes import Change

Keys = immutables.Map[EntryKey, None]
"""A set of keys that shares structure."""

NO_KEYS: Keys = immutables.Map()


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

    def updated(self, changes: tuple[Change, ...]) -> "EntryIndex":
        """Return the index after the changes."""
        changes = tuple(change for change in changes if _is_found_otherwise(change))
        if not changes:
            return self
        return EntryIndex(
            self.policies.updated(_filings(changes, POLICIES)),
            self.templates.updated(_filings(changes, TEMPLATES)),
            _regroup(self.references, _references(changes)),
            _rebind(self.interfaces, changes),
            _regroup(self.port_selective, _port_selective(changes)),
            _regroup(self.members, _members(changes)),
            self.awaited.updated(changes),
        )


EMPTY_ENTRIES = EntryIndex()


def _is_found_otherwise(change: Change) -> bool:
    """Tell whether a change is of what is indexed; most edits of an entry are of its QoS alone."""
    path, old, new = change.path, change.old, change.new
    if path not in (POLICIES, TEMPLATES, BINDINGS):
        return False
    if old is None or new is None or path == BINDINGS:
        return True
    if old.tunnel_selector is not new.tunnel_selector:
        return True
    return path == POLICIES and bool(old.template != new.template)


Move = tuple[EntryKey, str | None, str | None]
"""An entry's key, and the group of keys that it leaves and the one that it joins."""


def _filings(changes: Iterable[Change], path: str) -> Iterator[Filing]:
    for change in changes:
        if change.path == path:
            old, new = change.old, change.new
            entry = new or old
            yield Filing(
                entry.name,
                entry.sequence_number,
                old and old.tunnel_selector,
                new and new.tunnel_selector,
            )


def _references(changes: Iterable[Change]) -> Iterator[Move]:
    for change in changes:
        if change.path == POLICIES:
            old, new = change.old and change.old.template, change.new and change.new.template
            if old != new:
                yield _key(change), old, new


def _port_selective(changes: Iterable[Change]) -> Iterator[Move]:
    for change in changes:
        if change.path in (POLICIES, TEMPLATES):
            old, new = _has_port(change.old), _has_port(change.new)
            if old != new:
                path = change.path
                yield _key(change), path if old else None, path if new else None


def _members(changes: Iterable[Change]) -> Iterator[Move]:
    for change in changes:
        if change.path == TEMPLATES:
            yield _key(change), change.old and change.old.name, change.new and change.new.name


def _has_port(entry: Any) -> bool:
    return entry is not None and entry.tunnel_selector.remote_port is not None


def _key(change: Change) -> EntryKey:
    entry = change.new or change.old
    return entry.name, entry.sequence_number


def _regroup(index: immutables.Map[str, Keys], moves: Iterable[Move]) -> immutables.Map[str, Keys]:
    draft = index.mutate()
    for key, old, new in moves:
        if old == new:
            continue
        if old is not None:
            rest = draft[old].delete(key)
            if rest:
                draft[old] = rest
            else:
                del draft[old]
        if new is not None:
            draft[new] = draft.get(new, NO_KEYS).set(key, None)
    return draft.finish()


def _rebind(
    index: immutables.Map[str, tuple[str, ...]], changes: Iterable[Change]
) -> immutables.Map[str, tuple[str, ...]]:
    draft = index.mutate()
    for change in changes:
        if change.path != BINDINGS:
            continue
        if change.old is not None:
            group, interface = change.old.policy_group, change.old.interface
            rest = tuple(name for name in draft[group] if name != interface)
            if rest:
                draft[group] = rest
            else:
                del draft[group]
        if change.new is not None:
            group, interface = change.new.policy_group, change.new.interface
            draft[group] = tuple(sorted({*draft.get(group, ()), interface}))
    return draft.finish()

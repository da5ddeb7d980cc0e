"""The transaction ids of a configuration's nodes (draft-ietf-netconf-transaction-id, 3.2).

Versioned are the datastore, every container outside lists, and every list entry. Only what changed
since ``floor`` is noted, so that a change costs what it changes; all else has the id of ``floor``.
The containers and leafs inside an entry have the id of the entry.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

from server.datastore.instance_path import line_to
from server.datastore.likeness import is_alike
from server.datastore.store import JournalEntry
from yang.changes import ROOT, Change, Key
from yang.schema import CONTAINER, LIST, Container, DataNode, List, Schema
from yang.sorted_map import SortedMap

Keys = tuple[Key, ...]


class Txid(NamedTuple):
    """One transaction: its number, and the etag that stands for it."""

    number: int
    etag: str


NOTHING_YET = Txid(0, "0")
"""Of a datastore in which nothing has ever been committed, which is empty."""
UNKNOWN = Txid(1 << 62, "!")
"""Of what the candidate holds otherwise than running (section 3.5)."""
SPECIAL = frozenset("?!=")
"""Values that no etag has: asked for, unknown, matching."""


def txid_of(entry: JournalEntry) -> Txid:
    """Return the id of a transaction: the same after a restart, and of no other store's."""
    # The time tells it from that of the same number after an older copy of the store was restored.
    told = f"{entry.id} {entry.time} {entry.user} {entry.session_id} {entry.operation}"
    return Txid(entry.id, f"{entry.id}-{blake2b(told.encode(), digest_size=6).hexdigest()}")


@dataclass(frozen=True, slots=True, eq=False)
class Txids:
    """Which transaction changed what last."""

    schema: Schema
    root: Any
    newest: Txid
    floor: Txid
    containers: Mapping[str, Txid]
    """By schema path."""
    entries: Mapping[str, SortedMap[Keys, Txid]]
    """By the schema path of the list, and the keys of all lists on the way."""

    @classmethod
    def since(cls, schema: Schema, root: Any, floor: Txid) -> "Txids":
        """Return the ids of a root of which nothing is known but that it has not changed since."""
        return cls(schema, root, floor, floor, {}, {})

    def of_container(self, path: str) -> Txid:
        """Return the id of a container outside lists."""
        return self.containers.get(path, self.floor)

    def of_entry(self, path: str, keys: Keys) -> Txid:
        """Return the id of a list entry."""
        held = self.entries.get(path)
        found = None if held is None else held.get(keys)
        return self.floor if found is None else found

    def nearest(self, line: Sequence[DataNode], keys: Sequence[Key]) -> Txid:
        """Return the id of a node, or of what is versioned nearest above it and is there."""
        value, found, passed = self.root, self.newest, 0
        for node in line:
            value = value[node.at.slot]
            if node.kind == LIST:
                value = value.get(keys[passed])
                passed += 1
            if value is None or node.kind not in (CONTAINER, LIST):
                break
            if node.kind == LIST:
                found = self.of_entry(node.at.path, tuple(keys[:passed]))
            elif not passed:
                found = self.of_container(node.at.path)
        return found

    def after(self, changes: Iterable[Change], root: Any, txid: Txid) -> "Txids":
        """Return the ids after a transaction."""
        containers: set[str] = set()
        entries: dict[str, dict[Keys, bool]] = {}
        for change in changes:
            if change.path == ROOT:
                containers.update(changed_containers(self.schema.root, change.old, change.new))
                continue
            noted = entries.setdefault(change.path, {})
            node = self.schema.by_path[change.path]
            if not has_only_moved(node, change.old, change.new):
                noted[change.keys] = change.new is not None
        return self.noting(containers, entries, root, txid)

    def noting(
        self,
        containers: Iterable[str],
        entries: Mapping[str, Mapping[Keys, bool]],
        root: Any,
        txid: Txid,
    ) -> "Txids":
        """Return the ids with a transaction noted that changed these; ``False``: it is gone.

        A list without keys has its entries in another order.
        """
        noted = {**self.containers, **dict.fromkeys(containers, txid)}
        held = dict(self.entries)
        for path, changed in entries.items():
            held[path] = _noted(held.get(path), changed, txid)
            noted.update(dict.fromkeys(containers_above(self.schema, path), txid))
        return Txids(self.schema, root, txid, self.floor, noted, held)


def containers_above(schema: Schema, path: str) -> Iterator[str]:
    """Yield the schema paths of the containers around a node that are outside lists."""
    for node in line_to(schema.by_path[path]):
        if node.kind != CONTAINER:
            return
        yield node.at.path


def changed_containers(node: Container, old: Any, new: Any) -> list[str]:
    """Return the paths of the containers that differ in anything outside lists, however deep.

    What is in lists has a change record of its own.
    """
    found: list[str] = []
    _changed(node, node.empty if old is None else old, node.empty if new is None else new, found)
    return found


def _changed(node: Container, old: Any, new: Any, found: list[str]) -> bool:
    differs = False
    for child, before, after in zip(node.slots, old, new, strict=True):
        if before is after or child.kind == LIST:
            continue
        if isinstance(child, Container):
            appeared = (before is None) is not (after is None)
            was = child.empty if before is None else before
            is_now = child.empty if after is None else after
            if _changed(child, was, is_now, found) or appeared:
                if appeared and child.at.path not in found:
                    found.append(child.at.path)
                differs = True
        else:
            differs = differs or not is_alike(before, after)
    if differs and node.at.path:
        found.append(node.at.path)
    return differs


def has_only_moved(node: DataNode, old: Any, new: Any) -> bool:
    """Tell whether an entry is as it was, in another place: that changes what is around it."""
    return isinstance(node, List) and node.user_ordered and is_alike(old, new)


def _noted(
    held: SortedMap[Keys, Txid] | None, changed: Mapping[Keys, bool], txid: Txid
) -> SortedMap[Keys, Txid]:
    made: SortedMap[Keys, Txid] = SortedMap() if held is None else held
    gone = {keys for keys, is_there in changed.items() if not is_there and keys in made}
    if len(gone) * 4 > len(made):
        made = SortedMap.build(item for item in made.items() if item[0] not in gone)
    else:
        for keys in gone:
            made = made.remove(keys)
    return made.update((keys, txid) for keys, is_there in changed.items() if is_there)

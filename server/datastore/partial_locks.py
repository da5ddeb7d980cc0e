"""Partial locks of running (RFC 5717): nodes that only one session may change.

The law: a lock is on the nodes that its expressions selected when it was asked for, and on all that
is in them, now and later. Whether a change touches one is found out from the change list, at the
cost of what is changed; where nobody holds a lock it costs nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from server.datastore.instance_path import line_to
from server.datastore.locks import Lock
from server.datastore.merge import is_same
from server.datastore.way import Way, literal
from server.errors import RpcError, invalid_value, lock_denied, raise_all, resource_denied
from server.sessions import NetconfSession
from yang.changes import ROOT, Change, Key
from yang.scalars import canonical
from yang.schema import LEAF_LIST, LIST, Schema

Place = tuple[str, tuple[Key, ...]]
"""A node of the datastore: its schema path and the keys of the entries on the way, its own last.

One value of a leaf-list counts as an entry whose key is its text.
"""

MAX_LOCK_ID = 4_294_967_295
MOST_TOLD = 16
"""Locked nodes that the refusal of one change names."""


@dataclass(frozen=True, slots=True)
class PartialLockLimits:
    """How much may be locked at the same time."""

    locks: int = 1024
    """Partial locks of all sessions."""
    nodes: int = 10_000
    """Nodes that they select, in all."""


@dataclass(frozen=True, slots=True)
class LockedNode:
    """A node that was selected; ``value`` is the text where it is one value of a leaf-list."""

    way: Way
    value: str | None = None

    @property
    def identifier(self) -> str:
        """Its instance-identifier, as RFC 7951 writes it."""
        value = "" if self.value is None else f"[.={literal(self.value)}]"
        return self.way.identifier + value

    @property
    def places(self) -> list[Place]:
        """The nodes around it from the top down, and itself."""
        found = [each for each in self.way.places if each != ROOT]
        if self.value is not None:
            path, keys = found[-1]
            found.append((path, (*keys, (self.value,))))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class PartialLock:
    """A lock: whose it is, since when, what was asked for and what that selected."""

    id: int
    session: NetconfSession
    since: datetime
    selects: tuple[str, ...]
    nodes: tuple[LockedNode, ...]

    def __str__(self) -> str:
        return f"the partial lock {self.id} of {Lock(self.session, self.since)}"


class PartialLocks:
    """All partial locks; changed and asked by one at a time."""

    def __init__(
        self, schema: Schema, clock: Callable[[], datetime], limits: PartialLockLimits
    ) -> None:
        self._schema = schema
        self._clock = clock
        self._limits = limits
        self._locks: dict[int, PartialLock] = {}
        self._last_id = 0
        self._at: dict[Place, dict[PartialLock, LockedNode]] = {}
        """What is locked itself; several locks of one session may be on one node."""
        self._around: dict[Place, set[PartialLock]] = {}
        """What has something locked in it."""
        self._inside: dict[Place, dict[LockedNode, PartialLock]] = {}
        """What is locked in an entry, or outside lists, but not in an entry further in."""

    def __iter__(self) -> Iterator[PartialLock]:
        return iter(tuple(self._locks.values()))

    def take(
        self, session: NetconfSession, selects: Sequence[str], nodes: Sequence[LockedNode]
    ) -> PartialLock:
        """Lock these nodes; lock-denied names who has one of them."""
        nodes = tuple(dict.fromkeys(nodes))
        self.refuse_too_many(len(nodes))
        for node in nodes:
            held = next(self._others(self._overlapping(node), session), None)
            if held is not None:
                raise _denied(held, node)
        lock = PartialLock(self._next_id(), session, self._clock(), tuple(selects), nodes)
        self._locks[lock.id] = lock
        for node in nodes:
            *around, own = node.places
            self._at.setdefault(own, {})[lock] = node
            for place in around:
                self._around.setdefault(place, set()).add(lock)
            self._inside.setdefault(_entry_of(node), {})[node] = lock
        return lock

    def give_back(self, lock_id: int, session: NetconfSession) -> None:
        """Release a lock of this session; invalid-value for any other."""
        lock = self._locks.get(lock_id)
        if lock is None or lock.session is not session:
            whose = "there is no such partial lock" if lock is None else f"that is {lock}"
            error = invalid_value(f"<lock-id> {lock_id} is none of this session: {whose}")
            error.info = (("bad-element", "lock-id"),)
            raise error
        self._drop(lock)

    def release(self, session: NetconfSession) -> None:
        """Release all locks of a session that ends."""
        for lock in self:
            if lock.session is session:
                self._drop(lock)

    def refuse_any(self) -> None:
        """Raise lock-denied if any is held: all of running cannot be locked then."""
        for lock in self:
            raise lock_denied(lock.session.id, f"{lock} is held on a part of running")

    def refuse_changes(self, session: NetconfSession, changes: Sequence[Change]) -> None:
        """Raise in-use for what others have locked of what is changed."""
        if not self._locks:
            return
        others = dict.fromkeys(hit for each in changes for hit in self._touched(each, session))
        raise_all(_refused(node, lock) for node, lock in islice(others, MOST_TOLD))

    def refuse_too_many(self, more: int) -> None:
        """Raise resource-denied if there is no room for one more lock, on so many nodes."""
        held = sum(len(lock.nodes) for lock in self)
        for count, most, what, setting in (
            (len(self._locks) + 1, self._limits.locks, "partial locks", "partial_locks"),
            (held + more, self._limits.nodes, "locked nodes", "partial_lock_nodes"),
        ):
            if count > most:
                raise resource_denied(
                    f"there would be {count} {what}, the limit is {most} ({setting}); release"
                    " others, or select the nodes around what is wanted"
                )

    # ---- what a change touches

    def _touched(
        self, change: Change, session: NetconfSession
    ) -> Iterator[tuple[LockedNode, PartialLock]]:
        """Yield what others have locked of what a change changes."""
        if change.path != ROOT:
            for place in _places(self._schema, change):
                for lock, node in self._at.get(place, {}).items():
                    if lock.session is not session:
                        yield node, lock
        for node, lock in self._inside.get((change.path, change.keys), {}).items():
            if lock.session is not session and _is_changed(node, change):
                yield node, lock

    def _overlapping(self, node: LockedNode) -> Iterator[PartialLock]:
        places = node.places
        for place in places:
            yield from self._at.get(place, {})
        yield from self._around.get(places[-1], ())

    def _others(
        self, locks: Iterable[PartialLock], session: NetconfSession
    ) -> Iterator[PartialLock]:
        return (lock for lock in locks if lock.session is not session)

    # ---- keeping

    def _next_id(self) -> int:
        self._last_id = self._last_id % MAX_LOCK_ID + 1
        while self._last_id in self._locks:
            self._last_id = self._last_id % MAX_LOCK_ID + 1
        return self._last_id

    def _drop(self, lock: PartialLock) -> None:
        del self._locks[lock.id]
        for node in lock.nodes:
            *around, own = node.places
            inside = self._inside[_entry_of(node)]
            del self._at[own][lock]
            if self._at[own]:
                inside[node] = next(iter(self._at[own]))  # Another lock of the session.
            else:
                del self._at[own], inside[node]
            if not inside:
                del self._inside[_entry_of(node)]
            for place in around:
                self._leave(place, lock)

    def _leave(self, place: Place, lock: PartialLock) -> None:
        """Forget that a lock has something in a place; it may have had several there."""
        locks = self._around.get(place, set())
        locks.discard(lock)
        if not locks:
            self._around.pop(place, None)


def _entry_of(node: LockedNode) -> Place:
    """Return the entry that a locked node is in, or is; the root where that is none."""
    depth = 0
    path = ROOT
    for each in node.way.nodes:
        if each.kind == LIST:
            depth, path = depth + 1, each.at.path
    return path, node.way.keys[:depth]


def _places(schema: Schema, change: Change) -> Iterator[Place]:
    """Yield the nodes on the way down to a changed entry, itself at the end."""
    depth = 0
    for node in line_to(schema.by_path[change.path]):
        depth += node.kind == LIST
        yield node.at.path, change.keys[:depth]


def _is_changed(node: LockedNode, change: Change) -> bool:
    """Tell whether a node in an entry is not the same before and after a change of the entry."""
    line = list(node.way.nodes)
    inner = line[next((at for at in range(len(line), 0, -1) if line[at - 1].kind == LIST), 0) :]
    if not inner:
        return False  # It is the entry itself.
    old, new = (_value(value, inner) for value in (change.old, change.new))
    if node.value is not None:
        return _holds(old, node.value) is not _holds(new, node.value)
    last = inner[-1]
    return not (old == new if last.kind == LEAF_LIST else is_same(last, old, new))


def _value(value: Any, line: Sequence[Any]) -> Any:
    for node in line:
        if value is None:
            return None
        value = value[node.at.slot]
    return value


def _holds(values: Any, text: str) -> bool:
    return any(canonical(each) == text for each in values or ())


def _refused(node: LockedNode, lock: PartialLock) -> RpcError:
    path = node.way.path
    if node.value is not None:
        path.add_value(node.value)
    return RpcError(
        "in-use",
        f"{node.way.nodes[-1].name} is locked by {lock}",
        kind="protocol",
        app_tag="locked",
        path=path.text,
        namespaces=path.namespaces,
        info=(("session-id", str(lock.session.id)),),
    )


def _denied(lock: PartialLock, node: LockedNode) -> RpcError:
    return lock_denied(lock.session.id, f"{node.way.path.text} is locked by {lock}")

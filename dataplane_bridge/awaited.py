"""The tunnels that static policies wait for: named by their reqid, and not up yet.

What a policy with a reqid asks for is put into the dataplane before the tunnel is up, so that no
packet of it goes unlimited. Until then a tunnel that is only awaited stands in for it.

The law: where a tunnel of that reqid exists, on whatever interface, none is awaited.
"""

from collections.abc import Iterable, Iterator

import immutables

from dataplane_bridge.configuration import BINDINGS, POLICIES, Selector
from dataplane_bridge.tunnels import Tunnel
from yang.changes import Change

Counts = immutables.Map[int, int]
Groups = immutables.Map[str, int]


class Awaited(tuple[immutables.Map[str, Counts], immutables.Map[int, Groups]]):
    """How many policies of each group name each reqid, and the same the other way round."""

    __slots__ = ()

    @property
    def reqids(self) -> immutables.Map[str, Counts]:
        """Reqids by group."""
        return self[0]

    @property
    def groups(self) -> immutables.Map[int, Groups]:
        """Groups by reqid."""
        return self[1]

    def touched(self, after: "Awaited", changes: Iterable[Change]) -> Iterator[int]:
        """Yield the reqids that the changes, which lead to ``after``, may be about."""
        if not self.reqids and not after.reqids:
            return
        for path, _, old, new in changes:
            if path not in (POLICIES, BINDINGS):
                continue
            for entry in (old, new):
                if entry is None:
                    continue
                if path == POLICIES:
                    yield from entry.tunnel_selector.reqid
                else:
                    yield from self.reqids.get(entry.policy_group, ())
                    yield from after.reqids.get(entry.policy_group, ())

    def tunnel(self, reqid: int, interfaces: immutables.Map[str, tuple[str, ...]]) -> Tunnel | None:
        """Return the tunnel to wait for, given where groups are bound, or ``None``."""
        bound = [name for group in self.groups.get(reqid, ()) for name in interfaces.get(group, ())]
        if not bound:
            return None
        return Tunnel(awaited_id(reqid), min(bound), reqid=reqid, mpls="both", is_awaited=True)


class AwaitedDraft:
    """The same while it changes."""

    def __init__(self, awaited: Awaited) -> None:
        self._reqids, self._groups = awaited

    def move(self, group: str, old: Selector | None, new: Selector | None) -> None:
        """Let a policy of a group name the reqids of a new selector instead of an old one's."""
        if old is not None and old.reqid:
            self._count(group, old.reqid, -1)
        if new is not None and new.reqid:
            self._count(group, new.reqid, 1)

    def _count(self, group: str, reqids: Iterable[int], by: int) -> None:
        for reqid in reqids:
            self._reqids = _counted(self._reqids, group, reqid, by)
            self._groups = _counted(self._groups, reqid, group, by)

    def finish(self) -> Awaited:
        """Return what it has become."""
        return Awaited((self._reqids, self._groups))


NOBODY = Awaited((immutables.Map(), immutables.Map()))


def awaited_id(reqid: int) -> str:
    """Return the id of the tunnel that stands in for the one with this reqid."""
    return f"(reqid {reqid}, not up)"


def _counted(index: immutables.Map, first: object, second: object, by: int) -> immutables.Map:  # type: ignore[type-arg]
    inner = index.get(first, immutables.Map())
    count = inner.get(second, 0) + by
    inner = inner.set(second, count) if count else inner.delete(second)
    return index.set(first, inner) if inner else index.delete(first)

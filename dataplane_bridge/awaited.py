"""The tunnels that static policies wait for: named by their reqid, and not up yet.

What a policy with a reqid asks for is put into the dataplane before the tunnel is up, so that no
packet of it goes unlimited. Until then a tunnel that is only awaited stands in for it.

The law: where a tunnel of that reqid exists, on whatever interface, none is awaited.
"""

from collections.abc import Iterable, Iterator

import immutables

from dataplane_bridge.configuration import BINDINGS, POLICIES
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

    def updated(self, changes: Iterable[Change]) -> "Awaited":
        """Return the index after the changes."""
        reqids, groups = self
        for change in changes:
            if change.path == POLICIES:
                for entry, by in ((change.old, -1), (change.new, 1)):
                    for reqid in () if entry is None else entry.tunnel_selector.reqid:
                        reqids = _counted(reqids, entry.name, reqid, by)
                        groups = _counted(groups, reqid, entry.name, by)
        return Awaited((reqids, groups))

    def touched(self, after: "Awaited", changes: Iterable[Change]) -> Iterator[int]:
        """Yield the reqids that the changes, which lead to ``after``, may be about."""
        for change in changes:
            for entry in filter(None, (change.old, change.new)):
                if change.path == POLICIES:
                    yield from entry.tunnel_selector.reqid
                elif change.path == BINDINGS:
                    yield from self.reqids.get(entry.policy_group, ())
                    yield from after.reqids.get(entry.policy_group, ())

    def tunnel(self, reqid: int, interfaces: immutables.Map[str, tuple[str, ...]]) -> Tunnel | None:
        """Return the tunnel to wait for, given where groups are bound, or ``None``."""
        bound = [name for group in self.groups.get(reqid, ()) for name in interfaces.get(group, ())]
        if not bound:
            return None
        return Tunnel(awaited_id(reqid), min(bound), reqid=reqid, mpls="both", is_awaited=True)


NOBODY = Awaited((immutables.Map(), immutables.Map()))


def awaited_id(reqid: int) -> str:
    """Return the id of the tunnel that stands in for the one with this reqid."""
    return f"(reqid {reqid}, not up)"


def _counted(index: immutables.Map, first: object, second: object, by: int) -> immutables.Map:  # type: ignore[type-arg]
    inner = index.get(first, immutables.Map())
    count = inner.get(second, 0) + by
    inner = inner.set(second, count) if count else inner.delete(second)
    return index.set(first, inner) if inner else index.delete(first)

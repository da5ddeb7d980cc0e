"""Our routes: a routing table of our own, in front of the others, with the MTU of each tunnel.

A route into the tunnel's device with a locked MTU makes the kernel fragment before it encrypts; a
route without one, or none, and it fragments what is encrypted.

The law: routes are only made, seen and removed in our own table, by our own protocol number.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pyroute2 import IPRoute
from pyroute2.netlink.exceptions import NetlinkError

from dataplane_bridge.driver import DataplaneFailed
from dataplane_bridge.linux.rtnetlink import PROTOCOL, Route, Routes, RouteSocket
from dataplane_bridge.linux.sockets import FAMILIES


class RouteTable:
    """Our routing table in this namespace, and the rule that puts it in front of the others."""

    def __init__(self, netlink: IPRoute, number: int, priority: int) -> None:
        self._netlink = netlink
        self._routes = RouteSocket()
        self._number = number
        self._priority = priority

    @property
    def port(self) -> int:
        """Tells messages about our own changes from those about others'."""
        return self._routes.port

    def close(self) -> None:
        """Let go of the socket; the routes stay."""
        self._routes.close()

    def read(self) -> Routes:
        """Return our routes."""
        found: Routes = {}
        for version in FAMILIES:
            found.update(self._routes.read(self._number, version))
        return found

    def versions(self) -> frozenset[int]:
        """Return the IP versions whose rule is there, without which no route of ours acts."""
        return frozenset(version for version, family in FAMILIES.items() if self._rules(family))

    def change(self, before: Mapping[str, Route], after: Mapping[str, Route]) -> None:
        """Make the routes of ``after`` of those of ``before``; raise ``DataplaneFailed``."""
        gone = [prefix for prefix in before if prefix not in after]
        new = [(prefix, route) for prefix, route in after.items() if before.get(prefix) != route]
        self._routes.change(self._number, gone, new)

    def keep_rules(self, versions: Iterable[int]) -> None:
        """Have a rule for each of these IP versions, and none for the other."""
        wanted = set(versions)
        try:
            for version, family in FAMILIES.items():
                there = self._rules(family)
                if version in wanted and not there:
                    self._rule("add", family)
                elif version not in wanted and there:
                    self._rule("del", family)
        except NetlinkError as error:
            raise DataplaneFailed(f"A rule could not be changed: {error.args[-1]}.") from error

    def _rule(self, verb: str, family: int) -> None:
        self._netlink.rule(
            verb,
            family=family,
            table=self._number,
            priority=self._priority,
            protocol=PROTOCOL,
        )

    def _rules(self, family: int) -> list[Any]:
        return [
            message
            for message in self._netlink.get_rules(family=family)
            if message.get_attr("FRA_TABLE") == self._number
            and message.get_attr("FRA_PRIORITY") == self._priority
        ]

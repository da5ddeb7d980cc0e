"""Our routes: a routing table of our own, in front of the others, with the MTU of each tunnel.

A route into the tunnel's device with a locked MTU makes the kernel fragment before it encrypts; no
such route, and it fragments what is encrypted.

The law: routes are only made and removed in our own table, and by our own protocol number.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pyroute2 import IPRoute
from pyroute2.netlink.exceptions import NetlinkError

from dataplane_bridge.driver import DataplaneFailed

PROTOCOL = 145
_LOCK_MTU = 1 << 2  # RTAX_MTU, linux/rtnetlink.h
_ANY_SCOPE = 255
_LINK_SCOPE = 253
_FAMILIES = {4: 2, 6: 10}


class Route(NamedTuple):
    """The device that a prefix leaves by, and the MTU that is locked."""

    device: int
    mtu: int


Routes = dict[str, Route]
"""Routes by prefix."""


class RouteTable:
    """Our routing table in this namespace."""

    def __init__(self, number: int, priority: int) -> None:
        self._netlink = IPRoute()
        self._number = number
        self._priority = priority

    def close(self) -> None:
        """Let go of netlink; the routes stay."""
        self._netlink.close()

    def read(self) -> Routes:
        """Return the routes of our table, those of others in it too; none without the rule."""
        found: Routes = {}
        for version, family in _FAMILIES.items():
            if not self._rules(family):
                continue
            for message in self._netlink.get_routes(family=family, table=self._number):
                found[_prefix(message, version)] = _route(message)
        return found

    def change(self, before: Mapping[str, Route], after: Mapping[str, Route]) -> None:
        """Make the routes of ``after`` of those of ``before``; raise ``DataplaneFailed``."""
        try:
            for prefix in before.keys() - after.keys():
                self._netlink.route("del", dst=prefix, table=self._number, scope=_ANY_SCOPE)
            for prefix, route in after.items():
                if before.get(prefix) != route:
                    self._replace(prefix, route)
            self._keep_rules(after)
        except NetlinkError as error:
            raise DataplaneFailed(f"A route could not be changed: {error}.") from error

    def devices(self) -> dict[str, "Device"]:
        """Return the network devices by name."""
        return devices_of(self._netlink)

    def _replace(self, prefix: str, route: Route) -> None:
        self._netlink.route(
            "replace",
            dst=prefix,
            oif=route.device,
            table=self._number,
            proto=PROTOCOL,
            scope=_LINK_SCOPE if "." in prefix else 0,
            metrics={"mtu": route.mtu, "lock": _LOCK_MTU},
        )

    def _keep_rules(self, routes: Iterable[str]) -> None:
        """Have a rule for each IP version that has routes, and none for the other."""
        versions = {6 if ":" in prefix else 4 for prefix in routes}
        for version, family in _FAMILIES.items():
            there = self._rules(family)
            if version in versions and not there:
                self._rule("add", family)
            elif version not in versions and there:
                self._rule("del", family)

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


class Device(NamedTuple):
    """A network device; ``if_id`` of an xfrm interface."""

    number: int
    name: str
    mtu: int
    if_id: int | None


def devices_of(netlink: IPRoute) -> dict[str, Device]:
    """Return the network devices by name."""
    return {device.name: device for device in map(_device, netlink.get_links())}


def addresses_of(netlink: IPRoute) -> dict[str, int]:
    """Return the number of the device that has each address of this machine."""
    return {
        message.get_attr("IFA_LOCAL") or message.get_attr("IFA_ADDRESS"): message["index"]
        for message in netlink.get_addr()
    }


def _device(message: Any) -> Device:
    details = message.get_attr("IFLA_LINKINFO")
    if_id = None
    if details is not None and details.get_attr("IFLA_INFO_KIND") == "xfrm":
        data = details.get_attr("IFLA_INFO_DATA")
        if_id = _if_id(data)
    return Device(
        message["index"], message.get_attr("IFLA_IFNAME"), message.get_attr("IFLA_MTU"), if_id
    )


def _if_id(data: Any) -> int | None:
    """Return IFLA_XFRM_IF_ID (2): pyroute2 may not know the attributes of this kind."""
    if data is None:
        return None
    if hasattr(data, "get_attr"):
        value = data.get_attr("IFLA_XFRM_IF_ID")
        return None if value is None else int(value)
    return _attribute(bytes.fromhex(data.replace(":", "")), 2)


def _attribute(data: bytes, wanted: int) -> int | None:
    while len(data) >= 4:
        length, kind = int.from_bytes(data[:2], "little"), int.from_bytes(data[2:4], "little")
        if kind == wanted:
            return int.from_bytes(data[4:8], "little")
        data = data[max(4, (length + 3) & ~3) :]
    return None


def _prefix(message: Any, version: int) -> str:
    anything = "0.0.0.0" if version == 4 else "::"
    return f"{message.get_attr('RTA_DST') or anything}/{message['dst_len']}"


def _route(message: Any) -> Route:
    metrics = message.get_attr("RTA_METRICS")
    mtu = 0
    if metrics is not None and (metrics.get_attr("RTAX_LOCK") or 0) & _LOCK_MTU:
        mtu = metrics.get_attr("RTAX_MTU") or 0
    return Route(message.get_attr("RTA_OIF") or 0, mtu)

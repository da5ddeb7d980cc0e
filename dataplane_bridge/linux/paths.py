"""By which device the packets of a tunnel go to be encrypted, and the routes that need.

Theory of operation: each tunnel claims its remote prefixes, with the MTU that is locked for it or
without one. Where several claim a prefix, the smallest locked MTU holds, since a route knows
only where a packet goes. What the kernel has is remembered, so that a change costs what it
changes.

The law: a route that would draw the tunnel's own IPsec packets into the tunnel is never made.
"""

from collections.abc import Iterable, Mapping

from pyroute2 import IPRoute

from dataplane_bridge.linux.devices import (
    Device,
    devices_of,
    install_tunnel_device,
    remove_tunnel_device,
)
from dataplane_bridge.linux.routes import RouteTable
from dataplane_bridge.linux.rtnetlink import Route, Routes
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.linux.sizes import IPV6_MINIMUM_MTU
from dataplane_bridge.prefixes import host_prefix, parse_prefix
from dataplane_bridge.tunnels import Tunnel


class Paths:
    """The tunnel devices and our routes of this namespace."""

    def __init__(self, settings: LinuxSettings) -> None:
        self._settings = settings
        self._netlink = IPRoute()
        self._table = RouteTable(self._netlink, settings.route_table, settings.rule_priority)
        self._devices: dict[str, Device] = {}
        self._by_if_id: dict[int | None, Device] = {}
        self._is_looked_at = False
        """Whether the devices were read since ``look_again``."""
        self._claims: dict[str, dict[str, int]] = {}
        self._prefixes: dict[str, tuple[str, ...]] = {}
        self._devices_of: dict[str, str] = {}
        self._made: Routes = {}
        self._versions: frozenset[int] = frozenset()

    @property
    def port(self) -> int:
        """Tells messages about our own changes of routes from those about others'."""
        return self._table.port

    @property
    def devices(self) -> Mapping[str, Device]:
        """The network devices by name, as they were last seen."""
        return self._devices

    def close(self) -> None:
        """Let go of netlink; device and routes stay."""
        self._table.close()
        self._netlink.close()

    def refusal(self, tunnel: Tunnel) -> str | None:
        """Return why packets cannot be fragmented before encryption here, or ``None``."""
        if self._device(tunnel) is None:
            if self._settings.mode == "selector":
                return f"there is no interface {self._settings.tunnel_interface}"
            return (
                "the tunnel goes by no xfrm interface; set if_id_in and if_id_out of its connection"
                " to the setting if-id of this server"
            )
        looping = self._looping(tunnel)
        if looping is not None:
            return f"a route to {looping} would draw the tunnel's own packets into the tunnel"
        return None

    def claim(self, tunnel: Tunnel, mtu: int) -> set[str]:
        """Let a tunnel claim its prefixes with that locked MTU (0: none); return those touched.

        Without a locked MTU a claim is only made where the tunnel goes by our own device.
        """
        device = self._device(tunnel)
        is_ours = tunnel.if_id is not None and tunnel.if_id == self._settings.if_id
        if device is None or not (mtu or is_ours) or self._looping(tunnel) is not None:
            return self.forget(tunnel.id)
        prefixes = self._prefixes_of(tunnel)
        touched = set(prefixes)
        if self._prefixes.get(tunnel.id, prefixes) != prefixes:
            touched |= self.forget(tunnel.id)
        self._prefixes[tunnel.id] = prefixes
        # By name: a device that is made anew, as by a restart of charon, has another number.
        self._devices_of[tunnel.id] = device.name
        for prefix in prefixes:
            self._claims.setdefault(prefix, {})[tunnel.id] = mtu
        return touched

    def forget(self, tunnel_id: str) -> set[str]:
        """Take back what a tunnel claimed; return the prefixes touched."""
        prefixes = self._prefixes.pop(tunnel_id, ())
        self._devices_of.pop(tunnel_id, None)
        for prefix in prefixes:
            claims = self._claims[prefix]
            del claims[tunnel_id]
            if not claims:
                del self._claims[prefix]
        return set(prefixes)

    def write(self, prefixes: Iterable[str]) -> None:
        """Make the routes to these prefixes what the claims ask for."""
        touched = set(prefixes)
        wanted = self._routes(touched & self._claims.keys())
        there = {prefix: self._made[prefix] for prefix in touched if prefix in self._made}
        self._table.change(there, wanted)
        for prefix in touched:
            self._made.pop(prefix, None)
        self._made.update(wanted)
        self._keep_rules()

    def restore(self) -> None:
        """Make the device and all routes what they should be, from what the kernel has."""
        self.install()
        self._read()
        self.write({*self._claims, *self._made})

    def install(self) -> None:
        """Make our own tunnel device unless it is there, or none is configured."""
        if self._settings.if_id is not None:
            install_tunnel_device(
                self._netlink, self._settings.xfrm_interface, self._settings.if_id
            )
        self._look()

    def look_again(self) -> None:
        """A device may have come: read them once more, if one is missed."""
        self._is_looked_at = False

    def read_back(self) -> bool:
        """Believe what the kernel has, and tell whether that is what should be."""
        self._look()
        self._read()
        return self.is_as_claimed()

    def is_as_claimed(self) -> bool:
        """Tell whether what the kernel was last seen to have is what should be."""
        wanted = self._routes(self._claims)
        return self._made == wanted and self._versions == _versions(wanted) and self._has_device()

    def holds(self, tunnel: Tunnel) -> int:
        """Return the locked MTU that a tunnel claims and the kernel has, or 0.

        Of a tunnel that claims nothing yet: what the kernel has for all of its prefixes.
        """
        prefixes = self._prefixes.get(tunnel.id)
        if prefixes is not None:
            wanted = self._routes(prefixes)
            held = all(prefix in wanted for prefix in prefixes) and all(
                self._made.get(prefix) == route for prefix, route in wanted.items()
            )
            held = held and _versions(prefixes) <= self._versions
            return self._claims[prefixes[0]][tunnel.id] if held else 0
        device = self._device(tunnel)
        routes = {prefix: self._made.get(prefix) for prefix in self._prefixes_of(tunnel)}
        mtu = min((route.mtu for route in routes.values() if route is not None), default=0)
        if device is None or not _versions(routes) <= self._versions:
            return 0
        held = all(
            route == Route(device.number, _locked(prefix, mtu)) for prefix, route in routes.items()
        )
        return mtu if held else 0

    def remove_all(self) -> None:
        """Take our routes, rules and device out of the kernel."""
        self._table.change(self._table.read(), {})
        self._table.keep_rules(())
        self._made, self._versions = {}, frozenset()
        remove_tunnel_device(self._netlink, self._settings.xfrm_interface)

    def _read(self) -> None:
        self._made, self._versions = self._table.read(), self._table.versions()

    def _keep_rules(self) -> None:
        versions = _versions(self._made)
        if versions != self._versions:
            self._table.keep_rules(versions)
            self._versions = versions

    def _routes(self, prefixes: Iterable[str]) -> Routes:
        """Return the routes to claimed prefixes whose device is there."""
        found: Routes = {}
        for prefix in prefixes:
            claims = self._claims[prefix]
            device = self._devices.get(self._devices_of[min(claims)])
            if device is not None:
                locked = [mtu for mtu in claims.values() if mtu]
                found[prefix] = Route(device.number, _locked(prefix, min(locked, default=0)))
        return found

    def _has_device(self) -> bool:
        ours = self._devices.get(self._settings.xfrm_interface)
        return self._settings.if_id is None or (ours is not None and ours.is_up)

    def _looping(self, tunnel: Tunnel) -> str | None:
        peer = host_prefix(tunnel.remote_address)
        for prefix in self._prefixes_of(tunnel):
            if peer.within(parse_prefix(prefix)):
                return prefix
        return None

    def _prefixes_of(self, tunnel: Tunnel) -> tuple[str, ...]:
        return tunnel.remote_prefixes or ("0.0.0.0/0", "::/0")

    def _device(self, tunnel: Tunnel) -> Device | None:
        found = self._find(tunnel)
        if found is None and not self._is_looked_at:
            self._look()
            found = self._find(tunnel)
        return found

    def _look(self) -> None:
        self._devices = devices_of(self._netlink)
        self._by_if_id = {each.if_id: each for each in self._devices.values()}
        self._is_looked_at = True

    def _find(self, tunnel: Tunnel) -> Device | None:
        if self._settings.mode == "selector":
            return self._devices.get(self._settings.tunnel_interface)
        if not tunnel.if_id:
            return None
        return self._by_if_id.get(tunnel.if_id)


def _versions(prefixes: Iterable[str]) -> frozenset[int]:
    """Return the IP versions of prefixes."""
    return frozenset(6 if ":" in prefix else 4 for prefix in prefixes)


def _locked(prefix: str, mtu: int) -> int:
    """Return the MTU to lock: what every link of IPv6 carries is carried (RFC 8200, section 5)."""
    return max(mtu, IPV6_MINIMUM_MTU) if mtu and ":" in prefix else mtu

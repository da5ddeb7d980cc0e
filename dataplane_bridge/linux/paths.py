"""By which device the packets of a tunnel go to be encrypted, and the routes that need.

The law: a route that would draw the tunnel's own IPsec packets into the tunnel is never made.
"""

from dataplane_bridge.linux.routes import Device, Route, Routes, RouteTable
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.prefixes import host_prefix, parse_prefix
from dataplane_bridge.tunnels import Tunnel


class Paths:
    """The devices of this namespace, as the tunnels use them."""

    def __init__(self, settings: LinuxSettings, routes: RouteTable) -> None:
        self._settings = settings
        self._routes = routes
        self._devices: dict[str, Device] = {}

    def refusal(self, tunnel: Tunnel) -> str | None:
        """Return why packets cannot be fragmented before encryption here, or ``None``."""
        if self._device(tunnel) is None:
            if self._settings.mode == "selector":
                return f"there is no interface {self._settings.tunnel_interface}"
            return (
                "the tunnel goes by no xfrm interface: give its connection an if_id and make an"
                " interface of that if_id"
            )
        peer = host_prefix(tunnel.remote_address)
        for prefix in self.prefixes(tunnel):
            if peer.within(parse_prefix(prefix)):
                return f"a route to {prefix} would draw the tunnel's own packets into the tunnel"
        return None

    def prefixes(self, tunnel: Tunnel) -> tuple[str, ...]:
        """Return where the tunnel's packets go to."""
        return tunnel.remote_prefixes or ("0.0.0.0/0", "::/0")

    def routes(self, tunnel: Tunnel, mtu: int) -> Routes:
        """Return the routes that make the kernel fragment the tunnel's packets at that MTU."""
        device = self._device(tunnel)
        if device is None:
            return {}
        return {prefix: Route(device.number, mtu) for prefix in self.prefixes(tunnel)}

    def _device(self, tunnel: Tunnel) -> Device | None:
        found = self._find(tunnel)
        if found is None:
            self._devices = self._routes.devices()
            found = self._find(tunnel)
        return found

    def _find(self, tunnel: Tunnel) -> Device | None:
        if self._settings.mode == "selector":
            return self._devices.get(self._settings.tunnel_interface)
        if not tunnel.if_id:
            return None
        return next((each for each in self._devices.values() if each.if_id == tunnel.if_id), None)

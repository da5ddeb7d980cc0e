"""Hears of the kernel who changes rulesets, routes, rules, devices and addresses.

Theory of operation: messages only tell that something may have changed; after a short quiet the
driver looks for itself. Our own changes to routes are known by our process, those to
rulesets by their generation.

The law: a change of somebody else is looked at within ``LONGEST_SECONDS``; a message that was lost
counts as a change.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from dataplane_bridge.driver import BridgeError
from dataplane_bridge.linux.netlink import messages
from dataplane_bridge.linux.nfnetlink import GENERATION_GROUP
from dataplane_bridge.linux.rtnetlink import table_of
from dataplane_bridge.linux.sockets import (
    NETLINK_ROUTE,
    Bell,
    drained,
    netfilter_socket,
    netlink_socket,
)
from dataplane_bridge.linux.xfrm import Associations

_log = logging.getLogger(__name__)

QUIET_SECONDS = 0.1
LONGEST_SECONDS = 0.8
"""The longest time that a change of somebody else goes unseen."""

_NEWLINK, _DELLINK, _NEWADDR, _DELADDR = 16, 17, 20, 21
_NEWROUTE, _DELROUTE, _NEWRULE, _DELRULE = 24, 25, 32, 33
_DEVICES = {_NEWLINK, _DELLINK, _NEWADDR, _DELADDR}
_RULES = {_NEWRULE, _DELRULE}
_ROUTES = {_NEWROUTE, _DELROUTE}
# RTMGRP_LINK, _IPV4_IFADDR, _IPV4_ROUTE, _IPV4_RULE, _IPV6_IFADDR, _IPV6_ROUTE, and the group of
# IPv6 rules (linux/rtnetlink.h)
_GROUPS = 0x1 | 0x10 | 0x40 | 0x80 | 0x100 | 0x400 | 1 << 18


class Heard(NamedTuple):
    """What may have changed: our routes, by others; tunnels, since devices or SAs have."""

    routes: bool = False
    tunnels: bool = False

    def __or__(self, other: tuple[bool, ...]) -> "Heard":
        return Heard(self[0] or other[0], self[1] or other[1])


class KernelWatch:
    """A thread that hears of changes of others and has them looked at.

    ``look`` is called with whether our routes may have changed, ``on_tunnels`` before it when
    devices, addresses or SAs did; ``port`` is that of the socket that changes our routes.
    """

    def __init__(
        self,
        route_table: int,
        port: int,
        look: Callable[[bool], None],
        on_tunnels: Callable[[], None],
        associations: Associations | None = None,
    ) -> None:
        self._route_table = route_table
        self._port = port
        self._look = look
        self._on_tunnels = on_tunnels
        self._associations = associations
        self._netfilter = netfilter_socket(GENERATION_GROUP)
        self._routes = netlink_socket(NETLINK_ROUTE, _GROUPS)
        self._bell = Bell()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="kernel-watch")

    def start(self) -> None:
        """Begin to hear."""
        self._thread.start()

    def close(self) -> None:
        """Hear no more; to be called without the driver's guard."""
        self._stopping = True
        self._bell.ring()
        if self._thread.is_alive():
            self._thread.join()
        self._bell.close()
        self._netfilter.close()
        self._routes.close()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._act(self._hear())
            except BridgeError as error:
                _log.warning("looking for changes of others failed: %s", error)
            except Exception:
                _log.exception("looking for changes of others failed")

    def _hear(self) -> Heard:
        """Return what was heard, once it is quiet, or after the longest time."""
        sockets = self._sockets()
        ready = self._bell.wait(sockets, LONGEST_SECONDS)
        heard = Heard()
        waited = 0.0
        while ready and not self._stopping:
            for each, data in drained(ready):
                heard |= self._meaning(each, data)
            if waited >= LONGEST_SECONDS - QUIET_SECONDS:
                break
            ready = self._bell.wait(sockets, QUIET_SECONDS)
            waited += QUIET_SECONDS
        return heard

    def _act(self, heard: Heard) -> None:
        if self._stopping:
            return
        if heard.tunnels:
            self._on_tunnels()
        # Even if nothing was heard: sysctls tell nobody.
        self._look(heard.routes)

    def _sockets(self) -> list[Any]:
        found: list[Any] = [self._netfilter, self._routes]
        if self._associations is not None:
            found.append(self._associations.socket)
        return found

    def _meaning(self, source: object, data: bytes) -> Heard:
        if self._associations is not None and source is self._associations.socket:
            return Heard(tunnels=self._associations.take(data))
        if not data:
            return Heard(routes=True, tunnels=True)
        heard = Heard()
        if source is self._netfilter:
            return heard  # a look at the generation tells whether it was us
        for kind, port, body in messages(data):
            if kind in _DEVICES:
                heard |= Heard(routes=True, tunnels=True)
            elif kind in _RULES or (kind in _ROUTES and self._is_foreign(port, body)):
                heard |= Heard(routes=True)
        return heard

    def _is_foreign(self, port: int, body: bytes) -> bool:
        """Tell whether somebody else changed a route of our table."""
        return port != self._port and table_of(body) == self._route_table

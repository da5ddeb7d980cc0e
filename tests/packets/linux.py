"""The Linux driver as a bed: real packets, real charon, in namespaces.

The law: the bed's thread is in the gateway's namespace, as the server would be.
"""

import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.driver import Features, TunnelCounters
from dataplane_bridge.linux.gateway import LinuxGateway
from dataplane_bridge.linux.ruleset import STAMP, Mode
from dataplane_bridge.tunnels import Tunnel
from tests.dataplane_bridge.linux.namespaces import inside
from tests.dataplane_bridge.shapes import changes_between, configuration
from tests.packets.bed import Act, commit
from tests.packets.flows import ENTRANCE, DataFlow, IkeFlow
from tests.packets.frames import udp_packet
from tests.packets.lab.charon import Charon
from tests.packets.lab.labels import impose_labels, impose_no_labels
from tests.packets.lab.peers import CONNECTION, dial_in, peer_name, peer_number
from tests.packets.lab.probe import (
    classes,
)
from tests.packets.lab.spokes import IF_ID
from tests.packets.lab.topology import MTU_EXPIRES, ROUTER_FAR, ROUTER_NEAR, Topology
from tests.packets.lab.wires import Feeds, Sink, Watch, paced
from tests.packets.shots import Flow, Shot, Sighting, Stream
from tests.packets.sightings import FAR_HOST, NEAR_HOST, OUTSIDE, Ends, is_complete, sighting

SHOT_PORT = 5000
FLOOD_PORT = 6000
HOST = "10.1.1.2"
"""A host behind the near gateway."""


class Pace:
    """How long to wait: ``settle`` for what should not come, ``most`` for what should."""

    def __init__(self, mode: Mode) -> None:
        self.settle = 0.02 if mode == "selector" else 0.15
        self.most = 1.0 if mode == "selector" else 6.0
        self.negotiate = 10.0 if mode == "selector" else 60.0
        self.many = 60.0


class LinuxBed:
    """The driver in the gateway of a lab."""

    def __init__(
        self, lab: Topology, mode: Mode, near: Charon, far: Charon, mpls: tuple[str, ...]
    ) -> None:
        self.name = "libipsec" if mode == "selector" else "kernel"
        self.lab = lab
        self.near = near
        self.far = far
        self.events: list[tuple[str, Any]] = []
        self.root = configuration(bindings={})
        self.pace = Pace(mode)
        self.labelled = False
        self._mode = mode
        self._watch = Watch(lab, (NEAR_HOST, FAR_HOST, OUTSIDE))
        self._feeds = Feeds(lab)
        self._sinks = {wire: Sink(lab, wire[0], SHOT_PORT) for wire in (NEAR_HOST, FAR_HOST)}
        self.start_server(mpls)

    def start_server(self, mpls: tuple[str, ...] = ("lan", "wan")) -> None:
        """Start driver and bridge with the configuration there is."""
        self.guard = threading.RLock()
        self.mpls = mpls
        settings: dict[str, Any] = {
            "mode": self._mode,
            "vici": self.near.socket,
            "mpls-interfaces": list(mpls),
        }
        if self._mode == "reqid":
            settings["if-id"] = IF_ID
        self._gateway = LinuxGateway(settings, time.time, self.guard)
        self.driver = self._gateway.driver
        bridge = Bridge(
            self.driver, time.time, lambda name, content: self.events.append((name, content))
        )
        self.bridge: Any = _Guarded(bridge, self.guard)
        self.bridge.start(self.root)
        self._gateway.watch()

    def stop_server(self) -> None:
        """Let go of the kernel as a server does that ends; what it made stays."""
        self._gateway.close()

    def exchange_server(self) -> None:
        """Let the server end, and one of another version start, to whom the table is strange."""
        self.stop_server()
        listed = self.lab.run("gA", "nft", "list", "chains", "inet").split()
        stamp = next(word for word in listed if word.startswith(STAMP))
        other = f"{stamp[:-8]}00000000"
        self.lab.run("gA", "nft", "rename", "chain", "inet", "ipsecqos", stamp, other)
        self.start_server()

    def close(self) -> None:
        self.stop_server()
        self._watch.close()
        self._feeds.close()
        for sink in self._sinks.values():
            sink.close()

    def features(self) -> Features:
        with self.guard:
            return self.driver.features()

    def shows_classes(self, direction: str) -> bool:
        """Tell whether the class of a packet can be seen: by its label, or by the probe."""
        device = "wan" if direction == "outbound" else "lan"
        return self.labelled if self._mode == "reqid" else device in self.mpls

    def tunnels(self) -> dict[str, Tunnel]:
        """Return the tunnels that are up, by short name."""
        with self.guard:
            known = [each.tunnel for each in self.driver._registry.known.values()]
        return {_short_name(each): each for each in known if not each.is_awaited}

    def tunnel(self, name: str) -> Tunnel:
        return self.tunnels()[name]

    def commit(self, root: Any) -> None:
        with self.guard:
            commit(self, root, changes_between(self.root, root))

    def counters(self, name: str) -> TunnelCounters:
        tunnel_id = self.tunnel(name).id
        with self.guard:
            return self.driver.counters([tunnel_id])[tunnel_id]

    def send(self, shot: Shot, expected: Sighting | None = None) -> Sighting:
        tunnel = self.tunnel(shot.tunnel)
        ends = Ends(shot, (tunnel.local_address, tunnel.remote_address))
        sink = self._sinks[ends.receiver]
        sink.take()
        self._watch.forget()
        packet = udp_packet(
            ends.source,
            ends.destination,
            (4000, SHOT_PORT),
            shot.length,
            dscp=shot.dscp,
            ecn=shot.ecn,
            df=shot.df,
            identification=shot.identification,
        )
        device = "wan" if shot.direction == "outbound" else "lan"
        before = self._classes(device)
        if shot.own:
            self._send_own(packet, ends.destination)
        else:
            self._feeds.send(*ENTRANCE[shot.direction], packet)
        wanted = expected or Sighting(True)
        self._watch.until(
            lambda: is_complete(self._watch, ends, wanted), self.pace.most, self.pace.settle
        )
        seen = sighting(self._watch, shot, ends, delivered=bool(sink.take()))
        if before is None or not seen.inner:
            return seen
        now = self._classes(device) or {}
        found = [number for number, packets in now.items() if packets > before[number]]
        return replace(seen, traffic_class=max(found, default=0))

    def _send_own(self, packet: bytes, destination: str) -> None:
        """Send a packet of the gateway itself; it may be refused at once."""
        family = socket.AF_INET6 if ":" in destination else socket.AF_INET
        with (
            inside(self.lab.name("gA")),
            socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as sender,
            suppress(OSError),
        ):
            sender.sendto(packet, (destination, 0))

    def send_through(self, mark: int) -> None:
        """Let a host send ESP of its own through the gateway, where somebody gives it this mark."""
        rules = (
            "add table inet somebody\n"
            "add chain inet somebody marks { type filter hook prerouting priority raw; }\n"
            f"add rule inet somebody marks ip saddr {HOST} meta l4proto esp meta mark set {mark}\n"
        )
        self.lab.run("gA", "nft", "-f", "-", text=rules)
        try:
            with (
                inside(self.lab.name("hA")),
                socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ESP) as sender,
            ):
                sender.sendto(bytes(200), (ROUTER_NEAR, 0))
            time.sleep(self.pace.settle)
        finally:
            self.lab.run("gA", "nft", "delete", "table", "inet", "somebody")

    def _classes(self, device: str) -> Mapping[int, int] | None:
        """Return the packets by class, where the probe shows it because no label can."""
        if self._mode == "reqid" or device not in self.mpls:
            return None
        return classes(self.lab, "gA", device)

    def flood(
        self, streams: Sequence[Stream], seconds: float, acts: Iterable[Act] = ()
    ) -> list[Flow]:
        with ExitStack() as stack:
            flows = [self._flow(stack, number, each) for number, each in enumerate(streams)]
            senders = {
                number: (flow.send, each.length / (each.rate * 125))
                for number, (flow, each) in enumerate(zip(flows, streams, strict=True))
            }
            doing = [(act.at, _bound(act, self)) for act in acts]
            sent, elapsed = paced(senders, seconds, doing)
            time.sleep(self.pace.settle * 5)
            return [
                Flow(tuple(sent[number]), flow.passed(), each.length, elapsed)
                for number, (flow, each) in enumerate(zip(flows, streams, strict=True))
            ]

    def _flow(self, stack: ExitStack, number: int, stream: Stream) -> "DataFlow | IkeFlow":
        if stream.kind == "ike":
            return stack.enter_context(
                IkeFlow(self.lab, self._feeds, self.tunnel(stream.tunnel), stream)
            )
        return stack.enter_context(DataFlow(self.lab, self._feeds, stream, FLOOD_PORT + number))

    @contextmanager
    def labels(self) -> Iterator[None]:
        """Let the kernel impose labels, where it can route MPLS."""
        if self._mode == "selector":
            yield
            return
        impose_labels(self.lab)
        self.labelled = True
        try:
            yield
        finally:
            self.labelled = False
            impose_no_labels(self.lab)

    def set_egress_mtu(self, mtu: int) -> None:
        """Give the gateways' outer links that MTU, and wait until the driver knows."""
        for place, device in (("gA", "wan"), ("wan", "wa"), ("wan", "wb"), ("gB", "wan")):
            self.lab.ip(place, f"link set {device} mtu {mtu}")
        self.wait(lambda: {each.egress_mtu for each in self.tunnels().values()} == {mtu})
        # Until then a kernel tells the MTU that it told before, though it may be larger now.
        time.sleep(MTU_EXPIRES)

    # Tunnels.

    def rekey_ike(self, connection: str) -> None:
        """Let the IKE_SA of a connection be a new one."""
        before = self.near.ike_numbers()
        self.near.rekey_ike(connection)
        self.wait(lambda: self.near.ike_numbers() - before)
        time.sleep(self.pace.settle)

    def kill_daemon(self) -> None:
        """Let the IKE daemon end at once: what it made in the kernel stays."""
        self.near.stop(kill=True)
        self.wait(lambda: not self.features().supports("tunnel-discovery"))

    def start_daemon(self) -> None:
        """Start the IKE daemon; it knows of no SA then."""
        self.near.start()
        self.wait(lambda: self.features().supports("tunnel-discovery"))

    def lose_associations(self, name: str) -> str:
        """Take the SAs of a tunnel out of the kernel behind the daemon's back; return an SPI."""
        with self.guard:
            known = self.driver._registry.known[self.tunnel(name).id]
        ends = known.tunnel.local_address, known.tunnel.remote_address
        there = "xfrm state delete src {} dst {} proto esp spi {:#x}"
        self.lab.ip("gA", *(there.format(*ends, spi) for spi in known.spis_out))
        self.lab.ip("gA", *(there.format(*ends[::-1], spi) for spi in known.spis_in))
        return f"{known.spis_in[0]:#010x}"

    def forget_associations(self) -> None:
        """Take all SAs and policies of the gateway out of the kernel."""
        self.lab.ip("gA", "xfrm state flush", "xfrm policy flush")

    def elements(self) -> tuple[str, ...]:
        """Return what the kernel holds of limits and marks, without what it counted."""
        groups = ("set", "lim_out"), ("set", "pass_in"), ("map", "act_out"), ("map", "ts_4")
        listed = (
            self.lab.run("gA", "nft", "-s", "list", kind, "inet", "ipsecqos", name)
            for kind, name in groups
        )
        return tuple(text for text in listed if "elements" in text)

    def things_to_take_away(self) -> tuple[str, ...]:
        """Return commands that take away what the server made."""
        common = (
            "nft delete table inet ipsecqos",
            "ip route flush table 4510",
            "ip rule del pref 219",
        )
        return common if self._mode == "selector" else (*common, "ip link del ipsecqos0")

    def disturb(self, command: str) -> None:
        """Let somebody else run a command; return when the server has told of it."""
        before = len(self.events)
        self.lab.run("gA", *command.split())
        self.wait(lambda: "dataplane-drift" in [name for name, _ in self.events[before:]])

    def restart_daemon(self, children: Iterable[str]) -> None:
        """Let the IKE daemon end and start again, and bring these tunnels up."""
        self.near.stop()
        self.near.start()
        for child in children:
            self.near.initiate(child)
        self.wait(lambda: self.features().supports("tunnel-discovery"))
        self.wait(lambda: set(children) <= set(self.tunnels()))

    def rekey(self, name: str) -> None:
        before = self._spis(name)
        self.near.rekey(name)
        self._wait_for_new(name, before)

    def down(self, name: str) -> None:
        self.near.terminate(name)
        self.wait(lambda: name not in self.tunnels())

    def up(self, name: str) -> None:
        self.near.initiate(name)
        self.wait(lambda: name in self.tunnels())

    def up_by_peer(self, name: str) -> None:
        """Bring a tunnel up again from the other side."""
        self.far.initiate(name)
        self.wait(lambda: name in self.tunnels())

    def move(self, name: str, address: str) -> None:
        """Let the peer of a tunnel have another address (RFC 4555), and wait until it is known."""
        before, spis = self.tunnel(name).remote_address, self._spis(name)
        self.lab.ip(
            "gB",
            f"addr add {address}/24 dev wan",
            # What it moves to is the address that its kernel chooses.
            f"route replace default via {ROUTER_FAR} src {address}",
            f"addr del {before}/24 dev wan",
        )
        # A path that is tried in vain first is tried for seconds.
        seconds = self.pace.negotiate * 3
        self.wait(lambda: self._peer_of(name) == address, seconds)
        if self._mode == "selector":
            # User-space ESP cannot change the addresses of an SA: there is a new one.
            self._wait_for_new(name, spis)

    def peers_up(self, numbers: Sequence[int]) -> None:
        """Let these peers dial in."""
        deadline = time.monotonic() + self.pace.many
        while missing := [each for each in numbers if f"p{each}" not in self.tunnels()]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"not up: {missing}: {self.far.log()[-1500:]}")
            # A daemon that misses the news of some of its many new addresses cannot use them: the
            # next time they are told again.
            dial_in(self.lab, self.far, missing, encap=self._mode == "selector")
            names = {f"p{number}" for number in missing}
            with suppress(TimeoutError):
                self.wait(lambda names=names: names <= self.tunnels().keys())

    def peers_down(self) -> None:
        """Let the gateway hang up on all peers that dialled in."""
        self.near.terminate_connection(CONNECTION)
        self.wait(lambda: not any(map(peer_number, self.tunnels())), self.pace.many)

    def wait(self, condition: Any, seconds: float = 0.0) -> None:
        """Wait for what the daemon tells the driver, so long or as a negotiation may take."""
        deadline = time.monotonic() + (seconds or self.pace.negotiate)
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"it took too long: {self.near.log()[-1500:]}")
            time.sleep(0.02)

    def _wait_for_new(self, name: str, before: set[int]) -> None:
        """Wait until a tunnel has SAs, and none of these."""
        self.wait(lambda: self._spis(name) not in (before, set()) and not before & self._spis(name))

    def _peer_of(self, name: str) -> str | None:
        tunnel = self.tunnels().get(name)
        return None if tunnel is None else tunnel.remote_address

    def _spis(self, name: str) -> set[int]:
        with self.guard:
            known = self.driver._registry.known.get(self.tunnel(name).id)
        return set() if known is None else {*known.spis_in}


def _short_name(tunnel: Tunnel) -> str:
    child = tunnel.id.partition("/")[2].partition(" ")[0]
    return peer_name(tunnel.connection, tunnel.remote_prefixes) or child


class _Guarded:
    """A bridge that is only used under the guard, as the server does."""

    def __init__(self, bridge: Bridge, guard: threading.RLock) -> None:
        self._bridge = bridge
        self._guard = guard

    def __getattr__(self, name: str) -> Any:
        with self._guard:
            value = getattr(self._bridge, name)
        if not callable(value):
            return value

        def call(*arguments: Any) -> Any:
            with self._guard:
                return value(*arguments)

        return call


def _bound(act: Act, bed: LinuxBed) -> Any:
    return lambda: act.do(bed)

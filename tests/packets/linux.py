"""The Linux driver as a bed: real packets, real charon, in namespaces.

The law: the bed's thread is in the gateway's namespace, as the server would be.
"""

import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from dataplane_bridge.bridge import Bridge
from dataplane_bridge.driver import Features, TunnelCounters
from dataplane_bridge.linux.dataplane import LinuxDataplane
from dataplane_bridge.linux.discovery import CharonDiscovery
from dataplane_bridge.linux.ruleset import Mode
from dataplane_bridge.linux.settings import LinuxSettings
from dataplane_bridge.tunnels import Tunnel
from tests.dataplane_bridge.linux.namespaces import inside
from tests.dataplane_bridge.shapes import changes_between, configuration
from tests.packets.bed import Act, commit
from tests.packets.frames import UDP, ipv4_header, udp_packet
from tests.packets.lab.charon import Charon
from tests.packets.lab.probe import (
    IKE_INBOUND,
    IKE_OUTBOUND,
    classes,
    ike_packets,
    install_probe,
)
from tests.packets.lab.spokes import IF_ID, far_connection, near_connection, secret, spokes
from tests.packets.lab.topology import NEAR, NETWORKS, Topology, topology
from tests.packets.lab.wires import Feeds, Sink, Watch, Wire, paced
from tests.packets.shots import Flow, Shot, Sighting, Stream
from tests.packets.sightings import FAR_HOST, NEAR_HOST, OUTSIDE, Ends, is_complete, sighting

SHOT_PORT = 5000
FLOOD_PORT = 6000
_ENTRANCE: dict[str, tuple[Wire, Wire]] = {
    "outbound": (NEAR_HOST, ("gA", "lan")),
    "inbound": (FAR_HOST, ("gB", "lan")),
}
# A header of IKE whose length field is wrong: the daemon drops it without an answer.
_IKE = bytes.fromhex("a1a2a3a4a5a6a7a8 b1b2b3b4b5b6b7b8 00 20 22 08 00000000 00000001")
_WAN_MTU: dict[Mode, int] = {"selector": 1300, "reqid": 1500}
"""kernel-libipsec reads at most 1400 octets at once: with less outside, what is too long exists."""


class Pace:
    """How long to wait: ``settle`` for what should not come, ``most`` for what should."""

    def __init__(self, mode: Mode) -> None:
        self.settle = 0.02 if mode == "selector" else 0.15
        self.most = 1.0 if mode == "selector" else 6.0
        self.negotiate = 10.0 if mode == "selector" else 60.0


class LinuxBed:
    """The driver in the gateway of a lab."""

    def __init__(self, lab: Topology, mode: Mode, near: Charon, mpls: tuple[str, ...]) -> None:
        self.name = "libipsec" if mode == "selector" else "kernel"
        self.lab = lab
        self.near = near
        self.events: list[tuple[str, Any]] = []
        self.root = configuration(bindings={})
        self.pace = Pace(mode)
        self.labelled = False
        self._mode = mode
        self._watch = Watch(lab, (NEAR_HOST, FAR_HOST, OUTSIDE))
        self._feeds = Feeds(lab)
        self._sinks = {wire: Sink(lab, wire[0], SHOT_PORT) for wire in (NEAR_HOST, FAR_HOST)}
        self._classes = {device: classes(lab, "gA", device) for device in ("lan", "wan")}
        self.start_server(mpls)

    def start_server(self, mpls: tuple[str, ...] = ("lan", "wan")) -> None:
        """Start driver and bridge with the configuration there is."""
        self.guard = threading.RLock()
        self.mpls = mpls
        self.discovery = CharonDiscovery(self.near.socket, mpls)
        settings = LinuxSettings(self._mode, self.near.socket, mpls_interfaces=mpls)
        self.driver = LinuxDataplane(time.time, settings, self.discovery, self.guard)
        self.bridge = Bridge(
            self.driver, time.time, lambda name, content: self.events.append((name, content))
        )
        with self.guard:
            self.bridge.start(self.root)

    def stop_server(self) -> None:
        """Let go of the kernel as a server does that ends; what it made stays."""
        self.discovery.close()
        self.driver.close()

    def close(self) -> None:
        self.stop_server()
        self._watch.close()
        self._feeds.close()
        for sink in self._sinks.values():
            sink.close()

    def features(self) -> Features:
        return self.driver.features()

    def shows_classes(self, direction: str) -> bool:
        """Tell whether the class of a packet can be seen: by its label, or by the probe."""
        device = "wan" if direction == "outbound" else "lan"
        return self.labelled if self._mode == "reqid" else device in self.mpls

    def tunnels(self) -> dict[str, Tunnel]:
        """Return the tunnels that the driver knows, by short name."""
        with self.guard:
            known = [each.tunnel for each in self.driver._registry.known.values()]
        return {each.id.partition("/")[2].partition(" ")[0]: each for each in known}

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
        self._feeds.send(*_ENTRANCE[shot.direction], packet)
        wanted = expected or Sighting(True)
        self._watch.until(
            lambda: is_complete(self._watch, ends, wanted), self.pace.most, self.pace.settle
        )
        seen = sighting(self._watch, shot, ends, delivered=bool(sink.take()))
        return self._with_class(seen, "wan" if shot.direction == "outbound" else "lan")

    def _with_class(self, seen: Sighting, device: str) -> Sighting:
        """Add the class by which a label would have been written, where no label can be."""
        if self._mode == "reqid" or device not in self.mpls or not seen.inner:
            return seen
        before, now = self._classes[device], classes(self.lab, "gA", device)
        self._classes[device] = now
        found = [number for number, packets in now.items() if packets > before[number]]
        return _replace_class(seen, max(found, default=0))

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
                Flow(sent[number], flow.passed(), each.length, elapsed)
                for number, (flow, each) in enumerate(zip(flows, streams, strict=True))
            ]

    def _flow(self, stack: ExitStack, number: int, stream: Stream) -> "_DataFlow | _IkeFlow":
        if stream.kind == "ike":
            return stack.enter_context(
                _IkeFlow(self.lab, self._feeds, self.tunnel(stream.tunnel), stream)
            )
        return stack.enter_context(_DataFlow(self.lab, self._feeds, stream, FLOOD_PORT + number))

    # Tunnels.

    def rekey(self, name: str) -> None:
        before = self._spis(name)
        self.near.rekey(name)
        self.wait(lambda: self._spis(name) not in (before, set()) and not before & self._spis(name))

    def down(self, name: str) -> None:
        self.near.terminate(name)
        self.wait(lambda: name not in self.tunnels())

    def up(self, name: str) -> None:
        self.near.initiate(name)
        self.wait(lambda: name in self.tunnels())

    def wait(self, condition: Any) -> None:
        """Wait for what the daemon tells the driver."""
        deadline = time.monotonic() + self.pace.negotiate
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {self.pace.negotiate} s: {self.near.log()[-1500:]}")
            time.sleep(0.02)

    def _spis(self, name: str) -> set[int]:
        with self.guard:
            known = self.driver._registry.known.get(self.tunnel(name).id)
        return set() if known is None else {*known.spis_in}


class _DataFlow:
    """Datagrams from one host to the other."""

    def __init__(self, lab: Topology, feeds: Feeds, stream: Stream, port: int) -> None:
        ends = Ends(Shot(stream.tunnel, stream.direction), ("", ""))
        packet = udp_packet(
            ends.source, ends.destination, (port, port), stream.length, identification=port
        )
        self.send = feeds.sender(*_ENTRANCE[stream.direction], packet)
        self._sink = Sink(lab, ends.receiver[0], port)

    def __enter__(self) -> "_DataFlow":
        return self

    def __exit__(self, *_: object) -> None:
        self._sink.close()

    def passed(self) -> int:
        return len(self._sink.take())


class _IkeFlow:
    """Packets of the peer to the daemon, or of the daemon to the peer, by their addresses."""

    def __init__(self, lab: Topology, feeds: Feeds, tunnel: Tunnel, stream: Stream) -> None:
        self._lab, self._stream = lab, stream
        inbound = stream.direction == "inbound"
        ends = tunnel.local_address, tunnel.remote_address
        source, destination = reversed(ends) if inbound else ends
        payload = (bytes(4) if stream.port == 4500 else b"") + _IKE
        ports = stream.port, stream.port
        packet = udp_packet(source, destination, ports, stream.length, payload=payload)
        self._raw: socket.socket | None = None
        if inbound:
            self.send = feeds.sender(OUTSIDE, ("gA", "wan"), packet)
        else:
            with inside(lab.name("gA")):
                self._raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            self.send = lambda: self._raw.sendto(packet, (destination, 0)) if self._raw else 0
        self._before = self._count()

    def __enter__(self) -> "_IkeFlow":
        return self

    def __exit__(self, *_: object) -> None:
        if self._raw is not None:
            self._raw.close()

    def passed(self) -> int:
        return self._count() - self._before

    def _count(self) -> int:
        stream = self._stream
        which = IKE_INBOUND if stream.direction == "inbound" else IKE_OUTBOUND
        return ike_packets(self._lab, "gA", which, stream.port, stream.length)


def _bound(act: Act, bed: LinuxBed) -> Any:
    return lambda: act.do(bed)


def _replace_class(seen: Sighting, traffic_class: int) -> Sighting:
    return Sighting(
        seen.delivered,
        seen.inner,
        seen.identification,
        seen.outer,
        seen.told_mtu,
        traffic_class,
        seen.sound,
    )


def expiry(bed: LinuxBed, seconds: float) -> float | None:
    """Send the first fragment of a packet to the gateway; return after how long it gave up."""
    addresses = socket.inet_aton("192.0.2.254") + socket.inet_aton(NEAR)
    packet = ipv4_header(92, UDP, addresses, 0, 77, 0x2000) + bytes(72)
    watch = bed._watch
    watch.forget()
    begin = time.monotonic()
    bed._feeds.send(OUTSIDE, ("gA", "wan"), packet)

    def expired() -> list[float]:
        return [heard.time for heard in watch.caught[OUTSIDE] if heard.frame.expired]

    watch.until(lambda: bool(expired()), seconds, 0)
    found = expired()
    return found[0] - begin if found else None


@contextmanager
def linux_bed(mode: Mode) -> Iterator[LinuxBed]:
    """Make a lab with a driver in its gateway, and take everything away at the end."""
    userspace = mode == "selector"
    tag = f"iq{os.getpid()}"
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="packets-")))
        lab = stack.enter_context(topology(tag, _WAN_MTU[mode]))
        for gateway in ("gA", "gB"):
            if userspace:
                # The outer DF bit stays clear only on sockets that are opened after this.
                lab.sysctl(gateway, (("net/ipv4/ip_no_pmtu_disc", "1"),))
        if not userspace:
            _kernel_paths(lab)
        near = Charon(lab, "gA", directory / "gA", userspace=userspace)
        far = Charon(lab, "gB", directory / "gB", userspace=userspace)
        for daemon in (near, far):
            stack.callback(daemon.stop)
            daemon.start()
        for spoke in spokes(userspace=userspace):
            near.load(secret(spoke), near_connection(spoke, if_id=None if userspace else IF_ID))
            far.load(secret(spoke), far_connection(spoke))
            for child in spoke.children:
                near.initiate(child.name)
        install_probe(lab, "gA")
        stack.enter_context(inside(lab.name("gA")))
        bed = LinuxBed(lab, mode, near, ("lan", "wan"))
        stack.callback(bed.close)
        yield bed


def _kernel_paths(lab: Topology) -> None:
    lab.ip(
        "gA",
        f"link add xq type xfrm dev wan if_id {IF_ID}",
        "link set xq up",
        *(f"route add 10.2.{number}.0/24 dev xq" for number in range(1, NETWORKS + 1)),
        *(f"route add fd00:2:{number}::/64 dev xq" for number in range(1, NETWORKS + 1)),
    )

"""Watching and feeding the links of the lab, frame by frame.

The law: nothing is waited for without an end, and a watcher hears only what comes after ``forget``.
"""

import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import NamedTuple

from tests.dataplane_bridge.linux.namespaces import inside
from tests.packets.frames import ETHERNET, IPV4, IPV6, MPLS, Frame, read_frame
from tests.packets.lab.topology import MAC, Topology

_ALL = 3  # ETH_P_ALL
_OUTGOING = 4  # PACKET_OUTGOING
_RECEIVE_BUFFER_FORCE = 33  # SO_RCVBUFFORCE
_PRIORITY = 12  # SO_PRIORITY
ACT_SECONDS = 60.0
_WATCH_BUFFER = 1 << 20
_SINK_BUFFER = 64 << 20

Wire = tuple[str, str]
"""Place and device."""


class Caught(NamedTuple):
    """A frame that came in by a device, and when (monotonic seconds)."""

    frame: Frame
    time: float


class Watch:
    """Hears what comes in by some devices."""

    def __init__(self, lab: Topology, wires: Iterable[Wire]) -> None:
        self._sockets = {wire: _packet_socket(lab, wire, _ALL) for wire in wires}
        self.caught: dict[Wire, list[Caught]] = {wire: [] for wire in self._sockets}

    def close(self) -> None:
        """Hear no more."""
        for watcher in self._sockets.values():
            watcher.close()

    def forget(self) -> None:
        """Drop everything heard so far."""
        self._hear()
        for heard in self.caught.values():
            heard.clear()

    def frames(self, wire: Wire, wanted: Callable[[Frame], bool]) -> list[Frame]:
        """Return the frames of a device that are wanted."""
        return [caught.frame for caught in self.caught[wire] if wanted(caught.frame)]

    def until(self, enough: Callable[[], bool], seconds: float, settle: float) -> None:
        """Hear until there is enough or the time is over, and then a moment more."""
        deadline = time.monotonic() + seconds
        self._hear()
        while not enough() and (left := deadline - time.monotonic()) > 0:
            select.select(list(self._sockets.values()), [], [], min(left, 0.05))
            self._hear()
        time.sleep(settle)
        self._hear()

    def _hear(self) -> None:
        for wire, watcher in self._sockets.items():
            while True:
                try:
                    data, (_, kind, direction, *_) = watcher.recvfrom(65_600)
                except BlockingIOError:
                    break
                if direction != _OUTGOING and kind in (IPV4, IPV6, MPLS):
                    frame = read_frame(kind, data[ETHERNET:])
                    if frame is not None:
                        self.caught[wire].append(Caught(frame, time.monotonic()))


class Feeds:
    """Sends frames into the links."""

    def __init__(self, lab: Topology) -> None:
        self._lab = lab
        self._sockets: dict[Wire, socket.socket] = {}

    def close(self) -> None:
        """Send no more."""
        for feed in self._sockets.values():
            feed.close()

    def send(self, wire: Wire, to: Wire, packet: bytes, kind: int = 0, priority: int = 0) -> None:
        """Send a packet out of a device to the one at the other end.

        ``priority`` is what the kernel's queues would know it by.
        """
        self.sender(wire, to, packet, kind, priority)()

    def sender(
        self, wire: Wire, to: Wire, packet: bytes, kind: int = 0, priority: int = 0
    ) -> Callable[[], int]:
        """Return what sends the packet each time it is called."""
        feed = self._sockets.get(wire)
        if feed is None:
            feed = self._sockets[wire] = _packet_socket(self._lab, wire, 0)
        feed.setsockopt(socket.SOL_SOCKET, _PRIORITY, priority)
        kind = kind or (IPV4 if packet[0] >> 4 == 4 else IPV6)
        frame = _mac(to) + _mac(wire) + struct.pack("!H", kind) + packet

        def send() -> int:
            return feed.send(frame)

        return send


class Sink:
    """Takes the datagrams of IPv4 and IPv6 that come to a port of a place."""

    def __init__(self, lab: Topology, place: str, port: int) -> None:
        with inside(lab.name(place)):
            self._socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, _RECEIVE_BUFFER_FORCE, _SINK_BUFFER)
        self._socket.bind(("::", port))
        self._socket.setblocking(False)

    def __enter__(self) -> "Sink":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType
    ) -> None:
        self._socket.close()

    def take(self) -> list[bytes]:
        """Return the datagrams that came since the last call."""
        found: list[bytes] = []
        while True:
            try:
                found.append(self._socket.recv(65_535))
            except BlockingIOError:
                return found

    def close(self) -> None:
        """Take no more."""
        self._socket.close()


def paced(
    senders: Mapping[int, tuple[Callable[[], int], float]],
    seconds: float,
    acts: Iterable[tuple[float, Callable[[], None]]] = (),
) -> tuple[dict[int, list[float]], float]:
    """Send by each sender once in so many seconds, for that long; do the acts at their times.

    Return when each sent (seconds from the begin), and how long it took.
    """
    begin = time.monotonic()
    sent: dict[int, list[float]] = {number: [] for number in senders}
    failed: list[BaseException] = []
    actor = threading.Thread(target=_act, args=(begin, acts, failed))
    actor.start()
    while (now := time.monotonic() - begin) < seconds:
        # The one that is latest is next.
        number = min(senders, key=lambda each: len(sent[each]) * senders[each][1])
        due = len(sent[number]) * senders[number][1]
        if due > now:
            time.sleep(min(due - now, 0.002))
            continue
        # A full queue or a filter may drop it: it was sent all the same.
        with suppress(OSError):
            senders[number][0]()
        sent[number].append(now)
    elapsed = time.monotonic() - begin
    actor.join(ACT_SECONDS)
    if failed:
        raise failed[0]
    if actor.is_alive():
        raise TimeoutError(f"what was to be done meanwhile is not done {ACT_SECONDS} s later")
    return sent, elapsed


def _act(
    begin: float, acts: Iterable[tuple[float, Callable[[], None]]], failed: list[BaseException]
) -> None:
    """Do the acts at their times, in a thread of their own: packets do not wait for them."""
    try:
        for at, do in sorted(acts, key=lambda act: act[0]):
            time.sleep(max(0.0, begin + at - time.monotonic()))
            do()
    except BaseException as error:  # noqa: BLE001 - raised again by whoever sends
        failed.append(error)


def _packet_socket(lab: Topology, wire: Wire, protocol: int) -> socket.socket:
    place, device = wire
    with inside(lab.name(place)):
        made = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(protocol))
    made.setsockopt(socket.SOL_SOCKET, _RECEIVE_BUFFER_FORCE, _WATCH_BUFFER)
    made.bind((device, protocol))
    made.setblocking(protocol == 0)
    return made


def _mac(wire: Wire) -> bytes:
    return bytes.fromhex(MAC[wire].replace(":", ""))

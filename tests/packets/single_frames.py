"""Single frames that only one scenario sends: one with labels, and the first of some fragments."""

import socket
import time

from tests.packets.frames import MPLS, UDP, Frame, Label, ipv4_header, label_entry, udp_packet
from tests.packets.lab.topology import NEAR
from tests.packets.linux import SHOT_PORT, LinuxBed
from tests.packets.sightings import NEAR_HOST, OUTSIDE


def labelled_frame(bed: LinuxBed, traffic_class: int) -> tuple[Label, ...]:
    """Send a frame with two labels that the kernel knows by that class; return its labels."""
    packet = udp_packet("10.2.1.2", "10.1.1.2", (4000, SHOT_PORT), 100)
    stack = label_entry(100, 0, bottom=False) + label_entry(200, 3, bottom=True)
    watch = bed._watch
    watch.forget()
    priority = 1 << 16 | traffic_class
    bed._feeds.send(("gA", "lan"), NEAR_HOST, stack + packet, MPLS, priority)

    def seen() -> list[Frame]:
        return watch.frames(NEAR_HOST, lambda frame: bool(frame.labels))

    watch.until(lambda: bool(seen()), bed.pace.most, bed.pace.settle)
    return seen()[0].labels if seen() else ()


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

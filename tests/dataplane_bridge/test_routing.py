from typing import Any

from dataplane_bridge.memory import MemoryDataplane
from dataplane_bridge.packets import Packet
from tests.dataplane_bridge.shapes import Clock, tunnel

TUNNELS = (
    tunnel("wide", remote_prefixes=("10.0.0.0/8",)),
    tunnel("site", remote_prefixes=("10.1.0.0/16", "2001:db8::/32")),
    tunnel("web", remote_prefixes=("10.1.0.0/16",), protocol=6, remote_port=443),
    tunnel("lab", remote_prefixes=("10.2.0.0/16",), local_prefixes=("192.168.1.0/24",)),
)


def route(**fields: Any) -> str | None:
    fields = {"source": "192.168.0.1", **fields}
    found = MemoryDataplane(Clock(), TUNNELS).route(Packet(100, **fields), "outbound")
    return None if found is None else found.id


def test_the_most_specific_remote_prefix_decides() -> None:
    assert route(destination="10.9.0.1") == "wide"
    assert route(destination="10.1.0.1") == "site"
    assert route(source="2001:db8:1::1", destination="2001:db8::1") == "site"


def test_protocol_and_port_decide_among_equals() -> None:
    assert route(destination="10.1.0.1", protocol=6, remote_port=443) == "web"
    assert route(destination="10.1.0.1", protocol=6, remote_port=80) == "site"


def test_local_selectors_must_hold_too() -> None:
    assert route(destination="10.2.0.1") == "wide"
    assert route(destination="10.2.0.1", source="192.168.1.7") == "lab"


def test_what_no_tunnel_is_for_travels_in_clear() -> None:
    assert route(destination="172.16.0.1") is None
    assert route() is None


def test_inbound_the_remote_side_is_the_source() -> None:
    dataplane = MemoryDataplane(Clock(), TUNNELS)
    packet = Packet(100, source="10.9.0.1", destination="192.168.0.1")
    assert dataplane.route(packet, "inbound") == TUNNELS[0]

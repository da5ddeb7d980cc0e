"""A tunnel, and how much encapsulation adds to a packet.

The law: a tunnel is one pair of CHILD_SAs across rekeys; its id never changes, everything else
may. All sizes are octets of IP packet, without layer 2.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from dataplane_bridge.prefixes import EVERYTHING, Prefix, parse_prefix

Cipher = Literal["aes-gcm", "aes-cbc-sha256"]
Mpls = Literal["none", "outbound", "inbound", "both"]

ESP_HEADER = 8  # SPI and sequence number (RFC 4303, section 2)
ESP_TRAILER = 2  # pad length and next header, encrypted with the payload
UDP_HEADER = 8  # NAT traversal (RFC 3948)
IPV4_HEADER = 20
IPV6_HEADER = 40


class Inability(NamedTuple):
    """What the dataplane cannot do for one tunnel, and why: one sentence."""

    feature: Literal["tunnel", "fragmentation"]
    reason: str


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One pair of CHILD_SAs: who the peers are, how it is recognised, how it encapsulates.

    Empty prefixes mean everything. ``egress_mtu`` is the MTU of the interface that IPsec packets
    leave by; ``mpls`` tells where on the path a label is imposed. ``inabilities``: a tunnel may
    come that the dataplane cannot do all for; "tunnel" means that it can do nothing.
    ``is_awaited``: it is not up, and stands in for one that will be (see ``awaited``).
    """

    id: str
    interface: str
    connection: str | None = None
    local_address: str = "192.0.2.1"
    remote_address: str = "192.0.2.2"
    local_prefixes: tuple[str, ...] = ()
    remote_prefixes: tuple[str, ...] = ()
    protocol: int | None = None
    remote_port: int | None = None
    reqid: int | None = None
    if_id: int | None = None
    cipher: Cipher = "aes-gcm"
    nat_traversal: bool = False
    egress_mtu: int = 1500
    mpls: Mpls = "none"
    inabilities: tuple[Inability, ...] = ()
    is_awaited: bool = False

    def inability(self, feature: str) -> str | None:
        """Return why the dataplane cannot do this for the tunnel, or ``None``."""
        found = (each for each in self.inabilities if each.feature in ("tunnel", feature))
        return next((each.reason for each in found), None)

    @property
    def remote_networks(self) -> tuple[Prefix, ...]:
        """The remote traffic selectors, parsed."""
        return tuple(map(parse_prefix, self.remote_prefixes)) or EVERYTHING

    @property
    def local_networks(self) -> tuple[Prefix, ...]:
        """The local traffic selectors, parsed."""
        return tuple(map(parse_prefix, self.local_prefixes)) or EVERYTHING

    @property
    def encapsulation(self) -> "Encapsulation":
        """What is added to a packet on its way into the tunnel."""
        return _encapsulation(self.cipher, self.nat_traversal, ":" in self.remote_address)

    @property
    def tunnel_mtu(self) -> int:
        """Length of the largest inner packet whose IPsec packet fits the egress interface."""
        return self.encapsulation.largest_inner(self.egress_mtu)

    def imposes_label(self, direction: str) -> bool:
        """Tell whether packets of this direction get an MPLS label."""
        return self.mpls in ("both", direction)


@dataclass(frozen=True, slots=True)
class Encapsulation:
    """The arithmetic of ESP in tunnel mode; lengths in octets."""

    outer_header: int
    udp: int
    initialization_vector: int
    integrity_check: int
    alignment: int

    @property
    def fixed(self) -> int:
        """What is added whatever the packet's length: all but trailer and padding."""
        return (
            self.outer_header
            + self.udp
            + ESP_HEADER
            + self.initialization_vector
            + self.integrity_check
        )

    def outer_length(self, inner_length: int) -> int:
        """Return the length of the IPsec packet that carries an inner packet of that length."""
        # Payload, padding and trailer together fill whole blocks (RFC 4303, section 2.4).
        encrypted = -(-(inner_length + ESP_TRAILER) // self.alignment) * self.alignment
        return self.fixed + encrypted

    def largest_inner(self, mtu: int) -> int:
        """Return the largest inner length whose IPsec packet is no longer than the MTU."""
        return ((mtu - self.fixed) // self.alignment) * self.alignment - ESP_TRAILER


@lru_cache(maxsize=8)
def _encapsulation(cipher: Cipher, nat_traversal: bool, ipv6: bool) -> Encapsulation:
    outer = IPV6_HEADER if ipv6 else IPV4_HEADER
    udp = UDP_HEADER if nat_traversal else 0
    if cipher == "aes-gcm":
        return Encapsulation(outer, udp, 8, 16, 4)  # RFC 4106
    return Encapsulation(outer, udp, 16, 16, 16)  # RFC 3602, RFC 4868

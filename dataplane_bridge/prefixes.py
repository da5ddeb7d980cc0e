"""IP prefixes as three numbers, quick to compare and to look up.

The law: parsing is pure and remembered; a prefix is always canonical (no host bits).
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import collapse_addresses, ip_address, ip_network
from typing import NamedTuple


class Prefix(NamedTuple):
    """A prefix: IP version, the network bits shifted down to the right, and their number."""

    version: int
    bits: int
    length: int

    def within(self, other: "Prefix") -> bool:
        """Tell whether every address of this prefix is in the other one."""
        return (
            self.version == other.version
            and self.length >= other.length
            and self.bits >> (self.length - other.length) == other.bits
        )

    def supernet(self, length: int) -> "Prefix":
        """Return the prefix of that shorter (or equal) length that holds this one."""
        return Prefix(self.version, self.bits >> (self.length - length), length)


EVERYTHING = (Prefix(4, 0, 0), Prefix(6, 0, 0))
"""What traffic selectors cover when none is given."""


@lru_cache(maxsize=65536)
def parse_prefix(text: str) -> Prefix:
    """Return the prefix that the text (``10.0.0.0/8``, ``2001:db8::/32``) means."""
    network = ip_network(text, strict=False)
    length = network.prefixlen
    bits = int(network.network_address) >> (network.max_prefixlen - length)
    return Prefix(network.version, bits, length)


@lru_cache(maxsize=65536)
def host_prefix(address: str) -> Prefix:
    """Return the prefix that holds just this address."""
    parsed = ip_address(address)
    return Prefix(parsed.version, int(parsed), parsed.max_prefixlen)


@lru_cache(maxsize=65536)
def collapse(texts: tuple[str, ...]) -> tuple[Prefix, ...]:
    """Return the fewest prefixes that cover the same addresses.

    A prefix is covered by the union exactly when one of these covers it by itself.
    """
    if len(texts) == 1:
        return (parse_prefix(texts[0]),)
    networks = [ip_network(text, strict=False) for text in texts]
    merged = [
        *collapse_addresses(network for network in networks if network.version == 4),
        *collapse_addresses(network for network in networks if network.version == 6),
    ]
    return tuple(parse_prefix(str(network)) for network in merged)


def all_within(inner: Iterable[Prefix], outer: tuple[Prefix, ...]) -> bool:
    """Tell whether each inner prefix is covered by one of the (collapsed) outer ones."""
    return all(any(prefix.within(cover) for cover in outer) for prefix in inner)

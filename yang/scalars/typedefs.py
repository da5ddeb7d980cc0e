"""The typedefs of the IETF whose descriptions, not statements, give a canonical form.

The list is libyang 2.1.30's, so that both engines see equal values: MAC and other hexadecimal
strings keep their case there.
"""

from collections.abc import Callable, Mapping

from . import addresses
from .strings import String
from .timestamps import date_and_time
from .values import Namespaces, text_of_json

# "module:typedef" -> built-in type, canonical text of a text.
CANONICAL_TYPEDEFS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "ietf-inet-types:ip-address": ("union", addresses.ip_address),
    "ietf-inet-types:ip-address-no-zone": ("union", addresses.ip_address_no_zone),
    "ietf-inet-types:ip-prefix": ("union", addresses.ip_prefix),
    "ietf-inet-types:ipv4-address": ("string", addresses.ipv4_address),
    "ietf-inet-types:ipv4-address-no-zone": ("string", addresses.ipv4_address_no_zone),
    "ietf-inet-types:ipv4-prefix": ("string", addresses.ipv4_prefix),
    "ietf-inet-types:ipv6-address": ("string", addresses.ipv6_address),
    "ietf-inet-types:ipv6-address-no-zone": ("string", addresses.ipv6_address_no_zone),
    "ietf-inet-types:ipv6-prefix": ("string", addresses.ipv6_prefix),
    "ietf-yang-types:date-and-time": ("string", date_and_time),
}


class CanonicalString:
    """One of CANONICAL_TYPEDEFS; its own lengths and patterns need not be given.

    ``restrictions`` are those of types derived from it; they judge the text as it was sent.
    """

    __slots__ = ("name", "parse", "restrictions", "typedef")
    contextual = False
    plain = True

    def __init__(self, typedef: str, restrictions: String | None = None) -> None:
        self.typedef = typedef
        self.restrictions = restrictions
        self.name, canonicalise = CANONICAL_TYPEDEFS[typedef]
        self.parse: Callable[[str], str] = (
            canonicalise if restrictions is None else _restricted(canonicalise, restrictions)
        )

    def parse_in(self, text: str, namespaces: Namespaces) -> str:
        """Give ``parse(text)``."""
        return self.parse(text)

    def from_json(self, value: object) -> str:
        """Give the value of a JSON string."""
        return self.parse(text_of_json(value))


def _restricted(canonicalise: Callable[[str], str], string: String) -> Callable[[str], str]:
    check = string.parse
    return lambda text: canonicalise(check(text))

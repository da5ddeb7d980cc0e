"""How long one parse takes, per type, in microseconds: ``python tests/bench/scalars.py``."""

import sys
from decimal import Decimal
from timeit import repeat

from yang.scalars import (
    Binary,
    Bits,
    Boolean,
    CanonicalString,
    Decimal64,
    EmptyType,
    Enumeration,
    IdentityRef,
    InstanceIdentifier,
    Integer,
    LeafRef,
    Namespaces,
    Pattern,
    ScalarType,
    String,
    Union,
)

NAME = Pattern("[a-zA-Z_][a-zA-Z0-9_.-]*", "[a-zA-Z_][a-zA-Z0-9_.-]*")
NOT_XML = Pattern("[xX][mM][lL].*", "[xX][mM][lL].*", invert_match=True)
COLOURS = Enumeration((("red", 0), ("green", 1)))
MODULES = {"urn:m": "m"}
SCOPE: Namespaces = {"m": "urn:m"}

CASES: tuple[tuple[str, ScalarType, str], ...] = (
    ("boolean", Boolean(), "true"),
    ("enumeration", COLOURS, "green"),
    ("empty", EmptyType(), ""),
    ("uint8, a table", Integer("uint8", ((0, 63),)), "46"),
    ("uint32", Integer("uint32"), "100000"),
    ("uint32, with blanks", Integer("uint32"), " 100000 "),
    ("decimal64", Decimal64(2, ((Decimal(0), Decimal(100)),)), "12.50"),
    ("bits", Bits((("a", 0), ("b", 1), ("c", 2))), "c a"),
    ("binary, 32 octets", Binary(((32, 32),)), "A" * 43 + "="),
    ("string", String(), "gateway-1"),
    ("string, length", String(((1, 64),)), "gateway-1"),
    ("string, pattern", String(patterns=(NAME,)), "gateway-1"),
    ("string, length, 2 patterns", String(((1, 64),), (NAME, NOT_XML)), "gateway-1"),
    ("leafref to string", LeafRef(String(((1, 64),), (NAME,))), "gateway-1"),
    ("union, first of 2", Union((COLOURS, Integer("uint32"))), "red"),
    ("union, second of 2", Union((COLOURS, Integer("uint32"))), "100000"),
    ("identityref", IdentityRef(("m:ethernet",), MODULES), "m:ethernet"),
    (
        "instance-identifier",
        InstanceIdentifier(False, MODULES),
        "/m:interfaces/m:interface[m:name='eth0']/m:enabled",
    ),
    ("ipv4-address", CanonicalString("ietf-inet-types:ipv4-address"), "192.0.2.17"),
    ("ip-address, IPv6", CanonicalString("ietf-inet-types:ip-address"), "2001:db8::17"),
    ("ip-prefix, IPv4", CanonicalString("ietf-inet-types:ip-prefix"), "192.0.2.0/24"),
    ("ip-prefix, host bits", CanonicalString("ietf-inet-types:ip-prefix"), "192.0.2.17/24"),
    ("ip-prefix, IPv6", CanonicalString("ietf-inet-types:ip-prefix"), "2001:db8:1::/48"),
    (
        "date-and-time",
        CanonicalString("ietf-yang-types:date-and-time"),
        "2024-01-02T03:04:05.120+02:00",
    ),
)


def microseconds(scalar: ScalarType, text: str, number: int = 20_000) -> float:
    """Give the best of several runs, the cost of the loop and of the call included."""
    if scalar.contextual:
        times = repeat(lambda: scalar.parse_in(text, SCOPE), number=number, repeat=7)
    else:
        times = repeat("parse(text)", globals={"parse": scalar.parse, "text": text}, number=number)
    return min(times) / number * 1e6


def main() -> None:
    """Print a line per type."""
    for title, scalar, text in CASES:
        sys.stdout.write(f"{title:28} {microseconds(scalar, text):7.3f}\n")


if __name__ == "__main__":
    main()

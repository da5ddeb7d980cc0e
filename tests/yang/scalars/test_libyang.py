"""The same texts to libyang and to ours: the same verdict, the same canonical text.

Where we differ on purpose, the test says so.
"""

import re
import time
import warnings
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.yang.scalars import libyang_oracle
from yang.pyang_plugin.patterns import python_regex
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
    InvalidValue,
    Namespaces,
    Pattern,
    ScalarType,
    String,
    Union,
    canonical,
)

LIBRARY = libyang_oracle.load()
if LIBRARY is None:
    warnings.warn(
        "LIBYANG IS NOT INSTALLED (apt install libyang2): SCALARS ARE NOT COMPARED WITH IT",
        stacklevel=1,
    )
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="LIBYANG IS NOT INSTALLED: NOT COMPARED")

Oracle = Callable[[str, str], libyang_oracle.Leaf]
compared = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    assert LIBRARY is not None
    library, leaves = LIBRARY, dict[tuple[str, str], libyang_oracle.Leaf]()

    def leaf(statement: str, extra: str = "") -> libyang_oracle.Leaf:
        key = statement, extra
        if key not in leaves:
            leaves[key] = libyang_oracle.Leaf(library, statement, extra)
        return leaves[key]

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", "UTC")  # libyang writes times with the offset of the process
        time.tzset()
        yield leaf
    time.tzset()
    for made in leaves.values():
        made.close()


def ours(scalar: ScalarType, text: str, namespaces: Namespaces | None = None) -> str | None:
    try:
        return canonical(scalar.parse_in(text, namespaces or {}))
    except InvalidValue:
        return None


def xml_texts(characters: str, max_size: int = 12) -> st.SearchStrategy[str]:
    """Give texts mostly of the characters that matter, sometimes of any that XML has."""
    anything = st.characters(
        exclude_categories=("Cs", "Cc"),
        exclude_characters="\ufffe\uffff",
        include_characters="\t\n",
    )
    return st.text(st.sampled_from(characters) | anything, max_size=max_size) | st.text(
        characters, max_size=max_size
    )


PATTERN = r"[a-z]+(\.[a-z]+)?|[^.]*-"
MODULES = {"urn:t": "t", "urn:u": "u"}
COMPARED: dict[str, tuple[str, ScalarType, str]] = {
    "uint8": ("uint8 { range '0..63'; }", Integer("uint8", ((0, 63),)), "0123456+- xX\n_"),
    "int8": ("int8 { range '-9..-1 | 5'; }", Integer("int8", ((-9, -1), (5, 5))), "159+- "),
    "uint16": ("uint16", Integer("uint16"), "0123456789 "),
    "int64": ("int64", Integer("int64"), "0123456789-+ "),
    "uint64": ("uint64", Integer("uint64"), "0123456789-+ "),
    "decimal64": ("decimal64 { fraction-digits 2; }", Decimal64(2), "0159.+- e"),
    "boolean": ("boolean", Boolean(), "truefals "),
    "enumeration": (
        "enumeration { enum a; enum 'a b'; }",
        Enumeration((("a", 0), ("a b", 1))),
        "ab ",
    ),
    "bits": (
        "bits { bit x { position 4; } bit y { position 1; } bit z; }",
        Bits((("x", 4), ("y", 1), ("z", 5))),
        "xyz \t\n",
    ),
    "empty": ("empty", EmptyType(), " "),
    "string": (
        f"string {{ length '1..3 | 5..8'; pattern '{PATTERN}'; pattern 'a.*' "
        "{ modifier invert-match; } }",
        String(
            ((1, 3), (5, 8)),
            (Pattern(python_regex(PATTERN), PATTERN), Pattern("a[^\r\n]*", "a.*", True)),
        ),
        "abcz.-",
    ),
    "union": (
        "union { type uint8; type boolean; type string { length '0..4'; } }",
        Union((Integer("uint8"), Boolean(), String(((0, 4),)))),
        "0123456789true ",
    ),
    **{
        name: (f"inet:{name}", CanonicalString(f"ietf-inet-types:{name}"), characters)
        for name, characters in {
            "ipv4-address": "012345.%e",
            "ipv6-address": "01f:.%e",
            "ip-address": "012F:.%e",
            "ipv4-address-no-zone": "012345.%",
            "ipv6-address-no-zone": "01f:.%",
            "ip-address-no-zone": "01f:.%",
            "ipv4-prefix": "01235./",
            "ipv6-prefix": "01f:./",
            "ip-prefix": "01f:./",
        }.items()
    },
}


def check(oracle: Oracle, name: str, text: str) -> None:
    statement, scalar, _ = COMPARED[name]
    ending = "" if statement.endswith("}") else ";"
    theirs = oracle(f"type {statement}{ending}", "").canonical(text)
    if name == "decimal64" and not re.search("[0-9]", text.partition(".")[0]):
        theirs = None  # libyang reads "-" and "-.0" as 0.0, though it refuses ".0"
    assert ours(scalar, text) == theirs


@pytest.mark.parametrize("name", COMPARED)
def test_random_texts(oracle: Oracle, name: str) -> None:
    @compared
    @given(xml_texts(COMPARED[name][2]))
    def run(text: str) -> None:
        check(oracle, name, text)

    run()


@pytest.mark.parametrize("name", [name for name in COMPARED if "int" in name])
@compared
@given(
    value=st.integers(-(1 << 65), 1 << 65) | st.integers(-300, 300), style=st.sampled_from("d+ ")
)
@example((1 << 64) - 1, "d")
@example(1 << 64, "d")
@example((1 << 63) - 1, "d")
@example(-(1 << 63), "d")
def test_integers(oracle: Oracle, name: str, value: int, style: str) -> None:
    check(oracle, name, f"{value:{style}}" if style != " " else f" {value:030d}\n")


@compared
@given(st.decimals(-(10**17), 10**17, places=2) | st.decimals(-9, 9, places=4))
def test_decimals(oracle: Oracle, value: object) -> None:
    check(oracle, "decimal64", f"{value:f}")


OCTET = st.integers(0, 260).map(str) | st.sampled_from(["00", "01", "255", "256", ""])
GROUP = st.integers(0, 0x1FFFF).map("{:X}".format) | st.sampled_from(["0", "0", "0000", "00f", ""])
IPV4 = st.lists(OCTET, min_size=3, max_size=5).map(".".join) | st.ip_addresses(v=4).map(str)
IPV6 = (
    st.lists(GROUP, min_size=2, max_size=9).map(":".join)
    | st.lists(st.sampled_from(["0", "1", ""]), min_size=6, max_size=9).map(":".join)
    | st.ip_addresses(v=6).map(str)
    | st.tuples(st.lists(GROUP, max_size=6).map(":".join), IPV4).map(":".join)
    | IPV4.map("::FFFF:{}".format)
)
ZONE = st.sampled_from(["", "", "%eth0", "%", "%a.b", "%\u00e9\u216b", "%a%b", "% ", "%_"])
LENGTH = st.sampled_from(["", "/", "/-1", "/+1", "/ 8", "/1/2", "/8%e"]) | st.integers(0, 140).map(
    "/{}".format
)
LENGTH |= st.integers(0, 140).map("/{:02d}".format) | st.integers(0, 140).map("/{:03d}".format)


@pytest.mark.parametrize("name", [name for name in COMPARED if "address" in name])
@compared
@given(address=IPV4 | IPV6, zone=ZONE)
def test_addresses(oracle: Oracle, name: str, address: str, zone: str) -> None:
    check(oracle, name, address + zone)


@pytest.mark.parametrize("name", [name for name in COMPARED if "prefix" in name])
@compared
@given(address=IPV4 | IPV6, length=LENGTH)
def test_prefixes(oracle: Oracle, name: str, address: str, length: str) -> None:
    check(oracle, name, address + length)


@compared
@given(
    st.datetimes().map(lambda moment: moment.replace(fold=0).isoformat()),
    st.sampled_from(["Z", "+00:00", "-00:00", "+14:00", "-05:30", "+23:59", "", "z", "+1:00"]),
)
def test_times(oracle: Oracle, moment: str, offset: str) -> None:
    """Days and hours that do not exist, and years beyond 1 to 9999, are refused by us alone."""
    text = moment + offset
    mine = ours(CanonicalString("ietf-yang-types:date-and-time"), text)
    theirs = oracle("type yang:date-and-time;", "").canonical(text)
    if mine is None and theirs is not None:
        assert not "0002" <= moment[:4] <= "9998"
    else:
        assert mine == theirs


@compared
@given(st.binary(max_size=40))
def test_binary(oracle: Oracle, value: bytes) -> None:
    text = canonical(value)
    assert ours(Binary(), text) == oracle("type binary;", "").canonical(text) == text


@compared
@given(xml_texts("QUJD=+/-_ \n", max_size=8))
def test_binary_takes_what_libyang_takes(oracle: Oracle, text: str) -> None:
    """We skip white space, and write the unused bits of the last character as zeros."""
    theirs = oracle("type binary;", "").canonical(text)
    if theirs is not None:
        assert ours(Binary(), text) == ours(Binary(), theirs) is not None
    elif not set(text) & set(" \n\t\r"):
        assert ours(Binary(), text) is None


NAMESPACES: Namespaces = {"t": "urn:t", "p": "urn:t", "q": "urn:unknown"}
WITH_DEFAULT: Namespaces = {None: "urn:t", **NAMESPACES}
IDENTITIES = "identity base; identity eth { base base; } identity vlan { base eth; }"


@compared
@given(
    st.tuples(
        st.sampled_from(["t:", "p:", "q:", "x:", "", ":", " "]),
        st.sampled_from(["eth", "vlan", "base", "no", "", "eth ", "eth:eth"]),
    ).map("".join)
)
def test_identities(oracle: Oracle, text: str) -> None:
    scalar = IdentityRef(("t:eth", "t:vlan"), MODULES)
    leaf = oracle("type identityref { base base; }", IDENTITIES)
    theirs = leaf.canonical(text, NAMESPACES)
    if text.startswith(":"):  # no qualified name, whatever libyang says
        theirs = None
    assert ours(scalar, text, WITH_DEFAULT) == theirs


NODES = """
container c {
  leaf a { type string; }
  list l { key "k j"; leaf k { type string; } leaf j { type string; } leaf w { type int8; } }
  leaf-list ll { type string; }
  list nk { config false; leaf z { type string; } }
}"""
PATHS = [
    *("/t:c", "/p:c/t:a", " /t:c\n", "/t:c/t:l[t:k='a'][t:j='b']/t:w", "/t:c/p:ll[.='x']"),
    *("/t:c/t:l[ t:k = 'a' ][p:j=\"b\"]", "/t:c/t:l[t:k=\"it's\"][t:j='/]']", "/t:c/t:nk[ 3 ]/t:z"),
    *("", "/", "/c", "/t:c/a", "/q:c", "/x:c", "t:c", "//t:c", "/t:c/", "/t:c/t:nk[0]"),
    *("/t:c/t:l[k='a'][j='b']", "/t:c/t:l[t:k=a][t:j='b']", "/t:c/t:l[t:k='a][t:j='b']"),
]


@pytest.mark.parametrize("text", PATHS)
def test_instance_identifiers(oracle: Oracle, text: str) -> None:
    leaf = oracle("type instance-identifier { require-instance false; }", NODES)
    theirs = leaf.canonical(text, NAMESPACES)
    assert ours(InstanceIdentifier(False, MODULES), text, NAMESPACES) == theirs

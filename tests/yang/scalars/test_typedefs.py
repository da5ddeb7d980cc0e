from ipaddress import IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yang.scalars import CANONICAL_TYPEDEFS, CanonicalString, InvalidValue, Pattern, String

ADDRESS = CanonicalString("ietf-inet-types:ip-address")
PREFIX = CanonicalString("ietf-inet-types:ip-prefix")
TIME = CanonicalString("ietf-yang-types:date-and-time")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1%eth0", "192.0.2.1%eth0"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("FE80::1%Eth0", "fe80::1%Eth0"),
        ("::FFFF:192.0.2.1", "::ffff:192.0.2.1"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ],
)
def test_addresses(text: str, value: str) -> None:
    assert ADDRESS.parse(text) == ADDRESS.parse(value) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1.2.3.4", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "0x7f.1.1.1", "127.1"),
        *("1.2.3.4%", "1.2.3.4%a.b", "1.2.3.4%%a", "1.2.3.4 %a", "1.2.3.4\x00", "1.2.3.4\n"),
        *(
            ":",
            ":::",
            "1::2::3",
            "12345::",
            "::g",
            "::1%",
            "::1% ",
            "[::1]",
            "::1.2.3.04",
            "\ud800",
        ),
        *("\u0661.2.3.4", "::\uff11", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9"),
    ],
)
def test_addresses_refuse(text: str) -> None:
    for name in CANONICAL_TYPEDEFS:
        with pytest.raises(InvalidValue):
            CanonicalString(name).parse(text)


@pytest.mark.parametrize("text", ["1.2.3.4%eth0", "fe80::1%eth0"])
def test_no_zone_where_the_type_has_none(text: str) -> None:
    for version in ("ip", "ipv4", "ipv6"):
        with pytest.raises(InvalidValue):
            CanonicalString(f"ietf-inet-types:{version}-address-no-zone").parse(text)


def test_versions_do_not_mix() -> None:
    for name, text in [("ipv4", "::1"), ("ipv6", "1.2.3.4")]:
        with pytest.raises(InvalidValue):
            CanonicalString(f"ietf-inet-types:{name}-address").parse(text)
        with pytest.raises(InvalidValue):
            CanonicalString(f"ietf-inet-types:{name}-prefix").parse(f"{text}/8")


@given(st.ip_addresses(v=4), st.integers(0, 32))
def test_ipv4_prefix_has_no_host_bits(address: object, length: int) -> None:
    value = PREFIX.parse(f"{address}/{length}")
    assert value == str(IPv4Network(f"{address}/{length}", strict=False))
    assert PREFIX.parse(value) == value


@given(st.ip_addresses(v=6), st.integers(0, 128))
def test_ipv6_prefix_has_no_host_bits(address: IPv6Address, length: int) -> None:
    value = PREFIX.parse(f"{address.exploded.upper()}/{length}")
    assert IPv6Network(value) == IPv6Network(f"{address}/{length}", strict=False)
    assert PREFIX.parse(value) == value


@pytest.mark.parametrize(
    "text",
    [
        *("1.2.3.4", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/08", "1.2.3.4/-1", "1.2.3.4/+8", "/8"),
        *("1.2.3.4/8/8", "1.2.3.4%e/8", "1.2.3.4/255.0.0.0", "::/129", "::/001", "::/", "::%e/8"),
        *("1.2.3.4/\u0668", "1.2.3.4/ 8", "10/8"),
    ],
)
def test_prefixes_refuse(text: str) -> None:
    with pytest.raises(InvalidValue):
        PREFIX.parse(text)


def test_derived_types_restrict_the_text_as_sent() -> None:
    private = Pattern(r"10\..*", r"10\..*", message="private addresses only", app_tag="private")
    typedef = CanonicalString("ietf-inet-types:ipv4-prefix", String(patterns=(private,)))
    assert typedef.parse("10.1.2.3/8") == "10.0.0.0/8"
    with pytest.raises(InvalidValue, match="private addresses only") as caught:
        typedef.parse("11.0.0.0/8")
    assert caught.value.app_tag == "private"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05+00:00"),
        ("2024-01-02T03:04:05.120+02:00", "2024-01-02T01:04:05.120+00:00"),
        ("2024-02-29T23:59:59-05:30", "2024-03-01T05:29:59+00:00"),
        ("2024-01-02T03:04:05-00:00", "2024-01-02T03:04:05-00:00"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00+00:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"),
    ],
)
def test_times(text: str, value: str) -> None:
    assert TIME.parse(text) == TIME.parse(value) == value


@pytest.mark.parametrize(
    "text",
    [
        *("", "2024-01-02", "2024-01-02 03:04:05Z", "2024-01-02T03:04Z", "2024-01-02T03:04:05"),
        *("2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z"),
        *("2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:61Z"),
        *("2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00+00:60", "2024-01-01T00:00:00z"),
        *("2024-01-01T00:00:00.Z", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z\n"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "\u06622024-01-01T00:00:00Z"),
    ],
)
def test_times_refuse(text: str) -> None:
    with pytest.raises(InvalidValue):
        TIME.parse(text)

"""A certificate gives a name as RFC 7407, section 2.4 says, or none."""

import hashlib
from typing import Any

import pytest

from server.cert_to_name import CertToName, parse_fingerprint, user_name

LEAF, CA = b"the client's", b"its authority's"
CERTIFICATE: dict[str, Any] = {
    "subject": ((("countryName", "DE"),), (("commonName", "Ada"),)),
    "subjectAltName": (
        ("URI", "urn:x"),
        ("DNS", "Ops.Example.NET"),
        ("email", "Ada.L@Example.NET"),
        ("IP Address", "192.0.2.1"),
    ),
}


def named(map_type: str, certificate: dict[str, Any] = CERTIFICATE) -> str | None:
    return user_name([CertToName(map_type)], certificate, [LEAF, CA])


def fingerprint(text: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, text).hexdigest()}"


@pytest.mark.parametrize(
    ("map_type", "name"),
    [
        ("san-rfc822-name", "Ada.L@example.net"),
        ("san-dns-name", "ops.example.net"),
        ("san-ip-address", "192.0.2.1"),
        ("san-any", "ops.example.net"),
        ("common-name", "Ada"),
    ],
)
def test_each_map_finds_its_name(map_type: str, name: str) -> None:
    assert named(map_type) == name


@pytest.mark.parametrize(
    "map_type", ["san-rfc822-name", "san-dns-name", "san-ip-address", "san-any", "common-name"]
)
def test_what_is_not_in_the_certificate_gives_no_name(map_type: str) -> None:
    assert named(map_type, {"subject": ((("countryName", "DE"),),)}) is None


def test_an_address_of_ipv6_is_32_digits_in_lower_case() -> None:
    certificate = {"subjectAltName": (("IP Address", "2001:DB8:0:0:0:0:0:AB"),)}
    assert named("san-ip-address", certificate) == "20010db80000000000000000000000ab"
    assert named("san-any", certificate) == "20010db80000000000000000000000ab"


@pytest.mark.parametrize(("known", "name"), [(LEAF, "ada"), (CA, "ada"), (b"other", None)])
def test_a_fingerprint_fits_the_certificate_or_one_above_it(known: bytes, name: str | None) -> None:
    entry = CertToName("specified", parse_fingerprint(fingerprint(known)), "ada")
    assert user_name([entry], CERTIFICATE, [LEAF, CA]) == name


def test_the_first_entry_that_gives_a_name_decides() -> None:
    other = CertToName("specified", parse_fingerprint(fingerprint(b"other")), "other")
    without = CertToName("san-dns-name")
    entries = [other, without, CertToName("common-name"), CertToName("specified", None, "late")]
    assert user_name(entries, {"subject": CERTIFICATE["subject"]}, [LEAF]) == "Ada"


@pytest.mark.parametrize(
    ("algorithm", "number"), [("sha256", "04"), ("sha384", "05"), ("sha512", "06")]
)
def test_fingerprints_are_taken_in_both_notations(algorithm: str, number: str) -> None:
    digest = hashlib.new(algorithm, LEAF).digest()
    for text in (
        f"{number}:{digest.hex(':')}",
        f"{algorithm}:{digest.hex(':').upper()}",
        f"{algorithm[:3].upper()}-{algorithm[3:]}:{digest.hex()}",
    ):
        assert parse_fingerprint(text).fits(LEAF)
        assert not parse_fingerprint(text).fits(CA)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("02:" + "ab" * 20, "neither sha256"),
        ("sha1:" + "ab" * 20, "non-hexadecimal"),
        ("sha256:abcd", "sha256 has 32 octets, not 2"),
        ("04:ab", "sha256 has 32 octets, not 1"),
        ("", "neither"),
    ],
)
def test_a_fingerprint_that_is_none_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_fingerprint(text)

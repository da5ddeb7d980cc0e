"""From a client's certificate to a NETCONF user name (RFC 7407, section 2.4; RFC 7589, section 7).

The law: entries are looked at in their order; the first whose fingerprint fits and whose map finds
a name decides, and without one there is no user.
"""

import hashlib
import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ALGORITHMS = {"sha256": 4, "sha384": 5, "sha512": 6}
"""By name, the number in a tls-fingerprint (RFC 7407; the registry of RFC 5246, section 7.4.1.4.1).
MD5 and SHA-1 are left out: certificates can be made to fit."""

Certificate = Mapping[str, Any]
"""As ``ssl.SSLSocket.getpeercert`` tells it."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The digest of a certificate."""

    algorithm: str
    digest: bytes

    def fits(self, certificate: bytes) -> bool:
        """Whether it is that of a certificate, given in DER."""
        return hashlib.new(self.algorithm, certificate).digest() == self.digest


@dataclass(frozen=True, slots=True)
class CertToName:
    """One table ``[[tls.cert_to_name]]``."""

    map_type: str
    """``specified``, ``san-rfc822-name``, ``san-dns-name``, ``san-ip-address``, ``san-any`` or
    ``common-name``."""
    fingerprint: Fingerprint | None = None
    """Of the client's certificate or of a CA above it; None fits every certificate."""
    name: str = ""
    """The user of ``specified``."""


def parse_fingerprint(text: str) -> Fingerprint:
    """Read ``04:a1:b2...`` (RFC 7407) or ``sha256:A1:B2...``; raises ValueError."""
    prefix, _, rest = text.strip().partition(":")
    name = prefix.lower().replace("-", "")
    if name in _ALGORITHMS:
        return _checked(name, bytes.fromhex(rest.replace(":", "")))
    octets = bytes.fromhex(text.strip().replace(":", ""))
    for algorithm, number in _ALGORITHMS.items():
        if octets[:1] == bytes([number]):
            return _checked(algorithm, octets[1:])
    raise ValueError("neither sha256, sha384 nor sha512")


def _checked(algorithm: str, digest: bytes) -> Fingerprint:
    length = hashlib.new(algorithm).digest_size
    if len(digest) != length:
        raise ValueError(f"{algorithm} has {length} octets, not {len(digest)}")
    return Fingerprint(algorithm, digest)


def user_name(
    entries: Iterable[CertToName], certificate: Certificate, chain: Sequence[bytes]
) -> str | None:
    """The name that the entries give a verified certificate whose chain this is, in DER."""
    for each in entries:
        if each.fingerprint is None or any(map(each.fingerprint.fits, chain)):
            name = each.name or MAPS[each.map_type](certificate)
            if name:
                return name
    return None


def _specified(_: Certificate) -> str | None:
    return None  # the entry itself has the name


def _rfc822_name(certificate: Certificate) -> str | None:
    """The local part as it is, the host part in lower case."""
    for address in _alternatives(certificate, "email"):
        local, at, host = address.rpartition("@")
        return f"{local}{at}{host.lower()}"
    return None


def _dns_name(certificate: Certificate) -> str | None:
    return next((each.lower() for each in _alternatives(certificate, "DNS")), None)


def _ip_address(certificate: Certificate) -> str | None:
    """Dotted decimal, or 32 hexadecimal digits in lower case without colons."""
    for text in _alternatives(certificate, "IP Address"):
        address = ipaddress.ip_address(text.strip())
        return str(address) if address.version == 4 else address.packed.hex()
    return None


def _any_alternative(certificate: Certificate) -> str | None:
    """The first of the three kinds above, in the order of the certificate."""
    for kind, value in certificate.get("subjectAltName", ()):
        if kind in _KINDS:
            return _KINDS[kind]({"subjectAltName": ((kind, value),)})
    return None


def _common_name(certificate: Certificate) -> str | None:
    for names in certificate.get("subject", ()):
        for kind, value in names:
            if kind == "commonName":
                return str(value)
    return None


def _alternatives(certificate: Certificate, kind: str) -> list[str]:
    return [value for each, value in certificate.get("subjectAltName", ()) if each == kind]


_KINDS: Mapping[str, Callable[[Certificate], str | None]] = {
    "email": _rfc822_name,
    "DNS": _dns_name,
    "IP Address": _ip_address,
}

MAPS: Mapping[str, Callable[[Certificate], str | None]] = {
    "specified": _specified,
    "san-rfc822-name": _rfc822_name,
    "san-dns-name": _dns_name,
    "san-ip-address": _ip_address,
    "san-any": _any_alternative,
    "common-name": _common_name,
}

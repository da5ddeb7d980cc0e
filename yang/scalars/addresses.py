"""IP addresses and prefixes of ietf-inet-types (RFC 6991): text -> canonical text.

The C library decides and writes (RFC 5952); it refuses all that the YANG patterns refuse, and
octets with leading zeros within IPv6, which they let pass. Host bits of a prefix are cleared, and a
zone stays as it is.
"""

from socket import AF_INET, AF_INET6, inet_ntop, inet_pton

from .values import InvalidValue, quote

# The patterns allow "/08" for IPv6 and not for IPv4.
_LENGTHS4 = {str(length): -1 << 32 - length for length in range(33)}
_LENGTHS6 = {
    **{str(length): (-1 << 128 - length, f"/{length}") for length in range(129)},
    **{f"0{length}": (-1 << 128 - length, f"/{length}") for length in range(10)},
}


def ipv4_address(text: str) -> str:
    """Give an ipv4-address; a zone is allowed."""
    try:
        return ipv4_address_no_zone(text)
    except InvalidValue:
        address, zone = _split_zone(text, "an IPv4 address")
        return ipv4_address_no_zone(address) + zone


def ipv6_address(text: str) -> str:
    """Give an ipv6-address in RFC 5952's form; a zone is allowed."""
    try:
        return inet_ntop(AF_INET6, inet_pton(AF_INET6, text))
    except (OSError, ValueError):  # ValueError: a NUL or a surrogate
        address, zone = _split_zone(text, "an IPv6 address")
        return ipv6_address_no_zone(address) + zone


def ip_address(text: str) -> str:
    """Give an ip-address of either version; a zone is allowed."""
    return ipv6_address(text) if ":" in text else ipv4_address(text)


def ipv4_address_no_zone(text: str) -> str:
    """Give an ipv4-address-no-zone."""
    try:
        inet_pton(AF_INET, text)
    except (OSError, ValueError):
        raise InvalidValue(f"{quote(text)} is not an IPv4 address") from None
    return text  # inet_pton takes nothing but the canonical form


def ipv6_address_no_zone(text: str) -> str:
    """Give an ipv6-address-no-zone in RFC 5952's form."""
    try:
        return inet_ntop(AF_INET6, inet_pton(AF_INET6, text))
    except (OSError, ValueError):
        raise InvalidValue(f"{quote(text)} is not an IPv6 address") from None


def ip_address_no_zone(text: str) -> str:
    """Give an ip-address-no-zone of either version."""
    return ipv6_address_no_zone(text) if ":" in text else ipv4_address_no_zone(text)


def ipv4_prefix(text: str) -> str:
    """Give an ipv4-prefix with the host bits cleared."""
    try:
        address, length = text.split("/")
        mask = _LENGTHS4[length]
        number = int.from_bytes(inet_pton(AF_INET, address), "big")
    except (KeyError, OSError, ValueError):
        raise InvalidValue(f"{quote(text)} is not an IPv4 prefix") from None
    network = number & mask
    if network == number:
        return text
    return f"{inet_ntop(AF_INET, network.to_bytes(4, 'big'))}/{length}"


def ipv6_prefix(text: str) -> str:
    """Give an ipv6-prefix in RFC 5952's form with the host bits cleared."""
    try:
        address, length = text.split("/")
        mask, suffix = _LENGTHS6[length]
        packed = inet_pton(AF_INET6, address)
    except (KeyError, OSError, ValueError):
        raise InvalidValue(f"{quote(text)} is not an IPv6 prefix") from None
    network = int.from_bytes(packed, "big") & mask
    return inet_ntop(AF_INET6, network.to_bytes(16, "big")) + suffix


def ip_prefix(text: str) -> str:
    """Give an ip-prefix of either version with the host bits cleared."""
    return ipv6_prefix(text) if ":" in text else ipv4_prefix(text)


def _split_zone(text: str, what: str) -> tuple[str, str]:
    """Give the address and ``%zone``; a zone is letters and digits of any script."""
    address, _, zone = text.partition("%")
    if not zone.isalnum():
        raise InvalidValue(f"{quote(text)} is not {what}")
    return address, f"%{zone}"

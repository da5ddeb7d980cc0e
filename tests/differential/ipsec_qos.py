"""The module ipsec-qos: the domains to draw from."""

from functools import cache
from pathlib import Path

from tests.differential.documents import Domains
from tests.yang.compiled import bindings
from yang.schema import Schema

MODULES = Path(__file__).parents[2] / "yang" / "modules"
LOADED = ("ietf-interfaces", "iana-if-type", "ipsec-qos", "ipsec-qos-deviations")
FEATURES = {"ietf-interfaces": (), "ipsec-qos": ("exact-burst",)}

_TOP = "/ipsec-qos:ipsec-qos"
_POLICY = f"{_TOP}/policies/policy"
_TEMPLATE = f"{_TOP}/policy-templates/policy-template"
_BINDING = f"{_TOP}/interface-bindings/interface-binding"

_TEXTS = {
    f"{_TOP}/global/df-bit": ("copy", "clear", "set"),
    f"{_TOP}/global/fragmentation": ("before-encryption", "after-encryption"),
    f"{_TOP}/global/fragment-aging-time": ("1000", "5000"),
    f"{_BINDING}/interface": ("i1", "i2", "i3"),
    f"{_BINDING}/policy-group": ("a", "b", "c"),
    "/ietf-interfaces:interfaces/interface/name": ("i1", "i2"),
    "/ietf-interfaces:interfaces/interface/type": (
        "iana-if-type:ethernetCsmacd",
        "iana-if-type:tunnel",
    ),
    # What occurs several times is drawn more often.
    f"{_POLICY}/name": ("a", "a", "a", "b", "b", "b", "t"),
    f"{_TEMPLATE}/name": ("t", "t", "t", "u", "u", "u", "a"),
    f"{_POLICY}/template": ("t", "t", "u", "u", "v"),
}
_REFUSED = {
    f"{_TOP}/global/df-bit": ("", "Copy"),
    f"{_TOP}/global/fragmentation": ("before",),
    f"{_TOP}/global/fragment-aging-time": ("999", "60001", "5s"),
    f"{_BINDING}/policy-group": ("", "0123456789abcdef"),
    "/ietf-interfaces:interfaces/interface/type": ("ethernetCsmacd", "iana-if-type:none"),
    f"{_POLICY}/template": ("", "0123456789abcdef"),
}
_IN_ENTRIES = {
    "name": ((), ("", "0123456789abcdef")),
    "sequence-number": (("1", "2", "3"), ("0", "10001", "-1", "1.0", "")),
    "description": (("", "x"), ("y" * 256,)),
    "tunnel-selector/connection": (("c1", "c2", "c3"), ("", "c" * 65)),
    "tunnel-selector/if-id": (("1", "2", "7"), ("0", "4294967296")),
    "tunnel-selector/reqid": (("1", "2", "7"), ("0", "x")),
    "tunnel-selector/remote-prefix": (
        ("10.0.0.0/8", "10.0.0.1/8", "2001:db8::/32", "2001:DB8::1/32", "0.0.0.0/0"),
        ("10.0.0.0", "10.0.0.0/33", "2001:db8::/129", "10.0.0/8"),
    ),
    "tunnel-selector/protocol": (("6", "17", "1", "132"), ("256", "tcp")),
    "tunnel-selector/remote-port": (("1", "443"), ("0", "65536")),
    "df-bit": (("copy", "set"), ("none",)),
    "fragmentation": (("before-encryption", "after-encryption"), ("both",)),
    "inbound/dscp": (("0", "46", "ef", "af11"), ("64", "EF", "")),
    "inbound/service-class": (("be", "ef"), ("af5",)),
    "inbound/inherit-plain": (("",), ("true",)),
    "outbound/dscp": (("8", "default"), ("-1",)),
    "outbound/service-class": (("be", "cs7"), ("0",)),
    **{
        f"{direction}/speed-limit/{leaf}": texts
        for direction in ("inbound", "outbound")
        for leaf, texts in {
            "rate": (("8", "1000", "4194303"), ("7", "4194304")),
            "counted-length": (("encrypted", "payload"), ("inner",)),
            "ike": (("true", "false"), ("1",)),
            "burst": (("1500", "65536"), ("1499", "1073741825")),
        }.items()
    },
}
_ENTRY_CHANCES = {
    "tunnel-selector": 0.5,
    "inbound/speed-limit": 0.3,
    "outbound/speed-limit": 0.3,
    "inbound/service-class": 0.3,
    "inbound/inherit-plain": 0.3,
    "inbound/speed-limit/rate": 0.9,
    "outbound/speed-limit/rate": 0.9,
    "tunnel-selector/protocol": 0.7,
    "tunnel-selector/remote-port": 0.5,
    **{
        f"{direction}/speed-limit/{leaf}": 0.5
        for direction in ("inbound", "outbound")
        for leaf in ("counted-length", "ike", "burst")
    },
}


@cache
def schema() -> Schema:
    """Return what the gateway's set has of these modules, compiled without the others."""
    made, _ = bindings(
        sorted(LOADED, reverse=True), (MODULES / "ipsec-qos", MODULES / "ietf"), FEATURES
    )
    found = made.SCHEMA
    assert isinstance(found, Schema)
    return found


def domains() -> Domains:
    """Return what to draw for ipsec-qos."""
    texts = dict(_TEXTS)
    refused = dict(_REFUSED)
    chances = {_TOP: 0.97, f"{_BINDING}/policy-group": 0.9}
    chances |= {f"{_TOP}/policies": 0.9, f"{_TOP}/policy-templates": 0.8}
    chances |= {f"{_TOP}/interface-bindings": 0.5, f"{_POLICY}/template": 0.4}
    chances["/ietf-interfaces:interfaces"] = 0.2
    chances["/ietf-interfaces:interfaces/interface/type"] = 0.95
    for entry in (_POLICY, _TEMPLATE):
        for name, (taken, not_taken) in _IN_ENTRIES.items():
            texts.setdefault(f"{entry}/{name}", taken)
            refused[f"{entry}/{name}"] = not_taken
        for name, chance in _ENTRY_CHANCES.items():
            chances[f"{entry}/{name}"] = chance
    for name in ("inbound", "outbound"):
        chances[f"{_POLICY}/{name}"] = 0.25
    chances[f"{_POLICY}/df-bit"] = chances[f"{_POLICY}/fragmentation"] = 0.1
    weights = {f"{_POLICY}/template": 20, f"{_BINDING}/policy-group": 4}
    return Domains(texts, refused, chances, 0.25, weights=weights)

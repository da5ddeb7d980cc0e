"""The broad test modules: the domains to draw from."""

from tests.differential.documents import Domains
from tests.yang.compiled import MODULES, STANDARD

LOADED = ("broad", "broad-extra")
OWN = "/broad:"
"""What the names of the statements have in them that must be seen to reject."""
FEATURES = {"broad": ("on",)}
PATH = (MODULES, STANDARD)

_PORT, _ROUTE, _TYPES = "/broad:network/port", "/broad:network/route", "/broad:types"
_LABEL = "/broad:network/broad-extra:label"
_NAMES, _FLAGS, _FEW = ("p1", "p2", "p3"), ("true", "false"), ("u", "v")
_PATHS = (
    "/broad:network/port[name='p1']",
    "/broad:network/port[name='p2']/enabled",
    "/broad:types/a-flag",
    "/broad:network/port[name='p1']/unit[id='1']/label",
    "/broad:network/port[name='p1']/broad-extra:colour",
    "/broad:top-list[.='1']",
)

TEXTS = {
    **{
        f"{_TYPES}/{name}": texts
        for name, texts in {
            "an-integer": ("-5", "0", "7", "-9223372036854775808", "+7"),
            "a-decimal": ("-1.5", "2.25", "10", "2.250"),
            "some-bits": ("", "one", "two one", "three two"),
            "some-octets": ("AA==", "AQID", "AAECAw=="),
            "a-flag": ("",),
            "an-identity": ("broad:owl", "broad-extra:parrot"),
            "a-path": _PATHS,
            "a-free-path": _PATHS,
            "a-union": ("5", "unlimited", "true", "p1", "p2", "zz"),
            "a-text": ("a", "ba", "abcdefgh"[::-1]),
            "a-day": ("mon", "tue", "wed"),
            "days": ("mon", "tue", "wed"),
            "ordered": ("a", "b", "c", "d"),
            "with-defaults": ("1", "2", "9"),
            "few": _FEW,
            "switched": _FEW,
            "text-of-a-day": ("x1", "y", "x23"),
            "needs-bit": _FEW,
            "needs-owl": _FEW,
        }.items()
    },
    **{
        f"{_PORT}/{name}": texts
        for name, texts in {
            "name": (*_NAMES, "p4", "p5"),
            "enabled": ("true", "false"),
            "speed": ("5", "7", "10", "11", "100"),
            "peer": _NAMES,
            "slot/number": ("1", "2"),
            "slot/shelf": ("1", "2"),
            "needs-speed": _FEW,
            "master": _NAMES,
            "unit/id": ("1", "2", "3", "4"),
            "unit/label": _FEW,
            "unit/buddy": ("1", "2", "3", "4"),
            "unit/fast": ("",),
            "unit/twin": ("1", "2", "3", "4"),
            "unit/deep/inner/k": ("a", "b", "c"),
            "unit/deep/inner/v": ("1", "2", "3"),
            "broad-extra:colour": ("red", "blue"),
            "broad-extra:name": (*_NAMES, "p4", "p5"),
            "broad-extra:more/weight": ("50", "51"),
        }.items()
    },
    f"{_ROUTE}/prefix": ("10.0.0.0/8", "10.1.2.3/8", "2001:DB8::/32", "0.0.0.0/0"),
    f"{_ROUTE}/via": _NAMES,
    f"{_ROUTE}/also-via": _NAMES,
    f"{_ROUTE}/metric": ("1", "50", "100"),
    f"{_ROUTE}/metric2": ("1", "60"),
    f"{_ROUTE}/exact": ("5", "10", "11"),
    f"{_ROUTE}/rank": ("1", "2", "3"),
    "/broad:network/speeds": ("0", "20", "200"),
    "/broad:network/first-port": _NAMES,
    f"{_LABEL}/a": ("x", "y"),
    f"{_LABEL}/b": ("1", "2"),
    f"{_LABEL}/port": _NAMES,
    f"{_LABEL}/pair": ("1", "2"),
    "/broad:limits/low": ("1", "5", "11"),
    "/broad:limits/high": ("4", "10", "12"),
    "/broad:limits/narrow/low": ("1", "5", "11"),
    "/broad:limits/narrow/high": ("2", "10", "12"),
    "/broad:limits/narrow/step": ("1",),
    **{
        f"/broad:choices/{name}": texts
        for name, texts in {
            "tcp-port": ("80", "81"),
            "tcp-name": _FEW,
            "udp/port": ("80", "81"),
            "udp/ttl": ("1",),
            "udp-name": _FEW,
            "left": _FEW,
            "right": _FEW,
            "other-name": _FEW,
            "broad-extra:sctp-port": ("1",),
            "needs-port": _FEW,
            "box/gold": ("1",),
        }.items()
    },
    **{
        f"/broad:conditions/{name}": texts
        for name, texts in {
            "kind": ("a", "b", "c", "d"),
            "only-a": _FEW,
            "only-b/x": _FEW,
            "only-b/must-x": _FEW,
            "only-b/dflt": ("4", "5"),
            "reads-b": _FEW,
            "mandatory-c": _FEW,
            "least": ("a", "b", "c"),
            "one": _FEW,
            "two": _FEW,
            "things/id": _NAMES,
            "things/when-above": _FEW,
            "extra": _FEW,
        }.items()
    },
    "/broad:top": _NAMES,
    "/broad:top-list": ("1", "2", "3", "4", "5", "6", "9"),
}

REFUSED = {
    f"{_TYPES}/an-integer": ("-4", "6", "", "9223372036854775808", "1.0"),
    f"{_TYPES}/a-decimal": ("-1.49", "10.01", "2.255", "2,5", ""),
    f"{_TYPES}/some-bits": ("four", "one one"),
    f"{_TYPES}/some-octets": ("", "AAECAwQ=", "A"),
    f"{_TYPES}/a-flag": ("x",),
    f"{_TYPES}/an-identity": ("b:fish", "b:animal", "nothing"),
    f"{_TYPES}/a-free-path": ("", "b:types", "/nobody:types"),
    f"{_TYPES}/a-text": ("", "ab", "A", "aaaaaaaaa"),
    f"{_TYPES}/a-day": ("sun", "", "-3"),
    f"{_TYPES}/days": ("sun",),
    f"{_PORT}/enabled": ("1", "True", ""),
    f"{_PORT}/unit/id": ("256", "-1"),
    f"{_ROUTE}/prefix": ("10.0.0.0", "::/129"),
    f"{_ROUTE}/metric": ("101",),
    f"{_LABEL}/b": ("", "b"),
    "/broad:limits/low": ("128", "-129"),
    "/broad:choices/udp/port": ("65536",),
    "/broad:conditions/kind": ("e",),
}


SHARES = {
    "/broad:network": 0.5,
    "/broad:conditions": 0.25,
    "/broad:types": 0.1,
    "/broad:choices": 0.08,
    "/broad:limits": 0.07,
}
"""Which part of the campaign is about which container."""


def domains(about: str) -> Domains:
    """Return what to draw for the broad modules, mostly about one container."""
    chances = {
        **dict.fromkeys(SHARES, 0.05),
        "/broad:empty-one": 0.05,
        about: 1.0,
        f"{_PORT}/speed": 0.5,
        f"{_PORT}/slot": 0.5,
        f"{_PORT}/slot/number": 0.6,
        f"{_PORT}/peer": 0.05,
        f"{_PORT}/unit/buddy": 0.05,
        f"{_PORT}/needs-speed": 0.05,
        f"{_ROUTE}/also-via": 0.03,
        f"{_ROUTE}/metric2": 0.05,
        f"{_PORT}/master": 0.03,
        f"{_PORT}/broad-extra:name": 0.15,
        f"{_PORT}/broad-extra:colour": 0.2,
        f"{_PORT}/broad-extra:more": 0.2,
        f"{_PORT}/enabled": 0.2,
        f"{_PORT}/unit/label": 0.5,
        f"{_PORT}/unit/fast": 0.05,
        f"{_PORT}/unit/twin": 0.05,
        f"{_PORT}/unit/deep": 0.3,
        f"{_PORT}/unit/deep/inner/v": 0.5,
        f"{_ROUTE}/via": 0.2,
        f"{_ROUTE}/exact": 0.03,
        f"{_ROUTE}/rank": 0.5,
        f"{_LABEL}/port": 0.9,
        "/broad:network/speeds": 0.1,
        "/broad:network/first-port": 0.05,
        "/broad:limits/narrow": 0.7,
        "/broad:limits/narrow/step": 0.9,
        "/broad:limits/narrow/low": 0.4,
        "/broad:limits/narrow/high": 0.4,
        "/broad:choices/udp/port": 0.8,
        f"{_TYPES}/few": 0.04,
        f"{_TYPES}/days": 0.3,
        "/broad:top": 0.05,
        "/broad:conditions/kind": 0.7,
        "/broad:conditions/only-b/must-x": 0.7,
        "/broad:conditions/one": 0.6,
        "/broad:conditions/mandatory-c": 0.3,
        "/broad:conditions/only-a": 0.1,
        "/broad:conditions/extra": 0.2,
        "/broad:conditions/least": 0.3,
        "/broad:conditions/things/when-above": 0.4,
    }
    weights = {
        about: 6,
        _PORT: 2,
        "/broad:top-list": 40,
        "/broad:top": 5,
        f"{_PORT}/name": 1,
        f"{_PORT}/speed": 3,
        f"{_PORT}/slot": 8,
        f"{_PORT}/enabled": 4,
        f"{_PORT}/broad-extra:name": 16,
        f"{_PORT}/broad-extra:colour": 10,
        f"{_PORT}/broad-extra:more": 30,
        f"{_PORT}/unit": 2,
        f"{_PORT}/unit/label": 6,
        _ROUTE: 2,
        f"{_ROUTE}/rank": 8,
        f"{_ROUTE}/metric2": 3,
        f"{_ROUTE}/via": 3,
        f"{_ROUTE}/exact": 3,
        f"{_LABEL}/pair": 10,
        "/broad:network/speeds": 4,
        "/broad:conditions/kind": 8,
        "/broad:conditions/only-a": 20,
        "/broad:conditions/extra": 10,
        "/broad:conditions/reads-b": 10,
        "/broad:conditions/things/when-above": 4,
        "/broad:choices/needs-port": 4,
        "/broad:conditions/least": 3,
        "/broad:conditions/mandatory-c": 3,
        "/broad:conditions/things": 2,
        f"{_TYPES}/few": 12,
        f"{_TYPES}/with-defaults": 4,
        f"{_TYPES}/days": 4,
    }
    return Domains(
        TEXTS,
        REFUSED,
        chances,
        chance=0.12,
        entries=(0, 1, 1, 2, 2, 4),
        weights=weights,
        never_empty=frozenset(
            {"/broad:conditions/only-b", f"{_PORT}/broad-extra:more", f"{_PORT}/unit/deep"}
        ),
    )

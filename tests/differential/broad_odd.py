"""The module of odd constructs: the domains to draw from."""

from tests.differential import broad
from tests.differential.documents import Domains

LOADED = (*broad.LOADED, "broad-odd", "broad-odd-deviations")
OWN = "/broad-odd:"
FEATURES = {**broad.FEATURES, "broad-odd": ("extra", "more")}
PATH = broad.PATH

_KEYS, _REFERENCES, _ORDERED = "/broad-odd:keys", "/broad-odd:references", "/broad-odd:ordered"
_REFINED, _CASES, _VALUES = "/broad-odd:refined", "/broad-odd:cases", "/broad-odd:values"
_PORT = "/broad:network/port"
_FEW, _COLOURS = ("u", "v"), ("broad-odd:red", "broad-odd:dark", "broad-odd:dark-red")
_IDS = ("1", "01", "7", "any", "ab")

TEXTS = {
    **broad.TEXTS,
    f"{_KEYS}/by-union/id": _IDS,
    f"{_KEYS}/by-union/value": _FEW,
    f"{_KEYS}/by-union/next": _IDS,
    f"{_KEYS}/by-identity/kind": _COLOURS,
    f"{_KEYS}/by-identity/tint": _COLOURS,
    f"{_KEYS}/by-identity/other": _COLOURS,
    f"{_KEYS}/by-identity/needs-red": _FEW,
    f"{_KEYS}/by-identity/needs-dark": _FEW,
    f"{_KEYS}/by-identity/needs-one": _FEW,
    f"{_KEYS}/by-bits/flags": ("a", "b a", "a b", "c", ""),
    f"{_KEYS}/by-bits/needs-b": _FEW,
    f"{_KEYS}/by-decimal/amount": ("1.5", "1.50", "2"),
    f"{_KEYS}/by-decimal/rate": ("1", "-1"),
    f"{_KEYS}/by-decimal/like": ("1.5", "2.0", "3.25"),
    f"{_KEYS}/by-decimal/above": ("1.5", "1.6", "9.9"),
    f"{_KEYS}/by-reference/port": ("p1", "p2"),
    f"{_KEYS}/by-reference/unit": ("1", "2"),
    f"{_REFERENCES}/one": _IDS,
    f"{_REFERENCES}/two": _IDS,
    f"{_REFERENCES}/free": _IDS,
    f"{_REFERENCES}/dereferenced": _FEW,
    f"{_REFERENCES}/either": ("broad-odd:red", "1", "-1", ""),
    f"{_REFERENCES}/instances": (
        "/broad-odd:keys/by-union[id='1']",
        "/broad-odd:keys/by-decimal[rate='1'][amount='1.5']/above",
        "/broad-odd:ordered/step[.='a']",
        "/broad-odd:values/first-number",
    ),
    f"{_REFERENCES}/of-list": ("a", "b"),
    f"{_ORDERED}/step": ("a", "b", "c"),
    f"{_ORDERED}/rule/name": ("first", "x", "y", "z", "w"),
    f"{_ORDERED}/rule/hop": ("1", "2", "3"),
    f"{_ORDERED}/rule/last": ("",),
    f"{_REFINED}/size": ("1", "4", "7"),
    f"{_REFINED}/names": ("a", "bc"),
    f"{_REFINED}/inner/deep": _FEW,
    f"{_REFINED}/inner/added": _FEW,
    f"{_REFINED}/by-feature": ("x",),
    f"{_CASES}/kind": ("g", "h"),
    f"{_CASES}/left": ("3", "4"),
    f"{_CASES}/right/x": _FEW,
    f"{_CASES}/beside": ("y", "z"),
    f"{_CASES}/guarded": _FEW,
    f"{_CASES}/member/id": ("1", "2"),
    f"{_CASES}/short": _FEW,
    f"{_CASES}/reads-left": _FEW,
    f"{_CASES}/compared/id": ("1", "2", "3"),
    f"{_CASES}/compared/value": _FEW,
    f"{_CASES}/compared/other": _FEW,
    f"{_CASES}/compared/inner/rank": ("1", "2"),
    f"{_VALUES}/nothing-or-number": ("", "5", "250.5", "-0"),
    f"{_VALUES}/arithmetic": ("-3", "-2", "6", "7"),
    f"{_VALUES}/texts": ("", "abc", "abcd", "q"),
    f"{_VALUES}/numbers": ("1", "9", "15", "-5"),
    f"{_VALUES}/first-number": ("1", "9"),
    f"{_VALUES}/deviated": ("1", "2"),
    f"{_VALUES}/fewer": ("1", "2"),
}

REFUSED = {
    f"{_KEYS}/by-union/id": ("", "abcd", "a"),
    f"{_KEYS}/by-union/next": ("", "abcd"),
    f"{_KEYS}/by-identity/kind": ("o:colour", "b:owl", "none"),
    f"{_KEYS}/by-bits/flags": ("d", "a a"),
    f"{_KEYS}/by-decimal/amount": ("1.555", "x", ""),
    f"{_KEYS}/by-decimal/like": ("1.555",),
    f"{_REFERENCES}/one": ("", "abcd"),
    f"{_REFERENCES}/either": ("x", "70000"),
    f"{_REFINED}/names": ("", "abcd", "A"),
    f"{_REFINED}/by-feature": ("y", "z"),
    f"{_VALUES}/nothing-or-number": ("199.9", "301", "x"),
    f"{_VALUES}/deviated": ("gone", "256"),
}

SHARES = {
    _KEYS: 0.35,
    _REFERENCES: 0.25,
    _CASES: 0.15,
    _ORDERED: 0.08,
    _REFINED: 0.1,
    _VALUES: 0.07,
}
"""Which part of the campaign is about which container."""


def domains(about: str) -> Domains:
    """Return what to draw, mostly about one container."""
    wanted = {about, *({_KEYS, _ORDERED} if about == _REFERENCES else ())}
    shares = {each: 0.9 if each in wanted else 0.05 for each in (*broad.SHARES, *SHARES)}
    chances = {
        **shares,
        "/broad:network": 0.6 if about == _KEYS else 0.02,
        "/broad:top": 0.0,
        "/broad:top-list": 0.0,
        f"{_REFINED}/names": 0.8,
        f"{_REFINED}/inner": 0.6,
        f"{_REFINED}/inner/deep": 0.9,
        f"{_REFINED}/inner/added": 0.6,
        f"{_CASES}/kind": 0.6,
        f"{_CASES}/guarded": 0.7,
        f"{_CASES}/reads-left": 0.4,
        f"{_ORDERED}/step": 0.7,
        f"{_KEYS}/by-union/next": 0.4,
        f"{_KEYS}/by-decimal/like": 0.5,
        f"{_KEYS}/by-reference/unit": 0.4,
        f"{_CASES}/compared/value": 0.7,
        f"{_CASES}/member": 0.6,
        f"{_PORT}/unit": 0.9,
        f"{_REFERENCES}/one": 0.5,
        f"{_REFERENCES}/two": 0.3,
        f"{_REFINED}/by-feature": 0.5,
        f"{_REFINED}/size": 0.4,
    }
    weights = {
        about: 12,
        _ORDERED: 4 if about == _REFERENCES else 1,
        f"{_KEYS}/by-decimal/like": 8,
        f"{_KEYS}/by-reference": 3,
        f"{_KEYS}/by-identity/needs-dark": 4,
        f"{_KEYS}/by-identity/needs-red": 4,
        f"{_REFINED}/inner/added": 4,
        f"{_CASES}/compared": 4,
        f"{_CASES}/member": 4,
    }
    return Domains(
        TEXTS,
        {**broad.REFUSED, **REFUSED},
        chances,
        chance=0.2,
        entries=(0, 1, 1, 2, 2, 3),
        weights=weights,
        never_empty=frozenset({f"{_CASES}/right", "/broad:conditions/only-b"}),
    )

"""The fixed tables: DSCP names, service classes, and the class that a DSCP inherits.

The law: these are the guide's tables, literally; nothing computes them (``dscp >> 3`` is wrong).
"""

from collections.abc import Mapping
from types import MappingProxyType

DSCP_BY_NAME: Mapping[str, int] = MappingProxyType(
    {
        "default": 0,
        "cs1": 8,
        "af11": 10,
        "af12": 12,
        "af13": 14,
        "cs2": 16,
        "af21": 18,
        "af22": 20,
        "af23": 22,
        "cs3": 24,
        "af31": 26,
        "af32": 28,
        "af33": 30,
        "cs4": 32,
        "af41": 34,
        "af42": 36,
        "af43": 38,
        "cs5": 40,
        "ef": 46,
        "cs6": 48,
        "cs7": 56,
    }
)
"""Code point of each name (RFC 2474, RFC 2597, RFC 3246)."""

TRAFFIC_CLASS: Mapping[str, int] = MappingProxyType(
    {"be": 0, "af1": 1, "af2": 2, "af3": 3, "af4": 4, "ef": 5, "cs6": 6, "cs7": 7}
)
"""Traffic Class (EXP) of the MPLS label of each service class."""

_INHERITED: Mapping[int, str] = MappingProxyType(
    {
        8: "af1",
        10: "af1",
        12: "af1",
        14: "af1",
        16: "af2",
        18: "af2",
        20: "af2",
        22: "af2",
        24: "af3",
        26: "af3",
        28: "af3",
        30: "af3",
        32: "af4",
        34: "af4",
        36: "af4",
        38: "af4",
        40: "ef",
        46: "ef",
        48: "cs6",
        56: "cs7",
    }
)


def code_point(dscp: int | str) -> int:
    """Return the number, 0..63, of a DSCP given as a number or by name."""
    return DSCP_BY_NAME[dscp] if isinstance(dscp, str) else dscp


def inherited_traffic_class(dscp: int) -> int:
    """Return the Traffic Class that ``inherit-plain`` gives to a packet of this code point."""
    return TRAFFIC_CLASS[_INHERITED.get(dscp, "be")]

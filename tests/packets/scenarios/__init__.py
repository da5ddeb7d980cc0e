"""The scenarios, in the order of the semantics' rows."""

from tests.packets.scenarios import (
    connections,
    dynamics,
    limits,
    marking,
    peers,
    sizes,
    surroundings,
    traffic,
)

__all__ = [
    "connections",
    "dynamics",
    "limits",
    "marking",
    "peers",
    "sizes",
    "surroundings",
    "traffic",
]

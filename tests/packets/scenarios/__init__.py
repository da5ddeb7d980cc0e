"""The scenarios, in the order of the semantics' rows."""

from tests.packets.scenarios import dynamics, limits, marking, sizes, traffic

__all__ = ["dynamics", "limits", "marking", "sizes", "traffic"]

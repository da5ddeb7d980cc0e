"""The scenarios, in the order of the semantics' rows."""

from tests.packets.scenarios import sizes as sizes  # noqa: F401

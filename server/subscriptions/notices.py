"""Notifications about subscriptions: changes of their state (RFC 8639, section 2.7).

Nobody subscribes to them and no filter or access rule keeps them from whom they concern.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from server.events.event import EventWriter
from server.subscriptions.faults import SN, TAGS
from yang.scalars import Identity
from yang.schema import Schema


class Notices:
    """Writes them."""

    def __init__(self, schema: Schema, clock: Callable[[], datetime]) -> None:
        self._writer = EventWriter(schema)
        self._clock = clock
        self._known = {
            each.name: each for each in schema.notifications.values() if each.module.name == SN
        }

    def write(self, name: str, number: int, content: Mapping[str, Any] | None = None) -> bytes:
        """Return ``<notification>`` with the notification of that name about a subscription."""
        told = {"id": number, **(content or {})}
        return self._writer.message(self._clock(), self._known[name], told)

    def ended(self, number: int, reason: str) -> bytes:
        """Return subscription-terminated, for a reason that is an identity."""
        return self.write("subscription-terminated", number, {"reason": identity(reason)})

    def suspended(self, number: int, reason: str) -> bytes:
        """Return subscription-suspended."""
        return self.write("subscription-suspended", number, {"reason": identity(reason)})


def identity(name: str) -> Identity:
    """Return an identity of RFC 8639 or RFC 8641 by its name."""
    return Identity(f"{TAGS[name][0]}:{name}")

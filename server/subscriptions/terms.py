"""The terms of a subscription: what of which source, until when; as values that never change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yang.scalars import Identity

ENCODING = Identity("ietf-subscribed-notifications:encode-xml")
"""The one encoding over NETCONF (RFC 8640, section 5)."""

SUBTREE, XPATH = "subtree", "xpath"
Namespaces = Mapping[str | None, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """A filter as the client gave it, or as the configuration has it under a name."""

    kind: str
    text: str
    """The content of a subtree filter as XML with its declarations, or the XPath."""
    namespaces: Namespaces = field(default_factory=dict, hash=False)
    """The prefixes that an XPath may use."""
    name: str = ""
    """Of the configured filter that this is, if it is one."""


@dataclass(frozen=True, slots=True)
class StreamTarget:
    """Events of a stream (RFC 8639)."""

    stream: str
    wish: Wish | None = None
    replay_start: datetime | None = None

    def told(self) -> dict[str, Any]:
        """Return the leafs that say so."""
        told: dict[str, Any] = {"stream": self.stream}
        if self.wish is not None:
            told |= _told(self.wish, "stream", "stream-filter-name")
        if self.replay_start is not None:
            told["replay-start-time"] = time_text(self.replay_start)
        return told


Target = StreamTarget


@dataclass(frozen=True, slots=True)
class Terms:
    """All that a subscriber asked for."""

    target: Target
    stop: datetime | None = None

    def told(self) -> dict[str, Any]:
        """Return the nodes of ``subscription-policy`` that say so."""
        told = {**self.target.told(), "encoding": ENCODING}
        if self.stop is not None:
            told["stop-time"] = time_text(self.stop)
        return told


def time_text(time: datetime) -> str:
    """Return a time as the YANG library's types write it."""
    return time.isoformat(timespec="microseconds")


def _told(wish: Wish, prefix: str, reference: str) -> dict[str, Any]:
    if wish.name:
        return {reference: wish.name}
    return {f"{prefix}-{wish.kind}-filter": wish.text}

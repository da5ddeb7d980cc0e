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


@dataclass(frozen=True, slots=True)
class Periodic:
    """An update again and again (RFC 8641, section 3.1)."""

    period: int
    """Centiseconds."""
    anchor: datetime | None = None

    def told(self) -> dict[str, Any]:
        """Return the container that says so."""
        anchor = {} if self.anchor is None else {"anchor-time": time_text(self.anchor)}
        return {"periodic": {"period": self.period, **anchor}}


@dataclass(frozen=True, slots=True)
class OnChange:
    """An update when something has changed."""

    dampening: int = 0
    """Centiseconds between two updates, at least."""
    sync_on_start: bool = True
    excluded: tuple[str, ...] = ()
    """Operations that are not told."""

    def told(self) -> dict[str, Any]:
        """Return the container that says so."""
        return {
            "on-change": {
                "dampening-period": self.dampening,
                "sync-on-start": self.sync_on_start,
                "excluded-change": list(self.excluded),
            }
        }


@dataclass(frozen=True, slots=True)
class DatastoreTarget:
    """Data of a datastore (RFC 8641)."""

    datastore: str
    trigger: Periodic | OnChange
    wish: Wish | None = None

    def told(self) -> dict[str, Any]:
        """Return the nodes that say so."""
        told: dict[str, Any] = {"datastore": Identity(f"ietf-datastores:{self.datastore}")}
        if self.wish is not None:
            told |= _told(self.wish, "datastore", "selection-filter-ref")
        return {**told, **self.trigger.told()}


Target = StreamTarget | DatastoreTarget


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

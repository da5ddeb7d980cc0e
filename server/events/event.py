"""An event: a notification of a module with its content, and its text, written once for all.

The law: an event never changes, so that the log and every subscriber share it; what nobody gets
is never written, so that a commit does not pay for it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.datastore.to_xml import Writer, encoded, opening_of
from server.datastore.view import View
from server.namespaces import NOTIFICATION
from yang.schema import Container, Module, Notification, Schema

_HEAD = b'<notification xmlns="%b"><eventTime>' % NOTIFICATION.encode()
_BEFORE_BODY, _END = b"</eventTime>", b"</notification>"
_OF_AN_EVENT, _OF_A_NODE, _OF_A_TEXT, _OF_A_NUMBER = 200, 200, 64, 32
_NOBODY = Module("", "", "", "", implemented=False)

Content = Mapping[str, Any]
"""The content of a notification by YANG names, as state is told."""


class Event:
    """Something that happened. What it is sent as is written once somebody gets it."""

    __slots__ = ("_message", "_writer", "content", "notification", "number", "size", "time")

    def __init__(
        self,
        number: int,
        time: datetime,
        notification: Notification,
        content: Content,
        writer: "EventWriter",
    ) -> None:
        self.number = number
        """Events are numbered from 1 on as they happen."""
        self.time = time
        self.notification = notification
        self.content = content
        self.size = _OF_AN_EVENT + _size(content)
        """Octets that it takes in memory, about."""
        self._writer = writer
        self._message: bytes | None = None

    def with_content(self, content: Content) -> "Event":
        """Return the event as somebody gets it who may not be told all of it."""
        return Event(self.number, self.time, self.notification, content, self._writer)

    @property
    def message(self) -> bytes:
        """The ``<notification>``, whole; for all who get it the same bytes."""
        if self._message is None:
            self._message = self._writer.message(self.time, self.notification, self.content)
        return self._message

    @property
    def body(self) -> bytes:
        """The element of the notification itself."""
        start = self.message.index(_BEFORE_BODY) + len(_BEFORE_BODY)
        return self.message[start : -len(_END)]


class EventWriter:
    """Writes ``<notification>`` elements (RFC 5277, section 4)."""

    def __init__(self, schema: Schema) -> None:
        self._view = View(schema, Writer(schema), {})

    def message(self, time: datetime, notification: Notification, content: Content) -> bytes:
        """Return the whole element, in ASCII."""
        node = notification.content
        inside = self._view.output(node, content)
        opening = encoded(opening_of(node))
        closed = inside + encoded(f"</{node.name}>")
        body = opening + closed if inside else opening[:-1] + b"/>"
        when = event_time(time).encode()
        return b"".join((_HEAD, when, _BEFORE_BODY, body, _END))


def _size(value: Any) -> int:
    """Octets that a content takes in memory, about; names are shared and take none."""
    if isinstance(value, str):
        return _OF_A_TEXT + len(value)
    if isinstance(value, list | tuple):
        return sum(map(_size, value))
    if isinstance(value, dict | Mapping):  # A dict is told at once, the rest is asked for slowly.
        return _OF_A_NODE + sum(map(_size, value.values()))
    return _OF_A_NUMBER


def event_time(time: datetime) -> str:
    """Return a time as the examples of RFC 5277 write it, to the microsecond."""
    return time.isoformat(timespec="microseconds").replace("+00:00", "Z")


def tree_of_events(schema: Schema) -> Container:
    """Return a node whose children are the notifications: what a filter of events looks at."""
    contents = tuple(each.content for each in schema.notifications.values())
    tree = Container("", _NOBODY, contents)
    tree.by_tag = {each.at.tag: each for each in contents}
    for each in contents:
        tree.by_name.setdefault(each.name, each)
    return tree

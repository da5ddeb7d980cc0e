"""An event: a notification of a module with its content, and its text, written once for all.

The law: an event never changes, so that the log and every subscriber share it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from server.datastore.to_xml import Writer, encoded, opening_of
from server.datastore.view import View
from server.namespaces import NOTIFICATION
from yang.schema import Container, Module, Notification, Schema

_HEAD = b'<notification xmlns="%b"><eventTime>' % NOTIFICATION.encode()
_NOBODY = Module("", "", "", "", implemented=False)

Content = Mapping[str, Any]
"""The content of a notification by YANG names, as state is told."""


class Event(NamedTuple):
    """Something that happened."""

    number: int
    """Events are numbered from 1 on as they happen."""
    time: datetime
    notification: Notification
    content: Content
    message: bytes
    """The ``<notification>``, whole."""


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
        return b"".join((_HEAD, when, b"</eventTime>", body, b"</notification>"))


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

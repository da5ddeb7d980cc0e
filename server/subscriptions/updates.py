"""The notifications of RFC 8641 as text: push-update has contents, push-change-update edits."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from server.events.event import event_time
from server.namespaces import NOTIFICATION, PUSH
from server.subscriptions.faults import Refused

_HEAD = b'<notification xmlns="%b"><eventTime>%%b</eventTime>' % NOTIFICATION.encode()
_UPDATE = _HEAD + b'<push-update xmlns="%b"><id>%%d</id><datastore-contents>' % PUSH.encode()
_END_OF_UPDATE = b"</datastore-contents></push-update></notification>"
_CHANGE = (
    _HEAD + b'<push-change-update xmlns="%b"><id>%%d</id>' % PUSH.encode() + b"<datastore-changes>"
    b"<yang-patch><patch-id>%d</patch-id>"
)
_END_OF_CHANGE = b"</yang-patch></datastore-changes></push-change-update></notification>"


def push_update(number: int, now: datetime, contents: Sequence[bytes]) -> Sequence[bytes]:
    """Return a push-update with these contents."""
    return (_UPDATE % (event_time(now).encode(), number), *contents, _END_OF_UPDATE)


def push_change_update(number: int, now: datetime, patch: int, edits: bytes) -> Sequence[bytes]:
    """Return a push-change-update with these edits."""
    return (_CHANGE % (event_time(now).encode(), number, patch), edits, _END_OF_CHANGE)


def bounded(parts: Iterable[bytes], most: int, identity: str) -> Sequence[bytes]:
    """Return the contents of an update; raises Refused where they are more than so many octets."""
    found: list[bytes] = []
    size = 0
    for part in parts:
        size += len(part)
        if size > most:
            raise Refused(
                identity,
                f"the update would have more than {most:,} octets; select less of the datastore",
                (("kilobytes-limit", str(most // 1024)),),
            )
        found.append(part)
    return found

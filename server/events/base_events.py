"""The base notifications of RFC 6470: what happens to the configuration and to sessions.

Capabilities never change while the server runs, so netconf-capability-change is never told.
"""

from typing import Any

from server.datastore.confirmed import Event
from server.datastore.confirming import Confirming
from server.datastore.running import Committed
from server.events.edits import Edit, edits_of
from server.events.stream import EventStream
from server.sessions import EndReason, NetconfSession
from yang.scalars import EMPTY

MODULE = "ietf-netconf-notifications"

_SERVER = {"username": "server", "session-id": 0}
"""Who cancels what nobody was there to confirm any more; 0 is no NETCONF session (RFC 6470)."""


class BaseEvents:
    """Publishes base notifications; its methods are hooks of the sessions and datastores."""

    def __init__(self, stream: EventStream, most_edits: int) -> None:
        self._stream = stream
        self._most_edits = most_edits

    def on_open(self, session: NetconfSession) -> None:
        """Tell of a new session."""
        self._stream.publish(MODULE, "netconf-session-start", _session(session))

    def on_close(self, session: NetconfSession) -> None:
        """Tell that a session has ended, and why."""
        content = _session(session)
        if session.ended is EndReason.KILLED and session.killed_by:
            content["killed-by"] = session.killed_by
        content["termination-reason"] = str(session.ended)
        self._stream.publish(MODULE, "netconf-session-end", content)

    def on_commit(self, committed: Committed) -> None:
        """Tell what of running has been changed, and by whom."""
        edits = edits_of(self._stream.schema, committed.changes, self._most_edits)
        content = {
            "changed-by": _changed_by(committed.session),
            "datastore": "running",
            "edit": [_told(each) for each in edits],
        }
        self._stream.publish(MODULE, "netconf-config-change", content)

    def on_confirming(self, confirming: Confirming) -> None:
        """Tell what became of a confirmed commit."""
        event, session = confirming.event, confirming.session
        content: dict[str, Any] = {}
        if event is not Event.TIMEOUT:
            content = _SERVER if session is None else _session(session)
        content = {**content, "confirm-event": str(event)}
        if confirming.timeout is not None and event in (Event.START, Event.EXTEND):
            content["timeout"] = confirming.timeout
        self._stream.publish(MODULE, "netconf-confirmed-commit", content)


def _session(session: NetconfSession) -> dict[str, Any]:
    told: dict[str, Any] = {"username": session.user, "session-id": session.id}
    if session.peer.address:
        told["source-host"] = session.peer.address
    return told


def _changed_by(session: NetconfSession | None) -> dict[str, Any]:
    # 0 is no NETCONF session: the rules of the first start are the server's own.
    return _session(session) if session is not None and session.id else {"server": EMPTY}


def _told(edit: Edit) -> dict[str, Any]:
    target = {} if edit.target is None else {"target": edit.target}
    return {**target, "operation": edit.operation}

"""What the audit says: who asked for what, from where, and what became of it.

The law: no content of edits, filters or replies, and no secret; of a request only the names of its
operation and datastore. A line is one JSON object.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from server.datastore.running import Committed
from server.errors import RpcError
from server.namespaces import BASE, YANG
from server.sessions import NetconfSession, Peer

Put = Callable[[dict[str, Any]], None]

READS = frozenset({"get", "get-config", "get-data", "get-schema"})
OF_ITSELF = {
    "get": "operational",
    "commit": "running",
    "cancel-commit": "running",
    "discard-changes": "candidate",
    "rollback": "candidate",
    "update": "candidate",
}
"""The datastore of operations that do not name it."""

_LONGEST = 64
"""Characters of a name that a client has made up."""
_DEEPEST = 16


class Trail:
    """Makes the lines; usable from any thread, never waits."""

    def __init__(self, put: Put, clock: Callable[[], datetime], *, reads: bool = True) -> None:
        """``reads``: whether there are lines for reads that were permitted."""
        self._put = put
        self._clock = clock
        self._reads = reads
        self._here = threading.local()

    # ---- sessions

    def session_opened(self, session: NetconfSession) -> None:
        """Somebody has a session now."""
        self._put({"time": self._clock(), "event": "session-open", **_who(session)})

    def session_closed(self, session: NetconfSession) -> None:
        """A session has ended."""
        self._put(
            {
                "time": self._clock(),
                "event": "session-close",
                **_who(session),
                "reason": None if session.ended is None else str(session.ended),
                "killed-by": session.killed_by or None,
                "rpcs": session.in_rpcs,
            }
        )

    def session_refused(self, peer: Peer, reason: str) -> None:
        """Somebody who is logged in has got no session."""
        self._put(
            {"time": self._clock(), "event": "session-refused", **_peer(peer), "reason": reason}
        )

    def login_failed(self, peer: Peer, reason: str) -> None:
        """Somebody has not proved to be who it says, or is nobody whom we know."""
        self._put({"time": self._clock(), "event": "login-failed", **_peer(peer), "reason": reason})

    # ---- requests

    def committed(self, committed: Committed) -> None:
        """Running has changed: by the request that this thread performs, or by the server."""
        if committed.session is None or not getattr(self._here, "is_performing", False):
            self._put(
                {
                    "time": self._clock(),
                    "event": "commit",
                    "operation": committed.entry.operation,
                    "commit": committed.entry.id,
                }
            )
        else:
            self._here.commit = committed.entry.id

    def begin(self) -> None:
        """This thread begins to perform a request."""
        self._here.is_performing = True
        self._here.commit = None

    def performed(
        self,
        session: NetconfSession,
        operation: etree._Element,
        errors: Sequence[RpcError],
        seconds: float,
    ) -> None:
        """The request that this thread has performed is about to be answered."""
        self._here.is_performing = False
        namespace, name = _name(operation)
        if not self._reads and not errors and name in READS:
            return
        self._put(
            {
                "time": self._clock(),
                "event": "rpc",
                **_who(session),
                "operation": name,
                "namespace": None if namespace == BASE else namespace,
                "datastore": datastore_of(operation, name),
                "action": _action(operation) if namespace == YANG else None,
                **decision(errors),
                "ms": round(seconds * 1000, 3),
                "commit": self._here.commit,
            }
        )

    def rejected(self, session: NetconfSession, error: RpcError) -> None:
        """What came was no request."""
        self._put({"time": self._clock(), "event": "rpc", **_who(session), **decision((error,))})


def decision(errors: Sequence[RpcError]) -> dict[str, Any]:
    """Return what was decided: permitted; denied, by what; or refused, with which error-tag."""
    if not errors:
        return {"decision": "permitted"}
    told = next((each for each in errors if each.denied_by), errors[0])
    return {
        "decision": "denied" if told.tag == "access-denied" else "refused",
        "by": told.denied_by,
        "error-tag": told.tag,
        "error-app-tag": told.app_tag,
        "errors": len(errors) if len(errors) > 1 else None,
    }


def datastore_of(operation: etree._Element, name: str) -> str:
    """Return the datastore that a request changes, or else reads; empty where there is none."""
    found = OF_ITSELF.get(name, "")
    for child in operation:
        parameter = _name(child)[1]
        if parameter == "datastore":
            return _short(child.text)
        if parameter in ("target", "source") and len(child):
            of = child[0]
            named = _name(of)[1]
            found = _short(of.text) if named == "datastore" else named
            if parameter == "target":
                return found
    return found


def _who(session: NetconfSession) -> dict[str, Any]:
    return {"session": session.id, **_peer(session.peer)}


def _peer(peer: Peer) -> dict[str, Any]:
    return {"user": peer.user, "address": peer.address, "transport": peer.transport}


def _name(element: etree._Element) -> tuple[str, str]:
    tag = element.tag
    if not isinstance(tag, str):
        return "", ""
    namespace, _, name = tag.rpartition("}")
    return namespace[1:][:_LONGEST] or BASE, name[:_LONGEST]


def _action(operation: etree._Element) -> str:
    """Return the names down to what is innermost: those around the action, it, and its input."""
    path = ""
    while len(operation) and path.count("/") < _DEEPEST:
        operation = operation[-1]
        path += f"/{_name(operation)[1]}"
    return path


def _short(text: str | None) -> str:
    return (text or "").strip()[:_LONGEST]

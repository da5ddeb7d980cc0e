"""State of the server itself: ``/netconf-state`` (RFC 6022)."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from server.datastore.datastores import CANDIDATE, RUNNING, Datastores
from server.datastore.partial_locks import PartialLock
from server.namespaces import CAPABILITY_BASE_1_0, CAPABILITY_BASE_1_1
from server.sessions import NetconfSession, Sessions, Statistics
from yang.library import Library
from yang.scalars import Identity, InstancePath

MODULE = "ietf-netconf-monitoring"
LOCAL_MODULE = "netconf-local-transport"
UNIX = "netconf-unix"
INSTEAD = "netconf-ssh"
"""What a session over the unix socket is in a module set without the module: sshd, for one, may be
in front of it."""


class Monitoring:
    """Tells the state of the server."""

    def __init__(
        self,
        datastores: Datastores,
        sessions: Sessions,
        library: Library,
        clock: Callable[[], datetime],
    ) -> None:
        self._datastores = datastores
        self._sessions = sessions
        self._library = library
        self._started = clock()
        self.capabilities: tuple[str, ...] = ()
        """Those of the operations and modules; the versions of base are there anyway."""

    @property
    def states(self) -> Mapping[str, Callable[[], Any]]:
        """State by the schema path of the node that it fills."""
        return {
            f"/{MODULE}:netconf-state/capabilities": self._capabilities,
            f"/{MODULE}:netconf-state/datastores": self._datastore_states,
            f"/{MODULE}:netconf-state/schemas": self._schemas,
            f"/{MODULE}:netconf-state/sessions": self._session_states,
            f"/{MODULE}:netconf-state/statistics": self._statistics,
            "/ietf-yang-library:yang-library": self._library.state,
            "/ietf-yang-library:modules-state": self._library.old_state,
        }

    def _capabilities(self) -> dict[str, Any]:
        return {"capability": [CAPABILITY_BASE_1_0, CAPABILITY_BASE_1_1, *self.capabilities]}

    def _datastore_states(self) -> dict[str, Any]:
        return {"datastore": [self._datastore(name) for name in (CANDIDATE, RUNNING)]}

    def _datastore(self, name: str) -> dict[str, Any]:
        lock = self._datastores.locks.holder(name)
        partial = list(self._datastores.partial_locks) if name == RUNNING else []
        if lock is None and partial:
            return {"name": name, "locks": {"partial-lock": [_partial(each) for each in partial]}}
        if lock is None:
            return {"name": name}
        held = {"locked-by-session": lock.session.id, "locked-time": _time(lock.since)}
        return {"name": name, "locks": {"global-lock": held}}

    def _schemas(self) -> dict[str, Any]:
        schemas = [
            {
                "identifier": name,
                "version": revision,
                "format": Identity(f"{MODULE}:yang"),
                "namespace": namespace,
                "location": ["NETCONF"],
            }
            for name, revision, namespace in self._library.sources()
        ]
        return {"schema": schemas}

    def _session_states(self) -> dict[str, Any]:
        known = LOCAL_MODULE in self._datastores.schema.modules
        return {"session": [_session(each, known) for each in self._sessions]}

    def _statistics(self) -> dict[str, Any]:
        """Since the start, so with the sessions that have ended (RFC 6022, section 2.1.5)."""
        found = self._sessions.statistics()
        counted = {
            field.name.replace("_", "-"): getattr(found, field.name) for field in fields(Statistics)
        }
        return {"netconf-start-time": _time(self._started), **counted}


def _partial(lock: PartialLock) -> dict[str, Any]:
    return {
        "lock-id": lock.id,
        "locked-by-session": lock.session.id,
        "locked-time": _time(lock.since),
        "select": list(lock.selects),
        "locked-node": [InstancePath(each.identifier) for each in lock.nodes],
    }


def _session(session: NetconfSession, local_is_known: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "session-id": session.id,
        "transport": _transport(session.peer.transport, local_is_known),
        "username": session.user,
        "login-time": _time(session.opened_at),
        "in-rpcs": session.in_rpcs,
        "in-bad-rpcs": session.in_bad_rpcs,
        "out-rpc-errors": session.out_rpc_errors,
        "out-notifications": session.out_notifications,
    }
    if session.peer.address:
        told["source-host"] = session.peer.address
    return told


def _transport(name: str, local_is_known: bool) -> Identity:
    """Return the identity of a transport: RFC 6022 has none for one of the same machine."""
    if name != UNIX:
        return Identity(f"{MODULE}:{name}")
    return Identity(f"{LOCAL_MODULE}:{UNIX}" if local_is_known else f"{MODULE}:{INSTEAD}")


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")

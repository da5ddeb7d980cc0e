"""The state ``/commit-history``: who committed what, and when."""

from collections.abc import Callable, Mapping
from typing import Any

from server.datastore.history import History
from server.datastore.store import JournalEntry

MODULE = "netconf-commit-history"


def history_states(history: History) -> Mapping[str, Callable[[], Any]]:
    """Return the state by the schema path of the node that it fills."""
    return {
        f"/{MODULE}:commit-history": lambda: {"commit": [_commit(e) for e in history.entries()]}
    }


def _commit(entry: JournalEntry) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": entry.id,
        "time": entry.time,
        "operation": entry.operation,
        "changes": entry.size,
    }
    if entry.session_id:
        told |= {
            "username": entry.user,
            "session-id": entry.session_id,
            "source": entry.source,
        }
    if entry.comment:
        told["comment"] = entry.comment
    return told

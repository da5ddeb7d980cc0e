"""The configurations of the past: which commits are known, and what each of them left.

The law: a commit costs nothing for it but a line in memory. What a commit left is found by taking
back what came after it, so it costs what was changed since.
"""

import threading
from collections import deque
from typing import Any

from server.datastore.row_values import RowsUnreadable
from server.datastore.running import Committed, Running
from server.datastore.store import JournalEntry, StoreRefused
from server.errors import RpcError, invalid_value, operation_failed


class History:
    """The past of one running configuration."""

    def __init__(self, running: Running, changing: threading.RLock) -> None:
        """``changing`` is held by whoever changes running, and so uses the store."""
        self._running = running
        self._changing = changing
        self._listing = threading.Lock()
        self._entries: deque[JournalEntry] = deque(maxlen=running.generations)
        running.on_commit.append(self._on_commit)

    def load(self) -> None:
        """List what the store knows."""
        with self._listing:
            self._entries.clear()
            self._entries.extend(reversed(self._running.history()))

    def entries(self) -> tuple[JournalEntry, ...]:
        """Return the commits that are known, the oldest first; waits for nobody."""
        with self._listing:
            return tuple(self._entries)

    def entry(self, commit: int) -> JournalEntry | None:
        """Return a commit that is known, None for another."""
        with self._listing:
            entries = self._entries
            at = commit - entries[0].id if entries else -1
            return entries[at] if 0 <= at < len(entries) else None

    def configuration(self, commit: int) -> Any:
        """Return what a commit left; raises RpcError if it is not known."""
        return self.pair(commit, commit)[0]

    def pair(self, one: int, other: int | None) -> tuple[Any, Any]:
        """Return what two commits left, the newest for None; raises RpcError."""
        try:
            with self._changing:
                newest = self._running.newest
                other = newest if other is None else other
                self._check(one, newest)
                self._check(other, newest)
                older, newer = sorted((one, other))
                root = self._running.root
                since_newer = self._running.changes_after(newer)
                between = self._running.changes_after(older, newer)
            # Roots never change: the rest keeps nobody from committing.
            after = self._running.rewound(root, since_newer)
            before = self._running.rewound(after, between)
        except (StoreRefused, RowsUnreadable) as error:
            raise operation_failed(f"the past cannot be read: {error}") from None
        return (before, after) if one <= other else (after, before)

    def _check(self, commit: int, newest: int) -> None:
        known = self.entries()
        oldest = known[0].id - 1 if known else newest
        if not oldest <= commit <= newest:
            raise _unknown(commit, oldest, newest)

    def _on_commit(self, committed: Committed) -> None:
        with self._listing:
            self._entries.append(committed.entry)


def _unknown(commit: int, oldest: int, newest: int) -> RpcError:
    kept = f"those of {oldest} to {newest} are" if newest else "nothing has been committed yet"
    return invalid_value(
        f"the configuration that commit {commit} left is not known; {kept}", kind="application"
    )

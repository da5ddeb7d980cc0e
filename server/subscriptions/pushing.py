"""Who feeds the subscriptions to datastores (RFC 8641).

The laws: a commit pays for no subscription, it leaves its change list and goes on; a change is
shown only to those whose filter it may concern, which an index of places and keys tells; and when
changes come faster than they can be told, the subscriptions are suspended and not the server.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from server.datastore.instance_path import line_to
from server.datastore.running import Committed
from server.datastore.to_xml import Writer
from server.events.timers import Timers
from server.subscriptions.changes import Changes, Commit, Touched
from server.subscriptions.index import Index
from server.subscriptions.on_change import Newest, OnChangePush
from server.subscriptions.patch import Differ
from server.subscriptions.worker import Worker
from yang.changes import ROOT, Change
from yang.schema import LIST, Schema

_log = logging.getLogger(__name__)

FEW = 32
"""Changes of a commit that are looked at while it waits."""

RULES = "/ietf-netconf-acm:nacm"
MOST_COMMITS = 1000
"""Commits that may wait to be told; with more the subscriptions are suspended."""


@dataclass(frozen=True, slots=True)
class PushLimits:
    """What a subscription to a datastore may ask for."""

    period: float = 1.0
    """Seconds of the shortest period."""
    dampening: float = 0.0
    """Seconds of the shortest dampening period."""
    octets: int = 16 << 20
    """Octets of the contents of one push-update."""
    pending: int = 10_000
    """Entries that may have changed within a dampening period."""


class Pushing:
    """Tells of changes in one thread and makes whole updates in another; for any thread."""

    def __init__(
        self,
        schema: Schema,
        clock: Callable[[], datetime],
        timers: Timers,
        limits: PushLimits,
    ) -> None:
        self.now = clock
        self.timers = timers
        self.limits = limits
        self.changes = Changes(schema, Differ(Writer(schema)))
        self.most_pending = limits.pending
        self._outermost = Outermost(schema)
        rules = schema.by_path.get(RULES)
        self._rules = None if rules is None else rules.at.slot
        self._telling = Worker("changes")
        self._updating = Worker("updates")
        self._lock = threading.Lock()
        self._number = 0
        self._root: Any = schema.root.empty
        self._is_behind = False
        self._index = Index()

    def start(self, root: Any) -> None:
        """Begin with this configuration."""
        with self._lock:
            self._root = root
        self._telling.start()
        self._updating.start()

    def stop(self) -> None:
        """Tell no more."""
        self._telling.stop()
        self._updating.stop()

    def run_waiting(self) -> None:
        """Do in this thread what waits."""
        self._telling.run_waiting()
        self._updating.run_waiting()

    # ---- commits

    def on_commit(self, committed: Committed) -> None:
        """Take note of a change of running; a hook of the datastores."""
        with self._lock:
            self._number += 1
            self._root = committed.root
            if not len(self._index) or self._is_behind:
                return
            commit = Commit(self._number, self.now(), committed.before, committed.root)
            if self._concerns_nobody(commit, committed.changes):
                return
            self._is_behind = len(self._telling) >= MOST_COMMITS
        if self._is_behind:
            self._telling.do(self._give_up)
        else:
            self._telling.do(partial(self._tell, commit, committed.changes))

    def _concerns_nobody(self, commit: Commit, changes: Sequence[Change]) -> bool:
        """Tell whether that is so, as far as it is found out in no time.

        To wake a thread for nothing would cost the commit more than to look.
        """
        if len(changes) > FEW or self._changes_rights(commit):
            return False
        return not self._index.concerns_any(self._outermost.touched(changes))

    def _tell(self, commit: Commit, changes: Sequence[Change]) -> None:
        touched = self._outermost.touched(changes)
        with self._lock:
            concerned = self._index.concerned(touched)
            every = tuple(self._index) if self._changes_rights(commit) else ()
        for push in every:
            push.look_at_rights()
        for push, places in concerned.items():
            try:
                push.changed(commit, places)
            except Exception:
                _log.exception("a subscription could not be told of a commit")
                push.fail()

    def _changes_rights(self, commit: Commit) -> bool:
        slot = self._rules
        return slot is not None and commit.before[slot] is not commit.after[slot]

    def _give_up(self) -> None:
        _log.warning("%d commits wait to be told: subscriptions are suspended", MOST_COMMITS)
        with self._lock:
            self._is_behind = False
            every = tuple(self._index)
        for push in every:
            push.fail()

    # ---- subscriptions

    def join(self, push: OnChangePush) -> Newest:
        """Tell a subscription of all changes after the one that is returned."""
        with self._lock:
            self._index.add(push)
            return Newest(self._number, self._root, self.now())

    def leave(self, push: OnChangePush) -> None:
        """Tell it of no more."""
        with self._lock:
            self._index.remove(push)

    def newest(self) -> Newest:
        """Return the newest commit."""
        with self._lock:
            return Newest(self._number, self._root, self.now())

    def in_order(self, job: Callable[[], None]) -> None:
        """Do it behind the changes that wait."""
        self._telling.do(job)

    def beside(self, job: Callable[[], None]) -> None:
        """Do it where it may take its time."""
        self._updating.do(job)


class Outermost:
    """Change lists -> the places nearest the root that they touch."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._path_of: dict[str, str] = {}

    def touched(self, changes: Sequence[Change]) -> Touched:
        """Return where a change list was."""
        found = Touched()
        for change in changes:
            if change.path == ROOT:
                found.outside = True
            else:
                path = self._path_of.get(change.path) or self._find(change.path)
                found.lists.setdefault(path, {})[change.keys[0]] = None
        return found

    def _find(self, path: str) -> str:
        line = line_to(self._schema.by_path[path])
        found = self._path_of[path] = next(n.at.path for n in line if n.kind == LIST)
        return found

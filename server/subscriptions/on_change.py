"""A subscription to changes: what a commit touched -> push-change-update (RFC 8641).

Theory of operation. A commit gives two roots and the places between them that it touched. What is
selected of these places, and may be read, is compared, and the edits go out at once; within a
dampening period the places are remembered with the root before the first of them, so that the
update at its end has the net change. A sync is made from the root of a known commit, beside all
others: the changes that come meanwhile wait behind it.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from server.events.timers import Timers
from server.subscriptions.changes import Changes, Commit, Picture, ReadSight, Touched
from server.subscriptions.faults import Refused
from server.subscriptions.patch import text_of
from server.subscriptions.stopping import Stopping
from server.subscriptions.subscription import Subscription
from server.subscriptions.terms import DatastoreTarget, OnChange, Terms
from server.subscriptions.updates import push_change_update, push_update

MOST_HELD = 1000
"""Commits that may wait behind a sync that is being made."""


class Newest(NamedTuple):
    """The newest commit: its number and the root that it led to; and the time it is now."""

    number: int
    root: Any
    now: datetime


class Host(Protocol):
    """What these subscriptions need of the one who feeds them."""

    timers: Timers
    changes: Changes
    most_pending: int

    def join(self, push: "OnChangePush") -> Newest:
        """Tell it of all changes after the one that is returned, by what it selects now."""

    def leave(self, push: "OnChangePush") -> None:
        """Tell it of no more."""

    def newest(self) -> Newest:
        """Return the newest commit."""

    def in_order(self, job: Callable[[], None]) -> None:
        """Do it behind the changes that wait."""

    def beside(self, job: Callable[[], None]) -> None:
        """Do it where it may take its time."""


class OnChangePush:
    """The feeder of a subscription to changes."""

    def __init__(
        self,
        subscription: Subscription,
        picture_of: Callable[[Terms], Picture],
        host: Host,
        stopping: Stopping,
    ) -> None:
        self._subscription = subscription
        self._picture_of = picture_of
        self._host = host
        self._stopping = stopping
        self._lock = threading.RLock()
        self._syncing = threading.Lock()
        self._held: list[tuple[Commit, Touched]] | None = None
        """The changes that came while a sync is being made."""
        self._awaits_sync = False
        """Whether one waits for its turn: it will have the changes that come until then."""
        self._since = 0
        """The commit up to which the subscriber knows everything."""
        self._pending = Touched()
        self._before: Any = None
        """The root before what is pending, and the one behind it."""
        self._after: Any = None
        self._last_update: datetime | None = None
        self._patch = 0
        self._sight: ReadSight | None = None
        """What the subscriber may read; none: everything."""
        self._cancel: Callable[[], None] = lambda: None
        self._timer_is_set = False
        self._adopt(subscription.terms, picture_of(subscription.terms))

    def start(self) -> None:
        """Take up changes, and begin with all that is selected if that is wanted."""
        self._sync(lambda: self._host.join(self))
        self._set_stop()

    def _set_stop(self) -> None:
        self._stopping.at(self._subscription.terms.stop)
        if self._subscription.is_over:
            self.close()  # It ended meanwhile, in another thread: nobody else would.

    def take(self) -> None:
        """Nothing is read here: all is queued."""

    def adopt(self, terms: Terms, anew: bool = False) -> None:
        """Select what the new terms do, and begin anew with it; raises Refused for its filter.

        Who wants no sync is told of every change all the same: what waits for the end of a
        dampening period does so by the new terms.
        """
        picture = self._picture_of(terms)
        with self._lock:
            self._adopt(terms, picture)
            if not (anew or self.trigger.sync_on_start):
                self._go_on(self._host.join(self).now)
                return
        self._or_suspend(self.start)

    def _go_on(self, now: datetime) -> None:
        self._cancel()
        self._timer_is_set = False
        if len(self._pending):
            self._dampen(now)
        self._set_stop()

    def resume(self) -> None:
        """Begin anew, but not in the thread of whoever says so.

        Until then nothing is told: a change cannot be made on a copy that is not whole. This waits
        for nobody, the event loop may call it.
        """
        if self.trigger.sync_on_start:
            self._awaits_sync = True
            self._host.beside(lambda: self._or_suspend(self.resync))

    def resync(self) -> None:
        """Send all that is selected, if the subscriber wants such updates; raises Refused."""
        self._sync(self._host.newest)

    def look_at_rights(self) -> None:
        """Begin anew where the subscriber may read something else than before.

        What it may no longer read has to go from its copy (RFC 8641, section 3.9). A sync does
        that; who wants none has to subscribe again.
        """
        with self._lock:
            sight = self.picture.sight()
            if sight is self._sight:
                return
            self._sight = sight
        if self.trigger.sync_on_start:
            self.resume()
        else:
            self._stopping.now()

    def _or_suspend(self, begin: Callable[[], None]) -> None:
        try:
            begin()
        except Refused as refused:
            self._subscription.suspend(refused.suspends, until_modified=True)

    def fail(self) -> None:
        """Tell of nothing until the subscriber has read that something is missing."""
        with self._lock:
            self._forget_pending()
            self._subscription.suspend("unsupportable-volume")

    def close(self) -> None:
        """Hear of nothing more."""
        self._host.leave(self)
        self._stopping.at(None)
        self._cancel()

    def _adopt(self, terms: Terms, picture: Picture) -> None:
        assert isinstance(terms.target, DatastoreTarget)
        assert isinstance(terms.target.trigger, OnChange)
        self.trigger = terms.target.trigger
        self.picture = picture
        self._sight = picture.sight()

    # ---- changes

    def changed(self, commit: Commit, touched: Touched) -> None:
        """Tell of a commit, now or when the dampening period is over."""
        with self._lock:
            if self._held is None:
                self._take_up(commit, touched)
            elif len(self._held) < MOST_HELD:
                self._held.append((commit, touched))
            else:
                self._subscription.suspend("unsupportable-volume")

    def _take_up(self, commit: Commit, touched: Touched) -> None:
        if commit.number <= self._since or self._subscription.is_suspended or self._awaits_sync:
            return
        self._since = commit.number
        if not self.trigger.dampening:
            self._send(commit.time, (commit.before, commit.after), touched, commit)
            return
        if not len(self._pending):
            self._before = commit.before
        self._after = commit.after
        self._pending.add(touched)
        self._dampen(commit.time)

    def _dampen(self, now: datetime) -> None:
        due = self._due()
        if due is None or due <= now:
            self._flush(now)
        elif len(self._pending) > self._host.most_pending:
            self._forget_pending()
            self._subscription.suspend("unsupportable-volume")
        elif not self._timer_is_set:
            self._timer_is_set = True
            self._cancel = self._host.timers.at(due, lambda: self._host.in_order(self._look))

    def _due(self) -> datetime | None:
        if self._last_update is None:
            return None
        return self._last_update + timedelta(milliseconds=10 * self.trigger.dampening)

    def _look(self) -> None:
        with self._lock:
            self._timer_is_set = False
            due, now = self._due(), self._host.newest().now
            is_due = due is not None and due <= now and not self._awaits_sync
            if len(self._pending) and is_due:
                self._flush(now)

    def _flush(self, now: datetime) -> None:
        touched, roots = self._pending, (self._before, self._after)
        self._forget_pending()
        self._send(now, roots, touched, None)

    def _forget_pending(self) -> None:
        self._cancel()
        self._timer_is_set = False
        self._pending, self._before, self._after = Touched(), None, None

    def _send(
        self, now: datetime, roots: tuple[Any, Any], touched: Touched, commit: Commit | None
    ) -> None:
        edits = self._edits(roots, touched, commit)
        if not edits:
            return
        if not self.picture.may_be_told("push-change-update"):
            self._subscription.excluded += 1
            return
        self._last_update = now
        message = push_change_update(self._subscription.number, now, self._patch, edits)
        if self._subscription.put(message):
            self._patch += 1

    def _edits(self, roots: tuple[Any, Any], touched: Touched, commit: Commit | None) -> bytes:
        sight, excluded = self.picture.sight(), self.trigger.excluded
        selection = self.picture.selection
        key = (id(selection), id(sight), excluded)
        if commit is not None and key in commit.edits:
            return commit.edits[key][1]
        found = self._host.changes.edits(selection, sight, roots, touched)
        text = text_of([each for each in found if each.operation not in excluded])
        if commit is not None:
            # With what the key stands for, so that no other object gets its number meanwhile.
            commit.edits[key] = ((selection, sight), text)
        return text

    # ---- all of it

    def _sync(self, newest_of: Callable[[], Newest]) -> None:
        with self._syncing:
            with self._lock:
                self._held, self._awaits_sync = [], False
                newest = newest_of()
                self._since = newest.number
                self._forget_pending()
            try:
                if self.trigger.sync_on_start:
                    self._send_all(newest)
            finally:
                with self._lock:
                    held, self._held = self._held, None
                    for commit, touched in held:
                        self._take_up(commit, touched)

    def _send_all(self, newest: Newest) -> None:
        contents = self.picture.contents(newest.root)
        if self.picture.may_be_told("push-update"):
            self._last_update = newest.now
            number = self._subscription.number
            self._subscription.put(push_update(number, newest.now, contents))
        else:
            self._subscription.excluded += 1

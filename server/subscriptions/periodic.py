"""A subscription to an update again and again: push-update at each period (RFC 8641, section 3.1).

Without an anchor time the first update comes at once; with one, updates come at its multiples
only. What would come while the update before is still being made is left out. An update is made
at the start in any case: what cannot be made is not subscribed to.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from server.events.timers import Timers
from server.subscriptions.faults import Refused
from server.subscriptions.stopping import Stopping
from server.subscriptions.subscription import Subscription
from server.subscriptions.terms import DatastoreTarget, Periodic, Terms
from server.subscriptions.updates import push_update

Read = Callable[[], Sequence[bytes] | None]
"""The contents of an update; ``None`` where access control keeps it; raises Refused."""


class Host(Protocol):
    """What these subscriptions need of the one who feeds them."""

    timers: Timers

    def now(self) -> datetime:
        """Return the time."""

    def beside(self, job: Callable[[], None]) -> None:
        """Do it where it may take its time."""


class PeriodicPush:
    """The feeder of a periodic subscription."""

    def __init__(
        self,
        subscription: Subscription,
        read_of: Callable[[Terms], Read],
        host: Host,
        stopping: Stopping,
    ) -> None:
        self._subscription = subscription
        self._read_of = read_of
        self._host = host
        self._stopping = stopping
        self._cancel: Callable[[], None] = lambda: None
        self._begun = host.now()
        self._is_over = False
        self._adopt(subscription.terms)

    def start(self) -> None:
        """Begin: at once, or at the next multiple from the anchor time on."""
        contents = self._read()
        if self._trigger.anchor is None:
            self._send(contents)
        self._set_timer()
        self._stopping.at(self._subscription.terms.stop)

    def take(self) -> None:
        """Nothing is read here: all is queued."""

    def adopt(self, terms: Terms, anew: bool = False) -> None:
        """Go on by other terms, which begin now."""
        self._cancel()
        self._adopt(terms)
        self.start()

    def resume(self) -> None:
        """Go on; the next update comes at its time."""

    def close(self) -> None:
        """Make no more updates."""
        self._is_over = True
        self._cancel()
        self._stopping.at(None)

    def _adopt(self, terms: Terms) -> None:
        assert isinstance(terms.target, DatastoreTarget)
        assert isinstance(terms.target.trigger, Periodic)
        self._trigger = terms.target.trigger
        self._read = self._read_of(terms)
        self._begun = self._host.now()

    def _set_timer(self) -> None:
        self._cancel()
        if not self._is_over:
            self._cancel = self._host.timers.at(self._next(), self._due)

    def _next(self) -> datetime:
        """Return the first multiple of the period that is not over yet."""
        anchor = self._trigger.anchor or self._begun
        period = timedelta(milliseconds=10 * self._trigger.period)
        behind = (self._host.now() - anchor) // period
        return anchor + (behind + 1) * period

    def _due(self) -> None:
        self._host.beside(self._update_and_go_on)

    def _update_and_go_on(self) -> None:
        try:
            self._update()
        finally:
            self._set_timer()

    def _update(self) -> None:
        subscription = self._subscription
        if self._is_over or subscription.is_suspended:
            return
        try:
            contents = self._read()
        except Refused as refused:
            subscription.suspend(refused.suspends, until_modified=True)
        else:
            self._send(contents)

    def _send(self, contents: Sequence[bytes] | None) -> None:
        subscription = self._subscription
        if contents is None:
            subscription.excluded += 1
        else:
            subscription.put(push_update(subscription.number, self._host.now(), contents))

"""The subscriptions that exist, and how many there may be.

The law: a subscription lives no longer than its session (RFC 8640, section 2), and its number is
not used again soon.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.sessions import NetconfSession
from server.subscriptions.faults import Refused, no_such_subscription
from server.subscriptions.notices import Notices
from server.subscriptions.outlet import Outlet
from server.subscriptions.subscription import Feeder, QueueLimits, Subscription
from server.subscriptions.terms import Terms

_log = logging.getLogger(__name__)

FIRST, LAST = 1 << 31, (1 << 32) - 1
"""Numbers of subscriptions by rpc; those of configured ones are smaller (RFC 8639, section 6)."""


@dataclass(frozen=True, slots=True)
class SubscriptionLimits:
    """How many subscriptions there may be, and what may wait for each."""

    total: int = 4096
    per_session: int = 64
    queue: QueueLimits = QueueLimits()


class Subscriptions:
    """All of them; usable from any thread."""

    def __init__(self, notices: Notices, limits: SubscriptionLimits) -> None:
        self._notices = notices
        self._limits = limits
        self._lock = threading.Lock()
        self._last = FIRST - 1
        self._all: dict[int, Subscription] = {}
        self._outlets: dict[int, Outlet] = {}

    def open(
        self,
        session: NetconfSession,
        terms: Terms,
        feeder_of: Callable[[Subscription], Feeder],
    ) -> Subscription:
        """Make a subscription and start it; raises Refused where it cannot be."""
        with self._lock:
            outlet = self._outlets.get(session.id) or Outlet(session)
            self._refuse_too_many(outlet)
            made = Subscription(self._next(), outlet, terms, self._notices, self._limits.queue)
            self._outlets[session.id] = outlet
            self._all[made.number] = made
            outlet.join(made.number)
        try:
            made.feeder = feeder_of(made)
        except BaseException:
            self.end(made)
            raise
        if made.is_over and made.feeder is not None:
            made.feeder.close()  # Its stop time came meanwhile.
        outlet.ready(made)
        return made

    def has_any(self, session: NetconfSession) -> bool:
        """Tell whether a session has subscriptions, or words about some wait for it."""
        outlet = self._outlets.get(session.id)
        return outlet is not None and len(outlet) > 0

    def owned(
        self, session: NetconfSession, number: int, identity: str = "no-such-subscription"
    ) -> Subscription:
        """Return a subscription of a session; raises Refused with that identity."""
        found = self._all.get(number)
        if found is None or found.session is not session:
            raise no_such_subscription(number, identity)
        return found

    def any(self, number: int) -> Subscription:
        """Return a subscription of whatever session; raises Refused."""
        found = self._all.get(number)
        if found is None:
            raise Refused("no-such-subscription", f"there is no subscription {number}")
        return found

    def end(self, subscription: Subscription, reason: str | None = None) -> None:
        """End a subscription; with a reason its subscriber is told."""
        with self._lock:
            self._all.pop(subscription.number, None)
        subscription.end(reason)

    def release(self, session: NetconfSession) -> None:
        """End all subscriptions of a session that has ended."""
        with self._lock:
            if self._outlets.pop(session.id, None) is None:
                return
            gone = [each for each in self._all.values() if each.session is session]
            for each in gone:
                del self._all[each.number]
        for each in gone:
            each.end()
        session.feeds = ()

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Subscription]:
        with self._lock:
            return iter(tuple(self._all.values()))

    def states(self) -> Mapping[str, Any]:
        """Return the content of ``/subscriptions``."""
        return {"subscription": [each.told() for each in self]}

    def _refuse_too_many(self, outlet: Outlet) -> None:
        limits = self._limits
        if len(self._all) >= limits.total:
            raise Refused(
                "insufficient-resources", f"the limit of {limits.total} subscriptions is reached"
            )
        if len(outlet) >= limits.per_session:
            raise Refused(
                "insufficient-resources",
                f"this session has the limit of {limits.per_session} subscriptions",
            )

    def _next(self) -> int:
        while True:
            self._last = FIRST if self._last >= LAST else self._last + 1
            if self._last not in self._all:
                return self._last

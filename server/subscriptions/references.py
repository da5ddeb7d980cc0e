"""Filters of the configuration that subscriptions refer to: what a change of them means.

The law: a subscription goes on with the filter as it is now; where that is gone, or can no longer
be read or used, the subscription is terminated (RFC 8639, section 2.2: filter-unavailable).
"""

from collections.abc import Callable

from server.datastore.running import Committed
from server.subscriptions.faults import SN, YP, Refused
from server.subscriptions.registry import Subscriptions
from server.subscriptions.subscription import Subscription
from server.subscriptions.terms import StreamTarget

_PATHS = {f"/{SN}:filters/stream-filter": True, f"/{SN}:filters/{YP}:selection-filter": False}
"""Paths of filters; whether they are of streams."""


class References:
    """Follows them; ``beside`` has something done that takes its time."""

    def __init__(
        self, subscriptions: Subscriptions, beside: Callable[[Callable[[], None]], None]
    ) -> None:
        self._subscriptions = subscriptions
        self._beside = beside

    def on_commit(self, committed: Committed) -> None:
        """Take note of filters that were changed; a hook of the datastores."""
        changed = {
            (_PATHS[each.path], str(each.keys[0][0]))
            for each in committed.changes
            if each.path in _PATHS
        }
        if changed:
            self._beside(lambda: self._follow(changed))

    def _follow(self, changed: set[tuple[bool, str]]) -> None:
        for subscription in self._subscriptions:
            target = subscription.terms.target
            name = target.wish.name if target.wish is not None else ""
            if (isinstance(target, StreamTarget), name) in changed:
                self._adopt(subscription)

    def _adopt(self, subscription: Subscription) -> None:
        feeder = subscription.feeder
        if feeder is None:
            return
        try:
            feeder.adopt(subscription.terms)
        except Refused:
            self._subscriptions.end(subscription, "filter-unavailable")

"""Following a stream: the events of RFC 8639, read from the log at the subscriber's own pace."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from server.events.event import Event
from server.events.stream import EventStream
from server.events.subscription import Period, Takes
from server.subscriptions.notices import Notices
from server.subscriptions.registry import Subscriptions
from server.subscriptions.subscription import Subscription
from server.subscriptions.terms import StreamTarget, Terms

TakesOf = Callable[[Terms], Takes]
"""Gives what the filter of some terms lets through; raises Refused."""


class Following:
    """The feeder of a subscription to a stream."""

    def __init__(
        self,
        stream: EventStream,
        registry: Subscriptions,
        subscription: Subscription,
        takes_of: TakesOf,
        notices: Notices,
    ) -> None:
        terms = subscription.terms
        assert isinstance(terms.target, StreamTarget)
        self._stream = stream
        self._registry = registry
        self._subscription = subscription
        self._takes_of = takes_of
        self._notices = notices
        self._takes = takes_of(terms)
        period = Period(terms.target.replay_start, terms.stop)
        self._reading = stream.reading(self._shown, period, self._milestone, self._stopped)
        self._deaf = stream.listen(self._heard)
        self._cancel: Callable[[], None] = lambda: None
        self._set_alarm(terms)

    def take(self) -> Sequence[bytes] | None:
        """Return the next event, or that the replay or the subscription is over."""
        return self._reading.take()

    def adopt(self, terms: Terms, anew: bool = False) -> None:
        """Let through what the new filter does, until the new stop time."""
        if anew:
            self.resume()
        self._takes = self._takes_of(terms)
        self._reading.period = replace(self._reading.period, stop=terms.stop)
        self._set_alarm(terms)
        self._subscription.outlet.ready(self._subscription)

    def resume(self) -> None:
        """Go on with what happens from now on; what was missed is in the log, to be replayed."""
        self._reading.skip()

    def close(self) -> None:
        """Hear of nothing more."""
        self._deaf()
        self._cancel()

    def _set_alarm(self, terms: Terms) -> None:
        self._cancel()
        self._cancel = lambda: None
        if terms.stop is not None:
            self._cancel = self._stream.timers.at(terms.stop, self._look)

    def _look(self) -> None:
        self._subscription.outlet.ready(self._subscription)

    def _heard(self) -> None:
        if self._reading.has_lost or self._reading.waiting > self._stream.limits.waiting:
            self._subscription.suspend("unsupportable-volume")
        elif not self._subscription.is_suspended:
            self._look()

    def _shown(self, event: Event) -> Event | None:
        subscription = self._subscription
        shown = self._stream.shown(subscription.session, event, self._takes)
        subscription.sent += shown is not None
        subscription.excluded += shown is None
        return shown

    def _milestone(self, name: str) -> bytes:
        number = self._subscription.number
        if name == "replayComplete":
            return self._notices.write("replay-completed", number)
        return self._notices.ended(number, "no-such-subscription")

    def _stopped(self) -> None:
        subscription = self._subscription
        self._registry.end(subscription)


def follow(
    stream: EventStream, registry: Subscriptions, notices: Notices, takes_of: TakesOf
) -> Callable[[Subscription], Following]:
    """Return what makes the feeder of a new subscription."""
    return lambda subscription: Following(stream, registry, subscription, takes_of, notices)

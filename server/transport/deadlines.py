"""How long a client may be silent: hello, half a message, idle.

One timer for each session, which is late rather than set anew for every message.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from server.settings import Limits


class Situation(NamedTuple):
    """What a session is waiting for."""

    is_open: bool
    """The hellos are done."""
    in_message: bool
    """A message has begun."""
    is_excused: bool
    """The silence is not the client's: it waits for us, or we do not read."""
    may_idle: bool
    """A subscriber only listens."""


class Deadline(NamedTuple):
    """When to hang up, in the loop's time, and why."""

    at: float
    reason: str


class SilenceWatch:
    """Calls ``on_silence`` with the reason once the client was silent for too long."""

    def __init__(
        self, limits: Limits, look: Callable[[], Situation], on_silence: Callable[[str], None]
    ) -> None:
        self._limits = limits
        self._look = look
        self._on_silence = on_silence
        self._loop = asyncio.get_running_loop()
        self._opened_at = self._heard_at = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def heard(self) -> None:
        """The client said something, or waited for us until now."""
        self._heard_at = self._loop.time()

    def check(self) -> None:
        """See to it that the next deadline is noticed; call when the situation is a new one."""
        situation = self._look()
        now = self._loop.time()
        if situation.is_excused:
            self._heard_at = now
        deadline = next_deadline(self._limits, situation, self._opened_at, self._heard_at)
        if deadline is None:
            return
        if deadline.at <= now:
            self._on_silence(deadline.reason)
        elif self._timer is None or deadline.at < self._timer.when():
            self.stop()
            self._timer = self._loop.call_at(deadline.at, self._on_timer)

    def stop(self) -> None:
        """Forget the timer."""
        if self._timer is not None:
            self._timer.cancel()

    def _on_timer(self) -> None:
        self._timer = None
        self.check()


def next_deadline(
    limits: Limits, situation: Situation, opened_at: float, heard_at: float
) -> Deadline | None:
    """The deadline in this situation; None when the client may be silent for ever."""
    if not situation.is_open:
        seconds = limits.hello_timeout
        return Deadline(opened_at + seconds, f"no whole <hello> within {seconds:g} s")
    if situation.in_message:
        seconds = limits.message_timeout
        return Deadline(heard_at + seconds, f"half a message, and nothing for {seconds:g} s")
    if limits.idle_timeout and not situation.may_idle:
        seconds = limits.idle_timeout
        return Deadline(heard_at + seconds, f"idle for {seconds:g} s")
    return None

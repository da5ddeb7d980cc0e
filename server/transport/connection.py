"""The pump between one channel and one NETCONF session.

The laws: replies leave in the order of their requests; one session never makes another wait, so
what is not quick runs in a worker thread and what is quick runs in slices of the loop; nothing is
buffered without bound in either direction; whatever ends the channel releases the session once.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from server.protocol.messages import BadMessage, Rpc, parse_rpc
from server.protocol.session import Broken, Event, HelloReceived, MessageReceived, Session
from server.sessions import EndReason, NetconfSession
from server.transport.channel import Channel
from server.transport.deadlines import SilenceWatch, Situation
from server.transport.host import Host
from server.transport.performing import Answer, Block, next_block, parse_and_perform, perform

_log = logging.getLogger(__name__)

QUICK_MESSAGE = 65_536
"""Octets of the longest message that is parsed on the event loop."""

_SLICE = 0.002
"""Seconds for which the pipelined requests of one session may hold the loop."""

_BLOCK = 262_144
"""Octets handed to the channel at once."""


class Connection:
    """One session over one channel; all but ``hang_up`` and ``wake`` is for the loop only."""

    def __init__(self, channel: Channel, netconf: NetconfSession, host: Host) -> None:
        self._channel = channel
        self._netconf = netconf
        self._host = host
        self._limits = host.limits
        self._loop = asyncio.get_running_loop()
        self._session = Session(
            netconf.id, host.service.capabilities, host.limits.max_message_bytes
        )
        self._events: deque[Event] = deque()
        self._waiting_bytes = 0
        self._busy = False  # a worker has a request of ours
        self._rest: Iterator[bytes] | None = None  # of the reply that is being sent
        self._subscribed = False  # when it was looked at last
        self._woken = False  # notifications will be looked for in a round of the loop to come
        self._scheduled = False  # the pump goes on in the next round of the loop
        self._reading_paused = self._writing_paused = False
        self._eof = self._ending = self._ended = False
        self._exit_status = 0
        self._reason = EndReason.DROPPED  # unless we know better
        self._silence = SilenceWatch(host.limits, self._situation, self._on_silence)
        netconf.hang_up = self.hang_up
        netconf.wake = self.wake

    def start(self) -> None:
        """Say hello at once, and wait no longer than the limit for the client's."""
        self._flush()
        self._silence.check()

    def data_received(self, data: bytes) -> None:
        """Handle what the channel read."""
        self._silence.heard()
        self._take_events(data)
        if not self._scheduled:
            self._pump()
        if self._session.in_message:
            self._silence.check()

    def _take_events(self, data: bytes = b"") -> None:
        """Take from the session as many events as may wait, or for as long as is fair."""
        for event in self._session.receive_data(data):
            self._events.append(event)
            if isinstance(event, MessageReceived):
                self._waiting_bytes += len(event.text)
            if self._too_much_waits():
                break
        too_much = self._session.has_unread or self._too_much_waits()
        if too_much and not self._reading_paused:
            self._reading_paused = True
            self._channel.pause_reading()

    def eof_received(self) -> None:
        """The client sends no more; what it sent before is still answered."""
        self._eof = True
        if self._session.in_message and not self._session.has_unread:
            _log.warning("%s: the client's data ends within a message", self)
        self._pump()

    def connection_lost(self, cause: Exception | None) -> None:
        """The channel is gone."""
        if not self._ended:
            _log.info("%s: the connection is gone%s", self, f": {cause}" if cause else "")
        self._end()

    def pause_writing(self) -> None:
        """The channel has enough to send."""
        self._writing_paused = True

    def resume_writing(self) -> None:
        """The channel can take more."""
        self._writing_paused = False
        self._pump()

    def hang_up(self, reason: str) -> None:
        """End the session now. From any thread."""
        self._on_loop(partial(self._drop, reason))

    def wake(self) -> None:
        """Send the notifications that there are, behind the replies. From any thread."""
        if not self._woken:
            self._woken = True
            with contextlib.suppress(RuntimeError):  # the loop has ended before
                self._host.wakes.add(self._loop, self._on_wake)

    def __str__(self) -> str:
        return f"session {self._netconf.id} of {self._netconf.peer}"

    def _on_loop(self, function: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(function)
        except RuntimeError:
            _log.debug("%s: the loop has ended before", self)

    def _pump(self) -> None:
        """Handle events until something must be waited for, then send."""
        until = self._loop.time() + _SLICE
        while self._events and self._can_step():
            self._step(self._events.popleft())
            if self._loop.time() > until:
                self._pump_later()
                break
        self._send_notifications(until)
        self._flush()
        self._go_on_with_reply()
        self._relieve()
        if self._is_done():
            if self._exit_status == 0:
                _log.info("%s: closed", self)
            self._channel.finish(self._exit_status)
            self._end()

    def _pump_later(self) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._pump_on)

    def _pump_on(self) -> None:
        self._scheduled = False
        if self._session.has_unread and not self._too_much_waits():
            self._take_events()
        self._pump()

    def _can_step(self) -> bool:
        """Whether nothing is being performed and the client reads what it gets."""
        if self._busy or self._rest is not None or self._ending or self._ended:
            return False
        if self._session.queued > _BLOCK:
            self._flush()
        return not self._writing_paused

    def _step(self, event: Event) -> None:
        match event:
            case MessageReceived(text):
                self._waiting_bytes -= len(text)
                self._on_message(text)
            case HelloReceived(capabilities, base_1_1):
                named = (each.partition("?")[0] for each in capabilities)
                self._netconf.capabilities = frozenset(named)
                _log.info("%s: open, base:%s", self, "1.1" if base_1_1 else "1.0")
                self._silence.check()
            case Broken(_, BadMessage() as bad):
                self._on_outcome(bad)
            case Broken(reason, None):
                _log.warning("%s: closed: %s", self, reason)
                self._reason = EndReason.BAD_HELLO
                self._end_after_sending(1)

    def _on_message(self, text: bytes) -> None:
        if len(text) > QUICK_MESSAGE:
            self._work(partial(parse_and_perform, self._host, self._netconf, text))
            return
        try:
            rpc = parse_rpc(text, self._limits.xml)
        except BadMessage as bad:
            self._on_outcome(bad)
            return
        if self._is_quick(rpc):
            self._on_outcome(perform(self._host, self._netconf, rpc))
        else:
            self._work(partial(perform, self._host, self._netconf, rpc))

    def _is_quick(self, rpc: Rpc) -> bool:
        try:
            return self._host.service.is_quick(self._netconf, rpc.operation)
        except Exception:
            _log.exception("%s: is %s quick?", self, rpc.operation.tag)
            return False

    def _go_on_with_reply(self) -> None:
        """Have more of a long reply made once the client has read nearly all that there is."""
        if self._rest is None or self._busy or self._writing_paused or self._ended:
            return
        self._work(partial(next_block, self._rest))

    def _work(self, function: Callable[[], Answer | BadMessage | Block]) -> None:
        """Have a worker do it; its outcome comes back to the loop."""
        self._busy = True

        def work() -> None:
            try:
                outcome = function()
            except BaseException:
                _log.exception("%s: a fault in a worker", self)
                self.hang_up("a fault of the server, its log tells more")
                return
            self._on_loop(partial(self._on_work_done, outcome))

        self._host.workers.submit(work)

    def _on_work_done(self, outcome: Answer | BadMessage | Block) -> None:
        self._busy = False
        self._silence.heard()
        if isinstance(outcome, Block):
            self._session.continue_reply(outcome.parts, outcome.is_last)
            self._rest = None if outcome.is_last else self._rest
        elif not self._ended:
            self._on_outcome(outcome)
        self._pump()

    def _on_outcome(self, outcome: Answer | BadMessage) -> None:
        """Queue the one reply of a request."""
        if isinstance(outcome, BadMessage):
            self._netconf.in_bad_rpcs += 1
            if self._host.trail is not None:
                self._host.trail.rejected(self._netconf, outcome.error)
            self._netconf.out_rpc_errors += self._session.reject(outcome)
            if outcome.fatal:
                _log.warning("%s: closed: %s", self, outcome)
                self._end_after_sending(1)
            return
        self._netconf.in_rpcs += 1
        self._netconf.out_rpc_errors += outcome.failed
        if outcome.rest is None:
            self._session.reply(outcome.head, outcome.parts)
        else:
            self._session.begin_reply(outcome.head, outcome.parts)
            self._rest = outcome.rest
        if outcome.close:
            self._end_after_sending(0)

    def _on_wake(self) -> None:
        self._woken = False  # Before looking: what comes after it wakes again.
        if not self._ended:
            self._pump()

    def _send_notifications(self, until: float) -> None:
        while self._can_step():
            message = self._next_notification()
            if message is None:
                break
            if message:
                self._session.send(message)
                self._netconf.out_notifications += 1
            if self._loop.time() > until:
                self._pump_later()
                break
        was_subscribed, self._subscribed = self._subscribed, self._netconf.is_subscribed
        if was_subscribed and not self._subscribed:
            self._silence.heard()
            self._silence.check()

    def _next_notification(self) -> Sequence[bytes] | None:
        try:
            return self._netconf.next_notification()
        except Exception:
            _log.exception("%s: a subscription failed", self)
            self._drop("a fault of the server, its log tells more")
            return None

    def _flush(self) -> None:
        while not (self._writing_paused or self._ended):
            pieces = self._session.take(_BLOCK)
            if not pieces:
                return
            try:
                self._channel.writelines(pieces)
            except OSError as error:
                self._drop(f"sending failed: {error}")

    def _too_much_waits(self) -> bool:
        limits = self._limits
        return (
            len(self._events) > limits.pending_requests
            or self._waiting_bytes > limits.pending_bytes
        )

    def _relieve(self) -> None:
        if self._ended or self._too_much_waits():
            return
        if self._session.has_unread:
            self._pump_later()
        elif self._reading_paused:
            self._reading_paused = False
            # Later, since data may be delivered at once, and the pump would call itself.
            self._loop.call_soon(self._channel.resume_reading)

    def _is_done(self) -> bool:
        if self._ended or self._busy or self._rest is not None or self._session.queued:
            return False
        return self._ending or (self._eof and not self._events and not self._session.has_unread)

    def _end_after_sending(self, status: int) -> None:
        self._ending = True
        self._exit_status = status
        self._session.close()
        self._events.clear()

    def _on_silence(self, reason: str) -> None:
        self._reason = EndReason.TIMEOUT
        self._drop(reason)

    def _drop(self, reason: str) -> None:
        if not self._ended:
            _log.warning("%s: hung up: %s", self, reason)
            self._end()
            self._channel.abort()

    def _end(self) -> None:
        """Every way out comes through here."""
        if self._ended:
            return
        self._ended = True
        self._session.close()
        self._events.clear()
        self._rest = None
        self._silence.stop()
        self._host.release(self._netconf, self._reason)

    def _situation(self) -> Situation:
        session = self._session
        excused = self._busy or self._reading_paused or session.queued > 0
        return Situation(session.is_open, session.in_message, excused, self._netconf.is_subscribed)

"""One NETCONF session without its transport (RFC 6241, section 4; RFC 6242, section 4).

Theory of operation. The transport gives what it reads to ``receive_data``, and gets events in the
order of the bytes. It handles one event after the other: a ``MessageReceived`` is parsed with
``server.protocol.messages.parse_rpc`` wherever there is time for it (a worker thread for a big
one), performed, and answered with ``reply`` or ``reject`` before the next event is handled: that
is the whole of "exactly one reply for each rpc, in order". ``take`` gives what there is to send.

Our hello waits to be sent from the beginning, whatever the client does. The framing changes
right behind the client's hello, also within what was read at once. After ``Broken``, or once
``is_closed``, no more events come; what waits to be sent is still to be sent.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server import namespaces
from server.errors import RpcError, malformed_message, too_big
from server.protocol import rendering
from server.protocol.framing import (
    END_OF_MESSAGE,
    MAX_CHUNK,
    Framer,
    FramingError,
    MessageTooBig,
    end_of_message,
    frame,
    frame_part,
    frame_whole,
)
from server.protocol.messages import BadHello, BadMessage, broken_message, parse_hello

MAX_HELLO = 1 << 18
"""Octets of the longest hello taken."""


@dataclass(frozen=True, slots=True)
class HelloReceived:
    """The client said hello; ``base_1_1`` tells the version that both speak from now on."""

    capabilities: frozenset[str]
    base_1_1: bool


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A whole message, not yet looked into; it wants exactly one reply."""

    text: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """Nothing more can be understood.

    Hand ``error`` to ``reject`` when its turn comes, then close; there is none before the hello.
    """

    reason: str
    error: BadMessage | None = None


Event = HelloReceived | MessageReceived | Broken


class Session:
    """A NETCONF session: feed it bytes, act on its events, send what it has to send."""

    def __init__(self, session_id: int, capabilities: tuple[str, ...], max_message: int) -> None:
        self.base_1_1 = False
        self.is_open = False
        """Whether the hellos are done."""
        self.is_closed = False
        """Whether no more events come."""
        self.queued = 0
        """Octets that wait to be sent, about."""
        self._max_message = max_message
        self._has_unread = False
        self._framer = Framer(min(MAX_HELLO, max_message))
        self._outbox: deque[bytes | Iterator[bytes]] = deque()
        self._queue_whole(rendering.hello(capabilities, session_id) + END_OF_MESSAGE)

    def receive_data(self, data: bytes) -> Iterator[Event]:
        """Yield what the bytes mean; after each event the next one is looked for.

        One may stop taking events at any time: while ``has_unread``, more come without more data.
        """
        if not self.is_closed:
            self._framer.receive(data)
            self._has_unread = True
        while not self.is_closed:
            try:
                text = self._framer.next_message()
            except (FramingError, MessageTooBig) as error:
                yield self._on_broken_framing(error)
                return
            if text is None:
                self._has_unread = self._framer.is_halfway
                return
            yield MessageReceived(text) if self.is_open else self._on_hello(text)

    @property
    def has_unread(self) -> bool:
        """Whether there may be events in what was received already."""
        return self._has_unread and not self.is_closed

    @property
    def in_message(self) -> bool:
        """Whether a message has begun and its end has not come yet."""
        return not self.is_closed and self._framer.in_message

    def reply(self, head: bytes, parts: Sequence[bytes]) -> None:
        """Answer the rpc that ``head`` comes from with these children of ``<rpc-reply>``."""
        self._queue((head, *parts, rendering.END_OF_REPLY))

    def begin_reply(self, head: bytes, parts: Sequence[bytes]) -> None:
        """Begin an answer, more of which comes with ``continue_reply``; nothing else until then."""
        self.continue_reply((head, *parts))

    def continue_reply(self, parts: Sequence[bytes], is_last: bool = False) -> None:
        """Go on with the answer that was begun."""
        if is_last:
            parts = (*parts, rendering.END_OF_REPLY)
        self._outbox.append(frame_part(parts, self.base_1_1))
        self.queued += sum(map(len, parts))
        if is_last:
            self._outbox.append(end_of_message(self.base_1_1))

    def reject(self, bad: BadMessage) -> bool:
        """Answer a message that is no good request; True when there was an answer to give."""
        if bad.fatal:
            self.close()
            # malformed-message came with base:1.1, older clients do not know it
            # (RFC 6241, appendix A).
            if bad.error.tag == "malformed-message" and not self.base_1_1:
                return False
        self.reply(bad.head, (rendering.rpc_errors((bad.error,)),))
        return True

    def send(self, message: Sequence[bytes]) -> None:
        """Send a whole message that nobody asked for: a ``<notification>``."""
        self._queue(message)

    def close(self) -> None:
        """Hear nothing more; what waits to be sent can still be taken."""
        self.is_closed = True

    def take(self, size: int) -> list[bytes]:
        """What to send next: about ``size`` octets in pieces, nothing when all is sent."""
        taken: list[bytes] = []
        length = 0
        while self._outbox and length < size:
            first = self._outbox[0]
            piece = first if isinstance(first, bytes) else next(first, None)
            if piece is None or piece is first:
                self._outbox.popleft()
            if piece is not None:
                taken.append(piece)
                length += len(piece)
        self.queued = max(0, self.queued - length) if self._outbox else 0
        return taken

    def _on_hello(self, text: bytes) -> Event:
        try:
            capabilities = parse_hello(text)
        except BadHello as error:
            self.close()
            return Broken(str(error))
        self.is_open = True
        self.base_1_1 = namespaces.CAPABILITY_BASE_1_1 in capabilities
        self._framer.chunked = self.base_1_1
        self._framer.limit = self._max_message
        return HelloReceived(capabilities, self.base_1_1)

    def _on_broken_framing(self, error: FramingError | MessageTooBig) -> Broken:
        self.close()
        if not self.is_open:
            return Broken(str(error))
        told: RpcError = malformed_message(str(error))
        beginning = b""
        if isinstance(error, MessageTooBig):
            told, beginning = too_big(str(error)), error.head
        return Broken(str(error), broken_message(told, beginning))

    def _queue(self, parts: Sequence[bytes]) -> None:
        length = sum(map(len, parts))
        if length <= MAX_CHUNK:
            self._queue_whole(frame_whole(b"".join(parts), self.base_1_1))
        else:
            self._outbox.append(frame(parts, self.base_1_1))
            self.queued += length

    def _queue_whole(self, framed: bytes) -> None:
        self._outbox.append(framed)
        self.queued += len(framed)

"""A stream that is one NETCONF session: what a unix socket and TLS have in common.

The law: what comes before it is known whose session it is waits, and whatever ends the stream
releases the session once.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import cast

from server.errors import RpcError, resource_denied
from server.namespaces import BASE
from server.protocol import rendering
from server.protocol.framing import END_OF_MESSAGE
from server.sessions import EndReason, NetconfSession, Peer, SessionRefused
from server.transport.connection import Connection
from server.transport.host import Host

_log = logging.getLogger(__name__)

_HIGH_WATER = 1 << 20
"""Octets of replies that may wait in one stream for the client to read."""


class StreamChannel(asyncio.Protocol):
    """A ``server.transport.channel.Channel`` over a transport of asyncio.

    ``greet`` is called when there is a transport; it finds out whose session it is, and calls
    ``open`` or ``refuse`` at once or later.
    ``longest_piece`` is the length of the longest piece handed to the transport at once, 0 for
    any. A stream that ``has_half_close`` answers after the client's end of file.
    """

    def __init__(
        self,
        host: Host,
        greet: "Callable[[StreamChannel, asyncio.Transport], None]",
        longest_piece: int = 0,
        has_half_close: bool = True,
    ) -> None:
        self.closed = asyncio.get_running_loop().create_future()
        """Done when the stream is gone."""
        self._host = host
        self._greet = greet
        self._longest_piece = longest_piece
        self._has_half_close = has_half_close
        self._transport: asyncio.Transport | None = None
        self._netconf: NetconfSession | None = None
        self._connection: Connection | None = None
        self._early = bytearray()
        self._at_eof = self._finishing = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def has_session(self) -> bool:
        """Whether a session was opened on it."""
        return self._netconf is not None

    def open(self, peer: Peer) -> None:
        """Begin the session, now that it is known whose it is."""
        if self.closed.done() or self._finishing:
            return
        try:
            self._netconf = self._host.sessions.open(peer)
        except SessionRefused as refusal:
            _log.warning("a session of %s is refused: %s", peer, refusal)
            self.refuse(resource_denied(str(refusal)))
            return
        self._connection = Connection(self, self._netconf, self._host)
        self._connection.start()
        early = bytes(self._early)
        self._early.clear()
        if early:
            self._connection.data_received(early)
        if self._at_eof:
            self._connection.eof_received()

    def refuse(self, error: RpcError) -> None:
        """Tell the client why there is no session, as far as a client looks before the hello."""
        told = rendering.rpc_errors((error,))
        reply = b'<rpc-reply xmlns="%b">%b</rpc-reply>' % (BASE.encode(), told)
        with contextlib.suppress(OSError):
            self.writelines([reply + END_OF_MESSAGE])
        self.finish(1)

    def shut(self) -> None:
        """End the stream, having sent what waits."""
        if self._transport is not None:
            self._transport.close()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """There is a transport to send on."""
        self._transport = cast(asyncio.Transport, transport)  # which uvloop's only looks like
        self._transport.set_write_buffer_limits(_HIGH_WATER)
        self._greet(self, self._transport)

    def data_received(self, data: bytes) -> None:
        """Data of the client."""
        if self._finishing:
            return
        if self._connection is None:
            self._early += data
        else:
            self._connection.data_received(data)

    def eof_received(self) -> bool:
        """The client sends no more, and still hears what we answer."""
        self._at_eof = True
        if self._finishing:
            return False
        if self._connection is not None:
            self._connection.eof_received()
        return self._has_half_close

    def connection_lost(self, exc: Exception | None) -> None:
        """The stream is gone."""
        self._cancel_timer()
        if not self.closed.done():
            self.closed.set_result(None)
        if self._connection is not None:
            self._connection.connection_lost(exc)

    def pause_writing(self) -> None:
        """Enough waits to be sent."""
        if self._connection is not None:
            self._connection.pause_writing()

    def resume_writing(self) -> None:
        """The client has read."""
        if self._connection is not None:
            self._connection.resume_writing()

    # What the session calls.

    def writelines(self, pieces: list[bytes], /) -> None:
        """Send."""
        transport = self._open_transport()
        if self._longest_piece:
            pieces = [part for piece in pieces for part in _cut(piece, self._longest_piece)]
        transport.writelines(pieces)

    def pause_reading(self) -> None:
        """Deliver no more; the client's sending then waits."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Deliver again."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def finish(self, status: int) -> None:
        """Send what waits, then the end of file; close when the client has read it.

        A socket that is closed with something unread in it takes the replies along that the
        client has not read, so what still comes is read and dropped.
        """
        self._finishing = True
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        self._timer = asyncio.get_running_loop().call_later(
            self._host.limits.linger_timeout, self._expire
        )
        if self._at_eof or not transport.can_write_eof():
            transport.close()
        else:
            transport.write_eof()
            self.resume_reading()

    def abort(self) -> None:
        """Close now, whatever waits."""
        if self._transport is not None:
            self._transport.abort()

    def _open_transport(self) -> asyncio.Transport:
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("the stream is closed")
        return self._transport

    def _expire(self) -> None:
        self.abort()
        if self._netconf is not None:
            self._host.release(self._netconf, EndReason.TIMEOUT)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


def _cut(piece: bytes, length: int) -> list[bytes]:
    return [piece[start : start + length] for start in range(0, len(piece), length)]


class Streams:
    """The streams of a listener, so that they can be ended with it."""

    def __init__(self) -> None:
        self._channels: set[StreamChannel] = set()

    def add(self, channel: StreamChannel) -> None:
        """Keep a stream until it is gone."""
        self._channels.add(channel)
        channel.closed.add_done_callback(lambda _: self._channels.discard(channel))

    async def close(self, patience: float = 5.0) -> None:
        """End all of them; wait for it, but not longer than that."""
        waited = [each.closed for each in self._channels]
        for each in tuple(self._channels):
            each.shut()
        if waited:
            await asyncio.wait(waited, timeout=patience)
        for each in tuple(self._channels):
            each.abort()

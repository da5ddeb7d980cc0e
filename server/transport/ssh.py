"""NETCONF over SSH (RFC 6242): the subsystem ``netconf`` on as many channels as a client opens.

The law: between an SSH packet and the session there is one function call; no task, no stream.
"""

import asyncio
import contextlib
import logging
import socket
from functools import partial
from typing import Any

import asyncssh

from server.sessions import EndReason, NetconfSession, Peer, SessionRefused
from server.settings import Settings
from server.transport.connection import Connection
from server.transport.host import Host
from server.transport.host_keys import load_host_keys
from server.transport.listening import address_of, cannot_listen
from server.transport.login import TRANSPORT, Logins, LoginServer

_log = logging.getLogger(__name__)

SUBSYSTEM = "netconf"

_CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes256-ctr",
    "aes192-ctr",
    "aes128-ctr",
)
_WINDOW = 16 << 20
_MAX_PACKET = 65_536
_HIGH_WATER = 1 << 20
"""Octets of replies that may wait in one channel for the client's window."""
_EXPLANATION = b"This server offers the SSH subsystem 'netconf' and nothing else.\r\n"


class SshServer:
    """Listens for SSH connections; ``listen`` makes it."""

    def __init__(self, settings: Settings, host: Host) -> None:
        """Read the host keys; raises SettingsError."""
        # At every level below, asyncssh formats a record for each packet.
        asyncssh.set_log_level("ERROR")
        self.place = ""
        self._settings = settings
        self._connections: set[_SshConnection] = set()
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._factory = partial(_SshConnection, Logins(settings, host), host, self._connections)
        self._options = _options(settings)

    @classmethod
    async def listen(cls, settings: Settings, host: Host) -> "SshServer":
        """Listen where the settings say; raises SettingsError."""
        server = cls(settings, host)
        address, port = settings.ssh.address, settings.ssh.port
        try:
            server._acceptor = await asyncssh.create_server(
                server._factory,
                address,
                port,
                reuse_address=True,
                backlog=1024,
                **server._options,
            )
        except OSError as error:
            raise cannot_listen("ssh", address, port, error) from None
        server.place = f"SSH on {address or 'every-address'} port {server.port}"
        return server

    async def serve(self, end: socket.socket) -> bool:
        """Be the server on a connection that we opened; whether somebody logged in on it."""
        address = address_of(end)
        try:
            connection = await asyncssh.connect_reverse(
                sock=end, config=None, server_factory=self._factory, **self._options
            )
        except (asyncssh.Error, OSError) as error:
            _log.warning("SSH with %s, whom we called, failed: %s", address, error)
            return False
        await connection.wait_closed()
        return True

    @property
    def port(self) -> int:
        """The port listened on, of use when the settings said 0."""
        assert self._acceptor is not None
        return self._acceptor.get_port()

    async def close(self, patience: float = 5.0) -> None:
        """Listen no more and disconnect everybody; wait for it, but not longer than that."""
        if self._acceptor is not None:
            self._acceptor.close()
        for each in tuple(self._connections):
            each.connection.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._connections:
                    await asyncio.sleep(0.01)
        for each in tuple(self._connections):
            each.connection.abort()


def _options(settings: Settings) -> dict[str, Any]:
    """What asyncssh needs to know; raises SettingsError."""
    return {
        "server_host_keys": load_host_keys(settings),
        "encryption_algs": _CIPHERS,
        "compression_algs": ("none",),
        "encoding": None,
        "line_editor": False,
        "agent_forwarding": False,
        "x11_forwarding": False,
        "gss_host": None,
        "window": _WINDOW,
        "max_pktsize": _MAX_PACKET,
        "login_timeout": settings.limits.login_timeout,
        "keepalive_interval": settings.ssh.keepalive_interval,
        "keepalive_count_max": settings.ssh.keepalive_count,
        "tcp_keepalive": True,
    }


class _SshConnection(LoginServer):
    """One SSH connection, and the channels on it."""

    def __init__(self, logins: Logins, host: Host, connections: "set[_SshConnection]") -> None:
        super().__init__(logins)
        self.host = host
        self.channels: set[_NetconfChannel] = set()
        self.socket_is_full = False
        self._connections = connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """A client connected."""
        super().connection_made(conn)
        self._connections.add(self)
        # asyncssh does nothing in these two methods of asyncio.Protocol. A client with a large
        # window that does not read would make us buffer without bound.
        conn.pause_writing = partial(self._on_socket, True)  # type: ignore[method-assign]
        conn.resume_writing = partial(self._on_socket, False)  # type: ignore[method-assign]

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        super().connection_lost(exc)
        self._connections.discard(self)
        # Also those that asyncssh never told of their channel, because it was too late.
        for channel in tuple(self.channels):
            channel.connection_lost(exc)

    def session_requested(self) -> "_NetconfChannel":
        """A client opens a channel."""
        user = self.connection.get_extra_info("username", "")
        try:
            session = self.host.sessions.open(Peer(user, self.address, TRANSPORT))
        except SessionRefused as refusal:
            _log.warning("a session of %s from %s is refused: %s", user, self.address, refusal)
            code = asyncssh.OPEN_RESOURCE_SHORTAGE
            raise asyncssh.ChannelOpenError(code, str(refusal)) from None
        channel = _NetconfChannel(self, session)
        self.channels.add(channel)
        return channel

    def _on_socket(self, is_full: bool) -> None:
        self.socket_is_full = is_full
        for channel in tuple(self.channels):
            channel.on_writing_changed()


class _NetconfChannel(asyncssh.SSHServerSession[bytes]):
    """One channel, which is one NETCONF session: a ``server.transport.channel.Channel``."""

    def __init__(self, owner: _SshConnection, session: NetconfSession) -> None:
        self._owner = owner
        self._netconf = session
        self._channel: asyncssh.SSHServerChannel[bytes]
        self._connection: Connection | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._window_is_full = False
        self._was_paused = False
        self._exit_status: int | None = None

    # What asyncssh calls.

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """The channel is open; the client must ask for the subsystem soon."""
        self._channel = chan
        chan.set_write_buffer_limits(_HIGH_WATER)
        self._abort_after(self._owner.host.limits.hello_timeout)

    def pty_requested(self, *_: object) -> bool:
        """Granted and ignored: scrapli asks for one; without a line editor nothing changes."""
        return True

    def shell_requested(self) -> bool:
        """Taken only to say what there is instead."""
        return True

    def exec_requested(self, command: str) -> bool:
        """Taken only to say what there is instead."""
        return True

    def subsystem_requested(self, subsystem: str) -> bool:
        """Whether it is ours (RFC 6242, section 3)."""
        return subsystem == SUBSYSTEM

    def session_started(self) -> None:
        """The client has what it asked for."""
        if self._channel.get_subsystem() != SUBSYSTEM:
            self._channel.write_stderr(_EXPLANATION)
            self._channel.exit(1)
            return
        self._cancel_timer()
        self._connection = Connection(self, self._netconf, self._owner.host)
        self._connection.start()
        self.on_writing_changed()

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        """Data of the client; what comes as extended data is none of ours."""
        if self._connection is not None and datatype is None:
            self._connection.data_received(data)

    def eof_received(self) -> bool:
        """The client sends no more, and still hears what we answer."""
        if self._connection is None:
            return False
        self._connection.eof_received()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The channel is gone."""
        self._cancel_timer()
        self._owner.channels.discard(self)
        if self._connection is not None:
            self._connection.connection_lost(exc)
        else:
            self._owner.host.release(self._netconf, EndReason.DROPPED)

    def pause_writing(self) -> None:
        """The client's window is full."""
        self._window_is_full = True
        self.on_writing_changed()

    def resume_writing(self) -> None:
        """The client's window opened."""
        self._window_is_full = False
        if self._exit_status is not None:
            asyncio.get_running_loop().call_soon(self._say_goodbye)
        self.on_writing_changed()

    def on_writing_changed(self) -> None:
        """Tell the session when it may write, with regard to both window and socket."""
        is_paused = self._window_is_full or self._owner.socket_is_full
        if self._connection is None or is_paused == self._was_paused:
            return
        self._was_paused = is_paused
        if is_paused:
            self._connection.pause_writing()
        else:
            self._connection.resume_writing()

    # What the session calls.

    def writelines(self, pieces: list[bytes], /) -> None:
        """Send."""
        self._channel.writelines(pieces)

    def pause_reading(self) -> None:
        """Deliver no more; the client's window then fills."""
        self._channel.pause_reading()

    def resume_reading(self) -> None:
        """Deliver again."""
        self._channel.resume_reading()

    def finish(self, status: int) -> None:
        """Send what waits, end of file, exit status, close; in that order (RFC 4254, 5.3)."""
        self._exit_status = status
        self._abort_after(self._owner.host.limits.linger_timeout)
        if self._channel.get_write_buffer_size() == 0:
            self._say_goodbye()
        else:
            # asyncssh forgets the end of file when it has to close with data waiting.
            self._channel.set_write_buffer_limits(0)

    def abort(self) -> None:
        """Close the channel now; a client that is alive sees the close."""
        self._channel.abort()

    def _say_goodbye(self) -> None:
        if self._exit_status is not None and not self._channel.is_closing():
            self._channel.write_eof()
            self._channel.exit(self._exit_status)

    def _abort_after(self, seconds: float) -> None:
        self._cancel_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._expire)

    def _expire(self) -> None:
        self._channel.abort()
        # Not in connection_lost only: a client that is gone never confirms the close.
        self._owner.host.release(self._netconf, EndReason.TIMEOUT)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

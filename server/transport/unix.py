"""NETCONF over a unix socket: for programs of this machine, and behind OpenSSH.

The law: the kernel says which account connects (SO_PEERCRED, unix(7)), and the settings say which
user that account is; nobody else is let in.
"""

import asyncio
import contextlib
import logging
import os
import socket
import stat
import struct
from functools import partial
from pathlib import Path

from server.errors import RpcError
from server.sessions import Peer
from server.settings import Settings, SettingsError
from server.transport.host import Host
from server.transport.stream import StreamChannel, Streams
from server.transport_settings import Accounts, UnixSettings, gid_of, uid_of

_log = logging.getLogger(__name__)

TRANSPORT = "netconf-unix"
"""The identity of the module netconf-local-transport."""

_CREDENTIALS = struct.Struct("iII")
_BACKLOG = 128


class UnixServer:
    """Listens on a unix socket; ``listen`` makes it."""

    def __init__(self, host: Host, accounts: Accounts) -> None:
        self._host = host
        self._accounts = accounts
        self._streams = Streams()
        self.place = ""
        self._server: asyncio.Server
        self._path: Path
        self._inode = 0

    @classmethod
    async def listen(cls, settings: Settings, host: Host) -> "UnixServer":
        """Listen where the settings say; raises SettingsError."""
        assert settings.unix.path is not None
        server = cls(host, Accounts(settings.unix, settings.users))
        server._path = settings.unix.path
        server.place = f"the socket {server._path}"
        listener = _bind(settings.unix, settings.unix.path)
        server._inode = server._path.stat().st_ino
        loop = asyncio.get_running_loop()
        server._server = await loop.create_unix_server(
            server._accept, sock=listener, backlog=_BACKLOG
        )
        return server

    async def close(self) -> None:
        """Listen no more, take the socket away and end everybody's session."""
        self._server.close()
        with contextlib.suppress(FileNotFoundError):
            # Another server may have put its own there.
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
        await self._streams.close()

    def _accept(self) -> StreamChannel:
        channel = StreamChannel(self._host, self._greet)
        self._streams.add(channel)
        return channel

    def _greet(self, channel: StreamChannel, transport: asyncio.Transport) -> None:
        """Find out who it is beside the loop: accounts may be in a directory far away."""
        transport.pause_reading()
        pid, uid = _peer(transport)
        asked = self._host.check_login(partial(self._accounts.user_of, uid))
        answered = asyncio.wrap_future(asked)
        answered.add_done_callback(partial(self._on_user, channel, pid, uid))

    def _on_user(
        self, channel: StreamChannel, pid: int, uid: int, answered: "asyncio.Future[str | None]"
    ) -> None:
        user = answered.result()
        if user is None:
            _log.warning("%s: account %d (process %d) is no user", self._path, uid, pid)
            self._host.login_failed(Peer("", "", TRANSPORT), f"account {uid} is no user")
            sentence = f"account {uid} is no user of this server, see [unix.users] in its settings"
            channel.refuse(RpcError("access-denied", sentence, kind="protocol"))
            return
        _log.info("%s: account %d (process %d) is user %s", self._path, uid, pid, user)
        channel.open(Peer(user, "", TRANSPORT))
        channel.resume_reading()


def _peer(transport: asyncio.Transport) -> tuple[int, int]:
    """The process and the account at the other end, as they were when it connected."""
    end = transport.get_extra_info("socket")
    told = end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid, uid, _ = _CREDENTIALS.unpack(told)
    return pid, uid


def _bind(settings: UnixSettings, path: Path) -> socket.socket:
    """Make the socket; nobody can connect to it before it has its owner and its mode."""
    owner = uid_of(settings.owner) if settings.owner else -1
    group = gid_of(settings.group) if settings.group else -1
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _take_away_stale(path)
        listener.bind(str(path))
        os.chmod(path, settings.mode)
        os.chown(path, owner, group)
    except OSError as error:
        listener.close()
        sentence = f"[unix] path: cannot listen on {path}: {error.strerror or error}"
        raise SettingsError(sentence) from None
    return listener


def _take_away_stale(path: Path) -> None:
    """Remove what a server left that ended without a word; raises SettingsError for all else."""
    try:
        is_socket = stat.S_ISSOCK(path.lstat().st_mode)
    except FileNotFoundError:
        return
    if not is_socket:
        raise SettingsError(f"[unix] path: {path} exists and is no socket; it is left alone")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
    raise SettingsError(f"[unix] path: another server listens on {path}")

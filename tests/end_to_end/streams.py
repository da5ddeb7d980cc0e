"""Sessions over streams: each connection of a client is one session, with no channels on it."""

import asyncio
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.end_to_end.client import CLIENT_KEY, Background, Client, RawSession
from tests.end_to_end.gateway import Gateway
from tests.end_to_end.process import PATIENCE, ServerProcess

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Opener = Callable[[], Coroutine[Any, Any, Stream]]
SSHD = Path("/usr/sbin/sshd")
COMMAND = Path(sys.executable).with_name("ipsec-qos-netconf")


class StreamSession(RawSession):
    """One session over one stream."""

    def __init__(self, background: Background, stream: Stream) -> None:
        reader, writer = stream
        super().__init__(background, writer, reader)
        self._stream_writer = writer

    async def _exit_status(self) -> int | None:
        """A stream has no status: 0 when it ended as it should."""
        await self._rest()
        self._stream_writer.close()
        return 0

    def abort(self) -> None:
        self._background.loop.call_soon_threadsafe(self._stream_writer.transport.abort)


class StreamClient(Client):
    """A client that opens a stream for each session."""

    def __init__(self, background: Background, opener: Opener) -> None:
        self._background = background
        self._opener = opener
        self._sessions: list[StreamSession] = []

    def channel(self, **options: Any) -> RawSession:
        session = StreamSession(self._background, self._background.run(self._opener()))
        self._sessions.append(session)
        return session

    def drop(self) -> None:
        for each in self._sessions:
            each.abort()

    def close(self) -> None:
        self.drop()


class StreamGateway(Gateway):
    """A running server, reached over streams."""

    def __init__(self, background: Background, server: ServerProcess, opener: Opener) -> None:
        super().__init__(background, server)
        self._opener = opener

    def connect(self, **options: Any) -> Client:
        client = StreamClient(self._background, self._opener)
        self._clients.append(client)
        return client


class SshdGateway(Gateway):
    """A running server behind OpenSSH."""

    def __init__(self, background: Background, server: ServerProcess, port: int) -> None:
        super().__init__(background, server)
        self._port = port

    def connect(self, **options: Any) -> Client:
        client = Client.connect(self._background, self._port, username="root", **options)
        self._clients.append(client)
        return client


def unix_opener(path: Path) -> Opener:
    async def opener() -> Stream:
        return await asyncio.open_unix_connection(str(path))

    return opener


def tls_opener(server: ServerProcess, context: ssl.SSLContext) -> Opener:
    async def opener() -> Stream:
        return await asyncio.open_connection("127.0.0.1", server.tls_port, ssl=context)

    return opener


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


def sshd_configuration(directory: Path, port: int, path: Path) -> str:
    return f"""
Port {port}
ListenAddress 127.0.0.1
HostKey {directory / "host_key"}
PidFile none
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
AuthorizedKeysFile {directory / "authorized_keys"}
Subsystem netconf {COMMAND} subsystem --socket {path}
"""


@contextmanager
def sshd(directory: Path, path: Path) -> Iterator[int]:
    """Run a real sshd in front of a socket; yield its port. Its only user is root."""
    port = free_port()
    directory.mkdir(exist_ok=True)
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where its first half locks itself up
    CLIENT_KEY.write_private_key(directory / "host_key")
    (directory / "host_key").chmod(0o600)
    key = CLIENT_KEY.export_public_key("openssh").decode()
    (directory / "authorized_keys").write_text(key)
    configuration = directory / "sshd_config"
    configuration.write_text(sshd_configuration(directory, port, path))
    process = subprocess.Popen(
        [SSHD, "-D", "-e", "-f", configuration],
        stderr=(directory / "log").open("w"),
    )
    try:
        _wait_for(port, process, directory / "log")
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None and time.monotonic() < until, log.read_text()
        time.sleep(0.02)

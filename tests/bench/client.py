"""A raw NETCONF client for measuring: no work beside framing, so that the server is what counts.

ncclient needs about 100 ms a request whatever the server does; never measure with it.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncssh

HELLO = (
    b'<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>'
    b"<capability>urn:ietf:params:netconf:base:1.1</capability></capabilities></hello>]]>]]>"
)
RPC = '<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="1">%s</rpc>'


class Client:
    """One NETCONF session."""

    def __init__(
        self, writer: asyncssh.SSHWriter[bytes], reader: asyncssh.SSHReader[bytes]
    ) -> None:
        self._writer = writer
        self._reader = reader

    @classmethod
    async def open(cls, connection: asyncssh.SSHClientConnection) -> "Client":
        """Open a session on a connection and say hello."""
        writer, reader, _ = await connection.open_session(subsystem="netconf", encoding=None)
        client = cls(writer, reader)
        writer.write(HELLO)
        await reader.readuntil(b"]]>]]>")
        return client

    async def ask(self, request: str) -> bytes:
        """Send a request and return the reply, chunk headers and all."""
        return b"".join([part async for part in self.parts(request)])

    async def parts(self, request: str) -> AsyncIterator[bytes]:
        """Send a request and yield the reply as it comes, chunk headers and all."""
        text = (RPC % request).encode()
        self._writer.write(b"\n#%d\n%b\n##\n" % (len(text), text))
        end = b""
        while not end.endswith(b"\n##\n"):
            part = await self._reader.read(1 << 20)
            end = (end + part)[-4:]
            yield part

    async def read(self) -> bytes:
        """Return what the server sends unasked, as it comes; nothing once the session is over."""
        return await self._reader.read(1 << 20)

    async def do(self, request: str) -> None:
        """Send a request that must be answered with ok."""
        reply = await self.ask(request)
        if b"<ok/>" not in reply:
            raise AssertionError(reply[:2000])

    async def received(self) -> bytes:
        """Return what comes next without being asked for; nothing at the end of the session."""
        return await self._reader.read(1 << 20)

    def close(self) -> None:
        """Drop the session."""
        self._writer.close()


async def connect(port: int) -> asyncssh.SSHClientConnection:
    """Log in to the server under test."""
    return await asyncssh.connect(
        "127.0.0.1",
        port,
        username="admin",
        password="admin",
        known_hosts=None,
        client_keys=None,
        compression_algs=["none"],
        encryption_algs=["aes128-gcm@openssh.com"],
        config=None,
    )


class Server:
    """The server under test, a process of its own."""

    def __init__(self, directory: Path, port: int = 20_830, more: str = "") -> None:
        self.port = port
        settings = directory / "settings.toml"
        settings.parent.mkdir(parents=True, exist_ok=True)
        from server.passwords import PasswordHash

        settings.write_text(
            f'state_directory = "{directory / "state"}"\n[ssh]\nport = {port}\n{more}'
            f'[users.admin]\npassword = "{PasswordHash.make("admin").to_text()}"\n'
        )
        settings.chmod(0o600)
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server", "serve", "--settings", str(settings)],
            stderr=(directory / "log").open("w"),
        )

    async def connected(self) -> asyncssh.SSHClientConnection:
        """Connect as soon as the server listens."""
        while True:
            try:
                return await connect(self.port)
            except OSError:
                if self.process.poll() is not None:
                    raise AssertionError("the server ended; see its log") from None
                await asyncio.sleep(0.01)

    def cpu_seconds(self) -> float:
        """Return the CPU time of the server so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def resident(self) -> int:
        """Return the resident memory of the server in octets."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * 4096

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        self.process.wait(30)

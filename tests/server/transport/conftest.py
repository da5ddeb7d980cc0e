"""A server with a small service behind real SSH on loopback, and a client that speaks bytes."""

import asyncio
import re
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncssh
import pytest
from lxml import etree

from server.errors import RpcErrors, in_use, invalid_value
from server.passwords import PasswordHash
from server.protocol.rendering import text_to_xml
from server.service import OK, Reply
from server.sessions import NetconfSession, Sessions
from server.settings import Limits, Settings, SshSettings, User
from server.transport.host import Host
from server.transport.ssh import SshServer
from tests.server.transport.feeds import ListFeed

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
EOM = b"]]>]]>"
CLIENT_KEY = asyncssh.generate_private_key("ssh-ed25519")
PASSWORD = "s3cret"
HASH = PasswordHash.make(PASSWORD)


@dataclass
class EchoService:
    """Operations are named for what happens; ``slow`` ones take a worker thread."""

    capabilities: tuple[str, ...] = ("urn:ietf:params:netconf:capability:candidate:1.0",)
    threads: list[str] = field(default_factory=list)
    released_before_ok: list[bool] = field(default_factory=list)
    made: int = 0
    gate: threading.Event = field(default_factory=threading.Event)

    def is_quick(self, session: NetconfSession, request: etree._Element) -> bool:
        return not etree.QName(request).localname.startswith("slow")

    def perform(self, session: NetconfSession, request: etree._Element) -> Reply:
        self.threads.append(threading.current_thread().name)
        name = "_" + etree.QName(request).localname.replace("-", "_")
        reply: Reply = getattr(self, name)(session, request)
        return reply

    def _get(self, session: NetconfSession, request: etree._Element) -> Reply:
        return Reply((b"<data>", text_to_xml(request.text or ""), b"</data>"))

    def _slow(self, session: NetconfSession, request: etree._Element) -> Reply:
        time.sleep(0.001 * int(request.text or "1"))
        return self._get(session, request)

    def _slow_wait(self, session: NetconfSession, request: etree._Element) -> Reply:
        self.gate.wait(10)
        return OK

    def _big(self, session: NetconfSession, request: etree._Element) -> Reply:
        return Reply((b"<data>", *([b"<x>" + b"y" * 993 + b"</x>"] * int(request.text or "1"))))

    def _slow_stream(self, session: NetconfSession, request: etree._Element) -> Reply:
        """A reply of many KiB; ``text`` says how many, and where it waits or fails."""
        amount, _, what = (request.text or "").partition(" ")
        return Reply(self._made(int(amount), what))

    def _made(self, amount: int, what: str) -> Iterator[bytes]:
        self.made = 0
        for number in range(amount):
            if number == 1000 and what == "wait":
                self.gate.wait(10)
            if number == 1000 and what == "fail":
                raise ZeroDivisionError("a fault of ours")
            self.made += 1
            yield b"<x>" + b"y" * 1017 + b"</x>"

    def _fail(self, session: NetconfSession, request: etree._Element) -> Reply:
        raise ZeroDivisionError("a fault of ours")

    def _refuse(self, session: NetconfSession, request: etree._Element) -> Reply:
        raise RpcErrors((invalid_value("one"), in_use("two")))

    def _subscribe(self, session: NetconfSession, request: etree._Element) -> Reply:
        messages = [b"<notification>%d</notification>" % n for n in range(int(request.text or "1"))]
        session.feeds = (ListFeed(messages),)
        session.wake()
        return OK

    def _close_session(self, session: NetconfSession, request: etree._Element) -> Reply:
        return Reply((b"<ok/>",), close=True)


class Client(asyncssh.SSHClientSession[bytes]):
    """One channel, as bytes; asyncssh's own streams limit how long a message may be."""

    def __init__(self) -> None:
        self.channel: asyncssh.SSHClientChannel[bytes]
        self.received = bytearray()
        self.at_eof = False
        self._news = asyncio.Event()

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self.channel = chan

    def data_received(self, data: bytes, datatype: asyncssh.DataType) -> None:
        self.received += data
        self._news.set()

    def eof_received(self) -> bool:
        self.at_eof = True
        self._news.set()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        self.at_eof = True
        self._news.set()

    async def until(self, end: bytes) -> bytes:
        """What comes up to and with this end."""
        searched = 0
        while (place := self.received.find(end, searched)) < 0:
            assert not self.at_eof, bytes(self.received[-300:])
            searched = max(0, len(self.received) - len(end))
            await self._more()
        return self._cut(place + len(end))

    async def rest(self) -> bytes:
        """All that comes until the end of file."""
        while not self.at_eof:
            await self._more()
        return self._cut(len(self.received))

    async def _more(self) -> None:
        self._news.clear()
        await self._news.wait()

    def _cut(self, length: int) -> bytes:
        data = bytes(self.received[:length])
        del self.received[:length]
        return data

    def send(self, data: bytes) -> None:
        self.channel.write(data)

    def say_hello(self, version: str = "1.1", more: bytes = b"") -> None:
        self.send(
            f'<hello xmlns="{BASE}"><capabilities><capability>urn:ietf:params:netconf:base:'
            f"{version}</capability></capabilities></hello>]]>]]>".encode()
            + more
        )

    async def hello(self) -> bytes:
        """The server's hello."""
        return (await self.until(EOM)).removesuffix(EOM)

    async def open(self) -> "Client":
        """The same client, once the hellos are done in base:1.1."""
        self.say_hello()
        await self.hello()
        return self

    def request(self, name: str, text: str = "", message_id: object = 1) -> None:
        self.send(chunk(rpc(name, text, message_id)))

    async def reply(self) -> bytes:
        """The next message, without its chunks."""
        framed = await self.until(b"\n##\n")
        return b"".join(re.split(rb"\n#\d+\n", framed.removesuffix(b"\n##\n")))

    async def ask(self, name: str, text: str = "", message_id: object = 1) -> bytes:
        self.request(name, text, message_id)
        return await self.reply()


class Link:
    """What is between client and server; while ``flowing`` is clear, not a byte passes."""

    def __init__(self) -> None:
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.port = 0

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a client with the server."""
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        ways = (self._forward(reader, back), self._forward(there, writer))
        await asyncio.gather(*ways, return_exceptions=True)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await self.flowing.wait()
            writer.write(data)
            await writer.drain()
        writer.close()


@dataclass
class World:
    """A running server."""

    server: SshServer
    host: Host
    sessions: Sessions
    service: EchoService
    released: list[int]
    stack: AsyncExitStack

    async def connect(self, **options: Any) -> asyncssh.SSHClientConnection:
        usual: dict[str, Any] = {
            "port": self.server.port,
            "username": "admin",
            "client_keys": [CLIENT_KEY],
            "known_hosts": None,
        }
        connection = asyncssh.connect("127.0.0.1", **(usual | options))
        return await self.stack.enter_async_context(connection)

    async def connect_over_link(self, link: Link) -> asyncssh.SSHClientConnection:
        link.port = self.server.port
        proxy = await asyncio.start_server(link.join, "127.0.0.1", limit=65_536)
        self.stack.callback(proxy.close)
        return await self.connect(port=proxy.sockets[0].getsockname()[1])

    async def channel(self, **options: Any) -> Client:
        return await self.channel_on(await self.connect(), **options)

    async def channel_on(self, connection: asyncssh.SSHClientConnection, **options: Any) -> Client:
        options = {"subsystem": "netconf", "encoding": None} | options
        _, client = await connection.create_session(Client, **options)
        assert isinstance(client, Client)
        return client

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                await asyncio.sleep(0.002)


Scenario = Callable[[World], Awaitable[None]]
Play = Callable[..., None]


def rpc(name: str, text: str = "", message_id: object = 1) -> bytes:
    return (f'<rpc xmlns="{BASE}" message-id="{message_id}"><{name}>{text}</{name}></rpc>').encode()


def chunk(text: bytes) -> bytes:
    return b"\n#%d\n%b\n##\n" % (len(text), text)


@pytest.fixture
def new_link() -> type[Link]:
    return Link


@pytest.fixture(scope="session")
def host_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "host_key"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(file)
    file.chmod(0o600)
    return file


@pytest.fixture
def play(host_key: Path) -> Play:
    """Play a scenario against a server with these limits."""

    def run(scenario: Scenario, ssh: dict[str, Any] | None = None, **limits: Any) -> None:
        options: dict[str, Any] = {"port": 0, "host_keys": (host_key,)} | (ssh or {})
        key = CLIENT_KEY.export_public_key().decode()
        users = {name: User(name, HASH, (key,)) for name in ("admin", "other")}
        settings = Settings(ssh=SshSettings(**options), limits=Limits(**limits), users=users)
        asyncio.run(_play(scenario, settings))

    return run


async def _play(scenario: Scenario, settings: Settings) -> None:
    service = EchoService()
    sessions = Sessions(lambda: datetime(2024, 1, 1, tzinfo=UTC), settings.limits.sessions)
    released: list[int] = []
    sessions.on_close.append(lambda session: released.append(session.id))
    host = Host(service, sessions, settings.limits)
    server = await SshServer.listen(settings, host)
    async with AsyncExitStack() as stack, asyncio.timeout(15):
        await scenario(World(server, host, sessions, service, released, stack))
    service.gate.set()
    await server.close()
    await asyncio.to_thread(host.close)
    assert len(released) == len(set(released)), "a session was released twice"
    assert len(sessions) == 0

"""A NETCONF client that sends whatever bytes a test wants, and takes replies apart strictly.

The law: nothing is forgiven. A byte between two messages, a chunk that lies about its length or a
reply that is no XML fails the test.
"""

import asyncio
import re
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncssh
from lxml import etree

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"
YANG = "urn:ietf:params:xml:ns:yang:1"
EOM = b"]]>]]>"
CLIENT_KEY = asyncssh.generate_private_key("ssh-ed25519")
RSA_KEY = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
PATIENCE = 20.0
"""Seconds to wait for anything; only a test that fails waits so long."""

T = TypeVar("T")
_CHUNK = re.compile(rb"\n#([1-9][0-9]{0,9})\n")


class Gone(Exception):
    """The server closed the session."""


class Background:
    """An event loop in a thread of its own, so that tests can be written one line after another."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T], patience: float = PATIENCE) -> T:
        """Return what the coroutine returns."""
        return asyncio.run_coroutine_threadsafe(
            asyncio.wait_for(work, patience), self.loop
        ).result()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()


@dataclass(frozen=True)
class Fault:
    """One ``<rpc-error>``."""

    type: str
    tag: str
    app_tag: str | None
    path: str | None
    message: str
    info: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """One ``<rpc-reply>``."""

    text: bytes
    element: etree._Element

    @property
    def ok(self) -> bool:
        return [child.tag for child in self.element] == [f"{{{BASE}}}ok"]

    @property
    def message_id(self) -> str | None:
        return self.element.get("message-id")

    @property
    def data(self) -> etree._Element:
        """The ``<data>``; fails the test where there is none."""
        assert not self.faults, self.faults
        (found,) = self.element
        assert etree.QName(found).localname == "data", self.text
        return found

    @property
    def shown(self) -> str:
        """What ``<data>`` holds, as indented text without declarations."""
        return plain(self.data)

    @property
    def faults(self) -> list[Fault]:
        return [_fault(child) for child in self.element if child.tag == f"{{{BASE}}}rpc-error"]

    @property
    def fault(self) -> Fault:
        """The only error; fails the test where there is none or more."""
        faults = self.faults
        assert len(faults) == 1, self.text
        assert len(self.element) == 1, self.text
        return faults[0]

    def values(self, path: str) -> list[str]:
        """The texts of the elements at a path of local names, such as ``a/b/c``, anywhere."""
        steps = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
        return [each.text or "" for each in self.elements(f".//{steps}")]

    def value(self, path: str) -> str:
        """The text of the only element at a path of local names."""
        found = self.values(path)
        assert len(found) == 1, (path, found, self.text)
        return found[0]

    def elements(self, xpath: str) -> list[etree._Element]:
        found = self.element.xpath(xpath)
        assert isinstance(found, list)
        return [each for each in found if isinstance(each, etree._Element)]


def _fault(element: etree._Element) -> Fault:
    texts = {etree.QName(child).localname: child.text or "" for child in element}
    assert texts["error-severity"] == "error"
    info = element.find(f"{{{BASE}}}error-info")
    return Fault(
        texts["error-type"],
        texts["error-tag"],
        texts.get("error-app-tag"),
        texts.get("error-path"),
        texts["error-message"],
        {} if info is None else {etree.QName(each).localname: each.text or "" for each in info},
    )


def plain(element: etree._Element) -> str:
    """The children of an element as indented text without namespaces."""
    return "".join(_lines(child, 0) for child in element)


def _lines(element: etree._Element, depth: int) -> str:
    name, blank = etree.QName(element).localname, "  " * depth
    if len(element):
        inner = "".join(_lines(child, depth + 1) for child in element)
        return f"{blank}<{name}>\n{inner}{blank}</{name}>\n"
    text = (element.text or "").replace("&", "&amp;").replace("<", "&lt;")
    return f"{blank}<{name}>{text}</{name}>\n" if text else f"{blank}<{name}/>\n"


class RawSession:
    """One NETCONF session over one SSH channel: bytes out, messages in."""

    def __init__(
        self,
        background: Background,
        writer: asyncssh.SSHWriter[bytes] | asyncio.StreamWriter,
        reader: asyncssh.SSHReader[bytes] | asyncio.StreamReader,
    ) -> None:
        self._background = background
        self._writer = writer
        self._reader = reader
        self._received = bytearray()
        self._next_id = 100
        self.chunked = False
        self.longest_chunk = 0
        self.id = 0
        self.capabilities: tuple[str, ...] = ()

    # ---- bytes

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._background.run(self._send(data))

    async def _send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def send_eof(self) -> None:
        """End what we send; what the server sends can still be read."""
        self._background.loop.call_soon_threadsafe(self._writer.write_eof)

    def read_message(self) -> bytes:
        """Return the next message; raises Gone where the server has closed instead."""
        return self._background.run(self._message())

    def read_reply(self) -> Answer:
        text = self.read_message()
        assert text.startswith(b"<"), text[:80]
        root = etree.fromstring(text, etree.XMLParser(huge_tree=True))
        assert root.tag == f"{{{BASE}}}rpc-reply", text[:200]
        return Answer(text, root)

    def rest(self) -> bytes:
        """Return all that comes until the server sends no more, as bytes."""
        return self._background.run(self._rest())

    async def _rest(self) -> bytes:
        try:
            while True:
                await self._more()
        except Gone:
            return self._cut(len(self._received))

    def exit_status(self) -> int | None:
        """Wait for the server to close the channel, having read all; its exit status."""
        return self._background.run(self._exit_status())

    async def _exit_status(self) -> int | None:
        assert isinstance(self._writer, asyncssh.SSHWriter)
        channel = self._writer.channel
        await channel.wait_closed()
        assert isinstance(channel, asyncssh.SSHClientChannel)
        status = channel.get_exit_status()
        assert status is None or isinstance(status, int)
        return status

    async def _more(self) -> None:
        try:
            data = await self._reader.read(1 << 20)
        except (asyncssh.Error, OSError) as error:
            raise Gone(str(error)) from None
        if not data:
            raise Gone(bytes(self._received))
        self._received += data

    async def _message(self) -> bytes:
        if not self.chunked:
            return await self._until_end_of_message()
        pieces = []
        while not (await self._starts_with(b"\n##\n")):
            length = await self._chunk_length()
            self.longest_chunk = max(self.longest_chunk, length)
            while len(self._received) < length:
                await self._more()
            pieces.append(self._cut(length))
        self._cut(4)
        assert pieces, "a message without a chunk"
        return b"".join(pieces)

    async def _until_end_of_message(self) -> bytes:
        searched = 0
        while (end := self._received.find(EOM, searched)) < 0:
            searched = max(0, len(self._received) - len(EOM))
            await self._more()
        return self._cut(end + len(EOM)).removesuffix(EOM)

    async def _starts_with(self, text: bytes) -> bool:
        while len(self._received) < len(text):
            await self._more()
        return self._received.startswith(text)

    async def _chunk_length(self) -> int:
        while (found := _CHUNK.match(self._received)) is None:
            assert len(self._received) < 14, bytes(self._received[:40])
            await self._more()
        length = int(found[1])
        self._cut(found.end())
        return length

    def _cut(self, length: int) -> bytes:
        data = bytes(self._received[:length])
        del self._received[:length]
        return data

    # ---- messages

    def hello(self, *versions: str) -> "RawSession":
        """Exchange hellos for these versions of base, 1.1 unless told."""
        self.send(client_hello(*(versions or ("1.0", "1.1"))) + EOM)
        self.take_hello()
        self.chunked = not versions or "1.1" in versions
        return self

    def take_hello(self) -> bytes:
        """Read the server's hello."""
        text = self.read_message()
        root = etree.fromstring(text)
        assert root.tag == f"{{{BASE}}}hello"
        self.id = int(root.findtext(f"{{{BASE}}}session-id") or 0)
        self.capabilities = tuple(each.text or "" for each in root.iter(f"{{{BASE}}}capability"))
        return text

    def frame(self, text: bytes) -> bytes:
        """Return the message in the framing of this session."""
        return chunk(text) if self.chunked else text + EOM

    def send_rpc(self, operation: str, message_id: object | None = None) -> str:
        """Send a request without waiting; return its message-id."""
        if message_id is None:
            self._next_id += 1
            message_id = self._next_id
        text = f'<rpc xmlns="{BASE}" message-id="{message_id}">{operation}</rpc>'
        self.send(self.frame(text.encode()))
        return str(message_id)

    def rpc(self, operation: str) -> Answer:
        """Return the reply to a request; its message-id is that of the request."""
        message_id = self.send_rpc(operation)
        answer = self.read_reply()
        assert answer.message_id == message_id, answer.text
        return answer

    def do(self, operation: str) -> None:
        """Perform a request that must be answered with ``<ok/>``."""
        answer = self.rpc(operation)
        assert answer.ok, answer.text

    # ---- operations

    def get(self, wanted: str | None = None) -> Answer:
        return self.rpc(f"<get>{_filter(wanted)}</get>")

    def get_config(self, source: str, wanted: str | None = None) -> Answer:
        return self.rpc(f"<get-config><source><{source}/></source>{_filter(wanted)}</get-config>")

    def edit_config(self, target: str, config: str, **options: str) -> Answer:
        """Edit; options are those of the operation with underscores, such as test_option."""
        words = "".join(
            f"<{name}>{value}</{name}>"
            for name, value in ((name.replace("_", "-"), value) for name, value in options.items())
        )
        return self.rpc(
            f"<edit-config><target><{target}/></target>{words}"
            f"<config>{config}</config></edit-config>"
        )

    def edit(self, config: str, target: str = "candidate", **options: str) -> None:
        """Make an edit that must succeed."""
        answer = self.edit_config(target, config, **options)
        assert answer.ok, answer.text

    def commit(self) -> None:
        self.do("<commit/>")

    def lock(self, target: str = "candidate") -> Answer:
        return self.rpc(f"<lock><target><{target}/></target></lock>")

    def unlock(self, target: str = "candidate") -> Answer:
        return self.rpc(f"<unlock><target><{target}/></target></unlock>")

    def close(self) -> None:
        """Close the session politely, and wait until the server has closed the channel."""
        self.do("<close-session/>")
        assert self.exit_status() == 0

    def is_open(self) -> bool:
        """Tell whether the server still answers."""
        try:
            answer = self.rpc(
                '<get-config><source><running/></source><filter><none xmlns="urn:none"/>'
                "</filter></get-config>"
            )
        except Gone:
            return False
        return answer.data is not None

    def abort(self) -> None:
        """Close the channel without a word."""
        assert isinstance(self._writer, asyncssh.SSHWriter)
        self._background.loop.call_soon_threadsafe(self._writer.channel.abort)


def _filter(wanted: str | None) -> str:
    return "" if wanted is None else f"<filter>{wanted}</filter>"


def chunk(text: bytes) -> bytes:
    return b"\n#%d\n%b\n##\n" % (len(text), text)


def client_hello(*versions: str) -> bytes:
    listed = "".join(
        f"<capability>urn:ietf:params:netconf:base:{version}</capability>" for version in versions
    )
    return f'<hello xmlns="{BASE}"><capabilities>{listed}</capabilities></hello>'.encode()


class Client:
    """One SSH connection, on which NETCONF sessions are opened."""

    def __init__(self, background: Background, connection: asyncssh.SSHClientConnection) -> None:
        self._background = background
        self.connection = connection

    @classmethod
    def connect(cls, background: Background, port: int, **options: Any) -> "Client":
        usual: dict[str, Any] = {
            "username": "admin",
            "client_keys": [CLIENT_KEY],
            "known_hosts": None,
            "config": None,
        }

        async def connect() -> asyncssh.SSHClientConnection:
            return await asyncssh.connect("127.0.0.1", port, **(usual | options))

        return cls(background, background.run(connect()))

    def channel(self, **options: Any) -> RawSession:
        """Open a session in which no hello has been said."""
        opening = self.connection.open_session(subsystem="netconf", encoding=None, **options)
        writer, reader, _ = self._background.run(opening)
        return RawSession(self._background, writer, reader)

    def session(self) -> RawSession:
        """Open a session in base:1.1."""
        return self.channel().hello()

    def drop(self) -> None:
        """Let the TCP connection go without a word, as a crash of the client does."""
        self._background.loop.call_soon_threadsafe(self._drop)

    def _drop(self) -> None:
        transport = self.connection._transport  # asyncssh has no public way to be this rude
        assert isinstance(transport, asyncio.Transport)
        transport.abort()

    def close(self) -> None:
        async def close() -> None:
            self.connection.close()
            await self.connection.wait_closed()

        self._background.run(close())


@contextmanager
def background() -> Iterator[Background]:
    """An event loop that lives as long as the block."""
    made = Background()
    try:
        yield made
    finally:
        made.close()

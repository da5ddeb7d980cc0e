"""Calling home: the server opens the connection, and comes back when it ends."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tests.end_to_end.client import CLIENT_KEY, Background, Client
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import Gateway, eventually
from tests.end_to_end.pki import Authority, client_context
from tests.end_to_end.process import ServerProcess
from tests.end_to_end.streams import Stream, StreamSession, free_port

QUICK = "[limits]\ncall_home_retry_min = 0.05\ncall_home_retry_max = 0.2\n"
TLS = (
    '[tls]\nlisten = false\ncertificate = "server.crt"\nprivate_key = "server.key"\n'
    'ca_files = ["ca.crt"]\n[[tls.cert_to_name]]\nmap_type = "common-name"\n'
)


class Home:
    """A client that listens for the server to call."""

    def __init__(self, background: Background, port: int = 0) -> None:
        self.background = background
        self.port = port or free_port()
        self._calls: asyncio.Queue[Any] = asyncio.Queue()
        self._end: Callable[[], object] = lambda: None

    def listen_ssh(self, username: str = "admin") -> "Home":
        listening: list[asyncssh.SSHAcceptor] = []

        async def listen() -> None:
            acceptor = await asyncssh.listen_reverse(
                "127.0.0.1",
                self.port,
                reuse_address=True,
                username=username,
                client_keys=[CLIENT_KEY],
                known_hosts=None,
                config=None,
                acceptor=self._calls.put_nowait,
            )
            listening.append(acceptor)

        self.background.run(listen())
        loop = self.background.loop
        self._end = lambda: loop.call_soon_threadsafe(listening[0].close)
        return self

    def listen_tls(self, context: Any) -> "Home":
        """Listen on TCP; who connects is the server of TLS, and we are the client."""

        listener = socket.create_server(("127.0.0.1", self.port))
        listener.setblocking(False)

        async def listen() -> None:
            while True:
                end, _ = await asyncio.get_running_loop().sock_accept(listener)
                stream = await asyncio.open_connection(
                    sock=end, ssl=context, server_hostname="server"
                )
                self._calls.put_nowait(stream)

        waiting = asyncio.run_coroutine_threadsafe(listen(), self.background.loop)
        waiting.add_done_callback(lambda _: listener.close())
        self._end = waiting.cancel
        return self

    def called_over_ssh(self) -> Client:
        return Client(self.background, self.background.run(self._calls.get()))

    def called_over_tls(self) -> StreamSession:
        stream: Stream = self.background.run(self._calls.get())
        return StreamSession(self.background, stream)

    def close(self) -> None:
        self._end()


@pytest.fixture
def homes(event_loop_thread: Background) -> Iterator[list[Home]]:
    made = [Home(event_loop_thread), Home(event_loop_thread)]
    yield made
    for each in made:
        each.close()


def calling(transport: str, *homes: Home) -> str:
    places = ", ".join(f'"127.0.0.1:{each.port}"' for each in homes)
    return f'[[call_home]]\ntransport = "{transport}"\nendpoints = [{places}]\n'


def log_has(gateway: Gateway, sentence: str) -> None:
    eventually(lambda: sentence in "".join(gateway.server.log))


def test_a_client_is_called_and_called_again(start_server: StartServer, homes: list[Home]) -> None:
    home = homes[0].listen_ssh()
    start_server(calling("ssh", home) + QUICK)
    for _ in range(3):
        client = home.called_over_ssh()
        first, second = client.session(), client.session()
        assert first.lock().ok
        assert not second.lock().ok
        client.drop()  # the next call finds the lock free
    client = home.called_over_ssh()
    eventually(lambda: client.session().lock().ok, patience=3)
    client.close()


def test_a_client_that_comes_late_is_called_and_the_attempts_are_told(
    start_server: StartServer, homes: list[Home]
) -> None:
    started = start_server(calling("ssh", homes[0]) + QUICK)
    log_has(started, f"127.0.0.1 port {homes[0].port}: Connection refused")
    log_has(started, "the next attempt is in 0.")
    client = homes[0].listen_ssh().called_over_ssh()
    assert client.session().is_open()
    client.close()


def test_the_second_endpoint_is_called_when_the_first_is_away_and_the_first_when_it_is_back(
    start_server: StartServer, homes: list[Home]
) -> None:
    first, second = homes
    second.listen_ssh()
    start_server(calling("ssh", first, second) + QUICK)
    client = second.called_over_ssh()
    assert client.session().is_open()
    first.listen_ssh()
    client.close()
    client = first.called_over_ssh()
    assert client.session().is_open()
    client.close()


def test_a_client_that_cannot_log_in_is_called_less_and_less_often(
    start_server: StartServer, homes: list[Home]
) -> None:
    homes[0].listen_ssh(username="nobody")
    started = start_server(
        calling("ssh", homes[0])
        + "[limits]\ncall_home_retry_min = 0.05\ncall_home_retry_max = 3600\n"
    )
    log_has(started, "whom we called, failed")
    delays = [0.05 * 2**n for n in range(4)]
    eventually(lambda: sum("next attempt" in line for line in started.server.log) >= len(delays))
    told = [line.split(" in ")[-1] for line in started.server.log if "next attempt" in line]
    for line, due in zip(told, delays, strict=False):
        assert due / 2 - 0.06 <= float(line.split()[0]) <= due + 0.06


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(tmp_path, "ca")
    made.issue("server")
    return made


def test_a_client_is_called_over_tls(
    start_server: StartServer, homes: list[Home], authority: Authority
) -> None:
    home = homes[0].listen_tls(client_context(authority, authority.issue("admin")))
    started = start_server(TLS + calling("tls", home) + QUICK)
    assert not started.server.tls_port
    for _ in range(2):
        session = home.called_over_tls().hello()
        assert session.lock().ok
        session.close()
    session = home.called_over_tls().hello()
    assert session.lock().ok
    session.abort()
    session = home.called_over_tls().hello()
    eventually(lambda: session.lock().ok, patience=3)


def test_a_client_that_is_no_user_is_told_so_over_tls(
    start_server: StartServer, homes: list[Home], authority: Authority
) -> None:
    home = homes[0].listen_tls(client_context(authority, authority.issue("eve")))
    start_server(TLS + calling("tls", home) + QUICK)
    assert b"gives 'eve', who is no user" in home.called_over_tls().read_message()


def test_without_its_own_listener_the_server_still_calls(
    tmp_path: Path, event_loop_thread: Background, homes: list[Home]
) -> None:
    server = ServerProcess(tmp_path, calling("ssh", homes[0]) + QUICK, ssh="listen = false")
    homes[0].listen_ssh()
    server.start_without_listening()
    client = homes[0].called_over_ssh()
    assert client.session().is_open()
    client.close()
    assert server.stop() == 0
    assert not server.tracebacks()


def test_stopping_the_server_ends_what_it_opened(
    start_server: StartServer, homes: list[Home]
) -> None:
    home = homes[0].listen_ssh()
    started = start_server(calling("ssh", home) + QUICK)
    session = home.called_over_ssh().session()
    assert started.server.stop() == 0
    assert session.rest() == b""


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ('transport = "tcp"\nendpoints = ["a"]', "it must be ssh or tls"),
        ('transport = "tls"\nendpoints = ["a"]', "unless [tls] has a certificate"),
        ("endpoints = []", "addresses, with or without :PORT"),
        ('endpoints = ["a:b"]', "'a:b' is not accepted, it must be ADDRESS, ADDRESS:PORT"),
        ('endpoints = ["[::1]4334"]', "[ADDRESS]:PORT"),
        ('endpoints = ["a:65536"]', "[ADDRESS]:PORT"),
        ('endpoints = [":1"]', "[ADDRESS]:PORT"),
        ('endpoints = ["a"]\nport = 1', "has no key 'port'"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(
    tmp_path: Path, table: str, sentence: str
) -> None:
    status, said = ServerProcess(tmp_path, f"[[call_home]]\n{table}\n").refusal()
    assert status == 1
    assert "call_home 1" in said
    assert sentence in said

"""The rules of the wire hold over each transport, not over SSH only."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end import test_wire_rules as rules
from tests.end_to_end.client import EOM, Background, RawSession, client_hello
from tests.end_to_end.gateway import Gateway, description
from tests.end_to_end.pki import Authority, client_context
from tests.end_to_end.process import ServerProcess
from tests.end_to_end.streams import (
    SSHD,
    SshdGateway,
    StreamGateway,
    sshd,
    tls_opener,
    unix_opener,
)

MORE = """
[unix]
path = "netconf.sock"
[unix.users]
root = "admin"
[tls]
port = 0
certificate = "server.crt"
private_key = "server.key"
ca_files = ["ca.crt"]
[[tls.cert_to_name]]
map_type = "common-name"
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority(tmp_path_factory.mktemp("transports"), "ca")
    made.issue("server")
    return made


@pytest.fixture(scope="module")
def admin(authority: Authority) -> ssl.SSLContext:
    return client_context(authority, authority.issue("admin"))


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[ServerProcess]:
    made = ServerProcess(authority.directory, MORE).start()
    yield made
    assert made.stop() == 0
    assert not made.tracebacks(), "".join(made.log)


@pytest.fixture(scope="module")
def sshd_port(server: ServerProcess) -> Iterator[int]:
    if not SSHD.exists():
        pytest.skip("OpenSSH's server is not installed")
    with sshd(server.directory / "sshd", socket_of(server)) as port:
        yield port


def socket_of(server: ServerProcess) -> Path:
    return server.directory / "netconf.sock"


@pytest.fixture(params=["unix", "tls", "openssh"])
def gateway(
    request: pytest.FixtureRequest,
    event_loop_thread: Background,
    server: ServerProcess,
    admin: ssl.SSLContext,
) -> Iterator[Gateway]:
    made: Gateway
    if request.param == "openssh":
        port = request.getfixturevalue("sshd_port")
        made = SshdGateway(event_loop_thread, server, port)
    elif request.param == "tls":
        made = StreamGateway(event_loop_thread, server, tls_opener(server, admin))
    else:
        made = StreamGateway(event_loop_thread, server, unix_opener(socket_of(server)))
    yield made
    made.reset()


@pytest.fixture
def session(gateway: Gateway) -> RawSession:
    return gateway.session()


@pytest.mark.parametrize("gateway", ["openssh"], indirect=True)
def test_15_a_terminal_of_sshd_s_adds_nothing_once_our_hello_has_come(gateway: Gateway) -> None:
    session = gateway.connect().channel(term_type="xterm")
    session.take_hello()
    session.send(client_hello("1.1") + EOM)
    session.chunked = True
    config = description("x" * 250) + " " * 20_000
    for number in range(3):
        text = f"<target><candidate/></target><config>{config}</config>"
        session.send_rpc(f"<edit-config>{text}</edit-config>", number)
        assert session.read_reply().ok
    session.send_rpc("<get-config><source><candidate/></source></get-config>")
    answer = session.read_reply()
    assert answer.value("policy/description") == "x" * 250
    assert b"\r" not in answer.text


@pytest.mark.parametrize("gateway", ["openssh"], indirect=True)
class TestChannels:
    """What only a transport with channels can show."""

    test_16 = staticmethod(rules.test_16_each_channel_of_a_connection_is_a_session)


@pytest.mark.parametrize("gateway", ["unix", "openssh"], indirect=True)
class TestHalfClose:
    """What needs an end of file that leaves the other direction open; TLS has none."""

    test_06 = staticmethod(rules.test_06_not_a_byte_is_between_two_messages)
    test_07 = staticmethod(
        rules.test_07_each_rpc_has_one_reply_in_order_with_its_message_id_and_nothing_else_comes
    )
    test_18 = staticmethod(rules.test_18_what_came_before_the_end_of_file_is_answered)


test_01 = rules.test_01_hello_comes_at_once_and_the_bytes_behind_the_client_s_are_read
test_02 = rules.test_02_our_hello_is_one_line_in_the_default_namespace_with_one_session_id
test_03 = rules.test_03_blanks_before_a_message_prefixes_and_base_1_1_alone_are_taken
test_05 = rules.test_05_chunks_are_small_and_ascii
test_14 = rules.test_14_close_session_is_reply_end_of_file_exit_status_and_close
test_14_abrupt = rules.test_14_an_abrupt_end_releases_at_once
test_17 = rules.test_17_no_reply_is_deeper_or_longer_than_clients_read
test_19 = rules.test_19_a_large_commit_is_answered_within_the_patience_of_a_client

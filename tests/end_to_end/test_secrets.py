"""No password, hash or private key leaves the server: not in a log, an error or a file."""

from pathlib import Path

import asyncssh
import pytest

from tests.end_to_end.client import Background
from tests.end_to_end.gateway import Gateway, qos
from tests.end_to_end.process import PASSWORD, ServerProcess, password_hash

GUESS = "a guess that nobody should read"


@pytest.fixture
def server(tmp_path: Path) -> ServerProcess:
    """A server that logs all that it can, started where files are open to everybody."""
    made = ServerProcess(tmp_path)
    made.options, made.umask = ("--verbose",), 0
    return made


def test_nothing_that_a_client_can_do_brings_a_secret_into_the_log(
    server: ServerProcess, event_loop_thread: Background
) -> None:
    gateway = Gateway(event_loop_thread, server.start())
    for method in ("password", "keyboard-interactive"):
        options = {"client_keys": [], "preferred_auth": [method]}
        with pytest.raises(asyncssh.PermissionDenied) as refused:
            gateway.connect(password=GUESS, **options)
        assert GUESS not in str(refused.value)
        with pytest.raises(asyncssh.PermissionDenied):
            gateway.connect(username="nobody", password=GUESS, **options)
        session = gateway.connect(password=PASSWORD, **options).session()
        session.send_rpc("<fly/>")
        session.read_reply()
        session.edit(qos(""), "running")
        session.send(session.frame(b"garbage"))
        session.exit_status()
    gateway.disconnect()
    assert server.stop() == 0
    log = "".join(server.log)
    assert "wrong user or password: 'admin'" in log
    for secret in (GUESS, PASSWORD, password_hash(), *password_hash().split("$")[4:]):
        assert secret not in log
    assert "PRIVATE KEY" not in log


def test_files_are_the_server_s_alone_whatever_the_umask(
    server: ServerProcess, event_loop_thread: Background
) -> None:
    gateway = Gateway(event_loop_thread, server.start())
    gateway.session().edit(qos("<global><df-bit>set</df-bit></global>"), "running")
    names = {each.name for each in server.state.iterdir()}
    assert {"running.sqlite", "running.sqlite-wal", "ssh_host_rsa_key"} <= names
    assert server.state.stat().st_mode & 0o777 == 0o700
    for file in server.state.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file
    gateway.disconnect()
    assert server.stop() == 0
    for file in server.state.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file


def test_a_state_directory_that_is_open_to_others_is_refused(server: ServerProcess) -> None:
    server.state.mkdir(mode=0o755)
    server.state.chmod(0o755)
    status, said = server.refusal()
    assert status == 1
    assert f"chmod 700 {server.state}" in said

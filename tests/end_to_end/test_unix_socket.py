"""The unix socket and the subsystem in front of it: who is let in, and how each side ends."""

import os
import pty
import select
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.client import (
    BASE,
    EOM,
    MONITORING,
    Background,
    Gone,
    RawSession,
    chunk,
    client_hello,
)
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import Gateway, description, eventually
from tests.end_to_end.process import PATIENCE, ROOT, ServerProcess
from tests.end_to_end.streams import StreamGateway, unix_opener

ROOT_IS_ADMIN = '[unix]\npath = "netconf.sock"\n[unix.users]\nroot = "admin"\n'
READ = "<get-config><source><running/></source></get-config>"


def rpc(content: str, message_id: int = 1) -> bytes:
    return f'<rpc xmlns="{BASE}" message-id="{message_id}">{content}</rpc>'.encode()


def socket_of(gateway: Gateway) -> Path:
    return gateway.server.directory / "netconf.sock"


def over_socket(background: Background, gateway: Gateway) -> StreamGateway:
    return StreamGateway(background, gateway.server, unix_opener(socket_of(gateway)))


def refusal_of(session: RawSession) -> str:
    """Return what the server says instead of a hello."""
    text = session.read_message().decode()
    assert "<rpc-error>" in text
    assert session.rest() == b""
    return text


def test_an_account_is_the_user_of_the_settings(
    start_server: StartServer, event_loop_thread: Background
) -> None:
    local = over_socket(event_loop_thread, start_server(ROOT_IS_ADMIN))
    wanted = f'<netconf-state xmlns="{MONITORING}"><sessions/></netconf-state>'
    answer = local.session().get(wanted)
    assert answer.value("session/username") == "admin"
    assert answer.values("session/source-host") == []
    (transport,) = answer.elements(".//*[local-name()='transport']")
    prefix, _, name = (transport.text or "").rpartition(":")
    assert name == "netconf-unix"
    assert transport.nsmap[prefix] == "urn:ipsec-qos:yang:netconf-local-transport"
    eventually(lambda: any(line["transport"] == "netconf-unix" for line in local.server.audit))
    local.disconnect()


@pytest.mark.parametrize(
    "users", ['nobody = "admin"', '"65534" = "admin"', "", "[unix]\nmatch_names = true"]
)
def test_another_account_is_refused_with_the_reason(
    start_server: StartServer, event_loop_thread: Background, users: str
) -> None:
    match_names = "match_names = true" if "match" in users else ""
    users = "" if match_names else users
    started = start_server(f'[unix]\npath = "netconf.sock"\n{match_names}\n[unix.users]\n{users}')
    local = over_socket(event_loop_thread, started)
    assert f"account {os.getuid()} is no user" in refusal_of(local.channel())
    eventually(lambda: any("is no user" in line for line in started.server.log))
    local.disconnect()


def test_an_account_may_be_the_user_of_its_name(
    start_server: StartServer, event_loop_thread: Background
) -> None:
    settings = '[users.root]\n[unix]\npath = "netconf.sock"\nmatch_names = true'
    local = over_socket(event_loop_thread, start_server(settings))
    assert local.session().is_open()
    local.disconnect()


def test_the_socket_has_the_mode_and_the_owner_of_the_settings(start_server: StartServer) -> None:
    settings = ROOT_IS_ADMIN.replace(
        "[unix.users]", 'mode = 0o620\nowner = "nobody"\ngroup = "65534"\n[unix.users]'
    )
    started = start_server(settings)
    found = socket_of(started).stat()
    assert stat.S_ISSOCK(found.st_mode)
    assert stat.S_IMODE(found.st_mode) == 0o620
    assert (found.st_uid, found.st_gid) == (65534, 65534)
    assert started.server.stop() == 0
    assert not socket_of(started).exists()


def test_the_socket_is_the_server_s_alone_by_default(start_server: StartServer) -> None:
    assert stat.S_IMODE(socket_of(start_server(ROOT_IS_ADMIN)).stat().st_mode) == 0o600


def test_a_socket_left_by_a_crash_is_replaced_and_one_in_use_is_not(
    start_server: StartServer, event_loop_thread: Background, tmp_path: Path
) -> None:
    first = start_server(ROOT_IS_ADMIN)
    first.server.kill()
    assert socket_of(first).exists()
    again = start_server(ROOT_IS_ADMIN)
    other = tmp_path / "other"
    other.mkdir()
    second = ServerProcess(other, ROOT_IS_ADMIN.replace("netconf.sock", str(socket_of(again))))
    status, said = second.refusal()
    assert status == 1
    assert f"another server listens on {socket_of(again)}" in said
    local = over_socket(event_loop_thread, again)
    assert local.session().is_open()
    local.disconnect()


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (ROOT_IS_ADMIN, "exists and is no socket"),
        (ROOT_IS_ADMIN.replace("netconf.sock", "none/s"), "No such file or directory"),
        (ROOT_IS_ADMIN.replace("root", "no-such-account"), "no account 'no-such-account'"),
        (ROOT_IS_ADMIN.replace('"admin"', '"ghost"'), "a user with a table [users.ghost]"),
        ('[unix]\npath = "s"\ngroup = "no-such-group"', "no group 'no-such-group'"),
        ('[unix]\npath = "s"\nmode = 0o1777', "an integer from 0 to 511"),
        ('[unix]\npath = "s"\nmatch_names = 1', "it must be true or false"),
    ],
)
def test_what_cannot_be_is_told_at_the_start(tmp_path: Path, settings: str, sentence: str) -> None:
    file = tmp_path / "netconf.sock"
    file.write_text("precious")
    status, said = ServerProcess(tmp_path, settings).refusal()
    assert status == 1
    assert sentence in said
    assert file.read_text() == "precious"


def test_limits_hold_and_what_they_refuse_is_told(
    start_server: StartServer, event_loop_thread: Background
) -> None:
    limits = "[limits]\nsessions_per_user = 2\nsessions_per_address = 1\nhello_timeout = 1\n"
    limits += "max_message_bytes = 100000"
    local = over_socket(event_loop_thread, start_server(ROOT_IS_ADMIN + limits))
    first, silent = local.session(), local.channel()
    assert "user 'admin' has the limit of 2 sessions" in refusal_of(local.channel())
    silent.take_hello()
    assert silent.rest() == b""  # no hello of the client's in time
    again = local.session()
    assert again.lock().ok
    again.send(chunk(rpc(" " * 200_000)))
    assert b"too-big" in again.rest()
    eventually(lambda: first.lock().ok, patience=2)
    local.disconnect()


def test_a_killed_session_is_closed_and_its_lock_is_free(
    start_server: StartServer, event_loop_thread: Background
) -> None:
    local = over_socket(event_loop_thread, start_server(ROOT_IS_ADMIN))
    killer, victim = local.session(), local.session()
    assert victim.lock().ok
    killer.do(f"<kill-session><session-id>{victim.id}</session-id></kill-session>")
    assert killer.lock().ok
    with pytest.raises(Gone):
        victim.read_message()
    local.disconnect()


def test_a_client_that_does_not_read_its_last_reply_does_not_stay(
    start_server: StartServer, event_loop_thread: Background
) -> None:
    started = start_server(ROOT_IS_ADMIN + "[limits]\nlinger_timeout = 0.2")
    local = over_socket(event_loop_thread, started)
    before = started.server.open_sockets()
    session = local.session()
    session.send_rpc("<close-session/>")
    eventually(lambda: started.server.open_sockets() <= before)
    local.disconnect()


def test_stopping_the_server_ends_every_session(
    start_server: StartServer, event_loop_thread: Background
) -> None:
    started = start_server(ROOT_IS_ADMIN)
    local = over_socket(event_loop_thread, started)
    session = local.session()
    assert started.server.stop() == 0
    assert session.rest() == b""
    local.disconnect()


# ---- the subsystem


def subsystem(path: Path, sent: bytes) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "server", "subsystem", "--socket", path],
        cwd=ROOT,
        input=sent,
        capture_output=True,
        timeout=PATIENCE,
    )


def test_all_that_came_before_the_end_of_the_input_is_answered(start_server: StartServer) -> None:
    path = socket_of(start_server(ROOT_IS_ADMIN))
    requests = b"".join(chunk(rpc(READ, number)) for number in range(500))
    done = subsystem(path, client_hello("1.1") + EOM + requests)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"<rpc-reply ") == 500
    assert done.stdout.endswith(b"\n##\n")


def test_more_than_any_pipe_holds_goes_through_both_ways(start_server: StartServer) -> None:
    path = socket_of(start_server(ROOT_IS_ADMIN))
    edit = f"<edit-config><target><candidate/></target><config>{description('d' * 250)}"
    edits = chunk(rpc(f"{edit}{' ' * 2_000_000}</config></edit-config>")) * 3
    schema = f'<get-schema xmlns="{MONITORING}"><identifier>ipsec-qos</identifier></get-schema>'
    done = subsystem(path, client_hello("1.1") + EOM + edits + chunk(rpc(schema)) * 60)
    assert done.stdout.count(b"<ok/>") == 3
    assert done.stdout.count(b"module ipsec-qos {") == 60


def test_without_a_server_the_subsystem_says_so(tmp_path: Path) -> None:
    done = subsystem(tmp_path / "none", b"")
    assert done.returncode == 1
    assert done.stderr.decode() == f"error: {tmp_path / 'none'}: No such file or directory\n"


def test_the_reason_of_a_refusal_reaches_the_client(start_server: StartServer) -> None:
    path = socket_of(start_server('[unix]\npath = "netconf.sock"'))
    assert b"is no user of this server" in subsystem(path, client_hello("1.1") + EOM).stdout


def test_a_terminal_is_raw_while_the_subsystem_runs(start_server: StartServer) -> None:
    path = socket_of(start_server(ROOT_IS_ADMIN))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "subsystem", "--socket", path],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
    )
    received = read_until(ours, EOM)
    assert received.startswith(b"<hello ")
    long_line = chunk(rpc(READ + " " * 3000))
    os.write(ours, client_hello("1.1") + EOM + long_line)
    received = read_until(ours, b"\n##\n")
    assert received.startswith(b"\n#")
    assert b"<data" in received and b"\r" not in received
    os.write(ours, chunk(rpc("<close-session/>")))
    read_until(ours, b"\n##\n")
    assert process.wait(PATIENCE) == 0
    os.close(ours)
    os.close(theirs)


def read_until(end: int, text: bytes) -> bytes:
    received = b""
    while not received.endswith(text):
        assert select.select([end], [], [], PATIENCE)[0]
        received += os.read(end, 65_536)
    return received

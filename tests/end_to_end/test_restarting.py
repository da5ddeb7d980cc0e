"""What a restart restores, and what it refuses to start with."""

import resource
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import Gateway, binding, description, policy, qos
from tests.end_to_end.process import ServerProcess

LIMIT = "<outbound><speed-limit><rate>1000</rate></speed-limit><dscp>ef</dscp></outbound>"
TUNNELS = '[dataplane]\ndriver = "embedded"\ntunnels = "{}"\n'


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_running_is_restored_and_the_dataplane_agrees(
    start_server: StartServer, tmp_path: Path, end: str
) -> None:
    tunnels = tmp_path / "tunnels.toml"
    tunnels.write_text('[[tunnel]]\nid = "t1"\ninterface = "eth0"\n')
    gateway = start_server(TUNNELS.format(tunnels))
    session = gateway.session()
    session.edit(qos(policy("p", 1, LIMIT) + binding("eth0", "p")))
    session.commit()
    session.edit(description("an edit that was never committed"))
    before = gateway.running(session)
    assert gateway.sends(session).value("outer-dscp") == "46"
    if end == "stop":
        assert gateway.server.stop() == 0
    else:
        gateway.server.kill()
    gateway.server.start()
    again = Gateway(gateway._background, gateway.server)
    session = again.session()
    assert again.running(session) == before
    assert session.get_config("candidate").shown == before
    assert session.lock().ok
    assert again.sends(session).value("outer-dscp") == "46"
    tunnel = again.tunnel(session)
    assert tunnel.value("outbound/speed-limit/rate") == "1000"
    assert tunnel.value("tunnel/status") == "applied"
    assert session.get(qos("<dataplane/>")).value("dataplane/status") == "in-sync"
    again.disconnect()


def test_every_commit_that_was_answered_survives_kill_9(start_server: StartServer) -> None:
    gateway = start_server()
    session = gateway.session()
    for number in range(1, 21):
        session.edit(qos(policy("p", number)), "running")
    session.edit(
        qos(
            policy(
                "p", 7, "", 'xmlns:n="urn:ietf:params:xml:ns:netconf:base:1.0" n:operation="delete"'
            )
        ),
        "running",
    )
    gateway.server.kill()
    gateway.server.start()
    again = Gateway(gateway._background, gateway.server)
    numbers = again.session().get_config("running").values("policy/sequence-number")
    assert numbers == [str(number) for number in range(1, 21) if number != 7]
    again.disconnect()


def test_a_kill_amid_pipelined_commits_loses_none_that_was_answered(
    start_server: StartServer,
) -> None:
    gateway = start_server()
    session = gateway.session()
    edits = [
        "<edit-config><target><running/></target><config>"
        f"{qos(policy('p', number))}</config></edit-config>"
        for number in range(1, 101)
    ]
    for edit in edits:
        session.send_rpc(edit)
    for _ in range(30):
        assert session.read_reply().ok
    gateway.server.kill()
    gateway.server.start()
    again = Gateway(gateway._background, gateway.server)
    found = again.session().get_config("running").values("policy/sequence-number")
    assert found == [str(number) for number in range(1, len(found) + 1)]
    assert 30 <= len(found) <= 100
    again.disconnect()


def _truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _scribble(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for at in range(4096, len(data), 97):
        data[at] ^= 0x55
    file.write_bytes(data)


def _replace_by_text(file: Path) -> None:
    file.write_text("this was the configuration\n" * 100)


def _make_newer(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()


@pytest.mark.parametrize("damage", [_truncate, _scribble, _replace_by_text, _make_newer])
def test_a_store_that_cannot_be_trusted_is_refused_with_a_sentence(
    event_loop_thread: object,
    tmp_path: Path,
    damage: Callable[[Path], None],
    start_server: StartServer,
) -> None:
    gateway = start_server()
    session = gateway.session()
    for number in range(1, 40):
        session.edit(qos(policy("p", number)), "running")
    gateway.disconnect()
    assert gateway.server.stop() == 0
    file = gateway.server.state / "running.sqlite"
    damage(file)
    kept = file.read_bytes()
    status, said = gateway.server.refusal()
    assert status == 1
    last = said.strip().splitlines()[-1]
    assert last.startswith("error: "), said
    assert "running.sqlite" in last
    assert "Traceback" not in said
    assert file.read_bytes() == kept, "the damaged store was touched"


def test_a_commit_that_the_disk_refuses_changes_nothing(start_server: StartServer) -> None:
    gateway = start_server()
    session = gateway.session()
    gateway.establish(session)
    session.edit(qos(policy("p", 1, "<outbound><dscp>ef</dscp></outbound>") + binding("eth0", "p")))
    session.commit()
    pid = gateway.server.pid
    soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    log = gateway.server.state / "running.sqlite-wal"
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    before = gateway.running(session)
    session.edit(qos(policy("p", 1, "<outbound><dscp>af11</dscp></outbound>")))
    fault = session.rpc("<commit/>").fault
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))
    assert (fault.type, fault.tag) == ("application", "operation-failed")
    assert "could not be stored" in fault.message and "the disk reports an error" in fault.message
    assert gateway.running(session) == before
    assert gateway.sends(session).value("outer-dscp") == "46"
    assert session.get(qos("<dataplane/>")).value("dataplane/status") == "in-sync"
    assert session.get_config("candidate").value("outbound/dscp") == "af11"
    gateway.disconnect()
    assert gateway.server.stop() == 0
    gateway.server.start()
    again = Gateway(gateway._background, gateway.server)
    assert again.running(again.session()) == before
    again.disconnect()


def test_settings_that_are_wrong_are_refused_with_a_sentence(tmp_path: Path) -> None:
    for more, word in (
        ("[dataplane]\ndriver = 'teleport'", "teleport"),
        ("[limits]\nworkers = 0", "workers"),
        ("[surprise]\na = 1", "surprise"),
        ("[modules]\nbindings = '/nowhere.py'", "/nowhere.py"),
        ("[modules]\nbindings = 'settings.toml'", "settings.toml is no file of bindings"),
        ("[modules]\nbindings = 'broken.py'", "broken.py cannot be loaded (SyntaxError"),
        ("[dataplane]\ntunnels = 'none.toml'", f"{tmp_path}/none.toml cannot be read: No such"),
    ):
        (tmp_path / "broken.py").write_text("def")
        status, said = ServerProcess(tmp_path, more).refusal()
        assert status == 1
        assert "Traceback" not in said
        assert word in said.strip().splitlines()[-1]


def test_an_address_that_cannot_be_listened_on_is_named(start_server: StartServer) -> None:
    first = start_server().server
    port, directory = first.port, first.directory / "second"
    directory.mkdir()
    second = ServerProcess(directory)
    second.settings.write_text(second.settings.read_text().replace("port = 0", f"port = {port}"))
    status, said = second.refusal()
    assert status == 1
    assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in said
    assert "Traceback" not in said


def test_paths_in_the_settings_are_relative_to_their_file(tmp_path: Path) -> None:
    (tmp_path / "tunnels.toml").write_text("[[tunnel]]\nid = 'one'")
    status, said = ServerProcess(tmp_path, "[dataplane]\ntunnels = 'tunnels.toml'").refusal()
    assert status == 1
    assert "A tunnel needs the leaf interface" in said


def test_a_second_server_on_the_same_state_is_refused(start_server: StartServer) -> None:
    gateway = start_server()
    status, said = gateway.server.refusal()
    assert status == 1
    assert said.strip().splitlines()[-1].startswith("error: ")
    assert "Traceback" not in said

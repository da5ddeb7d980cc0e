"""netconf-console2 3.0.1, as its users call it."""

import subprocess
import sys
from pathlib import Path

from tests.end_to_end.process import PASSWORD, ServerProcess
from tests.interop.edits import CLEAR, TUNNEL, policy

CONSOLE = Path(sys.executable).with_name("netconf-console2")


def run(server: ServerProcess, *arguments: str) -> str:
    done = subprocess.run(
        [CONSOLE, "--port", str(server.port), "--password", PASSWORD, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout + done.stderr


def file_of(directory: Path, text: str) -> str:
    file = directory / "request.xml"
    file.write_text(text)
    return str(file)


def test_hello(server: ServerProcess) -> None:
    assert "urn:ietf:params:netconf:capability:candidate:1.0" in run(server, "--hello")


def test_edit_config_and_commit(server: ServerProcess, tmp_path: Path) -> None:
    edit = file_of(tmp_path, policy("console"))
    assert "<ok" in run(server, "--db", "candidate", "--edit-config", edit)
    assert "<ok" in run(server, "--commit")
    assert "<name>console</name>" in run(server, "--get-config")


def test_edit_config_of_running_is_its_default(server: ServerProcess, tmp_path: Path) -> None:
    assert "<ok" in run(server, "--edit-config", file_of(tmp_path, policy("direct")))
    assert "direct" in run(server, "--get-config")


def test_get(server: ServerProcess) -> None:
    assert "<driver>embedded</driver>" in run(server, "--get")


def test_validate(server: ServerProcess) -> None:
    assert "<ok" in run(server, "--validate=candidate") + run(
        server, "--db=candidate", "--validate="
    )


def test_lock_edit_discard_unlock(server: ServerProcess, tmp_path: Path) -> None:
    edit = file_of(tmp_path, policy("dropped"))
    said = run(
        server,
        "--db",
        "candidate",
        "--lock",
        "--edit-config",
        edit,
        "--discard-changes",
        "--unlock",
    )
    assert said.count("<ok") == 4, said


def test_get_schema(server: ServerProcess) -> None:
    assert "module ipsec-qos {" in run(server, "--get-schema", "ipsec-qos")


def test_copy_config(server: ServerProcess, tmp_path: Path) -> None:
    said = run(server, "--db", "candidate", "--copy-config", file_of(tmp_path, policy("whole")))
    assert "<ok" in said, said
    run(server, "--discard-changes")


def test_rpc_and_action(server: ServerProcess, tmp_path: Path) -> None:
    assert "<ok/>" in run(server, "--rpc", file_of(tmp_path, TUNNEL))
    assert "discontinuity-time" in run(server, "--rpc", file_of(tmp_path, CLEAR))


def test_kill_session_of_nobody_is_told(server: ServerProcess) -> None:
    assert "there is no session 99999" in run(server, "--kill-session", "99999")


def test_an_error_is_shown(server: ServerProcess, tmp_path: Path) -> None:
    said = run(server, "--edit-config", file_of(tmp_path, policy("bad", rate=1)))
    assert "is not in the range 8..4194303" in said

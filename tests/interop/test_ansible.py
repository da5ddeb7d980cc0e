"""Ansible's collection ansible.netcommon 8.2.0: the playbooks of the docs, and each operation."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.process import PASSWORD, ROOT, ServerProcess
from tests.interop.edits import config
from tests.interop.environments import program
from tests.interop.test_ncclient import connect

CLIENT = "ansible.netcommon 8.2.0"
EXAMPLES = ROOT / "docs" / "examples"
_RESULT = re.compile(
    r"^TASK \[(.*?)\] \**\n(?:(?!TASK).*\n)*?(?:ok|changed|fatal): \[gateway\](?:: FAILED!)? => ",
    re.MULTILINE,
)
_DECODER = json.JSONDecoder()


class Ran:
    """What a run of ansible-playbook said."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.status = done.returncode
        self.text = done.stdout + done.stderr
        self.results: dict[str, Any] = {
            found[1]: _DECODER.raw_decode(done.stdout, found.end())[0]
            for found in _RESULT.finditer(done.stdout)
        }

    def count(self, what: str) -> int:
        """Return a number of the recap: ok, changed, failed, unreachable."""
        found = re.search(rf"^gateway .*\b{what}=(\d+)", self.text, re.MULTILINE)
        assert found, self.text
        return int(found[1])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ansible")


def play(port: int, home: Path, playbook: Path, *options: str, **more: Any) -> Ran:
    """Run a playbook as its users do, against the server at a port."""
    values = {"ansible_port": port, "ansible_password": PASSWORD, **more}
    inventory = ["-i", str(EXAMPLES / "inventory.yml"), "-e", json.dumps(values)]
    done = subprocess.run(
        [program("ansible", "ansible-playbook"), "-v", *inventory, str(playbook), *options],
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Ran(done)


@pytest.fixture(scope="module")
def client(server: ServerProcess) -> Iterator[Any]:
    """ncclient, to see what became of it."""
    with connect(server) as made:
        yield made


@pytest.mark.operation("edit-config", "commit", "get", "lock", "unlock", "password")
def test_the_playbook_configures_once_and_its_check_changes_nothing(
    server: ServerProcess, home: Path, client: Any
) -> None:
    def run(*options: str) -> int:
        ran = play(server.port, home, EXAMPLES / "configure.yml", *options)
        assert ran.status == 0, ran.text
        return ran.count("changed")

    before = client.get_config("running").data_xml
    assert run("--check", "--diff") == 1
    assert client.get_config("running").data_xml == before
    assert client.get_config("candidate").data_xml == before
    assert run() == 1
    assert "<rate>2000</rate>" in str(client.get_config("running"))
    assert run() == 0
    assert run("--check") == 0
    with client.locked("candidate"):
        pass


@pytest.mark.operation("confirmed commit", how="rpc")
def test_the_playbook_that_tries_confirms_or_goes_back(
    server: ServerProcess, home: Path, client: Any
) -> None:
    client.edit_config(target="running", config="<config/>", default_operation="replace")
    failed = play(server.port, home, EXAMPLES / "try.yml", expected_driver="another")
    assert failed.status == 2
    assert failed.count("failed") == 1
    assert "branch" not in str(client.get_config("running"))
    tried = play(server.port, home, EXAMPLES / "try.yml")
    assert tried.status == 0, tried.text
    assert "branch" in str(client.get_config("running"))


@pytest.fixture(scope="module")
def ran(server: ServerProcess, home: Path) -> Ran:
    return play(
        server.port,
        home,
        Path(__file__).with_name("playbook.yml"),
        edit=config("ansible"),
        directory=str(home),
    )


def output(ran: Ran, task: str) -> str:
    """Return what a task that went well printed."""
    result = ran.results[task]
    assert not result.get("failed"), result
    return json.dumps(result)


def failure(ran: Ran, task: str) -> str:
    """Return why a task failed."""
    result = ran.results[task]
    assert "FAILED" in ran.text
    return str(result["msg"])


@pytest.mark.operation("hello", "validate", "edit-config options", "get-config")
def test_an_edit_is_validated_backed_up_and_committed(ran: Ran, home: Path) -> None:
    assert ran.results["edit with everything"]["changed"]
    known = ran.results["edit with everything"]["server_capabilities"]
    assert "urn:ietf:params:netconf:capability:candidate:1.0" in known
    backup = (home / "backup.xml").read_text()
    assert backup.startswith("<data")
    assert "ansible" not in backup
    assert not ran.results["edit as a dictionary, compared by a path"].get("failed")
    assert ran.results["edit of running"]["changed"]


@pytest.mark.operation("errors")
def test_an_error_is_the_message_of_the_task(ran: Ran) -> None:
    assert "'1' is not in the range 8..4194303" in failure(ran, "bad edit")


def test_what_the_module_itself_cannot_do(ran: Ran) -> None:
    """Faults of netconf_config: none of these reaches the server."""
    assert "must be bytes or unicode, got 'int'" in failure(ran, "edit for a while")
    for task in ("source_datastore", "delete"):
        assert failure(ran, task) == "Method not found"
    assert "while :startup is not supported" in failure(ran, "save")


@pytest.mark.operation("xpath filter")
def test_netconf_get_shows_what_was_asked_for(ran: Ran) -> None:
    state = ran.results["get of state as json"]["output"]["data"]["ipsec-qos"]
    assert state["dataplane"]["driver"] == "embedded"
    found = ran.results["get by a path, locked"]["output"]
    assert "<name>ansible</name>" in found
    assert "rate" not in found
    assert "<rate>2000</rate>" in ran.results["get of the candidate as xml"]["output"]


@pytest.mark.operation("rpc of a module")
@pytest.mark.operation(
    "get-schema", "copy-config", "discard-changes", "get-data", "action", how="rpc"
)
def test_netconf_rpc_asks_for_any_operation(ran: Ran) -> None:
    assert "module ipsec-qos {" in output(ran, "get-schema")
    assert "<ok/>" in output(ran, "copy-config")
    assert "<ok/>" in output(ran, "discard-changes")
    assert "<name>ansible</name>" in output(ran, "get-data")
    assert "<ok/>" in output(ran, "rpc of a module")
    assert "discontinuity-time" in ran.results["action"]["output"]["rpc-reply"]


@pytest.mark.operation(
    "edit-data", "partial-lock", "history: comment, compare, rollback", "with-defaults", how="rpc"
)
def test_netconf_rpc_asks_for_what_is_newer(ran: Ran) -> None:
    assert "<ok/>" in output(ran, "edit-data")
    assert "<ok/>" in output(ran, "rollback")
    assert "lock-id" in output(ran, "partial-lock")
    assert "<fragmentation" in output(ran, "with-defaults")


@pytest.mark.operation("kill-session", "delete-config", how="rpc")
def test_a_refusal_is_told(ran: Ran) -> None:
    assert "there is no session 99999" in failure(ran, "kill-session")
    assert "cannot be deleted" in failure(ran, "delete-config")


@pytest.mark.operation("persist, persist-id", "cancel-commit", how="rpc")
def test_netconf_rpc_commits_for_a_while(ran: Ran) -> None:
    assert "<ok/>" in output(ran, "commit that persists")
    assert "<ok/>" in output(ran, "cancel-commit")
    assert "<ok/>" in output(ran, "confirmed commit")
    assert ran.results["confirming commit"]["changed"]


@pytest.mark.operation("public key")
def test_login_by_public_key(server: ServerProcess, home: Path, key_file: Path) -> None:
    key = {"ansible_password": None, "ansible_private_key_file": str(key_file)}
    ran = play(server.port, home, EXAMPLES / "configure.yml", "--check", **key)
    assert ran.status == 0, ran.text

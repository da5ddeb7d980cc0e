"""docs/clients.md: its table is what the tests show, and its examples run as they stand."""

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tests.end_to_end.process import PASSWORD, ROOT, ServerProcess
from tests.interop import (
    test_ansible,
    test_ncclient,
    test_netconf_client,
    test_netconf_console2,
    test_scrapli,
    test_scrapli_netconf,
)
from tests.interop.environments import program
from tests.interop.test_ansible import play
from tests.interop.test_documents import blocks
from tests.interop.test_ncclient import connect

PAGE = (ROOT / "docs" / "clients.md").read_text()
EMPTY = {"target": "running", "config": "<config/>", "default_operation": "replace"}


def section(client: str) -> str:
    return PAGE.split(f"\n### {client}\n")[1].split("\n## ")[0].split("\n### ")[0]


@pytest.fixture(autouse=True)
def nothing(server: ServerProcess) -> None:
    """Nothing is configured at first."""
    with connect(server) as client:
        client.edit_config(**EMPTY)
        client.discard_changes()


def test_the_table_is_what_the_tests_show() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.interop.matrix", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_versions_are_those_that_are_installed() -> None:
    for module in (test_ncclient, test_netconf_client, test_netconf_console2, test_scrapli_netconf):
        name, version = module.CLIENT.split()
        assert metadata.version(name) == version
    name, version = test_scrapli.CLIENT.split()
    assert f"{name}=={version}" in (Path(__file__).with_name("scrapli.txt")).read_text()
    assert test_ansible.CLIENT in (Path(__file__).with_name("ansible.txt")).read_text()


@pytest.mark.parametrize("client", ["ncclient", "netconf-client", "scrapli-netconf", "scrapli"])
def test_the_example_commits_and_shows_the_policies(server: ServerProcess, client: str) -> None:
    python = program("scrapli", "python") if client == "scrapli" else Path(sys.executable)
    (source,) = blocks(section(client), "python")
    source = source.replace("2022", str(server.port))
    source = source.replace('password="admin"', f"password={PASSWORD!r}")
    done = subprocess.run(
        [python, "-c", source], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "<connection>branch-1</connection>" in done.stdout
    with connect(server) as other, other.locked("candidate"):
        assert "branch-1" in str(other.get_config("running"))


def test_the_commands_of_the_console(server: ServerProcess) -> None:
    (lines,) = blocks(section("netconf-console2"), "sh")
    login = f"--port {server.port} --password '{PASSWORD}'"
    script = lines.replace("netconf-console2", f"netconf-console2 {login}")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-ec", script],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.count("<ok") == 2, done.stdout + done.stderr
    assert "<connection>branch-1</connection>" in done.stdout


def test_the_commands_of_ansible(server: ServerProcess, tmp_path: Path) -> None:
    (lines,) = blocks(section("Ansible"), "sh")
    changed = []
    for line in lines.splitlines():
        command, inventory_option, inventory, playbook, *options = line.split()
        assert (command, inventory_option) == ("ansible-playbook", "-i")
        assert inventory == "docs/examples/inventory.yml"
        ran = play(server.port, tmp_path, ROOT / playbook, *options)
        assert ran.status == 0, ran.text
        changed.append(ran.count("changed"))
    assert changed == [1, 1, 0]

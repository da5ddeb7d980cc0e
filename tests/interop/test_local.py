"""The unix socket, and OpenSSH in front of it: clients that can, and what each shows."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ncclient import manager

from tests.end_to_end.process import ServerProcess
from tests.end_to_end.streams import SSHD, sshd
from tests.interop import test_ansible, test_netconf_console2, test_scrapli
from tests.interop.edits import config, policy

SETTINGS = '[unix]\npath = "netconf.sock"\n[unix.users]\nroot = "admin"\n'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    made = ServerProcess(tmp_path_factory.mktemp("local"), SETTINGS).start()
    yield made
    assert made.stop() == 0
    assert not made.tracebacks(), "".join(made.log)


@pytest.fixture(scope="module")
def sshd_port(server: ServerProcess) -> Iterator[int]:
    if not SSHD.exists():
        pytest.skip("OpenSSH's server is not installed")
    with sshd(server.directory / "sshd", server.directory / "netconf.sock") as port:
        yield port


def commit(client: Any, name: str) -> None:
    """Do with ncclient what its users do."""
    with client.locked("candidate"):
        assert client.edit_config(target="candidate", config=config(name)).ok
        assert client.validate("candidate").ok
        assert client.commit().ok
    assert f"<name>{name}</name>" in str(client.get_config("running"))
    assert "module ipsec-qos {" in str(client.get_schema("ipsec-qos"))


@pytest.mark.operation("unix socket", client="ncclient 0.7.1")
def test_ncclient_over_the_socket(server: ServerProcess) -> None:
    client = manager.connect_uds(path=str(server.directory / "netconf.sock"))
    commit(client, "uds")
    assert client.close_session().ok


@pytest.mark.operation("behind OpenSSH", client="ncclient 0.7.1")
def test_ncclient_behind_openssh(sshd_port: int, key_file: Path) -> None:
    with manager.connect(
        host="127.0.0.1",
        port=sshd_port,
        username="root",
        key_filename=str(key_file),
        hostkey_verify=False,
        allow_agent=False,
        look_for_keys=False,
    ) as client:
        commit(client, "openssh")


@pytest.mark.operation("behind OpenSSH", client="netconf-client 3.6.0")
def test_netconf_client_behind_openssh(sshd_port: int, key_file: Path) -> None:
    from netconf_client.connect import connect_ssh
    from netconf_client.ncclient import Manager

    session = connect_ssh(
        host="127.0.0.1", port=sshd_port, username="root", key_filename=str(key_file)
    )
    with Manager(session, timeout=20) as client:
        client.edit_config(target="candidate", config=config("front"))
        client.commit()
        assert b"front" in client.get_config(source="running").data_xml


@pytest.mark.operation("behind OpenSSH", client="scrapli-netconf 2026.1.12")
def test_scrapli_with_its_terminal_behind_openssh(sshd_port: int, key_file: Path) -> None:
    from scrapli_netconf.driver import NetconfDriver

    with NetconfDriver(
        host="127.0.0.1",
        port=sshd_port,
        auth_username="root",
        auth_private_key=str(key_file),
        auth_strict_key=False,
        transport="system",
    ) as client:
        client.lock(target="candidate")
        assert not client.edit_config(config=config("scrapli"), target="candidate").failed
        assert not client.commit().failed
        client.unlock(target="candidate")
        assert "scrapli" in client.get_config(source="running").result


@pytest.mark.operation("behind OpenSSH", client=test_scrapli.CLIENT)
def test_the_new_scrapli_behind_openssh(sshd_port: int, key_file: Path) -> None:
    login = {"username": "root", "private_key_path": str(key_file)}
    client = test_scrapli.Scrapli(sshd_port, "bin", login)
    client.call("open")
    client.call("edit_config", config=config("newer"), target="candidate")
    client.call("commit")
    assert "newer" in client.call("get_config", source="running")
    client.call("close")
    client.end()


@pytest.mark.operation("behind OpenSSH", client=test_netconf_console2.CLIENT)
def test_the_console_behind_openssh(sshd_port: int, key_file: Path, tmp_path: Path) -> None:
    login = ["--user", "root", "--privKeyFile", str(key_file), "--password", ""]
    edit = test_netconf_console2.file_of(tmp_path, policy("typed"))
    commands = ["--db", "candidate", "--edit-config", edit, "--commit", "--get-config"]
    done = subprocess.run(
        [test_netconf_console2.CONSOLE, "--port", str(sshd_port), *login, *commands],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert "<name>typed</name>" in done.stdout, done.stderr


@pytest.mark.operation("behind OpenSSH", client=test_ansible.CLIENT)
def test_ansible_behind_openssh(sshd_port: int, key_file: Path, tmp_path: Path) -> None:
    key = {"ansible_password": None, "ansible_private_key_file": str(key_file)}
    playbook = test_ansible.EXAMPLES / "configure.yml"
    ran = test_ansible.play(sshd_port, tmp_path, playbook, "--check", ansible_user="root", **key)
    assert ran.status == 0, ran.text

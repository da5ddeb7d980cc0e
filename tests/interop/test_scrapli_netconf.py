"""scrapli-netconf 2026.1.12, each operation that it exposes and the server has."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapli_netconf.driver import AsyncNetconfDriver, NetconfDriver

from tests.end_to_end.gateway import eventually
from tests.end_to_end.process import PASSWORD, ServerProcess
from tests.interop.edits import CLEAR, FILTER, TUNNEL, config

CLIENT = "scrapli-netconf 2026.1.12"


def connect(server: ServerProcess) -> Any:
    driver = NetconfDriver(
        host="127.0.0.1",
        port=server.port,
        auth_username="admin",
        auth_password=PASSWORD,
        auth_strict_key=False,
        transport="paramiko",
    )
    driver.open()
    return driver


@pytest.fixture(scope="module")
def client(server: ServerProcess) -> Iterator[Any]:
    made = connect(server)
    yield made
    made.close()


@pytest.mark.operation("hello")
def test_the_capabilities_are_known(client: Any) -> None:
    assert "urn:ietf:params:netconf:capability:candidate:1.0" in client.server_capabilities


@pytest.mark.operation("edit-config", "validate", "commit", "get-config", "password")
def test_edit_config_validate_commit(client: Any) -> None:
    assert not client.edit_config(config=config("scrapli"), target="candidate").failed
    assert not client.validate(source="candidate").failed
    assert not client.commit().failed
    assert "scrapli" in client.get_config(source="running").result


@pytest.mark.operation("get")
def test_get_with_a_filter(client: Any) -> None:
    assert not client.edit_config(config=config("wanted"), target="running").failed
    assert "wanted" in client.get(filter_=FILTER).result


@pytest.mark.operation("xpath filter")
def test_an_xpath_filter(client: Any) -> None:
    assert not client.edit_config(config=config("bypath"), target="running").failed
    # It puts the path between single quotes, so that there can be none in it.
    path = '/ipsec-qos/policies/policy[name="bypath"]/name'
    for reply in (
        client.get(filter_=path, filter_type="xpath"),
        client.get_config(filter_=path, filter_type="xpath"),
    ):
        assert "<name>bypath</name>" in reply.result
        assert "rate" not in reply.result


@pytest.mark.operation("with-defaults")
def test_with_defaults(client: Any) -> None:
    for mode in ("report-all", "trim", "explicit"):
        shown = client.get_config(source="running", default_type=mode)
        assert not shown.failed
        assert ("<fragmentation" in shown.result) is (mode == "report-all")


@pytest.mark.operation("lock", "discard-changes", "unlock")
def test_lock_discard_unlock(client: Any) -> None:
    assert not client.lock(target="candidate").failed
    assert not client.edit_config(config=config("gone"), target="candidate").failed
    assert not client.discard().failed
    assert not client.unlock(target="candidate").failed


@pytest.mark.operation("copy-config")
def test_copy_config(client: Any) -> None:
    assert not client.copy_config(source="running", target="candidate").failed


@pytest.mark.operation("delete-config")
def test_delete_config_is_refused(client: Any) -> None:
    reply = client.delete_config(target="candidate")
    assert reply.failed
    assert "cannot be deleted" in reply.result


@pytest.mark.operation("rpc of a module")
@pytest.mark.operation("action", how="rpc")
def test_rpc_and_action(client: Any) -> None:
    assert not client.rpc(filter_=TUNNEL).failed
    assert "discontinuity-time" in client.rpc(filter_=CLEAR).result


@pytest.mark.operation("errors")
def test_an_error_is_a_failure_with_its_message(client: Any) -> None:
    reply = client.edit_config(config=config("bad", rate=1), target="candidate")
    assert reply.failed
    assert "is not in the range 8..4194303" in reply.result


@pytest.mark.operation("public key")
@pytest.mark.parametrize("transport", ["paramiko", "system"])
def test_login_by_public_key(server: ServerProcess, rsa_key_file: Path, transport: str) -> None:
    # The transport "system" runs OpenSSH's client, with a terminal of its own (-tt).
    driver = NetconfDriver(
        host="127.0.0.1",
        port=server.port,
        auth_username="admin",
        auth_private_key=str(rsa_key_file),
        auth_strict_key=False,
        ssh_config_file=False,
        transport=transport,
        timeout_ops=20,
    )
    driver.open()
    text = "Gr\u00fc\u00dfe"
    remark = config("remark").replace("<inbound>", f"<description>{text}</description><inbound>")
    assert not driver.edit_config(config=remark, target="running").failed
    shown = driver.get_config(source="running", filter_=FILTER)
    assert shown.xml_result.findtext(".//{*}description") == text
    driver.close()


def test_the_asyncio_driver(server: ServerProcess) -> None:
    async def talk() -> str:
        driver = AsyncNetconfDriver(
            host="127.0.0.1",
            port=server.port,
            auth_username="admin",
            auth_password=PASSWORD,
            auth_strict_key=False,
            ssh_config_file=False,
            transport="asyncssh",
        )
        await driver.open()
        reply = await driver.get_config(source="running")
        await driver.close()
        return str(reply.result)

    assert "data" in asyncio.run(talk())


@pytest.mark.operation("confirmed commit")
def test_a_confirmed_commit_is_confirmed(client: Any) -> None:
    assert not client.edit_config(config=config("tried"), target="candidate").failed
    assert not client.commit(confirmed=True, timeout=60).failed
    assert not client.commit().failed
    assert "tried" in client.get_config(source="running").result


@pytest.mark.operation("cancel-commit", how="rpc")
def test_a_confirmed_commit_is_cancelled(client: Any) -> None:
    assert not client.edit_config(config=config("cancelled"), target="candidate").failed
    assert not client.commit(confirmed=True).failed
    assert not client.rpc(filter_="<cancel-commit/>").failed  # it has no method for this
    assert "cancelled" not in client.get_config(source="running").result


@pytest.mark.operation("persist, persist-id")
def test_a_persistent_commit_is_confirmed_by_another(client: Any, server: ServerProcess) -> None:
    first = connect(server)
    assert not first.edit_config(config=config("kept"), target="candidate").failed
    assert not first.commit(confirmed=True, timeout=60, persist=4711).failed
    first.close()
    assert client.commit(persist_id=4712).failed
    assert not client.commit(persist_id=4711).failed
    assert "kept" in client.get_config(source="running").result


@pytest.mark.operation("get-schema", "kill-session", how="rpc")
def test_what_has_no_method_of_its_own(client: Any, server: ServerProcess) -> None:
    other = connect(server)
    schema = client.rpc(
        filter_='<get-schema xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring">'
        "<identifier>ipsec-qos</identifier></get-schema>"
    )
    assert "module ipsec-qos {" in schema.result
    other.close()
    nobody = client.rpc(filter_="<kill-session><session-id>99999</session-id></kill-session>")
    assert "there is no session 99999" in nobody.result


def test_a_connection_that_is_dropped_releases_the_lock(client: Any, server: ServerProcess) -> None:
    other = connect(server)
    assert not other.lock(target="running").failed
    other.close()
    eventually(lambda: not client.lock(target="running").failed)
    assert not client.unlock(target="running").failed

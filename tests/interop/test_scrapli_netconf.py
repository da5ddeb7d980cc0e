"""scrapli-netconf 2026.1.12, each operation that it exposes and the server has."""

from collections.abc import Iterator
from typing import Any

import pytest
from scrapli_netconf.driver import NetconfDriver

from tests.end_to_end.process import PASSWORD, ServerProcess
from tests.interop.edits import CLEAR, FILTER, TUNNEL, config


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


def test_edit_config_validate_commit(client: Any) -> None:
    assert not client.edit_config(config=config("scrapli"), target="candidate").failed
    assert not client.validate(source="candidate").failed
    assert not client.commit().failed
    assert "scrapli" in client.get_config(source="running").result


def test_get_with_a_filter(client: Any) -> None:
    assert "scrapli" in client.get(filter_=FILTER).result


def test_lock_discard_unlock(client: Any) -> None:
    assert not client.lock(target="candidate").failed
    assert not client.edit_config(config=config("gone"), target="candidate").failed
    assert not client.discard().failed
    assert not client.unlock(target="candidate").failed


def test_copy_config(client: Any) -> None:
    assert not client.copy_config(source="running", target="candidate").failed


def test_delete_config_is_refused(client: Any) -> None:
    reply = client.delete_config(target="candidate")
    assert reply.failed
    assert "cannot be deleted" in reply.result


def test_rpc_and_action(client: Any) -> None:
    assert not client.rpc(filter_=TUNNEL).failed
    assert "discontinuity-time" in client.rpc(filter_=CLEAR).result

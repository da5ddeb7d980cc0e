"""netconf-client 3.6.0, each operation that it exposes and the server has."""

from collections.abc import Iterator
from typing import Any

import pytest
from netconf_client.connect import connect_ssh
from netconf_client.error import RpcError
from netconf_client.ncclient import Manager

from tests.end_to_end.process import PASSWORD, ServerProcess
from tests.interop.edits import CLEAR, FILTER, TUNNEL, config


def connect(server: ServerProcess) -> Any:
    session = connect_ssh(host="127.0.0.1", port=server.port, username="admin", password=PASSWORD)
    return Manager(session, timeout=20)


@pytest.fixture(scope="module")
def client(server: ServerProcess) -> Iterator[Any]:
    with connect(server) as made:
        yield made


def test_edit_config_validate_commit(client: Any) -> None:
    client.edit_config(target="candidate", config=config("plain1"))
    client.validate(source="candidate")
    client.commit()
    assert b"plain1" in client.get_config(source="running").data_xml


def test_get_with_a_filter(client: Any) -> None:
    found = client.get(filter=f'<filter type="subtree">{FILTER}</filter>')
    assert b"plain1" in found.data_xml


def test_lock_discard_unlock(client: Any) -> None:
    client.lock(target="candidate")
    client.edit_config(target="candidate", config=config("gone"))
    client.discard_changes()
    client.unlock(target="candidate")
    assert b"gone" not in client.get_config(source="candidate").data_xml


def test_copy_config(client: Any) -> None:
    client.copy_config(target="candidate", source="running")


def test_delete_config_is_refused(client: Any) -> None:
    with pytest.raises(RpcError, match="cannot be deleted"):
        client.delete_config(target="candidate")


def test_kill_session(client: Any, server: ServerProcess) -> None:
    other = connect(server)
    client.kill_session(other.session_id)


def test_dispatch_of_an_rpc_and_an_action(client: Any) -> None:
    client.dispatch(TUNNEL)
    assert b"discontinuity-time" in client.dispatch(CLEAR).xml


def test_close_session(server: ServerProcess) -> None:
    connect(server).close_session()

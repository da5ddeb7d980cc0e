"""ncclient 0.7.1, each operation that it exposes and the server has."""

from collections.abc import Iterator
from typing import Any

import pytest
from ncclient import manager
from ncclient.operations import RPCError
from ncclient.xml_ import to_ele

from tests.end_to_end.process import PASSWORD, ServerProcess
from tests.interop.edits import CLEAR, FILTER, TUNNEL, config


def connect(server: ServerProcess) -> Any:
    return manager.connect(
        host="127.0.0.1",
        port=server.port,
        username="admin",
        password=PASSWORD,
        hostkey_verify=False,
        allow_agent=False,
        look_for_keys=False,
    )


@pytest.fixture(scope="module")
def client(server: ServerProcess) -> Iterator[Any]:
    with connect(server) as made:
        yield made


def test_edit_config_validate_commit(client: Any) -> None:
    with client.locked("candidate"):
        assert client.edit_config(target="candidate", config=config("nc1")).ok
        assert client.validate("candidate").ok
        assert client.commit().ok
    assert "<name>nc1</name>" in str(client.get_config("running"))


def test_edit_config_of_running(client: Any) -> None:
    assert client.edit_config(target="running", config=config("nc2")).ok
    assert "nc2" in str(client.get_config("running", filter=("subtree", FILTER)))


def test_edit_config_options(client: Any) -> None:
    reply = client.edit_config(
        target="candidate",
        config=config("nc3"),
        default_operation="merge",
        test_option="test-then-set",
        error_option="rollback-on-error",
    )
    assert reply.ok
    assert client.edit_config(target="candidate", config=config("x"), test_option="test-only").ok


def test_discard_changes(client: Any) -> None:
    client.edit_config(target="candidate", config=config("gone"))
    assert client.discard_changes().ok
    assert "gone" not in str(client.get_config("candidate"))


def test_get_with_a_filter(client: Any) -> None:
    assert "nc1" in str(client.get(filter=("subtree", FILTER)))


def test_copy_config(client: Any) -> None:
    client.edit_config(target="candidate", config=config("copied"))
    assert client.copy_config(source="running", target="candidate").ok
    assert "copied" not in str(client.get_config("candidate"))


def test_delete_config_is_refused(client: Any) -> None:
    with pytest.raises(RPCError, match="cannot be deleted"):
        client.delete_config("candidate")


def test_lock_and_unlock(client: Any, server: ServerProcess) -> None:
    client.discard_changes()
    assert client.lock("candidate").ok
    with connect(server) as other, pytest.raises(RPCError, match="admin@127.0.0.1"):
        other.lock("candidate")
    assert client.unlock("candidate").ok


def test_kill_session(client: Any, server: ServerProcess) -> None:
    other = connect(server)
    assert client.kill_session(other.session_id).ok


def test_get_schema(client: Any) -> None:
    assert "module ipsec-qos {" in str(client.get_schema("ipsec-qos"))


def test_dispatch_of_an_rpc_and_an_action(client: Any) -> None:
    assert client.dispatch(to_ele(TUNNEL)).ok
    assert "discontinuity-time" in str(client.dispatch(to_ele(CLEAR)))


def test_an_error_has_its_path(client: Any) -> None:
    with pytest.raises(RPCError) as caught:
        client.edit_config(target="candidate", config=config("bad", rate=1))
    assert caught.value.tag == "invalid-value"
    assert caught.value.path.endswith("/iq:inbound/iq:speed-limit/iq:rate")
    assert "'1' is not in the range" in caught.value.message


def test_close_session(server: ServerProcess) -> None:
    client = connect(server)
    assert client.close_session().ok
    assert not client.connected

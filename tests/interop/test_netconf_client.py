"""netconf-client 3.6.0, each operation that it exposes and the server has."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from netconf_client.connect import CallhomeManager, connect_ssh, connect_tls
from netconf_client.error import RpcError
from netconf_client.ncclient import Manager

from tests.end_to_end.events import BASE_EVENTS
from tests.end_to_end.gateway import eventually
from tests.end_to_end.pki import Authority, Issued
from tests.end_to_end.process import PASSWORD, ServerProcess
from tests.interop.edits import CLEAR, FILTER, TUNNEL, config
from tests.interop.one_at_a_time import OneAtATime

CLIENT = "netconf-client 3.6.0"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of its use of ssl


def connect(server: ServerProcess) -> Any:
    session = connect_ssh(host="127.0.0.1", port=server.port, username="admin", password=PASSWORD)
    return Manager(session, timeout=20)


@pytest.fixture(scope="module")
def server(reachable: ServerProcess) -> ServerProcess:
    return reachable


@pytest.fixture(scope="module", params=["ssh", "tls", "call home over ssh", "call home over tls"])
def session(
    request: pytest.FixtureRequest,
    server: ServerProcess,
    homes: dict[str, int],
    authority: Authority,
    admin: Issued,
    key_file: Path,
) -> Any:
    """A session over each transport."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl.SSLContext, "sslsocket_class", OneAtATime)
        return opened(request.param, server, homes, authority, admin, key_file)


def opened(
    transport: str,
    server: ServerProcess,
    homes: dict[str, int],
    authority: Authority,
    admin: Issued,
    key_file: Path,
) -> Any:
    """Open a session over that transport."""
    certificates = {
        "certfile": str(admin.certificate),
        "keyfile": str(admin.key),
        "ca_certs": str(authority.issued.certificate),
    }
    match transport:
        case "ssh":
            return connect(server).session
        case "tls":
            return connect_tls(host="127.0.0.1", port=server.tls_port, **certificates)
        case "call home over ssh":
            with CallhomeManager("127.0.0.1", port=homes["ssh"]) as home:
                return home.accept_one_ssh(username="admin", key_filename=str(key_file))
        case _:
            with CallhomeManager("127.0.0.1", port=homes["tls"]) as home:
                return home.accept_one_tls(**certificates)


@pytest.fixture(scope="module")
def client(session: Any) -> Iterator[Any]:
    """Nothing is configured at first."""
    with Manager(session, timeout=20) as made:
        made.edit_config(target="running", config="<config/>", default_operation="replace")
        made.discard_changes()
        yield made


@pytest.mark.operation("hello")
def test_the_capabilities_are_known(client: Any) -> None:
    known = client.session.server_capabilities
    assert "urn:ietf:params:netconf:capability:candidate:1.0" in known


@pytest.mark.operation("edit-config", "validate", "commit", "get-config", "password")
def test_edit_config_validate_commit(client: Any) -> None:
    client.edit_config(target="candidate", config=config("plain1"))
    client.validate(source="candidate")
    client.commit()
    assert b"plain1" in client.get_config(source="running").data_xml


@pytest.mark.operation("get")
def test_get_with_a_filter(client: Any) -> None:
    client.edit_config(config("wanted"), target="running")
    found = client.get(filter=f'<filter type="subtree">{FILTER}</filter>')
    assert b"wanted" in found.data_xml


@pytest.mark.operation("lock", "discard-changes", "unlock")
def test_lock_discard_unlock(client: Any) -> None:
    client.lock(target="candidate")
    client.edit_config(target="candidate", config=config("gone"))
    client.discard_changes()
    client.unlock(target="candidate")
    assert b"gone" not in client.get_config(source="candidate").data_xml


@pytest.mark.operation("copy-config")
def test_copy_config(client: Any) -> None:
    client.copy_config(target="candidate", source="running")


@pytest.mark.operation("delete-config")
def test_delete_config_is_refused(client: Any) -> None:
    with pytest.raises(RpcError, match="cannot be deleted"):
        client.delete_config(target="candidate")


@pytest.mark.operation("kill-session")
def test_kill_session(client: Any, server: ServerProcess) -> None:
    other = connect(server)
    client.kill_session(other.session_id)


@pytest.mark.operation("rpc of a module")
@pytest.mark.operation("action", how="rpc")
def test_dispatch_of_an_rpc_and_an_action(client: Any) -> None:
    client.dispatch(TUNNEL)
    assert b"discontinuity-time" in client.dispatch(CLEAR).xml


@pytest.mark.operation("close-session")
def test_close_session(server: ServerProcess) -> None:
    connect(server).close_session()


@pytest.mark.operation("public key")
def test_login_by_public_key(server: ServerProcess, key_file: Path) -> None:
    session = connect_ssh(
        host="127.0.0.1", port=server.port, username="admin", key_filename=str(key_file)
    )
    with Manager(session, timeout=20) as client:
        assert client.get_config(source="running").data_xml


@pytest.mark.operation("edit-config options")
def test_edit_config_options(client: Any) -> None:
    client.edit_config(
        target="candidate",
        config=config("options"),
        default_operation="merge",
        test_option="test-only",
        error_option="rollback-on-error",
    )
    assert b"options" not in client.get_config(source="candidate").data_xml


@pytest.mark.operation("errors")
def test_an_error_is_raised_with_its_message(client: Any) -> None:
    with pytest.raises(RpcError, match="is not in the range"):
        client.edit_config(target="candidate", config=config("bad", rate=1))


@pytest.mark.operation("get-schema", how="rpc")
def test_a_source_can_be_had(client: Any) -> None:
    reply = client.dispatch(
        '<get-schema xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring">'
        "<identifier>ipsec-qos</identifier></get-schema>"
    )
    assert b"module ipsec-qos {" in reply.xml


@pytest.mark.operation("confirmed commit", "cancel-commit")
def test_a_confirmed_commit_is_confirmed_or_cancelled(client: Any) -> None:
    client.edit_config(target="candidate", config=config("tried"))
    client.commit(confirmed=True, confirm_timeout=60)
    client.commit()
    client.edit_config(target="candidate", config=config("cancelled"))
    client.commit(confirmed=True)
    client.cancel_commit()
    running = client.get_config(source="running").data_xml
    assert b"tried" in running
    assert b"cancelled" not in running


@pytest.mark.operation("persist, persist-id")
def test_a_persistent_commit_is_extended_confirmed_and_cancelled_by_others(
    client: Any, server: ServerProcess
) -> None:
    with connect(server) as first:
        first.edit_config(target="candidate", config=config("kept"))
        first.commit(confirmed=True, confirm_timeout=60, persist="id1")
    client.commit(confirmed=True, persist="id2", persist_id="id1")
    with pytest.raises(RpcError, match="<persist-id> fits nothing"):
        client.commit(persist_id="id1")
    client.commit(persist_id="id2")
    with connect(server) as first:
        first.edit_config(target="candidate", config=config("dropped"))
        first.commit(confirmed=True, persist="id3")
    client.cancel_commit(persist_id="id3")
    running = client.get_config(source="running").data_xml
    assert b"kept" in running
    assert b"dropped" not in running


@pytest.mark.operation("get-data")
def test_get_data_of_each_datastore(client: Any) -> None:
    client.edit_config(target="running", config=config("nmda"))
    wanted = f"<subtree-filter>{FILTER}</subtree-filter>"
    for name in ("running", "candidate", "intended"):
        found = client.get_data(datastore=f"ds:{name}", filter=wanted)
        assert b"nmda" in found.data_xml
    found = client.get_data(
        filter=wanted,
        config_filter=True,
        origin_filters=["or:default"],
        negate_origin_filters=True,
        max_depth=20,
        with_origin=True,
        with_defaults="report-all-tagged",
    )
    assert b"nmda" in found.data_xml
    assert b'origin="or:intended"' in found.data_xml
    assert b"counted-length" not in found.data_xml
    assert b"counted-length" in client.get_data(filter=wanted).data_xml


def test_many_requests_one_after_another_are_quick(client: Any) -> None:
    for _ in range(50):
        client.get_config(source="running")


def test_a_socket_that_is_closed_without_a_word_releases_the_lock(
    client: Any, server: ServerProcess
) -> None:
    other = connect(server)
    other.lock(target="running")
    other.session.close()
    eventually(lambda: _locks(client))


def _locks(client: Any) -> bool:
    try:
        client.lock(target="running")
    except RpcError:
        return False
    client.unlock(target="running")
    return True


@pytest.mark.operation("create-subscription", "notifications", "replay")
def test_create_subscription_take_notification(server: ServerProcess, client: Any) -> None:
    wanted = f'<filter><netconf-config-change xmlns="{BASE_EVENTS}"/></filter>'
    with connect(server) as subscriber:
        start = "2024-01-01T00:00:00Z"
        subscriber.create_subscription(stream="NETCONF", filter=wanted, start_time=start)
        client.edit_config(target="running", config=config("told"))
        while b"'told'" not in (found := subscriber.take_notification(timeout=20)).notification_xml:
            pass
        (change,) = found.notification_ele.iter(f"{{{BASE_EVENTS}}}netconf-config-change")
        assert change.findtext(f"{{{BASE_EVENTS}}}datastore") == "running"
        assert subscriber.get_config(source="running").data_xml


@pytest.mark.operation("with-defaults")
def test_with_defaults(client: Any) -> None:
    for mode in ("report-all", "report-all-tagged", "trim", "explicit"):
        shown = client.get_config(source="running", with_defaults=mode).data_xml
        assert (b"<fragmentation" in shown) is mode.startswith("report-all")
        assert client.get(with_defaults=mode).data_xml


@pytest.mark.operation("xpath filter")
def test_an_xpath_filter_as_an_element_of_ones_own(client: Any) -> None:
    client.edit_config(target="running", config=config("bypath"))
    path = "/ipsec-qos/policies/policy[name='bypath']/name"
    wanted = f'<filter type="xpath" select="{path}"/>'
    for found in (client.get(filter=wanted), client.get_config(filter=wanted)):
        assert b"<name>bypath</name>" in found.data_xml
        assert b"rate" not in found.data_xml
    with pytest.raises(NotImplementedError):
        client.get(filter=("xpath", path))


def test_validate_and_copy_of_a_given_configuration(client: Any) -> None:
    client.copy_config(target="candidate", source=config("given"))
    assert b"given" in client.get_config(source="candidate").data_xml
    client.discard_changes()

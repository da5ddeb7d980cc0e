"""ncclient 0.7.1, each operation that it exposes and the server has."""

import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ncclient import manager
from ncclient.operations import MissingCapabilityError, RPCError
from ncclient.xml_ import sub_ele, to_ele, yang_action

from tests.end_to_end.client import BASE
from tests.end_to_end.events import BASE_EVENTS
from tests.end_to_end.gateway import eventually
from tests.end_to_end.pki import Authority, Issued
from tests.end_to_end.process import PASSWORD, PATIENCE, ROOT, ServerProcess
from tests.interop.edits import CLEAR, FILTER, HISTORY, NAMESPACE, TUNNEL, config

CLIENT = "ncclient 0.7.1"


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


def connect_over_tls(server: ServerProcess, authority: Authority, admin: Issued) -> Any:
    return manager.connect_tls(
        host="127.0.0.1",
        port=server.tls_port,
        certfile=str(admin.certificate),
        keyfile=str(admin.key),
        ca_certs=str(authority.issued.certificate),
        protocol=ssl.PROTOCOL_TLS_CLIENT,
        check_hostname=False,
    )


def be_called(port: int) -> Any:
    return manager.call_home(
        host="127.0.0.1",
        port=port,
        username="admin",
        password=PASSWORD,
        hostkey_verify=False,
        allow_agent=False,
        look_for_keys=False,
    )


@pytest.fixture(scope="module")
def server(reachable: ServerProcess) -> ServerProcess:
    return reachable


@pytest.fixture(scope="module", params=["ssh", "tls", "call home"])
def client(
    request: pytest.FixtureRequest,
    server: ServerProcess,
    homes: dict[str, int],
    authority: Authority,
    admin: Issued,
) -> Iterator[Any]:
    """A session over each transport, where nothing is configured at first."""
    if request.param == "ssh":
        made = connect(server)
    elif request.param == "tls":
        made = connect_over_tls(server, authority, admin)
    else:
        made = be_called(homes["ncclient"])
    with made:
        made.edit_config(target="running", config="<config/>", default_operation="replace")
        made.discard_changes()
        yield made


@pytest.mark.operation("hello")
def test_the_capabilities_are_known(client: Any) -> None:
    assert ":candidate" in client.server_capabilities


@pytest.mark.operation("edit-config", "validate", "commit", "get-config", "password")
def test_edit_config_validate_commit(client: Any) -> None:
    with client.locked("candidate"):
        assert client.edit_config(target="candidate", config=config("nc1")).ok
        assert client.validate("candidate").ok
        assert client.commit().ok
    assert "<name>nc1</name>" in str(client.get_config("running"))


def test_edit_config_of_running(client: Any) -> None:
    assert client.edit_config(target="running", config=config("nc2")).ok
    assert "nc2" in str(client.get_config("running", filter=("subtree", FILTER)))


@pytest.mark.operation("edit-config options")
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


@pytest.mark.operation("discard-changes")
def test_discard_changes(client: Any) -> None:
    client.edit_config(target="candidate", config=config("gone"))
    assert client.discard_changes().ok
    assert "gone" not in str(client.get_config("candidate"))


@pytest.mark.operation("get")
def test_get_with_a_filter(client: Any) -> None:
    client.edit_config(target="running", config=config("wanted"))
    assert "wanted" in str(client.get(filter=("subtree", FILTER)))


@pytest.mark.operation("xpath filter")
def test_an_xpath_filter_with_and_without_a_map_of_namespaces(client: Any) -> None:
    client.edit_config(target="running", config=config("nc1"))
    path = "/q:ipsec-qos/q:policies/q:policy[q:name='nc1']/q:name"
    with_map = ("xpath", ({"q": NAMESPACE}, path))
    for wanted in (with_map, ("xpath", path.replace("q:", ""))):
        for reply in (client.get(filter=wanted), client.get_config("running", filter=wanted)):
            assert "<name>nc1</name>" in str(reply)
            assert "nc2" not in str(reply)
            assert "speed-limit" not in str(reply)
    with pytest.raises(RPCError, match="the prefix 'q' of q:ipsec-qos is not declared"):
        client.get(filter=("xpath", path))


@pytest.mark.operation("with-defaults")
def test_with_defaults(client: Any) -> None:
    for mode in ("report-all", "report-all-tagged", "trim", "explicit"):
        shown = str(client.get_config("running", with_defaults=mode))
        assert ("<fragmentation" in shown) is mode.startswith("report-all")
        assert ('wd:default="true"' in shown) is mode.endswith("tagged")
        assert client.get(with_defaults=mode).ok


@pytest.mark.operation("copy-config")
def test_copy_config(client: Any) -> None:
    client.edit_config(target="candidate", config=config("copied"))
    assert client.copy_config(source="running", target="candidate").ok
    assert "copied" not in str(client.get_config("candidate"))


@pytest.mark.operation("delete-config")
def test_delete_config_is_refused(client: Any) -> None:
    with pytest.raises(RPCError, match="cannot be deleted"):
        client.delete_config("candidate")


@pytest.mark.operation("lock", "unlock")
def test_lock_and_unlock(client: Any, server: ServerProcess) -> None:
    client.discard_changes()
    assert client.lock("candidate").ok
    with connect(server) as other, pytest.raises(RPCError, match="admin@127.0.0.1"):
        other.lock("candidate")
    assert client.unlock("candidate").ok


@pytest.mark.operation("kill-session")
def test_kill_session(client: Any, server: ServerProcess) -> None:
    other = connect(server)
    assert client.kill_session(other.session_id).ok


@pytest.mark.operation("get-schema")
def test_get_schema(client: Any) -> None:
    assert "module ipsec-qos {" in str(client.get_schema("ipsec-qos"))


@pytest.mark.operation("rpc of a module")
@pytest.mark.operation("action", how="rpc")
def test_dispatch_of_an_rpc_and_an_action(client: Any) -> None:
    assert client.dispatch(to_ele(TUNNEL)).ok
    assert "discontinuity-time" in str(client.dispatch(to_ele(CLEAR)))


@pytest.mark.operation("errors")
def test_an_error_has_its_path(client: Any) -> None:
    with pytest.raises(RPCError) as caught:
        client.edit_config(target="candidate", config=config("bad", rate=1))
    assert caught.value.tag == "invalid-value"
    assert caught.value.path.endswith("/iq:inbound/iq:speed-limit/iq:rate")
    assert "'1' is not in the range" in caught.value.message


@pytest.mark.operation("close-session")
def test_close_session(server: ServerProcess) -> None:
    client = connect(server)
    assert client.close_session().ok
    assert not client.connected


@pytest.mark.operation("public key")
def test_login_by_public_key(server: ServerProcess, key_file: Path) -> None:
    with manager.connect(
        host="127.0.0.1",
        port=server.port,
        username="admin",
        key_filename=str(key_file),
        hostkey_verify=False,
        allow_agent=False,
        look_for_keys=False,
    ) as client:
        assert client.get_config("running").ok


def test_locked_gives_the_lock_back_after_an_error(client: Any, server: ServerProcess) -> None:
    client.discard_changes()
    with pytest.raises(RPCError), client.locked("candidate"):
        client.edit_config(target="candidate", config=config("bad", rate=1))
    with connect(server) as other, other.locked("candidate"):
        pass


def test_copy_config_of_a_given_configuration(client: Any) -> None:
    source = to_ele(f'<source xmlns="{BASE}">{config("given")}</source>')
    assert client.copy_config(source=source, target="candidate").ok
    assert "given" in str(client.get_config("candidate"))
    assert client.discard_changes().ok


def test_validate_of_a_given_configuration(client: Any) -> None:
    assert client.validate(to_ele(config("judged"))).ok
    assert "judged" not in str(client.get_config("candidate"))


def test_asynchronous_requests_are_all_answered(server: ServerProcess) -> None:
    with connect(server) as client:
        client.async_mode = True
        requests = [client.get_config("running") for _ in range(20)]
        for each in requests:
            each.event.wait(20)
            assert each.reply.ok
        client.async_mode = False


def test_an_edit_as_text_and_as_element(client: Any) -> None:
    assert client.edit_config(target="candidate", config=to_ele(config("element"))).ok
    assert client.discard_changes().ok


@pytest.mark.operation("confirmed commit")
def test_a_confirmed_commit_is_confirmed(client: Any) -> None:
    client.edit_config(target="candidate", config=config("tried"))
    assert client.commit(confirmed=True, timeout="60").ok
    assert client.commit(confirmed=True).ok  # 600 s from now
    assert client.commit().ok
    assert "tried" in str(client.get_config("running"))


@pytest.mark.operation("cancel-commit")
def test_a_confirmed_commit_is_cancelled(client: Any) -> None:
    client.edit_config(target="candidate", config=config("cancelled"))
    assert client.commit(confirmed=True).ok
    assert "cancelled" in str(client.get_config("running"))
    assert client.cancel_commit().ok
    assert "cancelled" not in str(client.get_config("running"))


def test_a_confirmed_commit_that_is_not_confirmed_is_rolled_back(client: Any) -> None:
    client.edit_config(target="candidate", config=config("timed"))
    assert client.commit(confirmed=True, timeout="1").ok
    assert "timed" in str(client.get_config("running"))
    eventually(lambda: "timed" not in str(client.get_config("running")))


@pytest.mark.operation("persist, persist-id")
def test_a_persistent_commit_is_extended_and_confirmed_by_others(
    client: Any, server: ServerProcess
) -> None:
    with connect(server) as first:
        first.edit_config(target="candidate", config=config("kept"))
        assert first.commit(confirmed=True, timeout="60", persist="id 1").ok
    with connect(server) as second:
        # ncclient cannot give persist and persist-id at once: the id stays what it was.
        assert second.commit(confirmed=True, timeout="60", persist_id="id 1").ok
    with pytest.raises(RPCError, match="give its <persist> as <persist-id>"):
        client.commit()
    with pytest.raises(RPCError, match="<persist-id> fits nothing"):
        client.cancel_commit(persist_id="id 2")
    assert client.commit(persist_id="id 1").ok
    assert "kept" in str(client.get_config("running"))


@pytest.mark.operation("history: comment, compare, rollback", how="rpc")
def test_commits_are_commented_compared_and_taken_back(client: Any) -> None:
    history = f'xmlns="{HISTORY}"'
    client.edit_config(target="candidate", config=config("past", rate=1000))
    assert client.dispatch(
        to_ele(f'<commit xmlns="{BASE}"><comment {history}>why</comment></commit>')
    ).ok
    shown = client.get(("subtree", f"<commit-history {history}/>")).data_ele
    listed = shown.findall(f".//{{{HISTORY}}}commit")
    assert listed[-1].findtext(f"{{{HISTORY}}}comment") == "why"
    number = listed[-1].findtext(f"{{{HISTORY}}}id")
    assert client.edit_config(target="running", config=config("past", rate=2000)).ok
    found = client.dispatch(to_ele(f"<compare {history}><from>{number}</from></compare>"))
    assert "<rate>2000</rate>" in str(found)
    assert client.dispatch(to_ele(f"<rollback {history}><to>{number}</to></rollback>")).ok
    assert "<rate>2000</rate>" not in str(client.get_config("candidate", ("subtree", FILTER)))
    assert client.commit().ok


@pytest.mark.operation("create-subscription", "notifications")
def test_create_subscription_take_notification(server: ServerProcess, client: Any) -> None:
    wanted = f'<netconf-config-change xmlns="{BASE_EVENTS}"/>'
    with connect(server) as subscriber:
        assert subscriber.create_subscription(filter=("subtree", wanted)).ok
        for name in ("told1", "told2"):
            client.edit_config(target="running", config=config(name))
            notification = subscriber.take_notification(timeout=20)
            assert f"'{name}'" in notification.notification_xml
        assert subscriber.get_config("running").ok  # interleave


@pytest.mark.operation("replay")
def test_replay(server: ServerProcess, client: Any) -> None:
    client.edit_config(target="running", config=config("past"))
    with connect(server) as subscriber:
        wanted = ("subtree", f'<netconf-config-change xmlns="{BASE_EVENTS}"/>')
        times = {"start_time": "2024-01-01T00:00:00Z", "stop_time": "2024-01-02T00:00:00Z"}
        subscriber.create_subscription(stream_name="NETCONF", filter=wanted, **times)
        for name in ("replayComplete", "notificationComplete"):
            assert name in subscriber.take_notification(timeout=20).notification_xml
        subscriber.create_subscription(filter=wanted, start_time="2024-01-01T00:00:00Z")
        while "'past'" not in subscriber.take_notification(timeout=20).notification_xml:
            pass


def test_rpc_any_name_and_the_helper_for_actions(client: Any) -> None:
    client.dispatch(to_ele(TUNNEL))
    assert client.rpc(to_ele(TUNNEL.replace("t1", "t2"))).ok
    # Its helper puts the action and all that is in it into the base namespace.
    action, above = yang_action("ipsec-qos", {"xmlns": NAMESPACE})
    sub_ele(above, "tunnels")
    with pytest.raises(RPCError, match="there is no operation <action> in the namespace"):
        client.dispatch(action)
    for method in ("anything_else", "another"):
        with pytest.raises(RPCError, match="there is no operation <a.*> in the namespace"):
            getattr(client, method)()
    assert client.get_config("running").ok


def test_what_the_server_does_not_offer_is_known_before(client: Any) -> None:
    with pytest.raises(MissingCapabilityError, match=":url"):
        client.edit_config(target="candidate", config="https://host.test/a", format="url")
    with pytest.raises(MissingCapabilityError, match="power-control"):
        client.reboot_machine()
    with pytest.raises(RPCError, match="there is no startup datastore"):
        client.lock("startup")
    with pytest.raises(RPCError, match="config-text"):
        client.edit_config(target="candidate", config="set a", format="text")


def test_ncclient_with_libssh(server: ServerProcess, key_file: Path) -> None:
    program = [sys.executable, "-m", "tests.interop.with_libssh", str(server.port), str(key_file)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert "<name>libssh</name>" in done.stdout

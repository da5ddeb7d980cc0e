"""scrapli 2026.10.14 and its own NETCONF client, each operation that it exposes."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.gateway import eventually
from tests.end_to_end.process import PASSWORD, ServerProcess
from tests.interop.edits import CLEAR, FILTER, NAMESPACE, TUNNEL, config, policy
from tests.interop.environments import program

CLIENT = "scrapli 2026.10.14"
SUBSCRIBED = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications"
PASSWORD_LOGIN = {"username": "admin", "password": PASSWORD}


class Refused(Exception):
    """What the client says of a request that failed."""


class Scrapli:
    """A session of the client in its own environment; its methods are the client's."""

    def __init__(self, port: int, kind: str, login: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [program("scrapli", "python"), Path(__file__).with_name("scrapli_session.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._write([port, kind, login])

    def _write(self, told: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()

    def call(self, method: str, **arguments: Any) -> Any:
        """Call a method of the client; raises Refused."""
        assert self._process.stdout is not None
        self._write([method, arguments])
        is_ok, found = json.loads(self._process.stdout.readline())
        if not is_ok:
            raise Refused(found)
        return found

    def end(self) -> None:
        """End the client, whatever its session is in."""
        self._process.communicate(timeout=30)


@pytest.fixture(scope="module", params=["bin", "ssh2"])
def transport(request: pytest.FixtureRequest) -> str:
    """OpenSSH's client, or libssh2 within."""
    return str(request.param)


@pytest.fixture(scope="module")
def client(server: ServerProcess, transport: str) -> Iterator[Scrapli]:
    made = Scrapli(server.port, transport, PASSWORD_LOGIN)
    made.call("open")
    yield made
    made.call("close")
    made.end()


@pytest.fixture
def other(server: ServerProcess) -> Iterator[Scrapli]:
    made = Scrapli(server.port, "bin", PASSWORD_LOGIN)
    made.call("open")
    yield made
    made.end()


@pytest.mark.operation("hello", "password")
def test_the_capabilities_are_known(client: Scrapli) -> None:
    assert "urn:ietf:params:netconf:base:1.1" in client.call("get_capabilities")
    assert client.call("session_id") > 0


@pytest.mark.operation("edit-config", "validate", "commit", "get-config")
def test_edit_config_validate_commit(client: Scrapli) -> None:
    client.call("edit_config", config=config("plain"), target="candidate")
    client.call("validate", source="candidate")
    client.call("commit")
    assert "plain" in client.call("get_config", source="running", filter_=FILTER)


@pytest.mark.operation("edit-config options")
def test_edit_config_options(client: Scrapli) -> None:
    client.call(
        "edit_config",
        config=policy("options"),
        target="candidate",
        default_operation="merge",
        test_option="test-then-set",
        error_option="rollback-on-error",
    )
    client.call("discard")


@pytest.mark.operation("edit-data")
def test_edit_data(client: Scrapli) -> None:
    client.call("edit_data", content=policy("edited"), target="candidate")
    assert "edited" in client.call("get_config", source="candidate")
    client.call("discard")


@pytest.mark.operation("get", "xpath filter")
def test_get_by_subtree_and_by_path(client: Scrapli) -> None:
    client.call("edit_config", config=config("wanted"), target="running")
    assert "wanted" in client.call("get", filter_=FILTER)
    by_path = {
        "filter_": "/q:ipsec-qos/q:policies/q:policy[q:name='wanted']/q:name",
        "filter_type": "xpath",
        "filter_namespace_prefix": "q",
        "filter_namespace": NAMESPACE,
    }
    for method in ("get", "get_config", "get_data"):
        found = client.call(method, **by_path)
        assert "<name>wanted</name>" in found
        assert "rate" not in found


@pytest.mark.operation("with-defaults")
def test_with_defaults(client: Scrapli) -> None:
    """In the namespace that this client gives it (docs/decisions/0020)."""
    for mode in ("report-all", "report-all-tagged", "trim", "explicit"):
        for method in ("get_config", "get_data"):
            shown = client.call(method, source="running", defaults_type=mode)
            assert ("<fragmentation" in shown) is mode.startswith("report-all")
    with pytest.raises(Refused, match="holds one operation, and &lt;with-defaults&gt; is a second"):
        client.call("get", defaults_type="trim")


@pytest.mark.operation("get-data")
def test_get_data_of_each_datastore(client: Scrapli) -> None:
    client.call("edit_config", config=config("nmda"), target="running")
    for name in ("running", "candidate", "intended"):
        assert "<name>nmda" in client.call("get_data", source=name, filter_=FILTER)
    operational = {"source": "operational", "filter_": FILTER, "max_depth": 20, "with_origin": True}
    # It turns the filter round: ConfigFilter.FALSE is sent as true.
    assert "<policies" not in client.call("get_data", config_filter="true", **operational)
    found = client.call("get_data", config_filter="false", **operational)
    assert "<name>nmda" in found
    assert 'origin="or:intended"' in found


@pytest.mark.operation("get-schema")
def test_get_schema(client: Scrapli) -> None:
    assert "module ipsec-qos {" in client.call("get_schema", identifier="ipsec-qos")


@pytest.mark.operation("lock", "discard-changes", "unlock")
def test_lock_discard_unlock(client: Scrapli, other: Scrapli) -> None:
    client.call("lock", target="candidate")
    with pytest.raises(Refused, match="admin@127.0.0.1"):
        other.call("lock", target="candidate")
    client.call("edit_config", config=config("gone"), target="candidate")
    client.call("discard")
    client.call("unlock", target="candidate")
    assert "gone" not in client.call("get_config", source="candidate")


@pytest.mark.operation("copy-config", "delete-config")
def test_copy_config_and_delete_config(client: Scrapli) -> None:
    client.call("copy_config", source="running", target="candidate")
    with pytest.raises(Refused, match="cannot be deleted"):
        client.call("delete_config", target="candidate")


@pytest.mark.operation("rpc of a module", "action")
def test_an_rpc_and_an_action(client: Scrapli) -> None:
    client.call("raw_rpc", payload=TUNNEL)
    inner = CLEAR.split(">", 1)[1].removesuffix("</action>")
    assert "discontinuity-time" in client.call("action", action=inner)


@pytest.mark.operation("errors")
def test_an_error_is_a_failure_with_its_message(client: Scrapli) -> None:
    with pytest.raises(Refused, match="is not in the range 8..4194303"):
        client.call("edit_config", config=config("bad", rate=1), target="candidate")


@pytest.mark.operation("cancel-commit")
@pytest.mark.operation("confirmed commit", "persist, persist-id", how="rpc")
def test_a_commit_for_a_while(client: Scrapli, other: Scrapli) -> None:
    """Its commit takes no argument: confirmed is an rpc of one's own."""
    persistent = "<commit><confirmed/><persist>mine</persist></commit>"
    client.call("edit_config", config=config("tried"), target="candidate")
    client.call("raw_rpc", payload="<commit><confirmed/></commit>")
    client.call("cancel_commit")
    assert "tried" not in client.call("get_config", source="running")
    client.call("edit_config", config=config("kept"), target="candidate")
    client.call("raw_rpc", payload=persistent)
    with pytest.raises(Refused, match="persist-id&gt; fits nothing"):
        other.call("cancel_commit", persist_id="another")
    other.call("cancel_commit", persist_id="mine")
    assert "kept" not in client.call("get_config", source="running")


@pytest.mark.operation("kill-session")
def test_kill_session(client: Scrapli, other: Scrapli) -> None:
    client.call("kill_session", session_id=other.call("session_id"))
    with pytest.raises(Refused):
        other.call("get_config")


@pytest.mark.operation("close-session")
def test_close_session(other: Scrapli) -> None:
    other.call("close_session")
    with pytest.raises(Refused):
        other.call("get_config")


CREATE = '<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>'
ESTABLISH = (
    f'<establish-subscription xmlns="{SUBSCRIBED}">'
    "<stream>NETCONF</stream></establish-subscription>"
)


@pytest.mark.operation("notifications")
@pytest.mark.operation("create-subscription", "establish-subscription", how="rpc")
@pytest.mark.parametrize("request_of_events", [CREATE, ESTABLISH])
def test_a_subscription_and_its_notifications(
    server: ServerProcess, transport: str, client: Scrapli, request_of_events: str
) -> None:
    # Its get_subscription_id does not read the <id> of RFC 8639; the notifications come anyway.
    subscriber = Scrapli(server.port, transport, PASSWORD_LOGIN)
    subscriber.call("open")
    subscriber.call("raw_rpc", payload=request_of_events)
    name = f"told-{transport}-{len(request_of_events)}"
    client.call("edit_config", config=config(name), target="running")
    eventually(lambda: name in next_notification(subscriber))
    assert "data" in subscriber.call("get_config", source="running")
    subscriber.end()


@pytest.mark.operation("replay", how="rpc")
def test_replay(server: ServerProcess, transport: str, client: Scrapli) -> None:
    client.call("edit_config", config=config(f"past-{transport}"), target="running")
    subscriber = Scrapli(server.port, transport, PASSWORD_LOGIN)
    subscriber.call("open")
    start = "<startTime>2024-01-01T00:00:00Z</startTime>"
    subscriber.call("raw_rpc", payload=CREATE.replace("/>", f">{start}</create-subscription>"))
    eventually(lambda: f"past-{transport}" in next_notification(subscriber))
    subscriber.end()


def next_notification(subscriber: Scrapli) -> str:
    """Return what has come next, nothing if nothing has."""
    try:
        return str(subscriber.call("get_next_notification"))
    except Refused as error:
        assert "NoMessages" in str(error)
        return ""


@pytest.mark.operation("public key")
def test_login_by_public_key(server: ServerProcess, transport: str, key_file: Path) -> None:
    # With ssh2 an RSA key ends the client itself: "malloc(): unaligned tcache chunk detected".
    login = {"username": "admin", "private_key_path": str(key_file)}
    client = Scrapli(server.port, transport, login)
    client.call("open")
    assert "data" in client.call("get_config")
    client.call("close")
    client.end()


def test_its_asynchronous_methods(server: ServerProcess) -> None:
    client = Scrapli(server.port, "bin", PASSWORD_LOGIN)
    client.call("open_async")
    client.call("edit_config_async", config=config("async"), target="candidate")
    client.call("validate_async", source="candidate")
    client.call("commit_async")
    assert "async" in client.call("get_config_async", source="running")
    client.call("close_async")
    client.end()


def test_a_client_that_is_gone_releases_its_lock(server: ServerProcess, client: Scrapli) -> None:
    gone = Scrapli(server.port, "bin", PASSWORD_LOGIN)
    gone.call("open")
    gone.call("lock", target="running")
    gone.end()

    def is_free() -> bool:
        try:
            client.call("lock", target="running")
        except Refused:
            return False
        client.call("unlock", target="running")
        return True

    eventually(is_free)

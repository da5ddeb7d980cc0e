"""netconf-console2 3.0.1, as its users call it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.client import BASE, Client, Gone, background
from tests.end_to_end.process import PASSWORD, ServerProcess
from tests.interop.edits import CLEAR, EMBEDDED, HISTORY, NAMESPACE, TUNNEL, policy

CONSOLE = Path(sys.executable).with_name("netconf-console2")

CLIENT = "netconf-console2 3.0.1"


def run(server: ServerProcess, *arguments: str) -> str:
    done = subprocess.run(
        [CONSOLE, "--port", str(server.port), "--password", PASSWORD, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
    )
    return done.stdout + done.stderr


def file_of(directory: Path, text: str) -> str:
    file = directory / "request.xml"
    file.write_text(text)
    return str(file)


@pytest.mark.operation("hello")
def test_hello(server: ServerProcess) -> None:
    assert "urn:ietf:params:netconf:capability:candidate:1.0" in run(server, "--hello")


@pytest.mark.operation("edit-config", "commit", "get-config", "password", "close-session")
def test_edit_config_and_commit(server: ServerProcess, tmp_path: Path) -> None:
    edit = file_of(tmp_path, policy("console"))
    assert "<ok" in run(server, "--db", "candidate", "--edit-config", edit)
    assert "<ok" in run(server, "--commit")
    assert "<name>console</name>" in run(server, "--get-config")


def test_edit_config_of_running_is_its_default(server: ServerProcess, tmp_path: Path) -> None:
    assert "<ok" in run(server, "--edit-config", file_of(tmp_path, policy("direct")))
    assert "direct" in run(server, "--get-config")


@pytest.mark.operation("confirmed commit")
def test_a_confirmed_commit_ends_with_the_command(server: ServerProcess, tmp_path: Path) -> None:
    # It says 600 seconds, always, but its session ends with the command, and that rolls back.
    edit = file_of(tmp_path, policy("tried"))
    edited = ("--db", "candidate", "--edit-config", edit, "--commit=confirmed")
    said = run(server, *edited, "--get")
    assert "<ok" in said
    assert "<name>tried</name>" in said
    assert "<name>tried</name>" not in run(server, "--get-config")
    assert "<ok" in run(server, *edited, "--commit")
    assert "<name>tried</name>" in run(server, "--get-config")


@pytest.mark.operation("cancel-commit", how="rpc")
def test_cancel_commit_as_an_rpc(server: ServerProcess, tmp_path: Path) -> None:
    edit = file_of(tmp_path, policy("cancelled"))
    cancel = tmp_path / "cancel.xml"
    cancel.write_text("<cancel-commit/>")
    commands = ("--edit-config", edit, "--commit=confirmed", "--rpc", str(cancel))
    said = run(server, "--db", "candidate", *commands)
    assert said.count("<ok") == 3
    assert "<name>cancelled</name>" not in run(server, "--get-config")


@pytest.mark.operation("history: comment, compare, rollback", how="rpc")
def test_a_comparison_is_an_edit_as_the_console_takes_it(
    server: ServerProcess, tmp_path: Path
) -> None:
    ask = tmp_path / "compare.xml"
    run(server, "--edit-config", file_of(tmp_path, policy("compared")))
    ask.write_text(f'<compare xmlns="{HISTORY}"><from>0</from></compare>')
    assert "<name>compared</name>" in run(server, "--rpc", str(ask))
    ask.write_text(f'<rollback xmlns="{HISTORY}"><to>0</to></rollback>')
    said = run(server, "--rpc", str(ask), "--db", "candidate", "--get-config", "--discard-changes")
    assert said.count("<ok") == 2
    assert "<name>compared</name>" not in said
    why = tmp_path / "why.xml"
    why.write_text(f'<commit xmlns="{BASE}"><comment xmlns="{HISTORY}">why</comment></commit>')
    assert "<ok" in run(server, "--rpc", str(why))


@pytest.mark.operation("get")
def test_get(server: ServerProcess) -> None:
    assert "<driver>embedded</driver>" in run(server, "--get")


@pytest.mark.operation("validate")
def test_validate(server: ServerProcess) -> None:
    assert "<ok" in run(server, "--validate=candidate") + run(
        server, "--db=candidate", "--validate="
    )


@pytest.mark.operation("lock", "discard-changes", "unlock")
def test_lock_edit_discard_unlock(server: ServerProcess, tmp_path: Path) -> None:
    edit = file_of(tmp_path, policy("dropped"))
    said = run(
        server,
        "--db",
        "candidate",
        "--lock",
        "--edit-config",
        edit,
        "--discard-changes",
        "--unlock",
    )
    assert said.count("<ok") == 4, said


@pytest.mark.operation("get-schema")
def test_get_schema(server: ServerProcess) -> None:
    assert "module ipsec-qos {" in run(server, "--get-schema", "ipsec-qos")


@pytest.mark.operation("copy-config")
def test_copy_config(server: ServerProcess, tmp_path: Path) -> None:
    said = run(server, "--db", "candidate", "--copy-config", file_of(tmp_path, policy("whole")))
    assert "<ok" in said, said
    run(server, "--discard-changes")


@pytest.mark.operation("rpc of a module", "action")
def test_rpc_and_action(server: ServerProcess, tmp_path: Path) -> None:
    assert "<ok/>" in run(server, "--rpc", file_of(tmp_path, TUNNEL))
    assert "discontinuity-time" in run(server, "--rpc", file_of(tmp_path, CLEAR))


def test_kill_session_of_nobody_is_told(server: ServerProcess) -> None:
    assert "there is no session 99999" in run(server, "--kill-session", "99999")


@pytest.mark.operation("errors")
def test_an_error_is_shown(server: ServerProcess, tmp_path: Path) -> None:
    said = run(server, "--edit-config", file_of(tmp_path, policy("bad", rate=1)))
    assert "is not in the range 8..4194303" in said


@pytest.mark.operation("public key")
def test_login_by_public_key(server: ServerProcess, key_file: Path) -> None:
    # Its default password is taken for the passphrase of the key, so there must be none.
    key = ["--privKeyFile", str(key_file), "--password", ""]
    said = subprocess.run(
        [CONSOLE, "--port", str(server.port), *key, "--get-config"],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert "<data" in said.stdout, said.stderr


@pytest.mark.operation("kill-session")
def test_kill_session(server: ServerProcess) -> None:
    with background() as loop:
        client = Client.connect(loop, server.port)
        victim = client.session()
        assert "<ok" in run(server, "--kill-session", str(victim.id))
        with pytest.raises(Gone):
            victim.read_message()
        client.close()


@pytest.mark.operation("edit-config options")
def test_create_set_and_delete_by_path(server: ServerProcess) -> None:
    entry = "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='path'][iq:sequence-number='1']"
    names = ["--ns", f"iq={NAMESPACE}"]
    assert "<ok" in run(server, *names, f"--create={entry}")
    assert "<ok" in run(server, *names, f"--set={entry}/iq:df-bit=clear")
    assert "<df-bit>clear</df-bit>" in run(server, "--get-config")
    assert "<ok" in run(server, *names, f"--delete={entry}")
    assert "path" not in run(server, "--get-config")


def test_a_subtree_filter(server: ServerProcess) -> None:
    wanted = "/iq:ipsec-qos/iq:dataplane"
    said = run(server, "--ns", f"iq={NAMESPACE}", "--filter", wanted, "--get")
    assert "<driver>embedded</driver>" in said
    assert "netconf-state" not in said


@pytest.mark.operation("xpath filter")
def test_an_xpath_filter(server: ServerProcess, tmp_path: Path) -> None:
    run(server, "--edit-config", file_of(tmp_path, policy("found")))
    prefixed = "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='found']/iq:name"
    names = ["--ns", f"iq={NAMESPACE}"]
    for arguments in (
        [*names, "--get", prefixed],
        [*names, "-x", prefixed, "--get-config"],
        [*names, "--get-config", "-x", prefixed],
        ["--get", prefixed.replace("iq:", "")],
        ["--get-config", "-x", "//policy[name='found']/name"],
    ):
        said = run(server, *arguments)
        assert "<name>found</name>" in said, said
        assert "rate" not in said, said
    assert "is not declared" in run(server, "--get", prefixed)


@pytest.mark.operation("with-defaults")
def test_with_defaults(server: ServerProcess) -> None:
    for mode in ("report-all", "report-all-tagged", "trim", "explicit"):
        said = run(server, "--with-defaults", mode, "--get-config")
        assert ("<fragmentation" in said) is mode.startswith("report-all"), said


def test_base_1_0_and_1_1(server: ServerProcess) -> None:
    for version in ("1.0", "1.1"):
        assert "<data" in run(server, "-v", version, "--get-config")


def test_a_file_of_rpcs_with_ids_of_their_own(server: ServerProcess, tmp_path: Path) -> None:
    base = "urn:ietf:params:xml:ns:netconf:base:1.0"
    rpc = f'<rpc xmlns="{base}" message-id="101"><commit/></rpc>\n]]>]]>\n'
    said = run(server, file_of(tmp_path, rpc * 2))
    assert said.count("<ok/>") == 2


def test_copying_to_startup_is_refused_with_the_reason(server: ServerProcess) -> None:
    assert "startup" in run(server, "--copy-running-to-startup")


@pytest.mark.operation("create-subscription", "notifications")
def test_create_subscription(server: ServerProcess, tmp_path: Path) -> None:
    """It prints what comes while it sleeps: here what its own edit causes."""
    edit = file_of(tmp_path, policy("told"))
    told = run(server, "--create-subscription", "NETCONF", "--edit-config", edit, "--sleep", "1")
    assert "<ok" in told
    assert "netconf-config-change" in told
    assert "'told'" in told


@pytest.mark.operation("create-subscription")
def test_create_subscription_with_an_xpath(server: ServerProcess, tmp_path: Path) -> None:
    chosen = (("/netconf-config-change", 10, True), ("/netconf-session-end", 20, False))
    for select, rate, is_told in chosen:
        edit = file_of(tmp_path, policy("chosen", rate))
        subscribe = ("--create-subscription", "NETCONF", "-x", select)
        told = run(server, *subscribe, "--edit-config", edit, "--sleep", "1")
        assert ("netconf-config-change" in told) is is_told


def test_validate_of_a_file(server: ServerProcess, tmp_path: Path) -> None:
    for rate, said in ((1000, "<ok"), (1, "is not in the range")):
        edit = file_of(tmp_path, f'<config xmlns="{BASE}">{policy("judged", rate)}</config>')
        assert said in run(server, f"--validate={edit}")


def test_edit_config1_takes_what_is_in_an_element(server: ServerProcess, tmp_path: Path) -> None:
    edit = file_of(tmp_path, f"<any>{policy('inner')}</any>")
    assert "<ok" in run(server, "--db", "candidate", "--edit-config1", edit, "--commit")
    assert "<name>inner</name>" in run(server, "--get-config")


@pytest.mark.operation("rpc of a module", "action")
def test_an_rpc_and_an_action_by_path(server: ServerProcess) -> None:
    names = ("--ns", f"iq={NAMESPACE}", f"em={EMBEDDED}")
    establish = "/em:establish-tunnel[em:id='t7'][em:interface='eth0']"
    clear = "/iq:ipsec-qos/iq:tunnels/iq:tunnel[iq:id='t7']/iq:clear-counters"
    assert "<ok" in run(server, *names, f"--run-rpc={establish}")
    assert "discontinuity-time" in run(server, *names, f"--action={clear}")


def test_the_interactive_console(server: ServerProcess) -> None:
    done = subprocess.run(
        [CONSOLE, "--port", str(server.port), "--password", PASSWORD, "--interactive"],
        input="lock --db candidate\ndiscard-changes\nunlock --db candidate\nget-config\n",
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.stdout.count("<ok") == 3, done.stdout + done.stderr
    assert "<data" in done.stdout

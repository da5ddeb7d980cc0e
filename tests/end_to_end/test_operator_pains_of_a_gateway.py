"""More of what operators of other servers suffer from: a gateway in trouble, and being locked out.

The numbers are those of the table in docs/clients.md.
"""

from tests.end_to_end.client import MONITORING, Background, RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import Gateway, binding, description, eventually, policy, qos
from tests.end_to_end.house import KEY, nacm
from tests.end_to_end.streams import StreamGateway, unix_opener

FAILING = "tests.errors.failing_server"
MARKED = qos(policy("p", 1, "<outbound><dscp>ef</dscp></outbound>") + binding("eth0", "p"))
RESYNCHRONIZE = (
    '<action xmlns="urn:ietf:params:xml:ns:yang:1">'
    f"{qos('<dataplane><resynchronize/></dataplane>')}</action>"
)


def status(session: RawSession) -> str:
    return session.get(qos("<dataplane><status/></dataplane>")).value("dataplane/status")


def test_03_root_of_the_machine_finds_who_holds_a_lock_and_breaks_it(
    start_server: StartServer, event_loop_thread: Background
) -> None:
    gateway = start_server('[unix]\npath = "netconf.sock"\n[unix.users]\nroot = "admin"\n')
    holder = gateway.connect(username="other").session()
    assert holder.lock("running").ok
    socket = gateway.server.directory / "netconf.sock"
    local = StreamGateway(event_loop_thread, gateway.server, unix_opener(socket))
    root = local.session()
    state = root.get(f'<netconf-state xmlns="{MONITORING}"><datastores/></netconf-state>')
    number = state.value("global-lock/locked-by-session")
    assert number == str(holder.id)
    fault = root.lock("running").fault
    assert fault.info == {"session-id": number}
    assert f"session {number} (other@127.0.0.1) since 20" in fault.message
    root.do(f"<kill-session><session-id>{number}</session-id></kill-session>")
    assert root.lock("running").ok
    local.disconnect()


def test_06_an_undo_that_fails_is_told_in_the_reply_and_the_state_and_mended_when_it_can_be(
    start_server: StartServer,
) -> None:
    gateway = start_server(module=FAILING)
    session = gateway.session()
    gateway.establish(session)
    session.edit(MARKED)
    broken = [gateway.server.directory / f"{what}-breaks" for what in ("apply", "read")]
    for each in broken:
        each.touch()
    fault = session.rpc("<commit/>").fault
    assert fault.tag == "rollback-failed"
    assert "does not answer" in fault.message and "cannot be read" in fault.message
    assert status(session) == "failed"
    assert gateway.running(session) == ""
    assert session.get_config("candidate").values("policy/name") == ["p"]
    for each in broken:
        each.unlink()
    eventually(lambda: status(session) == "in-sync")
    assert gateway.sends(session).value("outer-dscp") == "0"
    session.commit()
    assert gateway.sends(session).value("outer-dscp") == "46"


def test_07_what_somebody_else_changes_is_told_and_put_right_and_never_adopted(
    start_server: StartServer,
) -> None:
    gateway = start_server(module=FAILING)
    session, watcher = gateway.session(), gateway.session()
    gateway.establish(session)
    session.edit(MARKED, "running")
    watcher.do('<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"/>')
    before = gateway.running(session)
    (gateway.server.directory / "somebody-changes").touch()
    assert session.rpc(RESYNCHRONIZE).value("steps") == "1"
    told = watcher.read_message()
    assert b"<dataplane-drift " in told and b"<repaired>true</repaired>" in told
    assert gateway.sends(session).value("outer-dscp") == "46"
    assert status(session) == "in-sync"
    assert session.rpc(RESYNCHRONIZE).value("steps") == "0"
    assert gateway.running(session) == before


def test_22_the_users_of_the_settings_may_write_at_once_and_a_denial_says_what_denied(
    start_server: StartServer,
) -> None:
    users = f'[access]\nrecovery_users = ["rescue"]\n[users.wilma]\nauthorized_keys = ["{KEY}"]'
    groups = f'groups = ["none"]\n[users.rescue]\nauthorized_keys = ["{KEY}"]\ngroups = ["none"]'
    gateway = start_server(f"{users}\n{groups}")
    admin, wilma, rescue = (
        gateway.connect(username=user).session() for user in ("admin", "wilma", "rescue")
    )
    admin.edit(description("out of the box"), "running")
    shown = admin.get(nacm("<groups/>")).values("group/user-name")
    assert shown == ["admin", "other"]
    assert wilma.edit_config("running", description("mine")).fault.tag == "access-denied"
    assert says(gateway, f"session {wilma.id} of wilma@127.0.0.1: to update")
    assert says(gateway, "is denied by write-default (deny)")
    eventually(
        lambda: any(
            line.get("user") == "wilma" and line.get("by") == "write-default (deny)"
            for line in tuple(gateway.server.audit)
        )
    )
    rescue.edit(description("rescued"), "running")
    state = admin.get('<nacm xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-acm"/>')
    assert state.values("recovery-user") == ["rescue"]


def says(gateway: Gateway, words: str) -> bool:
    eventually(lambda: any(words in line for line in tuple(gateway.server.log)))
    return True

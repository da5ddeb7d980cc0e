"""The confirmed commit over the wire (RFC 6241, section 8.4)."""

from dataclasses import replace

import pytest

from server.datastore.store import Store
from tests.end_to_end.client import RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import Gateway, binding, description, eventually, policy, qos

CAPABILITY = "urn:ietf:params:netconf:capability:confirmed-commit:1."
CONFIRMED = "<commit><confirmed/></commit>"


def commit(timeout: int = 600, persist: str | None = None, persist_id: str | None = None) -> str:
    """A confirmed commit."""
    words = f"<confirmed/><confirm-timeout>{timeout}</confirm-timeout>"
    if persist is not None:
        words += f"<persist>{persist}</persist>"
    if persist_id is not None:
        words += f"<persist-id>{persist_id}</persist-id>"
    return f"<commit>{words}</commit>"


def confirm(persist_id: str) -> str:
    return f"<commit><persist-id>{persist_id}</persist-id></commit>"


def cancel(persist_id: str | None = None) -> str:
    inner = "" if persist_id is None else f"<persist-id>{persist_id}</persist-id>"
    return f"<cancel-commit>{inner}</cancel-commit>"


def value(session: RawSession, source: str = "running") -> str | None:
    found = session.get_config(source).values("policy/description")
    return found[0] if found else None


def tried(session: RawSession, request: str = CONFIRMED) -> RawSession:
    """Commit ``before`` for good, then ``after`` with this request."""
    session.edit(description("before"), "running")
    session.edit(description("after"))
    session.do(request)
    assert value(session) == "after"
    return session


def test_both_versions_of_the_capability_are_announced(session: RawSession) -> None:
    found = {each for each in session.capabilities if each.startswith(CAPABILITY)}
    assert found == {f"{CAPABILITY}0", f"{CAPABILITY}1"}


def test_a_confirmed_commit_that_is_confirmed_stays(gateway: Gateway, session: RawSession) -> None:
    tried(session, commit(1))
    session.edit(qos("<global><df-bit>set</df-bit></global>"))
    session.commit()  # a confirming commit may bring more changes
    session.close()
    other = gateway.session()
    assert value(other) == "after"
    assert other.get_config("running").value("global/df-bit") == "set"
    assert other.rpc(cancel()).fault.tag == "operation-failed"


def test_without_confirmation_it_is_rolled_back_in_the_dataplane_too(
    gateway: Gateway, session: RawSession
) -> None:
    gateway.establish(session)
    session.edit(qos(policy("p", 1, "<outbound><dscp>ef</dscp></outbound>") + binding("eth0", "p")))
    session.commit()
    session.edit(qos(policy("p", 1, "<outbound><dscp>af11</dscp></outbound>")))
    session.do(commit(1))
    assert gateway.sends(session).value("outer-dscp") == "10"
    eventually(lambda: session.get_config("running").value("outbound/dscp") == "ef")
    assert gateway.sends(session).value("outer-dscp") == "46"
    assert session.get_config("candidate").value("outbound/dscp") == "ef"
    assert session.lock().ok
    assert session.unlock().ok


def test_edits_that_were_made_meanwhile_stay_in_the_candidate(session: RawSession) -> None:
    tried(session, commit(1))
    session.edit(qos("<global><df-bit>set</df-bit></global>"))
    eventually(lambda: value(session) == "before")
    assert session.get_config("candidate").value("global/df-bit") == "set"
    assert session.get_config("running").values("global/df-bit") == []


@pytest.mark.parametrize("end", ["close", "abort", "drop", "kill"])
def test_the_end_of_its_session_rolls_it_back_at_once(gateway: Gateway, end: str) -> None:
    other = gateway.session()
    client = gateway.connect()
    session = tried(client.session())
    if end == "close":
        session.do("<close-session/>")
        assert value(other) == "before"  # done before the reply left
    elif end == "kill":
        other.do(f"<kill-session><session-id>{session.id}</session-id></kill-session>")
        assert value(other) == "before"
    else:
        client.drop() if end == "drop" else session.abort()
        eventually(lambda: value(other) == "before")
    assert other.lock("running").ok
    assert other.unlock("running").ok


def test_persist_survives_the_session_and_another_one_confirms(gateway: Gateway) -> None:
    tried(gateway.session(), commit(persist="IQ,d4668")).close()
    other = gateway.session()
    assert value(other) == "after"
    other.do(confirm("IQ,d4668"))
    assert value(other) == "after"
    assert other.rpc(confirm("IQ,d4668")).fault.tag == "invalid-value"


def test_persist_that_nobody_confirms_is_rolled_back(gateway: Gateway) -> None:
    tried(gateway.session(), commit(1, persist="x")).close()
    other = gateway.session()
    eventually(lambda: value(other) == "before")
    fault = other.rpc(confirm("x")).fault  # too late, and it is told
    assert (fault.tag, fault.info) == ("invalid-value", {"bad-element": "persist-id"})


def test_a_further_confirmed_commit_sets_a_new_time_and_keeps_the_first_point(
    gateway: Gateway, session: RawSession
) -> None:
    tried(session, commit(1))
    session.edit(description("further"))
    session.do(commit(600))
    session.edit(description("furthest"))
    session.do(commit(1))
    assert value(session) == "furthest"
    eventually(lambda: value(session) == "before")


def test_a_further_confirmed_commit_keeps_the_id_unless_it_gives_a_new_one(
    gateway: Gateway, session: RawSession
) -> None:
    tried(session, commit(persist="one"))
    other = gateway.session()
    other.do(commit(persist_id="one"))
    assert session.rpc(CONFIRMED).fault.tag == "in-use"
    session.do(commit(persist_id="one", persist="two"))
    assert other.rpc(confirm("one")).fault.tag == "invalid-value"
    other.do(cancel("two"))
    assert value(other) == "before"


def test_only_who_may_confirm_can_commit(gateway: Gateway, session: RawSession) -> None:
    other = gateway.session()
    tried(session)
    other.edit(description("mine"))
    fault = other.rpc("<commit/>").fault
    assert (fault.type, fault.tag) == ("protocol", "in-use")
    assert f"session {session.id} (admin@127.0.0.1)" in fault.message
    assert other.rpc(CONFIRMED).fault.tag == "in-use"
    assert other.rpc(confirm("guess")).fault.tag == "invalid-value"
    assert other.rpc(cancel()).fault.tag == "in-use"
    assert other.rpc(cancel("guess")).fault.tag == "invalid-value"
    assert value(other) == "after"
    assert value(other, "candidate") == "mine"
    session.do(cancel())
    assert value(session) == "before"
    other.commit()
    assert value(other) == "mine"


def test_the_owner_of_a_persistent_one_gives_the_id_to_confirm_but_not_to_cancel(
    gateway: Gateway, session: RawSession
) -> None:
    tried(session, commit(persist="secret of mine"))
    for request in ("<commit/>", confirm("guess"), cancel("guess")):
        fault = session.rpc(request).fault
        assert fault.tag in ("in-use", "invalid-value")
        assert "secret of mine" not in fault.message
    assert gateway.session().rpc(cancel()).fault.tag == "in-use"
    session.do(cancel())
    assert value(session) == "before"
    assert not any("secret of mine" in line for line in gateway.server.log)


def test_others_cannot_change_or_lock_running_meanwhile(
    gateway: Gateway, session: RawSession
) -> None:
    other = gateway.session()
    tried(session)
    for fault in (
        other.edit_config("running", description("lost")).fault,
        other.rpc(
            "<copy-config><target><running/></target><source><config/></source></copy-config>"
        ).fault,
    ):
        assert fault.tag == "in-use"
        assert "waits for its confirmation" in fault.message
    fault = other.lock("running").fault
    assert (fault.tag, fault.info) == ("lock-denied", {"session-id": str(session.id)})
    assert other.lock("candidate").ok
    assert other.unlock("candidate").ok
    session.edit(description("edited"), "running")  # its own, and to be rolled back too
    assert session.lock("running").ok
    session.do(cancel())
    assert value(session) == "before"
    assert session.unlock("running").ok


def test_nobody_changes_running_directly_while_a_persistent_one_waits(gateway: Gateway) -> None:
    session = tried(gateway.session(), commit(persist="x"))
    assert session.edit_config("running", description("lost")).fault.tag == "in-use"
    session.close()
    other = gateway.session()
    assert other.lock("running").fault.info == {"session-id": "0"}
    other.do(cancel("x"))
    assert other.lock("running").ok
    assert other.unlock("running").ok


def test_a_failed_confirmed_commit_leaves_nothing_armed(
    gateway: Gateway, session: RawSession
) -> None:
    session.edit(description("before"), "running")
    session.edit(qos(binding("eth0", "nobody")))
    assert session.rpc(commit(1)).fault.tag == "data-missing"
    other = gateway.session()
    other.do("<discard-changes/>")
    other.edit(description("of another"), "running")
    session.close()
    assert value(other) == "of another"


def test_a_failed_confirmation_leaves_it_waiting(gateway: Gateway, session: RawSession) -> None:
    tried(session)
    session.edit(qos(binding("eth0", "nobody")))
    for request in ("<commit/>", commit(1)):
        assert session.rpc(request).fault.tag == "data-missing"
    assert gateway.session().rpc("<commit/>").fault.tag == "in-use"
    session.do("<discard-changes/>")
    session.commit()
    assert value(session) == "after"


def test_a_lock_of_another_session_keeps_its_right(gateway: Gateway, session: RawSession) -> None:
    other = gateway.session()
    assert other.lock("running").ok
    session.edit(description("after"))
    assert session.rpc(CONFIRMED).fault.tag == "in-use"
    assert other.unlock("running").ok
    session.do("<discard-changes/>")


def test_a_confirmed_commit_without_changes_waits_all_the_same(
    gateway: Gateway, session: RawSession
) -> None:
    session.do(CONFIRMED)
    assert gateway.session().rpc("<commit/>").fault.tag == "in-use"
    session.edit(description("after"))
    session.do(CONFIRMED)
    session.do(cancel())
    assert value(session) is None


@pytest.mark.parametrize(
    ("words", "tag", "element"),
    [
        ("<confirmed/><confirm-timeout>0</confirm-timeout>", "invalid-value", "confirm-timeout"),
        ("<confirmed/><confirm-timeout>-1</confirm-timeout>", "invalid-value", "confirm-timeout"),
        ("<confirmed/><confirm-timeout>1.5</confirm-timeout>", "invalid-value", "confirm-timeout"),
        ("<confirmed/><confirm-timeout/>", "invalid-value", "confirm-timeout"),
        (
            "<confirmed/><confirm-timeout>4294967296</confirm-timeout>",
            "invalid-value",
            "confirm-timeout",
        ),
        ("<confirmed>true</confirmed>", "invalid-value", "confirmed"),
        ("<confirmed/><confirmed/>", "bad-element", "confirmed"),
        ("<confirmed/><persist>a</persist><persist>b</persist>", "bad-element", "persist"),
        ("<confirmed/><persist><a/></persist>", "bad-element", "persist"),
        ("<confirmed/><patience/>", "unknown-element", "patience"),
        ("<confirm-timeout>5</confirm-timeout>", "missing-element", "confirmed"),
        ("<persist>a</persist>", "missing-element", "confirmed"),
        ("<persist-id>a</persist-id>", "invalid-value", "persist-id"),
    ],
)
def test_parameters_that_are_wrong_commit_nothing(
    session: RawSession, words: str, tag: str, element: str
) -> None:
    session.edit(description("never"))
    fault = session.rpc(f"<commit>{words}</commit>").fault
    assert (fault.type, fault.tag) == ("protocol", tag)
    assert fault.info == {"bad-element": element}
    assert value(session) is None
    session.do("<discard-changes/>")


def test_parameters_are_taken_as_the_types_say(session: RawSession) -> None:
    session.do("<commit><confirmed> </confirmed><confirm-timeout>\n 4294967295 </confirm-timeout>"
               "<persist/></commit>")  # fmt: skip
    assert session.rpc(confirm(" ")).fault.tag == "invalid-value"
    session.do("<commit><persist-id/></commit>")  # the empty string is a token like any other
    session.do(commit(persist=" two  words "))
    assert session.rpc(confirm("two words")).fault.tag == "invalid-value"
    session.do(cancel(" two  words "))


def test_05_a_confirmed_commit_neither_sticks_nor_leaks(gateway: Gateway) -> None:
    session, other = gateway.session(), gateway.session()
    for _ in range(20):
        session.edit(description("tried"))
        session.do("<commit><confirmed/></commit>")
        assert other.rpc("<cancel-commit/>").fault.tag == "in-use"
        session.edit(qos(binding("eth0", "missing")))
        assert session.rpc("<commit><confirmed/></commit>").fault.tag == "data-missing"
        session.do("<discard-changes/>")
        session.do("<cancel-commit/>")
        assert session.get_config("running").shown == ""
    assert other.lock("running").ok
    assert other.unlock("running").ok


# ---- restarts


def restarted(gateway: Gateway) -> RawSession:
    """Start the server again; return a session on it."""
    gateway.server.start()
    return Gateway(gateway._background, gateway.server).session()


def test_after_a_kill_it_is_rolled_back_before_anybody_is_served(
    start_server: StartServer,
) -> None:
    gateway = start_server()
    session = tried(gateway.session())
    session.edit(qos("<global><df-bit>set</df-bit></global>"), "running")
    gateway.server.kill()
    session = restarted(gateway)
    assert value(session) == "before"
    assert session.get_config("running").values("global/df-bit") == []
    session.edit(description("next"))
    session.commit()
    gateway.server.kill()
    assert value(restarted(gateway)) == "next"


def test_after_a_kill_a_persistent_one_goes_on_waiting(start_server: StartServer) -> None:
    gateway = start_server()
    tried(gateway.session(), commit(persist="x"))
    gateway.server.kill()
    session = restarted(gateway)
    assert value(session) == "after"
    assert session.rpc("<commit/>").fault.tag == "in-use"
    session.edit(description("further"))
    session.do(commit(1, persist_id="x"))
    assert value(session) == "further"
    eventually(lambda: value(session) == "before")


def test_its_time_runs_while_the_server_does_not(start_server: StartServer) -> None:
    gateway = start_server()
    tried(gateway.session(), commit(1, persist="x"))
    gateway.server.kill()
    session = restarted(gateway)
    eventually(lambda: value(session) == "before")


def test_a_confirmation_survives_a_kill(start_server: StartServer) -> None:
    gateway = start_server()
    session = tried(gateway.session())
    session.commit()
    gateway.server.kill()
    assert value(restarted(gateway)) == "after"


def test_a_restart_of_the_machine_rolls_a_persistent_one_back(start_server: StartServer) -> None:
    gateway = start_server()
    tried(gateway.session(), commit(persist="x"))
    gateway.disconnect()
    gateway.server.kill()
    store = Store.open(gateway.server.state / "running.sqlite")
    assert store.unconfirmed is not None
    store.keep_unconfirmed(replace(store.unconfirmed, boot="the boot before"))
    store.close()
    session = restarted(gateway)
    assert value(session) == "before"
    assert session.rpc(confirm("x")).fault.tag == "invalid-value"


def test_a_stop_of_the_server_ends_the_session_and_rolls_back(start_server: StartServer) -> None:
    gateway = start_server()
    tried(gateway.session())
    assert gateway.server.stop() == 0
    assert value(restarted(gateway)) == "before"

"""Locks and the candidate (RFC 6241, sections 7.5, 7.6 and 8.3.5.2)."""

from collections.abc import Callable

import pytest

from tests.end_to_end.client import MONITORING, Gone, RawSession
from tests.end_to_end.gateway import Gateway, description, eventually, qos

Leave = Callable[[Gateway, RawSession, RawSession], None]


def unlocks(gateway: Gateway, holder: RawSession, other: RawSession) -> None:
    assert holder.unlock().ok


def closes(gateway: Gateway, holder: RawSession, other: RawSession) -> None:
    holder.close()


def is_killed(gateway: Gateway, holder: RawSession, other: RawSession) -> None:
    other.do(f"<kill-session><session-id>{holder.id}</session-id></kill-session>")


def aborts_its_channel(gateway: Gateway, holder: RawSession, other: RawSession) -> None:
    holder.abort()


def sends_end_of_file(gateway: Gateway, holder: RawSession, other: RawSession) -> None:
    holder.send_eof()


def breaks_its_framing(gateway: Gateway, holder: RawSession, other: RawSession) -> None:
    holder.send(b"this is no chunk")


LEAVES = [unlocks, closes, is_killed, aborts_its_channel, sends_end_of_file, breaks_its_framing]


@pytest.mark.parametrize("leave", LEAVES, ids=lambda leave: leave.__name__)
def test_locks_and_edits_go_when_their_session(gateway: Gateway, leave: Leave) -> None:
    holder, other = gateway.session(), gateway.session()
    assert holder.lock("candidate").ok
    assert holder.lock("running").ok
    holder.edit(description("not committed"))
    if leave is unlocks:
        assert holder.unlock("running").ok
    leave(gateway, holder, other)
    eventually(lambda: other.lock("candidate").ok)
    eventually(lambda: other.lock("running").ok)
    assert other.get_config("candidate").shown == ""


def test_locks_and_edits_go_when_the_connection_is_lost(gateway: Gateway) -> None:
    other = gateway.session()
    client = gateway.connect()
    holder = client.session()
    assert holder.lock("candidate").ok
    assert holder.lock("running").ok
    holder.edit(description("not committed"))
    client.drop()
    eventually(lambda: other.lock("candidate").ok)
    eventually(lambda: other.lock("running").ok)
    assert other.get_config("candidate").shown == ""


def test_close_session_has_released_before_it_answers(gateway: Gateway) -> None:
    other = gateway.session()
    for _ in range(10):
        holder = gateway.session()
        assert holder.lock().ok
        holder.do("<close-session/>")
        assert other.lock().ok
        assert other.unlock().ok


def test_kill_session_has_released_before_it_answers(gateway: Gateway) -> None:
    other = gateway.session()
    for _ in range(10):
        holder = gateway.session()
        assert holder.lock().ok
        other.do(f"<kill-session><session-id>{holder.id}</session-id></kill-session>")
        assert other.lock().ok
        assert other.unlock().ok


def test_edits_without_a_lock_outlive_their_session(gateway: Gateway) -> None:
    editor, other = gateway.session(), gateway.session()
    editor.edit(description("shared"))
    editor.close()
    assert other.get_config("candidate").value("policy/description") == "shared"


def test_lock_denied_names_holder_user_peer_and_time(gateway: Gateway) -> None:
    holder = gateway.connect(username="other").session()
    session = gateway.session()
    for name in ("candidate", "running"):
        assert holder.lock(name).ok
        fault = session.lock(name).fault
        assert (fault.type, fault.tag) == ("protocol", "lock-denied")
        assert fault.info == {"session-id": str(holder.id)}
        assert f"session {holder.id} (other@127.0.0.1) since 20" in fault.message


def test_a_lock_cannot_be_had_twice_by_its_holder(session: RawSession) -> None:
    assert session.lock().ok
    fault = session.lock().fault
    assert (fault.tag, fault.info) == ("lock-denied", {"session-id": str(session.id)})
    assert session.unlock().ok


def test_a_modified_candidate_cannot_be_locked_and_the_reason_is_told(gateway: Gateway) -> None:
    editor, session = gateway.connect(username="other").session(), gateway.session()
    editor.edit(description("mine"))
    for each in (session, editor):
        fault = each.lock().fault
        assert (fault.tag, fault.info) == ("lock-denied", {"session-id": "0"})
        assert f"session {editor.id} (other@127.0.0.1) since 20" in fault.message
        assert "discard" in fault.message
    session.do("<discard-changes/>")
    assert session.lock().ok


def test_running_can_be_locked_while_the_candidate_is_modified(gateway: Gateway) -> None:
    editor, session = gateway.session(), gateway.session()
    editor.edit(description("mine"))
    assert session.lock("running").ok


def test_what_another_session_locked_cannot_be_changed(gateway: Gateway) -> None:
    holder, session = gateway.session(), gateway.session()
    assert holder.lock("candidate").ok
    refused = [
        session.edit_config("candidate", description("x")),
        session.rpc("<discard-changes/>"),
        session.rpc("<commit/>"),
        session.rpc(
            "<copy-config><target><candidate/></target><source><running/></source></copy-config>"
        ),
    ]
    for answer in refused:
        assert answer.fault.tag == "in-use"
        assert f"session {holder.id} " in answer.fault.message
    assert session.get_config("candidate").shown == ""
    session.edit(description("y"), "running")


def test_a_locked_running_refuses_commits_and_edits_of_others(gateway: Gateway) -> None:
    holder, session = gateway.session(), gateway.session()
    assert holder.lock("running").ok
    session.edit(description("mine"))
    for answer in (
        session.rpc("<commit/>"),
        session.edit_config("running", description("x")),
        session.rpc(
            "<copy-config><target><running/></target><source><config/></source></copy-config>"
        ),
    ):
        assert answer.fault.tag == "in-use"
    assert session.get_config("running").shown == ""
    assert session.get_config("candidate").value("policy/description") == "mine"
    holder.commit()
    assert session.get_config("running").value("policy/description") == "mine"


def test_reading_and_validating_need_no_lock(gateway: Gateway) -> None:
    holder, session = gateway.session(), gateway.session()
    assert holder.lock("candidate").ok
    assert holder.lock("running").ok
    assert session.get_config("candidate").shown == ""
    assert session.get(qos("<dataplane/>")).value("dataplane/status") == "in-sync"
    session.do("<validate><source><candidate/></source></validate>")


def test_unlock_of_what_is_not_locked_or_not_ones_own(gateway: Gateway) -> None:
    holder, session = gateway.session(), gateway.session()
    assert session.unlock().fault.tag == "operation-failed"
    assert holder.lock().ok
    fault = session.unlock().fault
    assert fault.info == {"session-id": str(holder.id)}
    assert holder.unlock().ok


def test_unlocking_running_keeps_the_edits_of_the_candidate(session: RawSession) -> None:
    assert session.lock("running").ok
    session.edit(description("kept"))
    assert session.unlock("running").ok
    assert session.get_config("candidate").value("policy/description") == "kept"


def test_commit_within_a_lock_and_then_unlock_keeps_running(session: RawSession) -> None:
    assert session.lock().ok
    session.edit(description("kept"))
    session.commit()
    session.edit(description("dropped"))
    assert session.unlock().ok
    assert session.get_config("candidate").value("policy/description") == "kept"


def test_a_lock_on_an_unknown_datastore_is_told(session: RawSession) -> None:
    assert session.lock("startup").fault.tag == "operation-not-supported"
    assert session.lock("nothing").fault.tag == "bad-element"


def test_the_holder_of_a_lock_is_shown_in_the_state(gateway: Gateway) -> None:
    holder, session = gateway.session(), gateway.session()
    assert holder.lock("candidate").ok
    answer = session.get(f'<netconf-state xmlns="{MONITORING}"><datastores/></netconf-state>')
    assert answer.value("global-lock/locked-by-session") == str(holder.id)
    assert answer.value("global-lock/locked-time").startswith("20")


def test_kill_session_of_oneself_or_of_nobody_is_invalid_value(session: RawSession) -> None:
    for wanted in (str(session.id), "4294967295", "0", "-1", "x", ""):
        fault = session.rpc(f"<kill-session><session-id>{wanted}</session-id></kill-session>").fault
        assert fault.tag == "invalid-value", wanted
        assert fault.info == {"bad-element": "session-id"}


def test_a_killed_session_hears_no_more(gateway: Gateway) -> None:
    victim, session = gateway.session(), gateway.session()
    session.do(f"<kill-session><session-id>{victim.id}</session-id></kill-session>")
    with pytest.raises(Gone):
        victim.read_message()
    shown = session.get(f'<netconf-state xmlns="{MONITORING}"><sessions/></netconf-state>')
    assert str(victim.id) not in shown.values("session/session-id")

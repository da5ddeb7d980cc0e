"""The commits of the past over the wire: listed, compared, returned to."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from lxml import etree

from tests.end_to_end.client import Answer, Background, RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import Gateway, binding, description, eventually, policy, qos
from tests.end_to_end.process import ServerProcess

HISTORY = "urn:ipsec-qos:yang:netconf-commit-history"
LIST = f'<commit-history xmlns="{HISTORY}"/>'


def commits(session: RawSession) -> list[dict[str, str]]:
    """Return what is listed, the oldest first, by the names of the leafs."""
    return [
        {etree.QName(leaf).localname: leaf.text or "" for leaf in entry}
        for entry in session.get(LIST).elements(".//*[local-name()='commit']")
    ]


def newest(session: RawSession) -> int:
    listed = commits(session)
    return int(listed[-1]["id"]) if listed else 0


def compare(session: RawSession, one: int, other: int | None = None) -> Answer:
    to = "" if other is None else f"<to>{other}</to>"
    return session.rpc(f'<compare xmlns="{HISTORY}"><from>{one}</from>{to}</compare>')


def edit_of(answer: Answer) -> str:
    """Return what is in the ``<config>`` of a comparison."""
    (config,) = answer.elements("./*[local-name()='config']")
    return "".join(etree.tostring(each, encoding="unicode") for each in config)


def rollback(session: RawSession, to: int) -> Answer:
    return session.rpc(f'<rollback xmlns="{HISTORY}"><to>{to}</to></rollback>')


def commented(comment: str, words: str = "") -> str:
    return f'<commit>{words}<comment xmlns="{HISTORY}">{comment}</comment></commit>'


def test_a_commit_is_listed_with_who_when_why_and_how_much(session: RawSession) -> None:
    before = newest(session)
    session.edit(qos(policy("p", 1) + binding("eth0", "p")))
    session.do(commented("a first try &amp; more"))
    session.edit(description("direct"), "running")
    first, second = commits(session)[-2:]
    assert datetime.fromisoformat(first.pop("time")).tzinfo is not None
    assert first == {
        "id": str(before + 1),
        "operation": "commit",
        "username": "admin",
        "session-id": str(session.id),
        "source": "admin@127.0.0.1",
        "comment": "a first try & more",
        "changes": "2",
    }
    assert (second["operation"], second["changes"]) == ("edit-config", "1")
    assert "comment" not in second


def test_what_changes_nothing_is_no_commit(session: RawSession) -> None:
    before = newest(session)
    session.do(commented("nothing"))
    session.edit(qos(binding("eth0", "nobody")))
    assert session.rpc(commented("fails")).fault.tag == "data-missing"
    session.do("<discard-changes/>")
    assert newest(session) == before


def test_one_commit_can_be_asked_for_by_its_number(session: RawSession) -> None:
    session.edit(description("one"), "running")
    number = newest(session)
    found = session.get(
        f'<commit-history xmlns="{HISTORY}"><commit><id>{number}</id><operation/></commit>'
        "</commit-history>"
    )
    assert found.values("commit/id") == [str(number)]
    assert found.value("commit/operation") == "edit-config"
    assert found.values("commit/username") == []


def test_a_comparison_is_the_edit_from_one_to_the_other(session: RawSession) -> None:
    session.edit(qos(policy("p", 1, "<outbound><dscp>ef</dscp></outbound>")), "running")
    one = newest(session)
    session.edit(description("more"), "running")
    session.edit(qos(policy("q", 7)), "running")
    two = newest(session)
    there, back = edit_of(compare(session, one, two)), edit_of(compare(session, two, one))
    assert there.count("<policy") == 2  # the two that differ
    assert "ef" not in there
    then = session.get_config("running").shown
    session.edit(back, "running")
    assert session.get_config("running").values("policy/name") == ["p"]
    session.edit(edit_of(compare(session, newest(session), two)))
    session.commit()
    assert session.get_config("running").shown == then
    assert edit_of(compare(session, two)) == ""


def test_rollback_is_an_edit_of_the_candidate(gateway: Gateway, session: RawSession) -> None:
    gateway.establish(session)
    good = "<outbound><dscp>ef</dscp></outbound>"
    session.edit(qos(policy("p", 1, good) + binding("eth0", "p")), "running")
    number = newest(session)
    then = session.get_config("running").shown
    session.edit(qos(policy("p", 1, "<outbound><dscp>af11</dscp></outbound>")), "running")
    session.edit(qos(policy("other", 5)), "running")
    now = session.get_config("running").shown
    assert rollback(session, number).ok
    assert session.get_config("candidate").shown == then
    assert session.get_config("running").shown == now
    assert gateway.sends(session).value("outer-dscp") == "10"
    session.do(commented(f"back to {number}"))
    assert session.get_config("running").shown == then
    assert gateway.sends(session).value("outer-dscp") == "46"
    assert commits(session)[-1]["comment"] == f"back to {number}"


def test_rollback_to_where_one_is_leaves_the_candidate_unmodified(session: RawSession) -> None:
    session.edit(description("here"), "running")
    session.edit(description("dropped"))
    assert rollback(session, newest(session)).ok
    assert session.lock().ok
    assert session.unlock().ok


def test_rollback_can_be_tried_as_any_edit(session: RawSession) -> None:
    session.edit(description("old"), "running")
    number = newest(session)
    session.edit(description("new"), "running")
    assert rollback(session, number).ok
    session.do(commented("trying", "<confirmed/><confirm-timeout>1</confirm-timeout>"))
    assert session.get_config("running").value("policy/description") == "old"
    eventually(lambda: session.get_config("running").value("policy/description") == "new")
    tried, back = commits(session)[-2:]
    assert tried["comment"] == "trying"
    assert back["operation"] == "rollback"
    assert "was not confirmed in time" in back["comment"]
    assert "username" not in back


def test_what_was_tried_and_went_back_can_be_had_again(session: RawSession) -> None:
    session.edit(description("tried"))
    session.do("<commit><confirmed/></commit>")
    number = newest(session)
    session.do("<cancel-commit/>")
    assert session.get_config("candidate").shown == session.get_config("running").shown
    assert rollback(session, number).ok
    assert session.get_config("candidate").value("policy/description") == "tried"
    session.commit()
    assert session.get_config("running").value("policy/description") == "tried"


def test_rollback_respects_the_lock_of_another(gateway: Gateway, session: RawSession) -> None:
    session.edit(description("one"), "running")
    other = gateway.session()
    assert other.lock().ok
    assert rollback(session, newest(session)).fault.tag == "in-use"
    assert other.unlock().ok


def test_what_is_not_known_is_told(session: RawSession) -> None:
    session.edit(description("one"), "running")
    last = newest(session)
    for answer in (rollback(session, last + 1), compare(session, last, last + 7)):
        assert answer.fault.tag == "invalid-value"
        assert f"to {last} are" in answer.fault.message
    for request, tag in (
        (f'<rollback xmlns="{HISTORY}"/>', "missing-element"),
        (f'<compare xmlns="{HISTORY}"><from>x</from></compare>', "invalid-value"),
        (f'<compare xmlns="{HISTORY}"><form>1</form></compare>', "unknown-element"),
    ):
        assert session.rpc(request).fault.tag == tag


def test_a_comment_is_taken_as_its_type_says(session: RawSession) -> None:
    session.edit(description("never"))
    fault = session.rpc(commented("x" * 1025)).fault
    assert (fault.tag, fault.info) == ("invalid-value", {"bad-element": "comment"})
    assert "1024" in fault.message
    # Of the wrong namespace it would be ignored, and nobody would know.
    for namespace in ('xmlns="urn:other"', ""):
        fault = session.rpc(f"<commit><comment {namespace}>lost</comment></commit>").fault
        assert (fault.tag, fault.info) == ("unknown-element", {"bad-element": "comment"})
    session.do("<discard-changes/>")


def test_the_past_outlives_a_kill_and_is_bounded(start_server: StartServer) -> None:
    gateway = start_server("[history]\ngenerations = 3\n")
    session = gateway.session()
    for number in range(1, 6):
        session.edit(description(f"number {number}"), "running")
    gateway.server.kill()
    gateway.server.start()
    session = Gateway(gateway._background, gateway.server).session()
    assert [entry["id"] for entry in commits(session)] == ["3", "4", "5"]
    assert rollback(session, 1).fault.tag == "invalid-value"
    for number in (2, 3, 4, 5):  # 2 is what the oldest of them began with
        assert rollback(session, number).ok
        shown = session.get_config("candidate").value("policy/description")
        assert shown == f"number {number}"
    session.do("<discard-changes/>")


@pytest.fixture
def lab_without(event_loop_thread: Background, lab_server: ServerProcess) -> Iterator[RawSession]:
    made = Gateway(event_loop_thread, lab_server)
    yield made.session()
    made.disconnect()


def test_without_its_module_there_is_no_such_operation(
    lab_without: RawSession,
) -> None:
    assert rollback(lab_without, 0).fault.tag == "operation-not-supported"
    fault = lab_without.rpc(commented("lost")).fault
    assert (fault.tag, fault.info) == ("unknown-element", {"bad-element": "comment"})

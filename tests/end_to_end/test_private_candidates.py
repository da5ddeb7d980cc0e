"""Private candidates (draft-ietf-netconf-privcand) beside the shared one."""

import pytest

from tests.end_to_end.client import Answer, RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import OPERATION, Gateway, description, eventually, policy, qos
from tests.end_to_end.privates import CAPABILITY, PRIVATE, compare, private_session, update

CONFIRMED = "<commit><confirmed/><confirm-timeout>60</confirm-timeout></commit>"
MODES = "revert-on-conflict,prefer-candidate,prefer-running"
AT_P = "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='p'][iq:sequence-number='1']"


@pytest.fixture
def one(gateway: Gateway) -> RawSession:
    return private_session(gateway)


@pytest.fixture
def two(gateway: Gateway) -> RawSession:
    return private_session(gateway)


def df_bit(value: str) -> str:
    return qos(policy("p", 1, f"<df-bit>{value}</df-bit>"))


def deleted(name: str = "p") -> str:
    return qos(policy(name, 1, attributes=f"{OPERATION}='delete'"))


def names(answer: Answer) -> list[str]:
    return answer.values("policy/name")


def test_the_server_says_so_and_which_modes_there_are(session: RawSession) -> None:
    (told,) = [each for each in session.capabilities if each.startswith(CAPABILITY)]
    assert f"supported-resolution-modes={MODES}" in told
    assert "default-resolution-mode=revert-on-conflict" in told


def test_edits_are_seen_by_nobody_else(
    one: RawSession, two: RawSession, session: RawSession
) -> None:
    one.edit(description("mine"))
    session.edit(qos(policy("shared", 1)))
    assert names(one.get_config("candidate")) == ["p"]
    assert names(two.get_config("candidate")) == []
    assert names(session.get_config("candidate")) == ["shared"]
    session.do("<discard-changes/>")
    assert names(one.get_config("candidate")) == ["p"]


def test_a_commit_makes_running_what_the_session_has_edited_and_no_more(
    one: RawSession, two: RawSession, session: RawSession
) -> None:
    one.edit(description("mine"))
    session.edit(qos(policy("shared", 1)))
    two.edit(qos(policy("other", 1)))
    one.commit()
    assert names(session.get_config("running")) == ["p"]
    two.do("<validate><source><candidate/></source></validate>")
    two.commit()
    session.do("<validate><source><candidate/></source></validate>")
    session.commit()
    assert names(session.get_config("running")) == ["other", "p", "shared"]
    assert names(two.get_config("candidate")) == ["other", "p"]


def test_a_candidate_does_not_follow_running_until_it_is_updated(
    one: RawSession, two: RawSession
) -> None:
    assert names(two.get_config("candidate")) == []
    one.edit(description("mine"))
    one.commit()
    assert names(two.get_config("candidate")) == []
    two.do(update())
    assert names(two.get_config("candidate")) == ["p"]


def test_a_commit_that_would_lose_a_change_names_every_node_in_conflict(
    one: RawSession, two: RawSession
) -> None:
    one.edit(description("before"))
    one.edit(qos(policy("q", 1)))
    one.commit()
    two.edit(description("two"))
    two.edit(qos(policy("q", 1, "<description>two</description>")))
    one.edit(description("one"))
    one.edit(deleted("q"))
    one.edit(df_bit("set"))
    one.commit()
    for request in ("<commit/>", "<validate><source><candidate/></source></validate>", update()):
        faults = two.rpc(request).faults
        assert [each.path for each in faults] == [
            f"{AT_P}/iq:description",
            AT_P.replace("'p'", "'q'"),
        ]
        assert {(each.tag, each.app_tag) for each in faults} == {
            ("operation-failed", "update-conflict")
        }
        assert "both changed it" in faults[0].message
        assert "no more has it" in faults[1].message
    # Nothing was done: not even what is not in conflict has come.
    assert two.get_config("candidate").values("df-bit") == []
    assert two.get_config("candidate").values("policy/description") == ["two", "two"]


@pytest.mark.parametrize(
    ("mode", "descriptions", "has_q"),
    [("prefer-candidate", ["two", "two"], True), ("prefer-running", ["one"], False)],
)
def test_conflicts_are_resolved_as_wanted(
    one: RawSession, two: RawSession, mode: str, descriptions: list[str], has_q: bool
) -> None:
    test_a_commit_that_would_lose_a_change_names_every_node_in_conflict(one, two)
    two.do(update(mode))
    shown = two.get_config("candidate")
    assert shown.values("df-bit") == ["set"]
    assert shown.values("policy/description") == descriptions
    assert ("q" in names(shown)) is has_q
    two.commit()
    assert one.get_config("running").values("policy/description") == descriptions


def test_the_same_change_of_both_is_no_conflict(one: RawSession, two: RawSession) -> None:
    for session in (one, two):
        session.edit(description("the same"))
    one.commit()
    two.commit()
    assert two.get_config("running").values("policy/description") == ["the same"]


def test_discard_changes_returns_to_the_last_update(one: RawSession, two: RawSession) -> None:
    two.edit(description("two"))
    one.edit(qos(policy("other", 1)))
    one.commit()
    two.do("<discard-changes/>")
    assert names(two.get_config("candidate")) == []
    two.do(update())
    two.edit(description("two"))
    two.do("<discard-changes/>")
    assert names(two.get_config("candidate")) == ["other"]


def test_a_shared_candidate_loses_no_change_of_private_ones_either(
    one: RawSession, session: RawSession
) -> None:
    session.edit(description("before"), "running")
    session.edit(df_bit("set"))
    one.edit(qos(policy("p", 1, "<fragmentation>after-encryption</fragmentation>")))
    one.commit()
    session.commit()
    running = session.get_config("running")
    assert running.values("df-bit") == ["set"]
    assert running.values("fragmentation") == ["after-encryption"]
    session.edit(df_bit("clear"))
    one.do(update())
    one.edit(df_bit("copy"))
    one.commit()
    fault = session.rpc("<commit/>").fault
    assert (fault.app_tag, fault.path) == ("update-conflict", f"{AT_P}/iq:df-bit")
    session.do("<discard-changes/>")
    assert session.get_config("candidate").values("df-bit") == ["copy"]


def test_update_is_for_private_candidates(session: RawSession) -> None:
    fault = session.rpc(update()).fault
    assert fault.tag == "operation-failed"
    assert ":private-candidate" in fault.message


def test_an_unknown_resolution_mode_is_told(one: RawSession) -> None:
    fault = one.rpc(update("ignore")).fault
    assert fault.tag == "invalid-value"
    assert "prefer-candidate" in fault.message


def test_locks_of_candidates_keep_nobody_from_a_private_one(
    one: RawSession, two: RawSession, session: RawSession
) -> None:
    assert session.lock("candidate").ok
    one.edit(description("mine"))
    assert one.lock("candidate").ok
    assert one.lock("candidate").fault.tag == "lock-denied"
    assert two.lock("candidate").ok
    assert one.unlock("candidate").ok
    assert names(one.get_config("candidate")) == ["p"]
    one.commit()
    assert session.lock("running").ok
    one.edit(description("more"))
    fault = one.rpc("<commit/>").fault
    assert fault.tag == "in-use"
    assert f"session {session.id} " in fault.message
    assert names(one.get_config("candidate")) == ["p"]


def test_copies_and_test_only_edits_are_of_the_private_candidate(
    one: RawSession, two: RawSession
) -> None:
    two.edit(qos(policy("two", 1)))
    one.edit(description("mine"))
    one.commit()
    two.edit(qos(policy("q", 1)), test_option="test-only")
    assert names(two.get_config("candidate")) == ["two"]
    two.do("<copy-config><target><running/></target><source><candidate/></source></copy-config>")
    assert names(one.get_config("running")) == ["p", "two"]
    two.do("<copy-config><target><candidate/></target><source><running/></source></copy-config>")
    assert names(two.get_config("candidate")) == ["p", "two"]
    copied = qos(policy("only", 1))
    two.do(
        "<copy-config><target><candidate/></target>"
        f"<source><config>{copied}</config></source></copy-config>"
    )
    two.commit()
    assert names(one.get_config("running")) == ["only"]


def test_nmda_operations_are_of_the_private_candidate(one: RawSession, two: RawSession) -> None:
    nmda = 'xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-nmda"'
    store = (
        '<datastore xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores">ds:candidate</datastore>'
    )
    one.do(f"<edit-data {nmda}>{store}<config>{description('mine')}</config></edit-data>")
    assert one.rpc(f"<get-data {nmda}>{store}</get-data>").values("policy/name") == ["p"]
    assert two.rpc(f"<get-data {nmda}>{store}</get-data>").values("policy/name") == []


@pytest.mark.parametrize("how", ["cancelled", "session"])
def test_what_was_not_confirmed_comes_back(one: RawSession, two: RawSession, how: str) -> None:
    one.edit(description("tried"))
    if how == "cancelled":
        one.do(CONFIRMED)
        one.edit(df_bit("set"))
        one.do("<cancel-commit/>")
        assert names(two.get_config("running")) == []
        assert one.get_config("candidate").values("policy/description") == ["tried"]
        one.commit()
        assert two.get_config("running").values("df-bit") == ["set"]
    else:
        one.do(CONFIRMED)
        one.close()
        eventually(lambda: names(two.get_config("running")) == [])


def test_a_confirmed_commit_comes_back_when_its_time_is_up(one: RawSession) -> None:
    one.edit(description("tried"))
    one.do("<commit><confirmed/><confirm-timeout>1</confirm-timeout></commit>")
    assert names(one.get_config("running")) == ["p"]
    eventually(lambda: names(one.get_config("running")) == [])
    assert names(one.get_config("candidate")) == ["p"]


def test_a_confirmed_commit_that_is_confirmed_stays(one: RawSession, two: RawSession) -> None:
    one.edit(description("tried"))
    one.do(CONFIRMED)
    two.edit(qos(policy("other", 1)))
    assert two.rpc("<commit/>").fault.tag == "in-use"
    one.commit()
    two.commit()
    assert names(two.get_config("running")) == ["other", "p"]
    assert names(one.get_config("candidate")) == ["p"]


def test_candidates_go_with_their_sessions_and_are_limited(start_server: StartServer) -> None:
    gateway = start_server("[limits]\nprivate_candidates = 2\n")
    first, second, third = (private_session(gateway) for _ in range(3))
    first.edit(description("first"))
    second.edit(description("second"))
    fault = third.rpc("<get-config><source><candidate/></source></get-config>").fault
    assert fault.tag == "resource-denied"
    assert "private_candidates" in fault.message
    assert names(third.get_config("running")) == []
    first.close()
    assert names(third.get_config("candidate")) == []


def test_the_module_can_be_had(session: RawSession) -> None:
    monitoring = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"
    name = "ietf-netconf-private-candidate"
    answer = session.rpc(
        f'<get-schema xmlns="{monitoring}"><identifier>{name}</identifier></get-schema>'
    )
    assert PRIVATE in "".join(str(each) for each in answer.data.itertext())


def test_a_candidate_is_compared_with_running_and_with_its_own_past(
    one: RawSession, two: RawSession
) -> None:
    two.edit(qos(policy("two", 1)))
    one.edit(qos(policy("one", 1)))
    one.commit()
    two.do(update())
    two.edit(qos(policy("three", 1)))

    def created(answer: Answer) -> list[str]:
        return answer.values("edit/value/policy/name")

    point = f'<reference-point xmlns="{PRIVATE}">{{}}</reference-point>'
    assert created(two.rpc(compare("running", "candidate"))) == ["three", "two"]
    last_update = compare("running", "candidate", point.format("last-update"))
    assert created(two.rpc(last_update)) == ["three", "two"]
    creation = compare("running", "candidate", point.format("creation-point"))
    assert created(two.rpc(creation)) == ["one", "three", "two"]
    assert created(one.rpc(compare("running", "candidate"))) == []
    fault = two.rpc(compare("running", "intended", point.format("last-update"))).fault
    assert fault.tag == "bad-element"

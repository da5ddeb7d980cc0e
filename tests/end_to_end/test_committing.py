"""validate, commit, discard-changes, copy-config and delete-config over the wire."""

import pytest

from tests.end_to_end.client import RawSession
from tests.end_to_end.gateway import Gateway, binding, description, eventually, policy, qos


def copy_config(session: RawSession, source: str, target: str) -> bool:
    answer = session.rpc(
        f"<copy-config><target><{target}/></target><source>{source}</source></copy-config>"
    )
    return answer.ok


def test_commit_makes_the_candidate_running(session: RawSession) -> None:
    session.edit(description("one"))
    session.commit()
    assert session.get_config("running").value("policy/description") == "one"
    assert session.get_config("candidate").value("policy/description") == "one"


def test_commit_that_changes_nothing_is_ok_and_applies_nothing(
    gateway: Gateway, session: RawSession
) -> None:
    session.edit(description("one"))
    session.commit()
    before = session.get(qos("<dataplane><last-apply/></dataplane>")).shown
    session.commit()
    session.edit(description("one"))
    session.commit()
    assert session.get(qos("<dataplane><last-apply/></dataplane>")).shown == before


def test_an_edit_and_its_undoing_leave_the_candidate_unmodified(session: RawSession) -> None:
    session.edit(description("one"), "running")
    session.edit(description("two"))
    session.edit(description("one"))
    assert session.lock().ok  # a modified candidate could not be locked
    assert session.unlock().ok


def test_a_failed_commit_keeps_the_candidate_and_running(session: RawSession) -> None:
    session.edit(description("before"), "running")
    session.edit(description("after"))
    session.edit(qos(binding("eth0", "nobody")))
    fault = session.rpc("<commit/>").fault
    assert (fault.tag, fault.app_tag) == ("data-missing", "instance-required")
    assert "nobody" in fault.message
    assert session.get_config("running").value("policy/description") == "before"
    assert session.get_config("candidate").value("policy/description") == "after"
    session.edit(qos(policy("nobody", 1)))
    session.commit()
    assert session.get_config("running").value("policy-group") == "nobody"


def test_validate_tells_everything_that_is_wrong_in_one_reply(session: RawSession) -> None:
    session.edit(qos(binding("eth0", "nobody")))
    session.edit(qos(policy("p", 1, "<template>none</template>")))
    both = "<inbound><service-class>af1</service-class><inherit-plain/></inbound>"
    session.edit(qos(policy("q", 1, both)))
    for request in ("<validate><source><candidate/></source></validate>", "<commit/>"):
        faults = session.rpc(request).faults
        assert sorted(fault.app_tag or "" for fault in faults) == [
            "instance-required",
            "instance-required",
            "service-class-conflict",
        ]
        assert all(fault.path and fault.message for fault in faults)


def test_validate_of_running_and_of_a_given_configuration(session: RawSession) -> None:
    session.do("<validate><source><running/></source></validate>")
    good, bad = qos(policy("p", 1)), qos(binding("eth0", "nobody"))
    session.do(f"<validate><source><config>{good}</config></source></validate>")
    fault = session.rpc(f"<validate><source><config>{bad}</config></source></validate>").fault
    assert fault.app_tag == "instance-required"
    assert session.get_config("candidate").shown == ""


def test_discard_changes_makes_the_candidate_what_running_is(session: RawSession) -> None:
    session.edit(description("kept"), "running")
    session.edit(description("dropped"))
    session.do("<discard-changes/>")
    assert session.get_config("candidate").value("policy/description") == "kept"
    session.do("<discard-changes/>")


def test_discard_changes_drops_what_another_session_edited(
    gateway: Gateway, session: RawSession
) -> None:
    session.edit(description("mine"))
    gateway.session().do("<discard-changes/>")
    assert session.get_config("candidate").shown == ""


def test_copy_config_from_a_given_configuration(session: RawSession) -> None:
    for target in ("candidate", "running"):
        session.edit(qos(policy("gone", 1)), target)
        assert copy_config(session, f"<config>{qos(policy('new', 1))}</config>", target)
        assert session.get_config(target).values("policy/name") == ["new"]


def test_copy_config_between_datastores(session: RawSession) -> None:
    session.edit(description("one"))
    assert copy_config(session, "<candidate/>", "running")
    assert session.get_config("running").value("policy/description") == "one"
    session.edit(description("two"))
    assert copy_config(session, "<running/>", "candidate")
    assert session.get_config("candidate").value("policy/description") == "one"
    assert session.lock().ok  # the candidate counts as unmodified again
    assert session.unlock().ok


def test_copy_config_of_what_is_not_valid_does_not_reach_running(session: RawSession) -> None:
    session.edit(description("kept"), "running")
    bad = qos(binding("eth0", "nobody"))
    assert not copy_config(session, f"<config>{bad}</config>", "running")
    assert session.get_config("running").value("policy/description") == "kept"
    assert session.get_config("running").values("interface") == []


def test_copy_config_onto_itself_is_invalid_value(session: RawSession) -> None:
    for name in ("candidate", "running"):
        fault = session.rpc(
            f"<copy-config><target><{name}/></target><source><{name}/></source></copy-config>"
        ).fault
        assert fault.tag == "invalid-value"


@pytest.mark.parametrize("name", ["candidate", "running"])
def test_delete_config_is_refused_with_what_to_do_instead(session: RawSession, name: str) -> None:
    session.edit(description("kept"), "running")
    fault = session.rpc(f"<delete-config><target><{name}/></target></delete-config>").fault
    assert (fault.type, fault.tag) == ("protocol", "operation-not-supported")
    assert "use <" in fault.message
    assert session.get_config("running").value("policy/description") == "kept"


def test_startup_is_refused_with_the_reason(session: RawSession) -> None:
    fault = session.rpc(
        "<copy-config><target><startup/></target><source><running/></source></copy-config>"
    ).fault
    assert fault.tag == "operation-not-supported"
    assert "every commit is kept" in fault.message


def test_a_url_is_refused(session: RawSession) -> None:
    fault = session.rpc(
        "<edit-config><target><candidate/></target><url>file:///etc/passwd</url></edit-config>"
    ).fault
    assert fault.tag == "operation-not-supported"


def test_commit_changes_a_live_tunnel_at_once(gateway: Gateway, session: RawSession) -> None:
    gateway.establish(session)
    session.edit(qos(policy("p", 1, "<outbound><dscp>ef</dscp></outbound>") + binding("eth0", "p")))
    assert gateway.sends(session).value("outer-dscp") == "0"
    session.commit()
    assert gateway.sends(session).value("outer-dscp") == "46"
    counted = gateway.tunnel(session)
    assert counted.value("counters/outbound/conform-packets") == "1"  # without a policy none


def test_candidate_of_two_sessions_is_one(gateway: Gateway) -> None:
    one, two = gateway.session(), gateway.session()
    one.edit(description("of one"))
    two.edit(qos("<global><df-bit>set</df-bit></global>"))
    two.commit()
    assert one.get_config("running").value("policy/description") == "of one"
    eventually(lambda: one.get_config("running").value("global/df-bit") == "set")

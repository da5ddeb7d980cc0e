"""``<edit-config>`` over the wire: every default-operation, test-option and error-option."""

import pytest

from tests.end_to_end.client import RawSession
from tests.end_to_end.gateway import OPERATION, Gateway, binding, description, policy, qos

TARGETS = pytest.mark.parametrize("target", ["candidate", "running"])


@TARGETS
def test_merge_keeps_what_is_there(session: RawSession, target: str) -> None:
    session.edit(qos("<global><df-bit>clear</df-bit></global>"), target)
    session.edit(
        qos("<global><fragment-aging-time>6000</fragment-aging-time></global>"),
        target,
        default_operation="merge",
    )
    assert session.get_config(target).shown == (
        "<ipsec-qos>\n"
        "  <global>\n"
        "    <df-bit>clear</df-bit>\n"
        "    <fragment-aging-time>6000</fragment-aging-time>\n"
        "  </global>\n"
        "</ipsec-qos>\n"
    )


@TARGETS
def test_replace_as_default_replaces_the_whole_datastore(session: RawSession, target: str) -> None:
    session.edit(qos(policy("gone", 1)), target)
    session.edit(qos(policy("kept", 2)), target, default_operation="replace")
    assert session.get_config(target).values("policy/name") == ["kept"]


@TARGETS
def test_none_as_default_changes_only_what_says_so(session: RawSession, target: str) -> None:
    session.edit(qos(policy("p", 1, "<df-bit>clear</df-bit>")), target)
    content = f'<df-bit>set</df-bit><description {OPERATION}="create">new</description>'
    session.edit(qos(policy("p", 1, content)), target, default_operation="none")
    assert session.get_config(target).values("policy/df-bit") == ["clear"]
    assert session.get_config(target).values("policy/description") == ["new"]


@TARGETS
def test_none_as_default_needs_the_nodes_on_the_way(session: RawSession, target: str) -> None:
    content = f'<description {OPERATION}="create">new</description>'
    fault = session.edit_config(
        target, qos(policy("p", 1, content)), default_operation="none"
    ).fault
    assert fault.tag == "data-missing"
    assert fault.path is not None and "[iq:name='p'][iq:sequence-number='1']" in fault.path


@TARGETS
def test_create_of_what_exists_is_data_exists(session: RawSession, target: str) -> None:
    create = qos(policy("p", 1, "<df-bit>set</df-bit>", f'{OPERATION}="create"'))
    session.edit(create, target)
    fault = session.edit_config(target, create).fault
    assert (fault.type, fault.tag) == ("application", "data-exists")
    assert fault.path == (
        "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='p'][iq:sequence-number='1']"
    )


@TARGETS
def test_delete_of_what_is_not_there_is_data_missing(session: RawSession, target: str) -> None:
    fault = session.edit_config(target, qos(policy("p", 1, "", f'{OPERATION}="delete"'))).fault
    assert (fault.type, fault.tag) == ("application", "data-missing")


@TARGETS
def test_remove_of_what_is_not_there_is_ok(session: RawSession, target: str) -> None:
    session.edit(qos(policy("p", 1, "", f'{OPERATION}="remove"')), target)
    assert session.get_config(target).shown == ""


@TARGETS
def test_delete_takes_an_entry_and_leaves_the_others(session: RawSession, target: str) -> None:
    session.edit(qos(policy("p", 1)), target)
    session.edit(qos(policy("p", 2)), target)
    session.edit(qos(policy("p", 1, "", f'{OPERATION}="delete"')), target)
    assert session.get_config(target).values("policy/sequence-number") == ["2"]


@TARGETS
def test_replace_of_an_entry_drops_its_other_leafs(session: RawSession, target: str) -> None:
    session.edit(qos(policy("p", 1, "<df-bit>set</df-bit>")), target)
    content = "<fragmentation>before-encryption</fragmentation>"
    session.edit(qos(policy("p", 1, content, f'{OPERATION}="replace"')), target)
    assert session.get_config(target).values("policy/df-bit") == []
    assert session.get_config(target).values("policy/fragmentation") == ["before-encryption"]


@TARGETS
def test_operations_nest_within_a_merge(session: RawSession, target: str) -> None:
    limit = "<speed-limit><rate>100</rate><ike>true</ike></speed-limit>"
    session.edit(qos(policy("p", 1, f"<inbound>{limit}<dscp>ef</dscp></inbound>")), target)
    content = (
        f'<inbound><speed-limit {OPERATION}="replace"><rate>200</rate></speed-limit>'
        f'<dscp {OPERATION}="delete"/><service-class {OPERATION}="create">af1</service-class>'
        "</inbound>"
    )
    session.edit(qos(policy("p", 1, content)), target)
    shown = session.get_config(target)
    assert shown.value("inbound/speed-limit/rate") == "200"
    assert shown.values("speed-limit/ike") == []
    assert shown.values("inbound/dscp") == []
    assert shown.value("inbound/service-class") == "af1"


@TARGETS
def test_another_case_of_a_choice_evicts_the_first(session: RawSession, target: str) -> None:
    first = (
        "<tunnel-selector><connection>a</connection><connection>b</connection></tunnel-selector>"
    )
    second = "<tunnel-selector><if-id>7</if-id></tunnel-selector>"
    session.edit(qos(policy("p", 1, first)), target)
    session.edit(qos(policy("p", 1, second)), target)
    assert session.get_config(target).values("tunnel-selector/connection") == []
    assert session.get_config(target).value("tunnel-selector/if-id") == "7"


@TARGETS
def test_test_only_judges_and_changes_nothing(session: RawSession, target: str) -> None:
    good, bad = qos(policy("p", 1)), qos(binding("eth0", "nobody"))
    assert session.edit_config(target, good, test_option="test-only").ok
    fault = session.edit_config(target, bad, test_option="test-only").fault
    assert (fault.tag, fault.app_tag) == ("data-missing", "instance-required")
    assert session.get_config(target).shown == ""


@TARGETS
@pytest.mark.parametrize("option", ["set", "test-then-set"])
def test_other_test_options_set(session: RawSession, target: str, option: str) -> None:
    session.edit(qos(policy("p", 1)), target, test_option=option)
    assert session.get_config(target).value("policy/name") == "p"


@TARGETS
@pytest.mark.parametrize("option", ["stop-on-error", "continue-on-error", "rollback-on-error"])
def test_an_edit_is_all_or_nothing_whatever_error_option_says(
    session: RawSession, target: str, option: str
) -> None:
    both = policy("good", 1) + f'<global><df-bit {OPERATION}="delete"/></global>'
    answer = session.edit_config(target, qos(both), error_option=option)
    assert answer.fault.tag == "data-missing"
    assert session.get_config(target).shown == ""


def test_options_come_in_any_order_with_blanks_around(session: RawSession) -> None:
    session.do(
        f"<edit-config><config>{qos(policy('p', 1))}</config><test-option>\n set\n </test-option>"
        "<error-option> rollback-on-error\n</error-option>"
        "<default-operation>\n  merge\n</default-operation>"
        "<target>\n <candidate/>\n</target></edit-config>"
    )
    assert session.get_config("candidate").value("policy/name") == "p"


@pytest.mark.parametrize("option", ["default_operation", "test_option", "error_option"])
def test_an_unknown_option_is_invalid_value(session: RawSession, option: str) -> None:
    fault = session.edit_config("candidate", qos(""), **{option: "perhaps"}).fault
    assert fault.tag == "invalid-value"
    assert fault.info == {"bad-element": option.replace("_", "-")}
    assert "perhaps" in fault.message


def test_an_unknown_edit_operation_is_bad_attribute(session: RawSession) -> None:
    fault = session.edit_config("candidate", qos(policy("p", 1, "", f'{OPERATION}="shake"'))).fault
    assert (fault.tag, fault.info["bad-attribute"]) == ("bad-attribute", "operation")
    assert "shake" in fault.message


def test_an_operation_without_its_namespace_is_told_how_to_write_it(session: RawSession) -> None:
    fault = session.edit_config("candidate", qos(policy("p", 1, "", 'operation="delete"'))).fault
    assert fault.tag == "unknown-attribute"
    assert "nc:operation" in fault.message


def test_the_candidate_may_hold_what_is_not_valid_yet(session: RawSession) -> None:
    session.edit(qos(binding("eth0", "later")))
    session.edit(qos(policy("later", 1)))
    session.commit()
    assert session.get_config("running").value("interface-binding/policy-group") == "later"


def test_running_must_be_valid_at_once(session: RawSession) -> None:
    fault = session.edit_config("running", qos(binding("eth0", "nobody"))).fault
    assert fault.app_tag == "instance-required"
    assert session.get_config("running").shown == ""


def test_an_edit_of_running_is_a_commit_of_its_own(gateway: Gateway, session: RawSession) -> None:
    gateway.establish(session)
    limit = "<outbound><speed-limit><rate>1000</rate></speed-limit></outbound>"
    session.edit(qos(policy("p", 1, limit) + binding("eth0", "p")), "running")
    assert gateway.tunnel(session).value("outbound/speed-limit/rate") == "1000"
    assert session.get_config("candidate").value("policy/name") == "p"


def test_an_edit_of_running_leaves_edits_of_the_candidate(session: RawSession) -> None:
    session.edit(description("mine"))
    session.edit(qos("<global><df-bit>set</df-bit></global>"), "running")
    assert session.get_config("candidate").values("policy/description") == ["mine"]
    assert session.get_config("running").values("policy/description") == []


def test_values_come_back_as_entered(session: RawSession) -> None:
    session.edit(qos(policy("p", 1, "<outbound><dscp>af11</dscp></outbound>")), "running")
    session.edit(qos(policy("p", 2, "<outbound><dscp>10</dscp></outbound>")), "running")
    assert session.get_config("running").values("outbound/dscp") == ["af11", "10"]


def test_text_of_any_script_survives(session: RawSession) -> None:
    text = "Grüße &amp; 東京 &lt;1&gt; ]]&gt;]]&gt; \U0001f680"
    session.edit(description(text), "running")
    answer = session.get_config("running")
    assert answer.value("policy/description") == "Grüße & 東京 <1> ]]>]]> \U0001f680"
    assert answer.text.isascii()


def test_entries_are_shown_in_the_order_of_their_keys(session: RawSession) -> None:
    for name, number in (("b", 10), ("a", 3), ("b", 9), ("a", 20)):
        session.edit(qos(policy(name, number)))
    shown = session.get_config("candidate")
    assert shown.values("policy/name") == ["a", "a", "b", "b"]
    assert shown.values("policy/sequence-number") == ["3", "20", "9", "10"]


def test_an_empty_edit_is_ok(session: RawSession) -> None:
    session.edit("")
    session.edit(qos(""), "running")
    assert session.get_config("running").shown == ""

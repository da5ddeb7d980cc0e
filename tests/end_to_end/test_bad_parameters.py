"""Requests whose form hides what was meant: told, and not done as if it had not been said."""

import pytest

from tests.end_to_end.client import RawSession
from tests.end_to_end.events import NOTIFICATION
from tests.end_to_end.gateway import Gateway, description, qos
from tests.end_to_end.test_nmda import DS, NMDA

HISTORY = "urn:ipsec-qos:yang:netconf-commit-history"


@pytest.mark.parametrize(
    ("request_text", "name", "text"),
    [
        ("<commit>confirmed</commit>", "commit", "'confirmed'"),
        ("<commit><confirmed/>60</commit>", "commit", "'60'"),
        ("<discard-changes> now </discard-changes>", "discard-changes", "'now'"),
        ("<lock><target><running/></target>please</lock>", "lock", "'please'"),
        (f'<rollback xmlns="{HISTORY}">to <to>0</to></rollback>', "rollback", "'to'"),
    ],
)
def test_text_between_parameters_is_refused_and_nothing_is_done(
    gateway: Gateway, session: RawSession, request_text: str, name: str, text: str
) -> None:
    session.edit(description("mine"))
    fault = session.rpc(request_text).fault
    assert (fault.type, fault.tag) == ("protocol", "bad-element")
    assert fault.info == {"bad-element": name}
    assert text in fault.message
    assert session.get_config("running").values("policy/description") == []
    assert session.get_config("candidate").values("policy/description") == ["mine"]
    other = gateway.session()
    other.do("<lock><target><running/></target></lock>")


def test_blanks_and_comments_between_parameters_are_taken(session: RawSession) -> None:
    session.edit(description("mine"))
    session.do("<commit> <!-- for two minutes -->\n  <confirmed/>\t</commit>")
    session.do("<cancel-commit>\n</cancel-commit>")


def test_a_parameter_of_another_module_is_told_with_its_namespace(session: RawSession) -> None:
    """The comment of a commit is of our module, and so is not found in NETCONF's namespace."""
    fault = session.rpc("<commit><comment>ticket 1</comment></commit>").fault
    assert (fault.tag, fault.info) == ("unknown-element", {"bad-element": "comment"})
    assert f'did you mean <comment xmlns="{HISTORY}">?' in fault.message


def test_select_without_its_type_is_refused_and_not_taken_for_an_empty_subtree(
    session: RawSession,
) -> None:
    """RFC 6241, section 8.9.5: select is there where the type is xpath."""
    for kind in ("", 'type="subtree"'):
        fault = session.rpc(f'<get><filter {kind} select="/ipsec-qos"/></get>').fault
        assert fault.tag == "bad-attribute"
        assert fault.info == {"bad-attribute": "select", "bad-element": "filter"}
        assert "type='xpath'" in fault.message


@pytest.mark.parametrize(
    ("request_text", "instead"),
    [
        ("<get><filter>/ipsec-qos</filter></get>", "select, with type='xpath'"),
        ('<get><filter type="subtree"> //policy </filter></get>', "select, with type='xpath'"),
        (
            "<get-config><source><running/></source>"
            f"<filter>{qos('')}or this</filter></get-config>",
            "select, with type='xpath'",
        ),
        (
            f'<get-data xmlns="{NMDA}" xmlns:ds="{DS}"><datastore>ds:running</datastore>'
            "<subtree-filter>/ipsec-qos</subtree-filter></get-data>",
            "<xpath-filter>",
        ),
        (
            f'<create-subscription xmlns="{NOTIFICATION}"><filter>/tunnel-up</filter>'
            "</create-subscription>",
            "select, with type='xpath'",
        ),
    ],
)
def test_text_in_a_subtree_filter_is_refused_and_not_taken_for_nothing(
    session: RawSession, request_text: str, instead: str
) -> None:
    fault = session.rpc(request_text).fault
    assert fault.tag == "bad-element"
    assert instead in fault.message


@pytest.mark.parametrize("name", ["config", "data"])
def test_what_holds_the_configuration_is_told_from_the_configuration(
    session: RawSession, name: str
) -> None:
    """What get-config answered, or a file that a client puts into ``<config>`` once more."""
    fault = session.edit_config("candidate", f"<{name}>{description('x')}</{name}>").fault
    assert fault.tag == "unknown-namespace"
    assert f"give what is in <{name}>" in fault.message


@pytest.mark.parametrize("target", ["candidate", "running"])
def test_an_entry_without_its_first_key_is_told_by_the_others(
    session: RawSession, target: str
) -> None:
    entry = "<policies><policy><sequence-number>7</sequence-number></policy></policies>"
    fault = session.edit_config(target, qos(entry)).fault
    assert (fault.tag, fault.info) == ("missing-element", {"bad-element": "name"})
    assert fault.path == "/iq:ipsec-qos/iq:policies/iq:policy[iq:sequence-number='7']"

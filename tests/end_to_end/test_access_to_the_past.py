"""Access control and the history: nobody compares or returns to what it may not read or change."""

import pytest

from tests.end_to_end.gateway import policy, qos
from tests.end_to_end.house import HIDE, House, denied, path_rule
from tests.end_to_end.test_history import compare, edit_of, newest, rollback
from tests.server.nacm.gate import rule

PAST = rule("past", "permit", module_name="netconf-commit-history", rpc_name="*")
POLICIES = path_rule("policies", "/iq:ipsec-qos/iq:policies", "permit")


def both(open_text: str, hidden_text: str) -> str:
    """An edit of a policy that all may read, and of one that the viewer may not."""
    return qos(
        policy("p", 1, f"<description>{open_text}</description>").replace(
            "</policies>",
            "<policy><name>secret</name><sequence-number>1</sequence-number>"
            f"<description>{hidden_text}</description></policy></policies>",
        )
    )


@pytest.fixture
def past(house: House) -> tuple[House, int]:
    """A house whose viewer may use the history, and the commit before the last."""
    house.rules(HIDE, PAST, POLICIES)
    house.admin.edit(both("one", "hidden one"), "running")
    number = newest(house.admin)
    house.admin.edit(both("two", "hidden two"), "running")
    return house, number


def test_without_a_rule_nobody_compares_and_rollback_takes_the_right_to_edit(house: House) -> None:
    assert denied(compare(house.viewer, 0)) == ("protocol", None)
    faults = rollback(house.viewer, 0).faults
    assert {(each.type, each.tag) for each in faults} == {("application", "access-denied")}
    number = newest(house.viewer)
    assert rollback(house.viewer, number).ok  # Nothing differs.


def test_a_comparison_has_what_may_be_read(past: tuple[House, int]) -> None:
    house, number = past
    assert "hidden one" in edit_of(compare(house.admin, newest(house.admin), number))
    for one, other in ((number, None), (newest(house.admin), number), (0, number)):
        answer = compare(house.viewer, one, other)
        assert "<name>p</name>" in edit_of(answer)
        assert b"secret" not in answer.text
        assert b"hidden" not in answer.text


def test_a_rollback_takes_the_rights_to_all_that_differs(past: tuple[House, int]) -> None:
    """As an edit of the candidate does (RFC 8341, section 3.2.4); else nothing is done."""
    house, number = past
    before = house.admin.get_config("candidate").shown
    answer = rollback(house.viewer, number)
    assert denied(answer) == ("application", None)
    assert b"secret" not in answer.text
    assert house.admin.get_config("candidate").shown == before
    assert rollback(house.admin, number).ok


def test_a_rollback_that_concerns_nothing_hidden_leaves_it_as_it_is(
    past: tuple[House, int],
) -> None:
    house, _ = past
    for text in ("three", "four"):
        house.admin.edit(qos(policy("p", 1, f"<description>{text}</description>")), "running")
    assert rollback(house.viewer, newest(house.viewer) - 1).ok
    house.viewer.commit()
    descriptions = house.admin.get_config("running").values("policy/description")
    assert descriptions == ["three", "hidden two"]

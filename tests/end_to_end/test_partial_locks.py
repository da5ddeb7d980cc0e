"""Partial locks of running (RFC 5717)."""

import pytest

from tests.end_to_end.client import MONITORING, Answer, RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import (
    OPERATION,
    QOS,
    Gateway,
    binding,
    description,
    eventually,
    policy,
    qos,
)
from tests.end_to_end.house import HIDE, House
from tests.end_to_end.privates import private_session, update

PARTIAL = "urn:ietf:params:xml:ns:netconf:partial-lock:1.0"
POLICIES = "/iq:ipsec-qos/iq:policies"
P = f"{POLICIES}/iq:policy[iq:name='p'][iq:sequence-number='1']"
CONFIRMED = "<commit><confirmed/><confirm-timeout>60</confirm-timeout></commit>"


def lock(*selects: str) -> str:
    inside = "".join(f'<select xmlns:iq="{QOS}">{each}</select>' for each in selects)
    return f'<partial-lock xmlns="{PARTIAL}">{inside}</partial-lock>'


def unlock(lock_id: str) -> str:
    return f'<partial-unlock xmlns="{PARTIAL}"><lock-id>{lock_id}</lock-id></partial-unlock>'


def locked(session: RawSession, *selects: str) -> tuple[str, list[str]]:
    """Lock what must be to be had; return the lock's id and its nodes."""
    answer = session.rpc(lock(*selects))
    assert not answer.faults, answer.text
    return answer.value("lock-id"), answer.values("locked-node")


def refused(answer: Answer, holder: RawSession, path: str) -> None:
    fault = answer.fault
    assert (fault.type, fault.tag, fault.app_tag) == ("protocol", "in-use", "locked"), answer.text
    assert fault.info == {"session-id": str(holder.id)}
    assert fault.path == path
    assert f"of session {holder.id} (admin@127.0.0.1) since 20" in fault.message


@pytest.fixture
def holder(gateway: Gateway) -> RawSession:
    """A session, where running has the policies p and q."""
    session = gateway.session()
    data = policy("p", 1, "<description>one</description>") + binding("eth0", "p")
    session.edit(qos(data), "running")
    session.edit(qos(policy("q", 1)), "running")
    return session


def test_the_server_offers_it(session: RawSession) -> None:
    assert "urn:ietf:params:netconf:capability:partial-lock:1.0" in session.capabilities


def test_locked_nodes_are_told_as_instance_identifiers(holder: RawSession) -> None:
    _, nodes = locked(holder, f"{POLICIES}/iq:policy", "//iq:interface-binding/iq:policy-group")
    assert nodes == [
        P,
        P.replace("'p'", "'q'"),
        "/iq:ipsec-qos/iq:interface-bindings/iq:interface-binding[iq:interface='eth0']"
        "/iq:policy-group",
    ]


def test_others_cannot_change_what_is_locked_and_may_change_all_else(
    holder: RawSession, gateway: Gateway, session: RawSession
) -> None:
    locked(holder, f"{POLICIES}/iq:policy[iq:name='p']")
    private = private_session(gateway)
    refused(session.edit_config("running", description("two")), holder, P)
    for each in (session, private):
        each.edit(description("two"))
        refused(each.rpc("<commit/>"), holder, P)
        each.do("<discard-changes/>")
    private.do(update())
    gone = qos(policy("p", 1, attributes=f"{OPERATION}='delete'"))
    session.edit(qos(binding("eth0", "q")))
    session.edit(gone)
    refused(session.rpc("<commit/>"), holder, P)
    session.do("<discard-changes/>")
    inside = qos(policy("p", 1, "<outbound><dscp>46</dscp></outbound>"))
    refused(session.edit_config("running", inside), holder, P)
    refused(
        session.rpc(
            "<copy-config><target><running/></target><source><config/></source></copy-config>"
        ),
        holder,
        P,
    )
    session.edit(qos(policy("q", 1, "<description>free</description>")))
    session.edit(qos(policy("r", 1)))
    session.commit()
    holder.edit(description("two"))
    holder.commit()
    assert session.get_config("running").values("policy/description") == ["two", "free"]


def test_a_leaf_is_locked_and_its_neighbours_are_not(
    holder: RawSession, session: RawSession
) -> None:
    locked(holder, f"{P}/iq:description")
    session.edit(qos(policy("p", 1, "<df-bit>set</df-bit>")), "running")
    at = f"{P}/iq:description"
    refused(session.edit_config("running", description("two")), holder, at)
    gone = qos(policy("p", 1, attributes=f"{OPERATION}='delete'") + binding("eth0", "q"))
    refused(session.edit_config("running", gone), holder, at)


def test_a_container_is_locked_with_what_comes_into_it(
    holder: RawSession, session: RawSession
) -> None:
    locked(holder, POLICIES)
    refused(session.edit_config("running", qos(policy("new", 1))), holder, POLICIES)
    session.edit(qos(binding("eth1", "q")), "running")


def test_locks_of_two_sessions_do_not_overlap(holder: RawSession, session: RawSession) -> None:
    first, _ = locked(holder, P)
    for select in (P, f"{P}/iq:description", POLICIES, f"{POLICIES}/iq:policy"):
        fault = session.rpc(lock(select)).fault
        assert (fault.tag, fault.info) == ("lock-denied", {"session-id": str(holder.id)})
        assert f"session {holder.id} (admin@127.0.0.1) since 20" in fault.message
    locked(session, f"{POLICIES}/iq:policy[iq:name='q']")
    second, _ = locked(holder, P, f"{P}/iq:description")
    holder.do(unlock(first))
    assert session.rpc(lock(P)).fault.tag == "lock-denied"
    holder.do(unlock(second))
    locked(session, P)


def test_a_partial_lock_and_one_on_running_exclude_each_other(
    holder: RawSession, session: RawSession
) -> None:
    lock_id, _ = locked(holder, P)
    for each in (session, holder):
        fault = each.lock("running").fault
        assert (fault.tag, fault.info) == ("lock-denied", {"session-id": str(holder.id)})
    assert session.lock("candidate").ok
    holder.do(unlock(lock_id))
    assert session.lock("running").ok
    fault = holder.rpc(lock(P)).fault
    assert (fault.tag, fault.info) == ("lock-denied", {"session-id": str(session.id)})


def test_no_lock_while_another_session_has_to_confirm(
    holder: RawSession, session: RawSession
) -> None:
    session.edit(description("tried"))
    session.do(CONFIRMED)
    fault = holder.rpc(lock(P)).fault
    assert (fault.tag, fault.app_tag) == ("lock-denied", "outstanding-confirmed-commit")
    assert fault.info == {"session-id": str(session.id)}
    locked(session, P)
    session.do("<cancel-commit/>")
    assert session.get_config("running").values("policy/description") == ["one"]


def test_unlocking_is_for_ones_own_locks(holder: RawSession, session: RawSession) -> None:
    lock_id, _ = locked(holder, P)
    for answer in (session.rpc(unlock(lock_id)), holder.rpc(unlock("4294967295"))):
        fault = answer.fault
        assert (fault.tag, fault.info) == ("invalid-value", {"bad-element": "lock-id"})
    fault = holder.rpc(f'<partial-unlock xmlns="{PARTIAL}"/>').fault
    assert fault.tag == "missing-element"
    holder.do(unlock(lock_id))
    session.edit(description("two"), "running")


def test_locks_go_with_their_session(
    gateway: Gateway, holder: RawSession, session: RawSession
) -> None:
    other = gateway.session()
    locked(other, P)
    session.do(f"<kill-session><session-id>{other.id}</session-id></kill-session>")
    lost = gateway.session()
    locked(lost, P)
    lost.abort()
    eventually(lambda: session.edit_config("running", description("two")).ok)


@pytest.mark.parametrize(
    ("select", "tag", "app_tag"),
    [
        ("/iq:ipsec-qos/iq:policies/iq:policy[iq:name='no']", "operation-failed", "no-matches"),
        ("count(//iq:policy)", "invalid-value", "not-a-node-set"),
        ("//iq:policy/iq:name/text()", "invalid-value", "not-a-node-set"),
        ("/", "invalid-value", "not-a-node-set"),
        ("/iq:ipsec-qos[", "invalid-value", "invalid-lock-specification"),
    ],
)
def test_what_cannot_be_locked_is_told(
    holder: RawSession, select: str, tag: str, app_tag: str
) -> None:
    fault = holder.rpc(lock(select)).fault
    assert (fault.tag, fault.app_tag) == (tag, app_tag)


def test_a_lock_needs_an_expression(holder: RawSession) -> None:
    assert holder.rpc(lock()).fault.tag == "missing-element"


def test_locks_are_shown_in_the_state(holder: RawSession, session: RawSession) -> None:
    lock_id, nodes = locked(holder, P)
    shown = session.get(f'<netconf-state xmlns="{MONITORING}"><datastores/></netconf-state>')
    assert shown.value("partial-lock/lock-id") == lock_id
    assert shown.value("partial-lock/locked-by-session") == str(holder.id)
    assert shown.value("partial-lock/locked-time").startswith("20")
    assert shown.value("partial-lock/select") == P
    assert len(shown.values("partial-lock/locked-node")) == len(nodes)


def test_there_are_limits(start_server: StartServer) -> None:
    gateway = start_server("[limits]\npartial_locks = 2\npartial_lock_nodes = 3\n")
    session = gateway.session()
    for name in "abcd":
        session.edit(qos(policy(name, 1)), "running")
    one = f"{POLICIES}/iq:policy[iq:name='{{}}']".format
    fault = session.rpc(lock(f"{POLICIES}/iq:policy")).fault
    assert fault.tag == "resource-denied"
    assert "partial_lock_nodes" in fault.message
    locked(session, one("a"))
    lock_id, _ = locked(session, one("b"))
    fault = session.rpc(lock(one("c"))).fault
    assert fault.tag == "resource-denied"
    assert "partial_locks" in fault.message
    session.do(unlock(lock_id))
    locked(session, one("c"))


def test_all_expressions_of_a_request_together_are_limited(start_server: StartServer) -> None:
    session = start_server("[limits]\nxpath_visits = 5000\n").session()
    session.edit(qos(policy("p", 1)), "running")
    locked(session, *[P] * 5)
    fault = session.rpc(lock(*[P] * 6)).fault
    assert fault.tag == "resource-denied"
    assert "5,000" in fault.message


def test_what_may_not_be_read_cannot_be_locked(house: House) -> None:
    house.rules(HIDE)
    secret = f"{POLICIES}/iq:policy[iq:name='secret']"
    for select in (secret, "//iq:policy[iq:description='hidden']"):
        assert house.viewer.rpc(lock(select)).fault.app_tag == "no-matches"
    assert locked(house.viewer, f"{POLICIES}/iq:policy")[1] == [P]
    assert len(locked(house.admin, secret)[1]) == 1

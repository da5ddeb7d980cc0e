"""XPath filters (RFC 6241, section 8.9) over the wire."""

import pytest

from tests.end_to_end.client import Answer, RawSession
from tests.end_to_end.conftest import StartServer
from tests.end_to_end.gateway import QOS, Gateway, binding, policy, qos

ENTRY = "/q:ipsec-qos/q:policies/q:policy[q:name='a'][q:sequence-number='1']"


def escaped(xpath: str) -> str:
    return xpath.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def selection(xpath: str, declared: str = f'xmlns:q="{QOS}"') -> str:
    return f'<filter type="xpath" {declared} select="{escaped(xpath)}"/>'


def got_config(session: RawSession, xpath: str, source: str = "running") -> Answer:
    return session.rpc(f"<get-config><source><{source}/></source>{selection(xpath)}</get-config>")


def got(session: RawSession, xpath: str) -> Answer:
    return session.rpc(f"<get>{selection(xpath)}</get>")


@pytest.fixture
def three(session: RawSession) -> RawSession:
    """A session of a gateway with three policies."""
    for name, number, rate in (("a", 1, 1000), ("a", 2, 2000), ("b", 1, 3000)):
        limit = f"<inbound><speed-limit><rate>{rate}</rate></speed-limit></inbound>"
        session.edit(qos(policy(name, number, limit)), "running")
    return session


def test_it_is_announced(session: RawSession) -> None:
    assert "urn:ietf:params:netconf:capability:xpath:1.0" in session.capabilities


def test_an_entry_by_its_keys(three: RawSession) -> None:
    for answer in (got_config(three, ENTRY), got(three, ENTRY)):
        assert answer.values("policy/name") == ["a"]
        assert answer.value("speed-limit/rate") == "1000"


def test_selected_leafs_come_with_ancestors_and_keys(three: RawSession) -> None:
    answer = got_config(three, "//q:rate[. > 1500]")
    assert answer.shown.count("<") == answer.shown.count(">")
    assert answer.values("policy/name") == ["a", "b"]
    assert answer.values("policy/sequence-number") == ["2", "1"]
    assert answer.values("speed-limit/rate") == ["2000", "3000"]


def test_a_path_without_prefixes_finds_nodes_of_any_module(three: RawSession) -> None:
    answer = three.rpc(f"<get>{selection('/ipsec-qos/policies/policy[2]/name', '')}</get>")
    assert answer.values("policy/name") == ["a"]
    assert answer.values("policy/sequence-number") == ["2"]


def test_a_prefix_may_be_declared_on_the_rpc(three: RawSession) -> None:
    rpc = (
        f'<rpc xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="1" xmlns:z="{QOS}">'
        '<get><filter type="xpath" select="/z:ipsec-qos/z:policies/z:policy[z:name=\'b\']"/></get>'
        "</rpc>"
    )
    three.send(three.frame(rpc.encode()))
    assert three.read_reply().values("policy/name") == ["b"]


def test_the_attributes_may_be_in_the_namespace_of_the_protocol(three: RawSession) -> None:
    answer = three.rpc(
        '<get-config xmlns:nc="urn:ietf:params:xml:ns:netconf:base:1.0"><source><running/></source>'
        '<filter nc:type="xpath" nc:select="//policy[name=\'b\']/name"/></get-config>'
    )
    assert answer.values("policy/name") == ["b"]


def test_the_candidate_is_read_as_it_is(three: RawSession) -> None:
    three.edit(qos(policy("c", 1)))
    assert got_config(three, "//policy[name='c']", "candidate").values("policy/name") == ["c"]
    assert got_config(three, "//policy[name='c']").values("policy/name") == []


def test_state_is_selected_by_get_only(gateway: Gateway, session: RawSession) -> None:
    session.edit(qos(policy("p", 1) + binding("eth0", "p")), "running")
    gateway.establish(session, "t1")
    gateway.establish(session, "t2", interface="eth1")
    for xpath in (
        "/q:ipsec-qos/q:tunnels/q:tunnel[q:id='t2']/q:status",
        "//q:tunnel[not(q:policy)]/q:status",
        "//q:tunnel[2]/q:status",
    ):
        assert got(session, xpath).values("tunnel/id") == ["t2"]
        assert got(session, xpath).value("tunnel/status") == "no-policy"
        assert got_config(session, xpath).shown == ""


def test_identities_are_compared_by_derivation(session: RawSession) -> None:
    xpath = "//m:session[derived-from-or-self(m:transport, 'm:transport')]/m:session-id"
    declared = 'xmlns:m="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"'
    answer = session.rpc(f"<get>{selection(xpath, declared)}</get>")
    assert str(session.id) in answer.values("session/session-id")
    nothing = session.rpc(
        f"<get>{selection(xpath.replace('m:transport', 'm:yang'), declared)}</get>"
    )
    assert nothing.shown == ""


@pytest.mark.parametrize(
    ("xpath", "says"),
    [
        ("/q:ipsec-qos[", "is no XPath 1.0"),
        ("/x:ipsec-qos", "the prefix 'x' of x:ipsec-qos is not declared"),
        ("/q:ipsec-qos[$v]", "there is no variable $v"),
        ("/q:ipsec-qos[made-up()]", "there is no function made-up()"),
        ("count(//q:policy)", "the XPath gives a number, a filter must select nodes"),
        ("", "is no XPath 1.0"),
    ],
)
def test_a_bad_xpath_is_an_invalid_value(session: RawSession, xpath: str, says: str) -> None:
    for answer in (got(session, xpath), got_config(session, xpath)):
        assert answer.fault.tag == "invalid-value"
        assert says in answer.fault.message


def test_a_filter_without_select_is_told_what_it_lacks(session: RawSession) -> None:
    fault = session.rpc('<get><filter type="xpath"/></get>').fault
    assert (fault.tag, fault.info["bad-attribute"]) == ("missing-attribute", "select")
    assert fault.info["bad-element"] == "filter"


def test_what_evaluating_may_cost_is_a_setting(start_server: StartServer) -> None:
    gateway = start_server("[limits]\nxpath_octets = 3000\nxpath_visits = 1000")
    session = gateway.session()
    for number in range(1, 101):
        session.edit(qos(policy("a", number)))
    session.commit()
    assert got_config(session, ENTRY).values("policy/name") == ["a"]
    octets = got_config(session, "//policy[position() > 1]").fault
    assert (octets.tag, "3000 octets" in octets.message) == ("resource-denied", True)
    session.do("<copy-config><target><running/></target><source><config/></source></copy-config>")
    for number in range(1, 11):
        session.edit(qos(policy("a", number)), "running")
    assert got_config(session, "//policy[2]/name").values("policy/sequence-number") == ["2"]
    visits = got_config(session, "//policy[count(//policy) > 1]").fault
    assert (visits.tag, "the limit is 1,000" in visits.message) == ("resource-denied", True)
    gateway.disconnect()


@pytest.mark.parametrize(("number", "is_found"), [("0" * 5000 + "1", True), ("9" * 5000, False)])
def test_numbers_may_have_thousands_of_digits(
    session: RawSession, number: str, is_found: bool
) -> None:
    session.edit(qos(policy("p", 1)), "running")
    path = f"/ipsec-qos/policies/policy[sequence-number={number}]/name"
    rpc = '<get-config><source><running/></source><filter type="xpath" select="{}"/></get-config>'
    assert session.rpc(rpc.format(path)).values("policies/policy/name") == ["p"] * is_found

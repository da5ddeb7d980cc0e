"""Rpcs and actions of the modules over the wire."""

import pytest

from tests.end_to_end.client import YANG, Answer, RawSession
from tests.end_to_end.gateway import EMBEDDED, Gateway, binding, embedded, policy, qos


def action(session: RawSession, content: str) -> Answer:
    return session.rpc(f'<action xmlns="{YANG}">{qos(content)}</action>')


def clear_counters(session: RawSession, tunnel: str) -> Answer:
    return action(
        session,
        f"<tunnels><tunnel><id>{tunnel}</id><clear-counters/></tunnel></tunnels>",
    )


def test_establish_send_and_remove(gateway: Gateway, session: RawSession) -> None:
    gateway.establish(session, "t1", interface="eth7")
    assert gateway.tunnel(session).value("tunnel/interface") == "eth7"
    answer = gateway.sends(session, count=3, length=500)
    assert answer.value("passed") == "3"
    assert answer.element[0].tag == f"{{{EMBEDDED}}}passed"
    session.do(embedded("remove-tunnel", id="t1"))
    assert gateway.tunnel(session).shown == ""


def test_an_input_leaf_that_is_missing_is_named(session: RawSession) -> None:
    fault = session.rpc(embedded("establish-tunnel", id="t1")).fault
    assert (fault.tag, fault.info["bad-element"]) == ("missing-element", "interface")
    assert fault.path == "/iqe:establish-tunnel"


def test_text_between_the_input_leafs_is_refused(session: RawSession) -> None:
    request = embedded("remove-tunnel", id="t1").replace("<id>", "t2<id>")
    fault = session.rpc(request).fault
    assert (fault.tag, fault.path) == ("bad-element", "/iqe:remove-tunnel")
    assert "'t2'" in fault.message


def test_an_input_leaf_of_the_wrong_type_is_named_with_its_value(session: RawSession) -> None:
    fault = session.rpc(embedded("send-packets", tunnel="t1", direction="sideways")).fault
    assert fault.tag == "invalid-value"
    assert "sideways" in fault.message
    assert fault.path == "/iqe:send-packets/iqe:direction"


def test_an_unknown_input_leaf_is_named(session: RawSession) -> None:
    fault = session.rpc(embedded("remove-tunnel", id="t1", force="true")).fault
    assert (fault.tag, fault.info["bad-element"]) == ("unknown-element", "force")


def test_a_tunnel_that_does_not_exist_is_named(session: RawSession) -> None:
    for request in (
        embedded("remove-tunnel", id="nobody"),
        embedded("send-packets", tunnel="nobody", direction="inbound"),
    ):
        fault = session.rpc(request).fault
        assert fault.tag == "operation-failed"
        assert "nobody" in fault.message


def test_an_action_of_a_list_entry(gateway: Gateway, session: RawSession) -> None:
    gateway.establish(session)
    session.edit(qos(policy("p", 1, "") + binding("eth0", "p")))
    session.commit()
    gateway.sends(session, count=5)
    assert gateway.tunnel(session).value("outbound/conform-packets") == "5"
    answer = clear_counters(session, "t1")
    assert answer.value("discontinuity-time").startswith("20")
    assert str(answer.element[0].tag).startswith("{urn:ipsec-qos:yang:ipsec-qos}")
    assert gateway.tunnel(session).value("outbound/conform-packets") == "0"


def test_an_action_of_an_entry_that_is_not_there_fails(session: RawSession) -> None:
    fault = clear_counters(session, "nobody").fault
    assert "nobody" in fault.message
    assert fault.path == ("/iq:ipsec-qos/iq:tunnels/iq:tunnel[iq:id='nobody']/iq:clear-counters")


def test_the_input_of_an_action_without_input_is_unknown(session: RawSession) -> None:
    answer = action(session, "<dataplane><resynchronize><now/></resynchronize></dataplane>")
    fault = answer.fault
    assert (fault.tag, fault.info) == ("unknown-element", {"bad-element": "now"})
    assert fault.path == "/iq:ipsec-qos/iq:dataplane/iq:resynchronize"


@pytest.mark.parametrize(
    "content",
    [
        "<dataplane><resynchronize/><resynchronize/></dataplane>",
        "<dataplane><resynchronize/></dataplane><dataplane><resynchronize/></dataplane>",
        "<tunnels><tunnel><id>t1</id><clear-counters/></tunnel>"
        "<tunnel><id>t2</id><clear-counters/></tunnel></tunnels>",
        "<tunnels><tunnel><id>t1</id><status/><clear-counters/></tunnel></tunnels>",
    ],
)
def test_one_rpc_invokes_one_action(session: RawSession, content: str) -> None:
    fault = action(session, content).fault
    assert fault.tag == "bad-element"
    assert "two nodes" in fault.message


def test_an_action_of_a_container(session: RawSession) -> None:
    assert action(session, "<dataplane><resynchronize/></dataplane>").value("steps") == "0"


def test_what_hides_which_action_is_meant_is_refused(gateway: Gateway, session: RawSession) -> None:
    for name in ("t1", "t2"):
        gateway.establish(session, name)
    clear = "<tunnels>{}<tunnel>{}<clear-counters/></tunnel></tunnels>".format
    for content, name in (
        (clear("", "<id>t1</id><id>t2</id>"), "id"),
        (clear("", "t1<id>t2</id>"), "tunnel"),
        (clear("t1", "<id>t2</id>"), "tunnels"),
    ):
        fault = action(session, content).fault
        assert (fault.tag, fault.info) == ("bad-element", {"bad-element": name}), content
    fault = session.rpc(f'<action xmlns="{YANG}"><ipsec-qos/></action>').fault
    assert fault.tag == "unknown-namespace"
    assert "xmlns seems to be missing" in fault.message


def test_an_action_without_key_or_without_action_is_refused(session: RawSession) -> None:
    fault = action(session, "<tunnels><tunnel><clear-counters/></tunnel></tunnels>").fault
    assert (fault.tag, fault.info["bad-element"]) == ("missing-element", "id")
    assert action(session, "<dataplane/>").fault.tag == "missing-element"
    assert action(session, "<dataplane><explode/></dataplane>").fault.tag == "unknown-element"


def test_an_rpc_that_nobody_knows_is_not_supported_and_the_session_goes_on(
    session: RawSession,
) -> None:
    fault = session.rpc('<reboot xmlns="urn:example:vendor"/>').fault
    assert fault.tag == "operation-not-supported"
    assert "reboot" in fault.message and "urn:example:vendor" in fault.message
    assert session.is_open()


def test_a_rekey_keeps_bucket_and_counters(gateway: Gateway, session: RawSession) -> None:
    limit = "<outbound><speed-limit><rate>8</rate></speed-limit></outbound>"
    session.edit(qos(policy("p", 1, limit) + binding("eth0", "p")), "running")
    gateway.establish(session)
    first = gateway.sends(session, count=1000)
    assert int(first.value("exceeded")) > 900
    gateway.establish(session)
    assert int(gateway.sends(session, count=100).value("passed")) <= 1
    counted = int(gateway.tunnel(session).value("outbound/exceed-packets"))
    assert counted >= int(first.value("exceeded")) + 99

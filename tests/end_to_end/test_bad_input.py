"""What a client must not send: the right error, or the end of its own session only."""

import pytest

from tests.end_to_end.client import BASE, EOM, Gone, RawSession, chunk
from tests.end_to_end.gateway import (
    OPERATION,
    QOS,
    Gateway,
    binding,
    description,
    policy,
    qos,
    template,
)

CONFLICT = "<inbound><service-class>af1</service-class><inherit-plain/></inbound>"
LIMITED = "<inbound><speed-limit><rate>8</rate></speed-limit></inbound>"


def rpc(content: str, message_id: str = 'message-id="1"', more: str = "") -> bytes:
    return f'<rpc xmlns="{BASE}" {message_id} {more}>{content}</rpc>'.encode()


@pytest.fixture
def bystander(gateway: Gateway) -> RawSession:
    """Another session, with an edit that must not be touched."""
    session = gateway.session()
    session.edit(description("the bystander's"), "running")
    return session


def is_untouched(bystander: RawSession) -> bool:
    return bystander.get_config("running").values("policy/description") == [
        "the bystander's"
    ] and bystander.get_config("candidate").values("policy/name") == ["p"]


# ---- messages that end the session, and nothing else

BROKEN = {
    "malformed": b"<rpc><get></rpc>",
    "text": b"hello?",
    "empty": b" ",
    "dtd": b'<!DOCTYPE x [<!ENTITY e "x">]>' + rpc("<get/>"),
    "entities": b'<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + rpc("<get>&b;</get>"),
    "external": b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + rpc("<get>&a;</get>"),
    "latin-1": b'<?xml version="1.0" encoding="ISO-8859-1"?>' + rpc("<get/>"),
    "no utf-8": rpc("<get>X</get>").replace(b"X", b"\xff\xfe"),
    "control character": rpc("<get>X</get>").replace(b"X", b"\x01"),
    "undeclared entity": rpc("<get>&nbsp;</get>"),
    "undeclared prefix": rpc("<x:get/>"),
    "not an rpc": f'<notification xmlns="{BASE}"/>'.encode(),
    "too deep": rpc("<a>" * 300 + "</a>" * 300),
    "two roots": rpc("<get/>") + rpc("<get/>"),
    "half": rpc("<get/>")[:-7],
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_message_ends_its_own_session_with_malformed_message(
    gateway: Gateway, bystander: RawSession, name: str
) -> None:
    session = gateway.session()
    session.send(chunk(BROKEN[name]))
    fault = session.read_reply().fault
    assert (fault.type, fault.tag) == ("rpc", "malformed-message")
    assert len(fault.message) > 10
    assert session.exit_status() == 1
    assert is_untouched(bystander)


@pytest.mark.parametrize("name", BROKEN)
def test_in_base_1_0_it_ends_its_session_without_an_error_that_1_0_does_not_know(
    gateway: Gateway, bystander: RawSession, name: str
) -> None:
    session = gateway.channel().hello("1.0")
    session.send(BROKEN[name] + EOM)
    with pytest.raises(Gone):
        session.read_message()
    assert is_untouched(bystander)


FRAMINGS = [
    b"<rpc/>",
    b"\n#0\n",
    b"\n#01\n<",
    b"\n#-5\nabcde",
    b"\n#x\n",
    b"\n##\n",
    b"\n#99999999999\n",
    b"\n#4294967296\nabc",
    b"\n#5\nabcdeX",
    b"#5\nabcde\n##\n",
    b"\r\n#5\r\nabcde",
    b"\n#5 \nabcde",
    b"\n#5\n<a/> \n###\n",
    EOM,
]


@pytest.mark.parametrize("data", FRAMINGS)
def test_garbage_instead_of_chunks_ends_its_own_session(
    gateway: Gateway, bystander: RawSession, data: bytes
) -> None:
    session = gateway.session()
    session.send(data)
    assert session.read_reply().fault.tag == "malformed-message"
    assert session.exit_status() == 1
    assert is_untouched(bystander)


def test_half_a_message_and_then_the_end_is_not_performed(
    gateway: Gateway, bystander: RawSession
) -> None:
    edit = rpc(
        "<edit-config><target><running/></target><config>"
        f"{description('half')}</config></edit-config>"
    )
    for cut in (1, 10, len(edit) // 2, len(edit) - 1):
        session = gateway.session()
        session.send(chunk(edit)[: cut + 8])
        session.send_eof()
        with pytest.raises(Gone):
            session.read_message()
        assert is_untouched(bystander)


def test_a_message_that_is_too_long_ends_its_own_session(
    gateway: Gateway, bystander: RawSession
) -> None:
    session = gateway.session()
    session.send(b"\n#9000000\n" + rpc("<get/>")[:-6])
    try:
        for _ in range(90):
            session.send(b"x" * 100_000)
    except (OSError, BrokenPipeError, Gone):
        pass
    answer = session.read_reply()
    assert answer.fault.tag == "too-big"
    assert answer.message_id == "1"
    assert is_untouched(bystander)


@pytest.mark.parametrize(
    "hello",
    [
        b"nonsense",
        b"<hello/>",
        f'<hello xmlns="{BASE}"/>'.encode(),
        f'<hello xmlns="{BASE}"><capabilities/></hello>'.encode(),
        f'<hello xmlns="{BASE}"><capabilities><capability>urn:ietf:params:netconf:base:2.0'
        "</capability></capabilities></hello>".encode(),
        f'<hello xmlns="{BASE}"><capabilities><capability>urn:ietf:params:netconf:base:1.1'
        "</capability></capabilities><session-id>4</session-id></hello>".encode(),
        rpc("<get/>"),
    ],
)
def test_a_hello_that_is_none_ends_its_own_session(
    gateway: Gateway, bystander: RawSession, hello: bytes
) -> None:
    session = gateway.channel()
    session.send(hello + EOM)
    session.take_hello()
    with pytest.raises(Gone):
        session.read_message()
    assert is_untouched(bystander)


# ---- requests that are answered, after which the session goes on

REQUESTS = [
    (rpc("<get/>", ""), "rpc", "missing-attribute", {"bad-attribute": "message-id", "bad-element": "rpc"}),  # noqa: E501
    (rpc(""), "rpc", "missing-element", {"bad-element": "rpc"}),
    (rpc("<get/><get/>"), "rpc", "unknown-element", {"bad-element": "get"}),
    (b'<rpc xmlns="urn:other" message-id="1"><get/></rpc>', "rpc", "unknown-namespace",
     {"bad-element": "rpc", "bad-namespace": "urn:other"}),
    (rpc("<fly/>"), "protocol", "operation-not-supported", {}),
    (rpc('<get xmlns="urn:other"/>'), "protocol", "operation-not-supported", {}),
    (rpc("<get-config/>"), "protocol", "missing-element", {"bad-element": "source"}),
    (rpc("<get-config><source/></get-config>"), "protocol", "missing-element", {"bad-element": "source"}),  # noqa: E501
    (rpc("<get-config><source><running/><candidate/></source></get-config>"), "protocol",
     "bad-element", {"bad-element": "source"}),
    (rpc("<get-config><source><running/></source><source><running/></source></get-config>"),
     "protocol", "bad-element", {"bad-element": "source"}),
    (rpc("<get><colour/></get>"), "protocol", "unknown-element", {"bad-element": "colour"}),
    (rpc('<get><filter type="guess"/></get>'), "protocol", "bad-attribute",
     {"bad-attribute": "type", "bad-element": "filter"}),
    (rpc("<edit-config><target><candidate/></target></edit-config>"), "protocol",
     "missing-element", {"bad-element": "config"}),
    (rpc("<edit-config><config/></edit-config>"), "protocol", "missing-element",
     {"bad-element": "target"}),
    (rpc("<commit><soon/></commit>"), "protocol", "unknown-element", {"bad-element": "soon"}),
    (rpc("<lock/>"), "protocol", "missing-element", {"bad-element": "target"}),
    (rpc("<kill-session/>"), "protocol", "missing-element", {"bad-element": "session-id"}),
    (rpc("<validate/>"), "protocol", "missing-element", {"bad-element": "source"}),
    (rpc("<copy-config><target><candidate/></target></copy-config>"), "protocol",
     "missing-element", {"bad-element": "source"}),
    (rpc('<get-schema xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"/>'),
     "protocol", "missing-element", {"bad-element": "identifier"}),
    (rpc("<get><filter/><filter/></get>"), "protocol", "bad-element", {"bad-element": "filter"}),
    (rpc("<edit-config><target><candidate/></target><target><running/></target><config/>"
         "</edit-config>"), "protocol", "bad-element", {"bad-element": "target"}),
    (rpc(f"<edit-config><target><candidate/></target><x:test-option xmlns:x='urn:x'>test-only"
         f"</x:test-option><config>{description('not this')}</config></edit-config>"),
     "protocol", "unknown-element", {"bad-element": "test-option"}),
    (rpc("<get-config><source><x:running xmlns:x='urn:x'/></source></get-config>"), "protocol",
     "bad-element", {"bad-element": "source"}),
    (rpc("<validate><source><config/><running/></source></validate>"), "protocol",
     "bad-element", {"bad-element": "source"}),
    (rpc("<copy-config><target><candidate/></target><source><config/><running/></source>"
         "</copy-config>"), "protocol", "bad-element", {"bad-element": "source"}),
    (rpc(f"<edit-config><target><candidate/></target><config xmlns:nc='{BASE}'"
         f" nc:operation='replace'>{description('not this')}</config></edit-config>"),
     "protocol", "bad-attribute", {"bad-attribute": "operation", "bad-element": "config"}),
    (rpc("<edit-config><target><candidate/></target><config operation='replace'>"
         f"{description('not this')}</config></edit-config>"),
     "protocol", "bad-attribute", {"bad-attribute": "operation", "bad-element": "config"}),
    (rpc(f"<kill-session><session-id>{'9' * 5000}</session-id></kill-session>"), "protocol",
     "invalid-value", {"bad-element": "session-id"}),
    (rpc("<kill-session><session-id>-1</session-id></kill-session>"), "protocol",
     "invalid-value", {"bad-element": "session-id"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("request_text", "kind", "tag", "info"), REQUESTS, ids=[str(n) for n in range(len(REQUESTS))]
)
def test_a_request_that_cannot_be_performed_is_told_why_and_the_session_goes_on(
    bystander: RawSession, session: RawSession, request_text: bytes, kind: str, tag: str,
    info: dict[str, str],
) -> None:  # fmt: skip
    session.send(session.frame(request_text))
    fault = session.read_reply().fault
    assert (fault.type, fault.tag, fault.info) == (kind, tag, info)
    assert len(fault.message) > 10
    assert session.is_open()
    assert is_untouched(bystander)


# ---- data that does not fit the schema: at edit-config

POLICY = "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='p'][iq:sequence-number='1']"

DATA = [
    # (config, tag, app-tag, path, words of the message)
    ('<x xmlns="urn:none"/>', "unknown-namespace", None, None, ["x", "urn:none"]),
    ("<ipsec-qos/>", "unknown-namespace", None, None, ["ipsec-qos", "xmlns"]),
    (qos("<colour>red</colour>"), "unknown-element", None, "/iq:ipsec-qos", ["colour"]),
    (qos(policy("p", 1, "<colour/>")), "unknown-element", None, POLICY, ["colour"]),
    (qos("<global><df-bit>maybe</df-bit></global>"), "invalid-value", None,
     "/iq:ipsec-qos/iq:global/iq:df-bit", ["maybe", "clear"]),
    (qos("<global><df-bit><clear/></df-bit></global>"), "bad-element", None,
     "/iq:ipsec-qos/iq:global/iq:df-bit", ["df-bit"]),
    (qos("<global><fragment-aging-time>999</fragment-aging-time></global>"), "invalid-value", None,
     "/iq:ipsec-qos/iq:global/iq:fragment-aging-time", ["999", "1000", "60000"]),
    (qos("<global><fragment-aging-time>soon</fragment-aging-time></global>"), "invalid-value", None,
     "/iq:ipsec-qos/iq:global/iq:fragment-aging-time", ["soon"]),
    (qos(policy("p", 1, "<inbound><speed-limit><rate>7</rate></speed-limit></inbound>")),
     "invalid-value", None, f"{POLICY}/iq:inbound/iq:speed-limit/iq:rate", ["7", "8", "4194303"]),
    (qos(policy("p", 1, "<inbound><speed-limit><rate>4194304</rate></speed-limit></inbound>")),
     "invalid-value", None, f"{POLICY}/iq:inbound/iq:speed-limit/iq:rate", ["4194304"]),
    (qos(policy("p", 1, "<outbound><dscp>64</dscp></outbound>")), "invalid-value", None,
     f"{POLICY}/iq:outbound/iq:dscp", ["64"]),
    (qos(policy("p", 1, "<outbound><dscp>AF11</dscp></outbound>")), "invalid-value", None,
     f"{POLICY}/iq:outbound/iq:dscp", ["AF11"]),
    (qos(policy("p", 1, "<outbound><service-class>af5</service-class></outbound>")),
     "invalid-value", None, f"{POLICY}/iq:outbound/iq:service-class", ["af5"]),
    (qos(policy("p", 1, "<inbound><inherit-plain>yes</inherit-plain></inbound>")),
     "invalid-value", None, f"{POLICY}/iq:inbound/iq:inherit-plain", []),
    (qos(policy("p", 1, "<tunnel-selector><remote-prefix>10.0.0/8</remote-prefix></tunnel-selector>")),  # noqa: E501
     "invalid-value", None, f"{POLICY}/iq:tunnel-selector/iq:remote-prefix[.='10.0.0/8']",
     ["10.0.0/8"]),
    (qos(policy("a-name-that-is-too-long", 1)), "invalid-value", None, None, ["a-name-that-is-too-long", "15"]),  # noqa: E501
    (qos(policy("p", 10001)), "invalid-value", None, None, ["10001"]),
    (qos(policy("p", 1, "<df-bit>set</df-bit><df-bit>set</df-bit>")), "bad-element", None,
     f"{POLICY}/iq:df-bit", ["df-bit", "twice"]),
    (qos("<policies><policy><name>p</name></policy></policies>"), "missing-element", None,
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='p']", ["sequence-number"]),
    (qos("<policies><policy><name>q</name><sequence-number>1</sequence-number></policy>"
         "<policy><name>q</name><sequence-number>1</sequence-number></policy></policies>"),
     "bad-element", None, None, ["twice"]),
    (qos(policy("p", 1, "<tunnel-selector><reqid>1</reqid><if-id>2</if-id></tunnel-selector>")),
     "bad-element", None, None, ["choice"]),
    (qos("<tunnels/>"), "unknown-element", None, "/iq:ipsec-qos/iq:tunnels", ["state"]),
    (qos("text"), "bad-element", None, "/iq:ipsec-qos", ["ipsec-qos", "'text'"]),
    (qos(policy("p", 1, "<outbound><speed-limit>100</speed-limit></outbound>")), "bad-element",
     None, f"{POLICY}/iq:outbound/iq:speed-limit", ["speed-limit", "'100'"]),
    (qos(policy("p", 1, "<outbound><dscp>ef</dscp>af11</outbound>")), "bad-element", None,
     f"{POLICY}/iq:outbound", ["outbound", "'af11'"]),
    (qos(policy("p", 1, f'af11<df-bit {OPERATION}="merge">set</df-bit>')), "bad-element", None,
     POLICY, ["policy", "'af11'"]),
    (qos(policy("q", 1, "<outbound><speed-limit>100</speed-limit></outbound>")), "bad-element",
     None, None, ["speed-limit", "'100'"]),
    (qos(policy("p", 1, "<outbound><speedlimit/></outbound>")), "unknown-element", None,
     f"{POLICY}/iq:outbound", ["speedlimit", "did you mean <speed-limit>?"]),
    ('<ipsec-qos xmlns=""/>', "unknown-element", None, None,
     ["without a namespace", f'did you mean <ipsec-qos xmlns="{QOS}">?']),
    (qos(policy("p", 1, '<description colour="red"/>')), "unknown-attribute", None,
     f"{POLICY}/iq:description", ["colour"]),
    (qos(policy("p", 1, '<description xmlns:y="urn:ietf:params:xml:ns:yang:1" y:insert="first"/>')),
     "unknown-attribute", None, f"{POLICY}/iq:description", ["insert", "order"]),
    (qos(policy("p", 1, '<description operation="delete"/>')), "unknown-attribute", None,
     f"{POLICY}/iq:description", ["operation", "nc:operation"]),
]  # fmt: skip


@pytest.mark.parametrize("target", ["candidate", "running"])
@pytest.mark.parametrize(
    ("config", "tag", "app_tag", "path", "words"), DATA, ids=[str(n) for n in range(len(DATA))]
)
def test_data_that_does_not_fit_names_the_node_the_value_and_the_rule(
    bystander: RawSession, session: RawSession, target: str, config: str, tag: str,
    app_tag: str | None, path: str | None, words: list[str],
) -> None:  # fmt: skip
    answer = session.edit_config(target, config)
    fault = answer.fault
    assert (fault.type, fault.tag, fault.app_tag) == ("application", tag, app_tag), answer.text
    if path is not None:
        assert fault.path == path
    assert fault.path
    assert ("bad-element" in fault.info) == (tag not in ("invalid-value", "data-missing"))
    for word in words:
        assert word in fault.message, fault.message
    assert is_untouched(bystander)


# ---- the constraints of the semantics (section 1), at validate and at commit

RULES = [
    # 1: the template must exist; names are disjoint
    (qos(policy("q", 1, "<template>none</template>")), "data-missing", "instance-required",
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='1']/iq:template"),
    (qos(policy("q", 1) + template("q", 1)), "operation-failed", "name-in-use",
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='1']"),
    # 2: at most one reference, at the end of its group
    (qos(policy("q", 2, "<template>t</template>") + template("t", 1)
         + "").replace("</policies>", "<policy><name>q</name><sequence-number>3</sequence-number>"
                       "</policy></policies>"),
     "operation-failed", "template-must-be-last",
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='2']"),
    # 3: no QoS beside a reference
    (qos(policy("q", 2, f"<template>t</template>{LIMITED}") + template("t", 1)),
     "operation-failed", "template-excludes-local",
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='2']"),
    # 4: a group has one interface and exists
    (qos(binding("eth0", "none")), "data-missing", "instance-required",
     "/iq:ipsec-qos/iq:interface-bindings/iq:interface-binding[iq:interface='eth0']/iq:policy-group"),  # noqa: E501
    # 5: a class or inherit-plain
    (qos(policy("q", 1, CONFLICT)), "operation-failed", "service-class-conflict",
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='1']/iq:inbound"),
    (qos(template("q", 1, CONFLICT)), "operation-failed", "service-class-conflict",
     "/iq:ipsec-qos/iq:policy-templates/iq:policy-template[iq:name='q'][iq:sequence-number='1']"
     "/iq:inbound"),
    # a port without a protocol that has ports; the mandatory leafs
    (qos(policy("q", 1, "<tunnel-selector><remote-port>80</remote-port></tunnel-selector>")),
     "operation-failed", "port-needs-protocol",
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='1']"
     "/iq:tunnel-selector/iq:remote-port"),
    (qos(policy("q", 1, "<inbound><speed-limit><ike>true</ike></speed-limit></inbound>")),
     "data-missing", None,
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='1']"
     "/iq:inbound/iq:speed-limit/iq:rate"),
    (qos("<interface-bindings><interface-binding><interface>eth0</interface></interface-binding>"
         "</interface-bindings>"), "data-missing", None,
     "/iq:ipsec-qos/iq:interface-bindings/iq:interface-binding[iq:interface='eth0']/iq:policy-group"),  # noqa: E501
    # 6: what makes fragments, with a selector by port, without defragmentation
    (qos(policy("q", 1, "<tunnel-selector><protocol>6</protocol><remote-port>80</remote-port>"
                "</tunnel-selector><df-bit>clear</df-bit>")),
     "operation-failed", "defragmentation-required",
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='1']"),
    (qos(policy("q", 1, "<tunnel-selector><protocol>6</protocol><remote-port>80</remote-port>"
                "</tunnel-selector>") + "<global><fragmentation>before-encryption</fragmentation></global>"),  # noqa: E501
     "operation-failed", "defragmentation-required",
     "/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='1']"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("config", "tag", "app_tag", "path"), RULES, ids=[f"{n}-{r[2]}" for n, r in enumerate(RULES)]
)
def test_a_broken_rule_is_told_at_validate_and_commit_and_nothing_changes(
    gateway: Gateway, bystander: RawSession, session: RawSession, config: str, tag: str,
    app_tag: str | None, path: str,
) -> None:  # fmt: skip
    session.edit(config)
    before = session.get_config("candidate").shown
    applied = session.get(qos("<dataplane><last-apply/></dataplane>")).shown
    for answer in (
        session.rpc("<validate><source><candidate/></source></validate>"),
        session.rpc("<commit/>"),
        session.edit_config("running", config),
        session.edit_config("running", config, test_option="test-only"),
        session.rpc(f"<validate><source><config>{config}</config></source></validate>"),
        session.rpc(
            "<copy-config><target><running/></target><source><candidate/></source></copy-config>"
        ),
    ):
        fault = answer.fault
        assert (fault.type, fault.tag, fault.app_tag) == ("application", tag, app_tag), answer.text
        assert fault.path == path
        assert len(fault.message.split()) > 3
    assert session.get_config("candidate").shown == before
    assert bystander.get_config("running").values("policy/name") == ["p"]
    assert session.get(qos("<dataplane><last-apply/></dataplane>")).shown == applied


def test_two_references_in_a_group_are_both_named(session: RawSession) -> None:
    session.edit(qos(policy("q", 1, "<template>t</template>") + template("t", 1)))
    session.edit(qos(policy("q", 2, "<template>t</template>")))
    faults = session.rpc("<commit/>").faults
    assert {fault.app_tag for fault in faults} == {"one-template-per-group"}
    assert [fault.path for fault in faults] == [
        f"/iq:ipsec-qos/iq:policies/iq:policy[iq:name='q'][iq:sequence-number='{number}']"
        for number in (1, 2)
    ]


def test_a_group_on_two_interfaces_names_both(session: RawSession) -> None:
    session.edit(qos(policy("q", 1) + binding("eth0", "q")))
    session.edit(qos(binding("eth1", "q")))
    faults = session.rpc("<commit/>").faults
    assert faults
    for fault in faults:
        assert (fault.tag, fault.app_tag) == ("operation-failed", "data-not-unique")
        assert "eth0" in fault.message or "eth1" in fault.message
        assert "non-unique" in fault.info


def test_removing_what_is_referenced_is_refused(session: RawSession) -> None:
    session.edit(qos(policy("q", 1) + binding("eth0", "q")), "running")
    delete = 'xmlns:n="urn:ietf:params:xml:ns:netconf:base:1.0" n:operation="delete"'
    fault = session.edit_config("running", qos(policy("q", 1, "", delete))).fault
    assert (fault.tag, fault.app_tag) == ("data-missing", "instance-required")
    assert fault.path and "interface-binding[iq:interface='eth0']" in fault.path
    assert session.get_config("running").values("policy/name") == ["q"]


def test_a_fault_of_one_session_is_not_one_of_another_on_the_same_connection(
    gateway: Gateway,
) -> None:
    client = gateway.connect()
    broken, sound = client.session(), client.session()
    broken.send(b"garbage")
    assert broken.read_reply().fault.tag == "malformed-message"
    assert broken.exit_status() == 1
    assert sound.is_open()
    assert client.session().is_open()

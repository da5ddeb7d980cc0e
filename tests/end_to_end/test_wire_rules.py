"""The rules that clients' habits make of the wire (CLIENTS 3.3): a test for each, by its number."""

import re

import pytest
from lxml import etree

from tests.end_to_end.client import BASE, EOM, RawSession, chunk, client_hello
from tests.end_to_end.gateway import OPERATION, QOS, Gateway, description, eventually, policy, qos

READ = "<get-config><source><running/></source></get-config>"


def rpc(content: str, attributes: str = 'message-id="1"') -> bytes:
    return f'<rpc xmlns="{BASE}" {attributes}>{content}</rpc>'.encode()


def test_01_hello_comes_at_once_and_the_bytes_behind_the_client_s_are_read(
    gateway: Gateway,
) -> None:
    waiting = gateway.channel()
    assert waiting.take_hello().startswith(b"<hello")
    eager = gateway.channel()
    eager.send(client_hello("1.1") + EOM + chunk(rpc(READ)))
    eager.take_hello()
    eager.chunked = True
    assert eager.read_reply().message_id == "1"


def test_02_our_hello_is_one_line_in_the_default_namespace_with_one_session_id(
    gateway: Gateway,
) -> None:
    text = gateway.channel().take_hello()
    assert text.startswith(f'<hello xmlns="{BASE}"><capabilities><capability>urn:'.encode())
    assert b"\n" not in text
    root = etree.fromstring(text)
    assert len(root.findall(f"{{{BASE}}}session-id")) == 1
    capabilities = [each.text or "" for each in root.iter(f"{{{BASE}}}capability")]
    assert all(re.fullmatch(r"\S+", each) for each in capabilities)
    assert len(capabilities) == len(set(capabilities))


@pytest.mark.parametrize("blank", [b"", b"\n", b"\r\n  ", b'\n<?xml version="1.0"?>\n'])
def test_03_blanks_before_a_message_prefixes_and_base_1_1_alone_are_taken(
    gateway: Gateway, blank: bytes
) -> None:
    prefixed = re.sub(rb"<(/?)", rb"<\1nc:", client_hello("1.1")).replace(b"xmlns=", b"xmlns:nc=")
    session = gateway.channel()
    session.send(blank + prefixed + EOM)
    session.take_hello()
    session.chunked = True
    text = f'<nc:rpc xmlns:nc="{BASE}" message-id="1"><nc:get-config><nc:source><nc:running/>'
    text += "</nc:source></nc:get-config></nc:rpc>"
    session.send(chunk(blank + text.encode()))
    assert session.read_reply().data is not None


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_04_a_message_of_ours_begins_with_an_element(gateway: Gateway, version: str) -> None:
    session = gateway.channel().hello(version)
    for request in (READ, "<fly/>", "<commit/>"):
        session.send_rpc(request)
        assert session.read_message().startswith(b"<rpc-reply ")


def test_05_chunks_are_small_and_ascii(session: RawSession) -> None:
    text = "\u00e4\u20ac\U0001f600" * 60
    entries = "".join(
        f"<policy><name>p{number}</name><sequence-number>1</sequence-number>"
        f"<description>{text}</description></policy>"
        for number in range(400)
    )
    session.edit(qos(f"<policies>{entries}</policies>"), "running")
    answer = session.get_config("running")
    assert answer.text.isascii()
    assert 4096 <= session.longest_chunk <= 65_536
    assert set(answer.values("policy/description")) == {text}


def test_06_not_a_byte_is_between_two_messages(gateway: Gateway) -> None:
    session = gateway.session()
    for number in range(3):
        session.send_rpc(READ, number)
    session.send_eof()
    received = session.rest()
    reply = rb"\n#[1-9]\d*\n<rpc-reply [^\n]*</rpc-reply>\n##\n"
    assert re.fullmatch(reply * 3, received), received


def test_07_each_rpc_has_one_reply_in_order_with_its_message_id_and_nothing_else_comes(
    session: RawSession,
) -> None:
    requests = [READ, "<fly/>", "<commit/>", "<get/>", "<discard-changes/>"] * 10
    for number, request in enumerate(requests):
        session.send_rpc(request, f"id {number}")
    for number in range(len(requests)):
        assert session.read_reply().message_id == f"id {number}"
    session.send_eof()
    assert session.rest() == b""


def test_08_a_reply_is_ok_or_errors_and_never_warns(session: RawSession) -> None:
    session.edit(qos(policy("p", 1, "<template>none</template>")))
    session.edit(qos(policy("q", 1, "<template>none</template>")))
    for request in ("<commit/>", "<validate><source><candidate/></source></validate>"):
        answer = session.rpc(request)
        assert [etree.QName(each).localname for each in answer.element] == ["rpc-error"] * 2
        assert b"<error-severity>warning" not in answer.text
    session.do("<discard-changes/>")


def test_09_root_elements_and_errors_have_no_prefix_whatever_the_client_s(
    session: RawSession,
) -> None:
    session.send(chunk(f'<nc:rpc xmlns:nc="{BASE}" message-id="1"><nc:fly/></nc:rpc>'.encode()))
    text = session.read_message()
    assert text.startswith(b"<rpc-reply ") and b"<rpc-error>" in text and b"<nc:" not in text


def test_10_every_attribute_and_declaration_of_the_rpc_is_echoed(session: RawSession) -> None:
    attributes = 'message-id="" xmlns:v="urn:vendor" v:trace="a&amp;b" colour="red"'
    for _ in range(2):
        session.send(chunk(rpc(READ, attributes)))
        answer = session.read_reply()
        assert dict(answer.element.attrib) == {
            "message-id": "",
            "{urn:vendor}trace": "a&b",
            "colour": "red",
        }
        assert answer.element.nsmap["v"] == "urn:vendor"
    session.send(chunk(rpc(READ, 'colour="red"')))
    answer = session.read_reply()
    assert (answer.fault.type, answer.fault.tag) == ("rpc", "missing-attribute")
    assert answer.fault.info == {"bad-attribute": "message-id", "bad-element": "rpc"}
    assert answer.element.get("colour") == "red"
    assert session.is_open()


@pytest.mark.parametrize("kind", ["", 'type="subtree"', 'nc:type="subtree"'])
def test_11_protocol_elements_in_no_namespace_and_a_type_with_or_without_prefix(
    session: RawSession, kind: str
) -> None:
    session.send(
        chunk(
            f'<nc:rpc xmlns:nc="{BASE}" message-id="1"><nc:edit-config><target><running/></target>'
            f"<config>{description('plain')}</config></nc:edit-config></nc:rpc>".encode()
        )
    )
    assert session.read_reply().ok
    session.send(
        chunk(
            f'<nc:rpc xmlns:nc="{BASE}" message-id="1"><nc:get><filter {kind}>'
            f"{qos('<policies/>')}</filter></nc:get></nc:rpc>".encode()
        )
    )
    assert session.read_reply().value("policy/description") == "plain"


def test_11_names_of_capabilities_are_taken_for_namespaces_and_no_others(
    session: RawSession,
) -> None:
    """As scrapli 2026 writes them (docs/decisions/0020)."""
    source = f"<source><config>{description('plain')}</config></source>"
    name = "urn:ietf:params:xml:ns:netconf:capability:validate:1"
    session.do(f'<validate xmlns="{name}.0">{source}</validate>')
    fault = session.rpc(f'<validate xmlns="{name}.1">{source}</validate>').fault
    assert fault.tag == "operation-not-supported"
    name = "urn:ietf:params:netconf:capability:with-defaults:1"
    with_defaults = '<with-defaults xmlns="{}">{}</with-defaults>'
    asked = f"<get-config><source><running/></source>{with_defaults}</get-config>"
    assert (
        session.rpc(asked.format(f"{name}.0", "trim")).element.find(f"{{{BASE}}}data") is not None
    )
    assert session.rpc(asked.format(f"{name}.0", "all")).fault.tag == "invalid-value"
    assert session.rpc(asked.format(f"{name}.1", "trim")).fault.tag == "unknown-element"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_12_parameters_in_any_order_trimmed_and_remove_in_base_1_0_too(
    gateway: Gateway, version: str
) -> None:
    session = gateway.channel().hello(version)
    config = qos(f'<global {OPERATION}="\n remove "/>')
    session.do(
        f"<edit-config><config>{config}</config><test-option>\n set\n</test-option>"
        "<error-option> rollback-on-error </error-option><default-operation>\n none\n"
        "</default-operation><target> <candidate/> </target></edit-config>"
    )


def test_13_any_prefix_in_scope_and_names_without_one(session: RawSession) -> None:
    session.edit(description("found"), "running")
    declared = f'<rpc xmlns="{BASE}" xmlns:far="{QOS}" message-id="1">'
    wanted = "<far:ipsec-qos><far:policies/></far:ipsec-qos>"
    session.send(chunk(f"{declared}<get><filter>{wanted}</filter></get></rpc>".encode()))
    assert session.read_reply().value("policy/description") == "found"
    bare = session.get('<ipsec-qos xmlns=""><policies/></ipsec-qos>')
    assert bare.value("policy/description") == "found"


def test_14_close_session_is_reply_end_of_file_exit_status_and_close(gateway: Gateway) -> None:
    session = gateway.session()
    session.do("<close-session/>")
    assert session.rest() == b""
    assert session.exit_status() == 0


def test_14_an_abrupt_end_releases_at_once(gateway: Gateway) -> None:
    other = gateway.session()
    client = gateway.connect()
    assert client.session().lock().ok
    client.drop()
    eventually(lambda: other.lock().ok, patience=2)


def test_15_a_terminal_adds_no_echo_no_carriage_return_and_no_limit_of_a_line(
    gateway: Gateway,
) -> None:
    session = gateway.connect().channel(term_type="xterm")
    session.send(client_hello("1.1") + EOM)
    session.take_hello()
    session.chunked = True
    text = "x" * 250
    edit = f"<edit-config><target><candidate/></target><config>{description(text)}</config>"
    for _ in range(3):
        session.send(chunk(rpc(f"{edit}{' ' * 20_000}</edit-config>")))
        assert session.read_reply().ok
    session.send_rpc("<get-config><source><candidate/></source></get-config>")
    answer = session.read_reply()
    assert answer.value("policy/description") == text
    assert b"\r" not in answer.text


def test_16_each_channel_of_a_connection_is_a_session(gateway: Gateway) -> None:
    client = gateway.connect()
    sessions = [client.session() for _ in range(5)]
    assert len({each.id for each in sessions}) == 5
    sessions[0].close()
    assert all(each.is_open() for each in sessions[1:])


def test_17_no_reply_is_deeper_or_longer_than_clients_read(session: RawSession) -> None:
    session.edit(qos(policy("p", 1)), "running")
    for name in ("ipsec-qos", "ietf-interfaces", "iana-if-type"):
        session.send_rpc(
            '<get-schema xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring">'
            f"<identifier>{name}</identifier></get-schema>"
        )
        etree.fromstring(session.read_message())
    session.send_rpc("<get/>")
    root = etree.fromstring(session.read_message())
    assert not root.xpath("boolean(/*" + "/*" * 254 + ")")
    assert max(len((each.text or "").encode()) for each in root.iter()) <= 10_000_000


def test_18_what_came_before_the_end_of_file_is_answered(gateway: Gateway) -> None:
    session = gateway.session()
    for number in range(20):
        session.send_rpc(READ if number % 2 else "<commit/>", number)
    session.send_eof()
    assert [session.read_reply().message_id for _ in range(20)] == [str(n) for n in range(20)]
    assert session.rest() == b""
    assert session.exit_status() == 0


def test_19_a_large_commit_is_answered_within_the_patience_of_a_client(
    session: RawSession,
) -> None:
    entries = "".join(
        f"<policy><name>g{number}</name><sequence-number>1</sequence-number>"
        "<outbound><dscp>ef</dscp></outbound></policy>"
        for number in range(20_000)
    )
    session.edit(qos(f"<policies>{entries}</policies>"))
    session.commit()  # waits for less than the 30 seconds of ncclient and scrapli

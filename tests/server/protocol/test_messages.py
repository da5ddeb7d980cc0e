"""Messages of clients: what is taken, and how the rest is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from server.protocol.messages import BadHello, BadMessage, parse_hello, parse_rpc
from server.protocol.xml_reader import NotWellFormed, XmlLimits, read_xml

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
V10 = "urn:ietf:params:netconf:base:1.0"
V11 = "urn:ietf:params:netconf:base:1.1"


def hello(body: str) -> bytes:
    return f'<hello xmlns="{BASE}">{body}</hello>'.encode()


def rpc(body: str = "<get/>", attributes: str = 'message-id="1"') -> bytes:
    return f'<rpc xmlns="{BASE}" {attributes}>{body}</rpc>'.encode()


def refusal(text: bytes) -> BadMessage:
    with pytest.raises(BadMessage) as caught:
        parse_rpc(text)
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        hello(f"<capabilities><capability>\n {V11}\t</capability></capabilities>"),
        b"\n   " + hello(f"<capabilities><capability>{V11}</capability></capabilities>"),
        f'\n<?xml version="1.0" encoding="UTF-8"?><nc:hello xmlns:nc="{BASE}"><nc:capabilities>'
        f"<nc:capability>{V11}</nc:capability></nc:capabilities></nc:hello>".encode(),
        b"\xef\xbb\xbf" + hello(f"<capabilities><capability>{V11}</capability></capabilities>"),
    ],
)
def test_hellos_as_clients_write_them_are_taken(text: bytes) -> None:
    assert parse_hello(text) == {V11}


@pytest.mark.parametrize(
    "text",
    [
        b"junk",
        b"",
        b"<hello/>",
        rpc(),
        hello(""),
        hello("<capabilities><capability>urn:other</capability></capabilities>"),
        hello(f"<capabilities><capability>{V10}:more</capability></capabilities>"),
        hello(
            f"<capabilities><capability>{V10}</capability></capabilities><session-id>4</session-id>"
        ),
    ],
)
def test_what_is_no_hello_of_a_client_is_refused(text: bytes) -> None:
    with pytest.raises(BadHello):
        parse_hello(text)


@pytest.mark.parametrize(
    "text",
    [
        b"\n \r\n" + rpc(),
        b'<?xml version="1.0" encoding="utf-8"?>' + rpc(),
        b"<?xml version='1.0'?>\n" + rpc(),
        f'<nc:rpc xmlns:nc="{BASE}" message-id="1"><nc:get/></nc:rpc>'.encode(),
    ],
)
def test_blanks_declarations_and_prefixes_are_taken(text: bytes) -> None:
    assert parse_rpc(text).operation.tag == f"{{{BASE}}}get"


def test_comments_and_instructions_do_not_cut_text() -> None:
    operation = parse_rpc(rpc("<get>ab<!-- c -->cd<?x y?>ef</get>")).operation
    assert operation.text == "abcdef"


def test_every_attribute_and_declaration_of_rpc_is_echoed() -> None:
    attributes = 'xmlns:u="urn:u" xmlns:w="urn:w" u:user="fr&#xe9;d&amp;&quot;&#10;" message-id=""'
    head = parse_rpc(rpc(attributes=attributes + ' xml:lang="de" plain="]]>"')).head
    assert head.isascii()
    assert b"]]>" not in head
    reply = etree.fromstring(head + b"</rpc-reply>")
    assert reply.nsmap == {None: BASE, "u": "urn:u", "w": "urn:w"}
    assert dict(reply.attrib) == {
        "{urn:u}user": 'fréd&"\n',
        "message-id": "",
        "{http://www.w3.org/XML/1998/namespace}lang": "de",
        "plain": "]]>",
    }


def test_the_default_namespace_of_the_reply_is_ours() -> None:
    text = f'<n:rpc xmlns:n="{BASE}" xmlns="urn:x" message-id="1"><get/></n:rpc>'.encode()
    reply = etree.fromstring(parse_rpc(text).head + b"</rpc-reply>")
    assert reply.tag == f"{{{BASE}}}rpc-reply"
    assert reply.prefix is None


def test_a_missing_message_id_is_told_and_not_fatal() -> None:
    bad = refusal(rpc(attributes='other="2"'))
    assert (bad.error.kind, bad.error.tag, bad.fatal) == ("rpc", "missing-attribute", False)
    assert bad.error.info == (("bad-attribute", "message-id"), ("bad-element", "rpc"))
    assert b'other="2"' in bad.head


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (rpc(""), "missing-element"),
        (rpc("<get/><lock/>"), "unknown-element"),
        (b'<rpc message-id="1"><get/></rpc>', "unknown-namespace"),
        (b'<rpc xmlns="urn:x" message-id="1"><get/></rpc>', "unknown-namespace"),
    ],
)
def test_rpcs_that_cannot_be_performed_get_their_answer(text: bytes, tag: str) -> None:
    bad = refusal(text)
    assert (bad.error.tag, bad.fatal) == (tag, False)
    assert b'message-id="1"' in bad.head


@pytest.mark.parametrize(
    "text",
    [
        rpc()[:-1],
        rpc("<get>\x01</get>"),
        rpc() + b"more",
        rpc("<get>&unknown;</get>"),
        b"\xff" + rpc(),
        rpc("<get>X</get>").replace(b"X", b"\xff"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + rpc(),
        rpc().decode().encode("utf-16"),
        rpc().decode().encode("utf-16-le"),
        rpc().decode().encode("utf-16-be"),
        b"<!DOCTYPE rpc>" + rpc(),
        b'<!DOCTYPE rpc [<!ENTITY e "x">]>' + rpc("<get>1&e;2</get>"),
        b'<!DOCTYPE rpc SYSTEM "file:///etc/passwd">' + rpc(),
        hello(""),
        rpc("<a>" * 300 + "</a>" * 300),
    ],
)
def test_what_is_no_message_is_malformed(text: bytes) -> None:
    bad = refusal(text)
    assert (bad.error.tag, bad.error.kind, bad.fatal) == ("malformed-message", "rpc", True)


def test_the_message_id_of_a_malformed_message_is_saved() -> None:
    assert b'message-id="17"' in refusal(b"<nc:rpc a='' message-id = '17'><oops>").head
    assert b"message-id" not in refusal(b"<rpc><oops message-id='17'>").head


def test_entities_do_not_multiply() -> None:
    laughs = b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%b">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
    )
    refusal(laughs + b"]>" + rpc("<get>&j;</get>"))


def test_a_doctype_within_text_is_text() -> None:
    assert parse_rpc(rpc("<get><![CDATA[<!DOCTYPE x>]]></get>")).operation.text == "<!DOCTYPE x>"


def test_depth_is_limited_in_small_and_huge_messages() -> None:
    padding = (b"<p>" + b"x" * 6_000_000 + b"</p>") * 2
    assert read_xml(b"<r>" + padding + b"<a>" * 254 + b"</a>" * 254 + b"</r>") is not None
    with pytest.raises(NotWellFormed, match="255 levels"):
        read_xml(b"<a>" * 257 + b"</a>" * 257)
    with pytest.raises(NotWellFormed, match="255 levels"):
        read_xml(b"<r>" + padding + b"<a>" * 255 + b"</a>" * 255 + b"</r>")


def test_a_text_that_no_client_could_read_back_is_refused() -> None:
    assert read_xml(b"<r><a/>" + b"x" * 10_000_000 + b"</r>") is not None
    for text in (b"x" * 10_000_001, "\u20ac".encode() * 3_333_334):
        with pytest.raises(NotWellFormed, match="longer than 10000000 octets"):
            read_xml(b"<r><a/>" + text + b"</r>")


def attributes(count: int) -> str:
    return " ".join(f'a{number}="1"' for number in range(count))


def declarations(count: int, letter: str = "p") -> str:
    return " ".join(f'xmlns:{letter}{number}="urn:{number}"' for number in range(count))


def test_attributes_of_an_element_are_limited() -> None:
    assert read_xml(f"<r><a {attributes(256)}/></r>".encode()) is not None
    for text in (f"<r><a {attributes(257)}/></r>", f"<r {attributes(100_000)}/>"):
        with pytest.raises(NotWellFormed, match="more than 256 attributes"):
            read_xml(text.encode())


def test_namespace_declarations_in_scope_are_limited_however_they_are_nested() -> None:
    many = f"<a {declarations(128)}/>" * 20
    assert read_xml(f"<r {declarations(128, 'r')}>{many}</r>".encode()) is not None
    for text in (
        f"<r {declarations(128, 'r')}><a {declarations(129)}/></r>",
        f"<r {declarations(100_000)}/>",
    ):
        with pytest.raises(NotWellFormed, match="more than 256 namespace declarations"):
            read_xml(text.encode())


def test_limits_of_the_settings_are_those_of_a_message() -> None:
    limits = XmlLimits(depth=20, attributes=16)
    assert parse_rpc(rpc("<a>" * 19 + "</a>" * 19), limits)
    for content in ("<a>" * 20 + "</a>" * 20, f"<a {attributes(17)}/>"):
        with pytest.raises(BadMessage):
            parse_rpc(rpc(content), limits)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_a_bad_message(junk: bytes) -> None:
    with pytest.raises(BadMessage):
        parse_rpc(junk)

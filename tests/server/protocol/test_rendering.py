"""What we send is ASCII XML that reads back as what was meant."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from server.errors import RpcError, lock_denied
from server.protocol.rendering import attribute_to_xml, hello, reply_head, rpc_errors, text_to_xml

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
NS = {"n": BASE}
# What XML 1.0 can hold (section 2.2).
characters = st.characters(
    blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"
) | st.sampled_from("\t\n\r<>&'\"]")
xml_text = st.text(characters)


@settings(deadline=None)
@given(xml_text)
def test_text_and_attributes_read_back(text: str) -> None:
    rendered = b'<a b="%b">%b</a>' % (attribute_to_xml(text), text_to_xml(text))
    assert rendered.isascii()
    element = etree.fromstring(rendered)
    assert (element.text or "") == text
    assert element.get("b") == text


@settings(deadline=None)
@given(st.text())
def test_any_text_at_all_gives_xml(text: str) -> None:
    etree.fromstring(b'<a b="%b">%b</a>' % (attribute_to_xml(text), text_to_xml(text)))


def test_the_end_of_message_cannot_be_said_in_a_text() -> None:
    assert b"]]>" not in text_to_xml("]]>]]>") + attribute_to_xml("]]>]]>")


def test_our_hello_is_one_line_with_one_session_id() -> None:
    text = hello((" urn:x?module=a&revision=b\n", "urn:ietf:params:netconf:base:1.1"), 7)
    assert text.startswith(b'<hello xmlns="')
    assert text.isascii()
    assert b"\n" not in text
    root = etree.fromstring(text)
    assert [each.text for each in root.iterfind("n:capabilities/n:capability", NS)] == [
        "urn:ietf:params:netconf:base:1.0",
        "urn:ietf:params:netconf:base:1.1",
        "urn:x?module=a&revision=b",
    ]
    assert [each.text for each in root.iterfind("n:session-id", NS)] == ["7"]


def test_an_error_has_its_fields_in_the_order_of_the_schema() -> None:
    error = RpcError(
        "invalid-value",
        "Überlänge <x>",
        app_tag="too-long",
        path="/q:ipsec/q:policy[q:name='a&b']",
        namespaces={"q": "urn:q"},
        info=(("bad-element", "rate"),),
    )
    rendered = rpc_errors((error,))
    assert rendered.isascii()
    element = etree.fromstring(b'<r xmlns="%b">%b</r>' % (BASE.encode(), rendered))[0]
    assert [(etree.QName(each).localname, each.text) for each in element] == [
        ("error-type", "application"),
        ("error-tag", "invalid-value"),
        ("error-severity", "error"),
        ("error-app-tag", "too-long"),
        ("error-path", "/q:ipsec/q:policy[q:name='a&b']"),
        ("error-message", "Überlänge <x>"),
        ("error-info", None),
    ]
    assert element.find("n:error-path", NS).nsmap["q"] == "urn:q"  # type: ignore[union-attr]
    assert element.findtext("n:error-info/n:bad-element", namespaces=NS) == "rate"
    assert b'<error-message xml:lang="en">' in rendered


def test_several_errors_are_several_elements_without_a_prefix() -> None:
    rendered = rpc_errors((lock_denied(3, "taken"), lock_denied(0, "taken")))
    assert rendered.count(b"<rpc-error>") == 2
    assert b"<session-id>0</session-id>" in rendered


def test_names_that_are_not_ascii_are_echoed_as_they_are() -> None:
    head = reply_head({"ü": "urn:u"}, {"{urn:u}größe": "1"})
    assert etree.fromstring(head + b"</rpc-reply>").get("{urn:u}größe") == "1"

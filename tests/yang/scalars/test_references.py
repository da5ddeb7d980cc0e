import pytest

from yang.scalars import (
    Identity,
    IdentityRef,
    InstanceIdentifier,
    InstancePath,
    Integer,
    InvalidValue,
    LeafRef,
    NodeInstanceIdentifier,
    parse_default,
    xml_text,
)

MODULES = {"urn:if": "if-mod", "urn:ip": "ip-mod"}
PREFIXES = {"if-mod": ("if", "urn:if"), "ip-mod": ("ip", "urn:ip")}
IN_XML: dict[str | None, str] = {"a": "urn:if", "b": "urn:ip", "q": "urn:unknown"}

KIND = IdentityRef(("if-mod:ethernet", "ip-mod:tunnel"), MODULES)
PATH = InstanceIdentifier(True, MODULES)


def test_identity_from_xml_and_from_storage_are_one_value() -> None:
    value = KIND.parse_in("a:ethernet", IN_XML)
    assert value == KIND.parse("if-mod:ethernet") == "if-mod:ethernet"
    assert isinstance(value, Identity)


def test_identity_without_a_prefix_is_in_the_default_namespace() -> None:
    assert KIND.parse_in("tunnel", {None: "urn:ip"}) == "ip-mod:tunnel"
    with pytest.raises(InvalidValue):
        KIND.parse_in("tunnel", {None: "urn:if"})


@pytest.mark.parametrize(
    "text", ["", ":", "a:", ":ethernet", "ethernet", "b:ethernet", "q:ethernet", "x:ethernet"]
)
def test_identity_refuses(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not one of the identities if-mod:ethernet, "):
        KIND.parse_in(text, IN_XML)
    with pytest.raises(InvalidValue):
        KIND.parse(text)


def test_identity_in_xml_brings_its_namespace() -> None:
    assert xml_text(KIND.parse("ip-mod:tunnel"), PREFIXES) == ("ip:tunnel", {"ip": "urn:ip"})


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ("/a:top", "/if-mod:top"),
        (" /a:top/a:leaf\n", "/if-mod:top/leaf"),
        ("/a:top/b:more/b:leaf", "/if-mod:top/ip-mod:more/leaf"),
        ("/a:top/b:more/a:leaf", "/if-mod:top/ip-mod:more/if-mod:leaf"),
        ("/a:l[a:k=\"v\"][ b:j = 'w' ]/a:x", "/if-mod:l[k='v'][ip-mod:j='w']/x"),
        ("/a:l[a:k='a]/b[c=\"d\"]']", "/if-mod:l[k='a]/b[c=\"d\"]']"),
        ('/a:l[a:k="it\'s"]', '/if-mod:l[k="it\'s"]'),
        ("/a:ll[.='x']", "/if-mod:ll[.='x']"),
        ("/a:l[ 12 ]", "/if-mod:l[12]"),
    ],
)
def test_instance_identifier_is_canonical_and_comes_back(xml: str, value: str) -> None:
    path = PATH.parse_in(xml, IN_XML)
    assert path == value
    assert isinstance(path, InstancePath)
    assert PATH.parse(path) == path
    text, namespaces = xml_text(path, PREFIXES)
    in_scope: dict[str | None, str] = dict(namespaces.items())
    assert PATH.parse_in(text, in_scope) == path


def test_canonical_text_may_name_modules_too_often() -> None:
    assert PATH.parse("/if-mod:top/if-mod:leaf[if-mod:k='v']") == "/if-mod:top/leaf[k='v']"


@pytest.mark.parametrize(
    "text",
    [
        *("", "/", "a:top", "/top", "//a:top", "/a:top/", "/a:top/leaf", "/q:top", "/x:top"),
        *("/a:top [1]", "/a: top", "/a:l[0]", "/a:l[01]", "/a:l[-1]", "/a:l[]", "/a:l[k='v']"),
        *("/a:l[a:k='v]", "/a:l[a:k=v]", "/a:l[a:k]", "/a:l[..='v']", "/a:*", "/a:b:c", "/a:1"),
    ],
)
def test_instance_identifier_refuses(text: str) -> None:
    with pytest.raises(InvalidValue):
        PATH.parse_in(text, IN_XML)


@pytest.mark.parametrize("text", ["", "/top", "/unknown:top", "/if-mod:top/"])
def test_canonical_instance_identifier_refuses(text: str) -> None:
    with pytest.raises(InvalidValue):
        PATH.parse(text)


def test_leafref_is_its_target() -> None:
    number, kind = LeafRef(Integer("uint8")), LeafRef(LeafRef(KIND))
    assert (number.plain, number.contextual, number.parse("7")) == (True, False, 7)
    assert (kind.plain, kind.contextual) == (False, True)
    assert kind.parse_in("a:ethernet", IN_XML) == kind.from_json("if-mod:ethernet")
    assert parse_default(number, "0x10") == 16


def test_values_without_names_need_no_namespaces() -> None:
    assert xml_text(True, {}) == ("true", {})
    assert xml_text("a:b", {}) == ("a:b", {})


NODE = NodeInstanceIdentifier(MODULES)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("/a:x/a:y[a:k='1']/b:z", "/if-mod:x/y[k='1']/ip-mod:z"),
        ("/a:x/a:y", "/if-mod:x/y"),
        (" / ", "/"),
        ("/a:x/a:y[.='1']", "/if-mod:x/y[.='1']"),
    ],
)
def test_node_instance_identifiers_keep_what_their_prefixes_mean(text: str, value: str) -> None:
    """RFC 8341, section 3.5.2: keys are optional, and ``/`` is everything."""
    found = NODE.parse_in(text, IN_XML)
    assert found == NODE.parse(value) == NODE.from_json(value) == value
    again, declared = xml_text(found, PREFIXES)
    scope: dict[str | None, str] = dict(declared.items())
    assert NODE.parse_in(again, scope) == value


@pytest.mark.parametrize(
    "text", ["", "x", "/x", "/q:x", "/a:x/", "//a:x", "/a:x[a:k=$USER]", "/ /"]
)
def test_node_instance_identifier_refuses(text: str) -> None:
    with pytest.raises(InvalidValue):
        NODE.parse_in(text, IN_XML)

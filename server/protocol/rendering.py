"""Messages that we send, as text.

The law: every octet is ASCII, so that no cut and no client's decoder can split a character
(but the names of a client's own attributes, which XML cannot write otherwise, are echoed as UTF-8);
elements of the protocol are unprefixed in their default namespace; nothing stands before ``<``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from server import namespaces
from server.errors import Info, RpcError

END_OF_REPLY = b"</rpc-reply>"
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_PLAIN = re.compile("[^ !#-%'-;=?-~]")


def text_to_xml(text: str) -> bytes:
    """Character data of an element in ASCII; what XML cannot hold becomes U+FFFD."""
    if _NOT_PLAIN.search(text) is None:
        return text.encode("ascii")
    text = _NOT_XML.sub("\ufffd", text)
    # '>' too: "]]>" may not stand in character data, and would end a base:1.0 message.
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;").encode("ascii", "xmlcharrefreplace")


def attribute_to_xml(value: str) -> bytes:
    """The value of an attribute in ASCII, to stand between double quotes."""
    text = text_to_xml(value).replace(b'"', b"&quot;")
    # A reader would make blanks of them (XML 1.0, section 3.3.3).
    return text.replace(b"\t", b"&#9;").replace(b"\n", b"&#10;")


def hello(capabilities: tuple[str, ...], session_id: int) -> bytes:
    """Our ``<hello>`` (RFC 6241, section 8.1): one line, capabilities without blanks."""
    return b"%b<session-id>%d</session-id></hello>" % (_hello_head(capabilities), session_id)


def reply_head(prefixes: Mapping[str | None, str], attributes: Mapping[str, str]) -> bytes:
    """The start tag of a reply: all that ``<rpc>`` declared and carried (RFC 6241, section 4.2).

    ``prefixes`` are the namespace declarations of the rpc, whose default one gives way to ours;
    ``attributes`` are in lxml's notation.
    """
    declarations = b"".join(
        b' xmlns:%b="%b"' % (prefix.encode(), attribute_to_xml(uri))
        for prefix, uri in prefixes.items()
        if prefix is not None
    )
    carried = b"".join(
        b' %b="%b"' % (_attribute_name(name, prefixes), attribute_to_xml(value))
        for name, value in attributes.items()
    )
    return b'<rpc-reply xmlns="%b"%b%b>' % (namespaces.BASE.encode(), declarations, carried)


def rpc_errors(errors: Iterable[RpcError]) -> bytes:
    """The ``<rpc-error>`` elements of a reply (RFC 6241, section 4.3)."""
    return b"".join(b"<rpc-error>%b</rpc-error>" % b"".join(_fields(each)) for each in errors)


def _fields(error: RpcError) -> Iterator[bytes]:
    """In the order of the schema (RFC 6241, appendix B)."""
    yield _element("error-type", error.kind)
    yield _element("error-tag", error.tag)
    yield b"<error-severity>error</error-severity>"
    if error.app_tag is not None:
        yield _element("error-app-tag", error.app_tag)
    if error.path is not None:
        yield _path(error.path, error.namespaces)
    yield b'<error-message xml:lang="en">%b</error-message>' % text_to_xml(error.message)
    if error.info:
        info = b"".join(_element(name, text) for name, text in error.info)
        # What another module puts there may be paths (RFC 7950, section 15.1).
        named = any(name.startswith("{") for name, _ in error.info)
        declared = _declarations(error.namespaces) if named else b""
        yield b"<error-info%b>%b</error-info>" % (declared, info)


def _element(name: str, content: str | Info) -> bytes:
    """An element of the base namespace, or of the one that the name begins with in braces."""
    namespace, _, local = name.rpartition("}")
    tag = local.encode("ascii")
    declared = b' xmlns="%b"' % attribute_to_xml(namespace[1:]) if namespace else b""
    inner = (
        text_to_xml(content)
        if isinstance(content, str)
        else b"".join(_element(*each) for each in content)
    )
    return b"<%b%b>%b</%b>" % (tag, declared, inner, tag)


def _path(path: str, prefixes: Mapping[str, str]) -> bytes:
    return b"<error-path%b>%b</error-path>" % (_declarations(prefixes), text_to_xml(path))


def _declarations(prefixes: Mapping[str, str]) -> bytes:
    return b"".join(
        b' xmlns:%b="%b"' % (prefix.encode("ascii"), attribute_to_xml(uri))
        for prefix, uri in prefixes.items()
    )


def _attribute_name(name: str, prefixes: Mapping[str | None, str]) -> bytes:
    if not name.startswith("{"):
        return name.encode()
    namespace, _, local = name[1:].partition("}")
    if namespace == XML_NAMESPACE:
        return b"xml:" + local.encode()
    prefix = next(p for p, uri in prefixes.items() if p is not None and uri == namespace)
    return f"{prefix}:{local}".encode()


@lru_cache(maxsize=8)
def _hello_head(capabilities: tuple[str, ...]) -> bytes:
    base = (namespaces.CAPABILITY_BASE_1_0, namespaces.CAPABILITY_BASE_1_1)
    every = dict.fromkeys((*base, *("".join(uri.split()) for uri in capabilities)))
    listed = b"".join(b"<capability>%b</capability>" % text_to_xml(uri) for uri in every)
    namespace = namespaces.BASE.encode()
    return b'<hello xmlns="%b"><capabilities>%b</capabilities>' % (namespace, listed)

"""Hardened reading of XML: one message from a stranger.

The law: nothing is fetched, nothing is expanded, nothing is lost without a word. A document type
declaration is refused, since libxml2 would drop references to its entities silently; comments and
processing instructions go, since they would cut the text of a leaf in two.
"""

import re

from lxml import etree

HUGE = 10_000_000
"""Octets from which a message is read with libxml2's larger limits: with them a text node may be
longer than 10 MB, and only then."""

MAX_DEPTH = 255
"""Levels of elements, what clients with a default libxml2 can read back."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DECLARED_ENCODING = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")


class NotWellFormed(Exception):
    """The text is no XML that this server reads; the message is for the client."""


def read_xml(text: bytes, max_depth: int = MAX_DEPTH) -> etree._Element:
    """The root element of a document in UTF-8; raises NotWellFormed with the place and the cause.

    Usable from any thread; libxml2 parses without holding the interpreter lock.
    """
    text = text.lstrip(b" \t\r\n").removeprefix(_BYTE_ORDER_MARK)
    _check_encoding(text)
    huge = len(text) > HUGE
    try:
        root = etree.fromstring(text, _parser(huge))
    except etree.XMLSyntaxError as error:
        raise NotWellFormed(_sentence(error)) from None
    _check_document_type(text, root)
    if huge or max_depth < MAX_DEPTH:
        _check_depth(root, max_depth)
    return root


def _parser(huge: bool) -> etree.XMLParser:
    # A new one each time, about 4 us: a shared parser would keep its errors and lock out threads.
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
    )


def _check_encoding(text: bytes) -> None:
    """NETCONF messages are UTF-8 (RFC 6241, section 3)."""
    if not text.startswith(b"<"):
        raise NotWellFormed("the message does not begin with '<' in UTF-8")
    declared = _DECLARED_ENCODING.match(text) if text.startswith(b"<?xml") else None
    if declared and declared[1].lower() != b"utf-8":
        name = declared[1][:40].decode("ascii", "replace")
        raise NotWellFormed(f"the message is declared to be {name!r}, only UTF-8 is allowed")


def _check_document_type(text: bytes, root: etree._Element) -> None:
    # The search is cheaper than docinfo, and finds nothing in all messages but hostile ones.
    if b"<!DOCTYPE" in text and root.getroottree().docinfo.internalDTD is not None:
        raise NotWellFormed("a document type declaration is not allowed (RFC 6241, section 3)")


def _check_depth(root: etree._Element, max_depth: int) -> None:
    # libxml2 itself stops at 256 levels, but at 2,048 when huge documents are allowed.
    if root.xpath("boolean(/*" + "/*" * max_depth + ")"):
        raise NotWellFormed(f"elements are nested more than {max_depth} levels deep")


def _sentence(error: etree.XMLSyntaxError) -> str:
    return " ".join((error.msg or "the message is not well-formed XML").split())

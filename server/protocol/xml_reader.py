"""Hardened reading of XML: one message from a stranger.

The law: nothing is fetched, nothing is expanded, nothing is lost without a word. A document type
declaration is refused, since libxml2 would drop references to its entities silently; comments and
processing instructions go, since they would cut the text of a leaf in two.
"""

import re
from typing import NamedTuple

from lxml import etree

HUGE = 10_000_000
"""Octets from which a message is read with libxml2's larger limits."""

MAX_TEXT = 10_000_000
"""Octets of one text: a longer one could be configured, and no client could read it back."""

MAX_DEPTH = 255
"""Levels of elements, what clients with a default libxml2 can read back."""

MAX_ATTRIBUTES = 256
"""Attributes of one element, and namespace declarations in scope of one."""


class XmlLimits(NamedTuple):
    """What the elements of a message may be like."""

    depth: int = MAX_DEPTH
    attributes: int = MAX_ATTRIBUTES


DEFAULT_LIMITS = XmlLimits()
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_DECLARED_ENCODING = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")


class NotWellFormed(Exception):
    """The text is no XML that this server reads; the message is for the client."""


def read_xml(text: bytes, limits: XmlLimits = DEFAULT_LIMITS) -> etree._Element:
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
    if huge or limits.depth < MAX_DEPTH:
        _check_depth(root, limits.depth)
    if huge:
        _check_texts(root)
    if text.count(b"=") > limits.attributes:
        _check_attributes(root, text, limits.attributes)
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


def _check_texts(root: etree._Element) -> None:
    # At most four octets make a character; the few texts that may be too long are then measured.
    for each in _LONG_TEXTS(root):
        if len(str(each).encode()) > MAX_TEXT:
            raise NotWellFormed(f"a text is longer than {MAX_TEXT} octets")


_LONG_TEXTS = etree.XPath(f"//text()[string-length() > {MAX_TEXT // 4}]", smart_strings=False)


def _check_attributes(root: etree._Element, text: bytes, limit: int) -> None:
    """Refuse what would cost the square of its number: lxml finds each attribute by a search."""
    if root.xpath(f"boolean(//@*[{limit + 1}])"):
        raise NotWellFormed(f"an element has more than {limit} attributes")
    if text.count(b"xmlns") > limit and _declared_at_once(root) > limit:
        raise NotWellFormed(f"more than {limit} namespace declarations are in scope of an element")


def _declared_at_once(root: etree._Element) -> int:
    most = now = 0
    for event, _ in etree.iterwalk(root, events=("start-ns", "end-ns")):
        now += 1 if event == "start-ns" else -1
        most = max(most, now)
    return most


def _sentence(error: etree.XMLSyntaxError) -> str:
    if error.msg and "Excessive depth" in error.msg:
        # Its own sentence tells of an option of the parser, which no client can set.
        return f"elements are nested more than {MAX_DEPTH} levels deep"
    return " ".join(
        f"the message is not well-formed XML: {error.msg or 'no cause is known'}".split()
    )

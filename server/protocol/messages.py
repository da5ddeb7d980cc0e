"""Messages that we receive: the client's ``<hello>`` and its ``<rpc>``s.

The law: what is wrong with a message is told as one RpcError together with the start tag of the
reply that carries it, so that whoever waits for that message-id gets an answer.
"""

import re
from dataclasses import dataclass

from lxml import etree

from server import namespaces
from server.errors import (
    RpcError,
    malformed_message,
    missing_attribute,
    missing_element,
    unknown_element,
)
from server.protocol.rendering import reply_head
from server.protocol.xml_reader import DEFAULT_LIMITS, NotWellFormed, XmlLimits, read_xml

_HELLO = f"{{{namespaces.BASE}}}hello"
_RPC = f"{{{namespaces.BASE}}}rpc"
_CAPABILITIES = f"{{{namespaces.BASE}}}capabilities"
_CAPABILITY = f"{{{namespaces.BASE}}}capability"
_SESSION_ID = f"{{{namespaces.BASE}}}session-id"
_NO_PREFIXES: dict[str | None, str] = {}
_BASE_VERSIONS = {namespaces.CAPABILITY_BASE_1_0, namespaces.CAPABILITY_BASE_1_1}
_MESSAGE_ID = re.compile(
    rb"""<(?:[\w.-]+:)?rpc\s[^<>]*?\bmessage-id\s*=\s*(?:"([^"<&]*)"|'([^'<&]*)')"""
)


class BadHello(Exception):
    """The client's hello is none; the session ends without a word (RFC 6241, section 8.1)."""


class BadMessage(Exception):
    """A message that is no rpc which could be performed.

    ``head`` is the start tag of the reply; ``fatal`` tells that the session cannot go on.
    """

    def __init__(self, error: RpcError, head: bytes, *, fatal: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.head = head
        self.fatal = fatal


@dataclass(frozen=True, slots=True)
class Rpc:
    """A request: its operation element, and the start tag of the reply to it."""

    operation: etree._Element
    head: bytes


def parse_hello(text: bytes) -> frozenset[str]:
    """The capabilities of the client, stripped of blanks; raises BadHello."""
    try:
        root = read_xml(text)
    except NotWellFormed as error:
        raise BadHello(str(error)) from None
    if root.tag != _HELLO:
        raise BadHello(f"the first message is <{_name(root)}>, not <hello> (RFC 6241, 8.1)")
    if root.find(_SESSION_ID) is not None:
        raise BadHello("a client's <hello> must not have a <session-id> (RFC 6241, section 8.1)")
    elements = root.findall(f"{_CAPABILITIES}/{_CAPABILITY}")
    capabilities = frozenset((element.text or "").strip() for element in elements)
    if not capabilities & _BASE_VERSIONS:
        raise BadHello("the client's <hello> offers neither base:1.0 nor base:1.1")
    return capabilities


def parse_rpc(text: bytes, limits: XmlLimits = DEFAULT_LIMITS) -> Rpc:
    """The request that a message holds; raises BadMessage. Usable from any thread."""
    try:
        root = read_xml(text, limits)
    except NotWellFormed as error:
        raise broken_message(malformed_message(str(error)), text) from None
    if root.tag == _RPC:
        return _rpc(root)
    if etree.QName(root).localname == "rpc":
        raise BadMessage(_unknown_namespace(root), _head(root))
    message = f"the message is <{_name(root)}>, not <rpc>"
    raise broken_message(malformed_message(message), text)


def broken_message(error: RpcError, beginning: bytes) -> BadMessage:
    """What to tell of a message that cannot be parsed; its message-id is saved where possible."""
    found = _MESSAGE_ID.search(beginning[:4096])
    value = (found[1] if found[1] is not None else found[2]) if found else None
    attributes = {} if value is None else {"message-id": value.decode("utf-8", "replace")}
    return BadMessage(error, reply_head(_NO_PREFIXES, attributes), fatal=True)


def _rpc(root: etree._Element) -> Rpc:
    head = _head(root)
    if root.get("message-id") is None:
        raise BadMessage(missing_attribute("message-id", "rpc"), head)
    count = len(root)
    if count == 0:
        message = "the element <rpc> is empty, it must hold the element of an operation"
        raise BadMessage(missing_element("rpc", message, kind="rpc"), head)
    if count > 1:
        message = f"<rpc> holds one operation, and <{_name(root[1])}> is a second one"
        raise BadMessage(unknown_element(_name(root[1]), message, kind="rpc"), head)
    return Rpc(root[0], head)


def _head(root: etree._Element) -> bytes:
    return reply_head(root.nsmap, {str(k): str(v) for k, v in root.attrib.items()})


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _unknown_namespace(root: etree._Element) -> RpcError:
    namespace = etree.QName(root).namespace or ""
    return RpcError(
        "unknown-namespace",
        f"<rpc> is in the namespace {namespace!r}, it must be in {namespaces.BASE!r}",
        kind="rpc",
        info=(("bad-element", "rpc"), ("bad-namespace", namespace)),
    )

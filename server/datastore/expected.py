"""What a client expects of running: etags in an edit (draft-ietf-netconf-transaction-id, 3.6).

Only elements that carry an etag themselves are looked at: what is below inherits it, and cannot
have changed later than what is around it.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from lxml import etree

from server.datastore.etags import Etags
from server.datastore.instance_path import line_to, path_of_element
from server.datastore.reading import Reader
from server.datastore.txids import Txid
from server.errors import RpcError, raise_all
from server.namespaces import ETAG, TXID_MODULE
from yang.changes import Key
from yang.schema import LIST, DataNode, Inner

_INFO = f"{{{TXID_MODULE}}}txid-value-mismatch-error-info"
MOST_MISMATCHES = 16
"""Errors of one change that are told; the draft asks for one."""


class Expected(NamedTuple):
    """The etag that a client knows of one node."""

    path: str
    namespaces: Mapping[str, str]
    line: Sequence[DataNode]
    keys: tuple[Key, ...]
    etag: str

    @property
    def where(self) -> Any:
        """What tells the node from others."""
        return self.path if not self.line else (self.line[-1].at.path, self.keys)


def expected_of(
    top: Inner, reader: Reader, config: etree._Element, elements: Iterable[etree._Element]
) -> list[Expected]:
    """Return what the etags of these elements below ``<config>``, and of it, ask for."""
    found = []
    if ETAG in config.attrib:
        found.append(Expected("/", {}, (), (), str(config.get(ETAG)).strip()))
    for element in elements:
        path = path_of_element(top, element, config)
        line, keys = place_of_element(top, reader, element, config)
        etag = str(element.get(ETAG)).strip()
        found.append(Expected(path.text, path.namespaces, line, keys, etag))
    return found


def refuse_mismatches(etags: Etags, expected: Iterable[Expected]) -> None:
    """Raise an error for every node that is not as a client expects it."""
    found = list(expected)
    if not found:
        return
    txids = etags.running()
    held = ((each, txids.nearest(each.line, each.keys)) for each in found)
    wrong = (_mismatch(each, has) for each, has in held if not etags.is_current(each.etag, has))
    raise_all(islice(wrong, MOST_MISMATCHES))


def place_of_element(
    top: Inner, reader: Reader, element: etree._Element, config: etree._Element
) -> tuple[list[DataNode], tuple[Key, ...]]:
    """Return the schema nodes down to an element below ``config``, and the keys of the lists."""
    above: list[etree._Element] = [element]
    while (parent := above[-1].getparent()) is not None and parent is not config:
        above.append(parent)
    node: Any = top
    keys: list[Key] = []
    for each in reversed(above):
        node = reader.child(node, each)
        if node.kind == LIST:
            keys.append(reader.key(node, each))
    return line_to(node), tuple(keys)


def _mismatch(expected: Expected, held: Txid) -> RpcError:
    """Return the error that the draft asks for (section 3.6.1)."""
    name = expected.line[-1].name if expected.line else "the datastore"
    return RpcError(
        "operation-failed",
        f"{name} has changed since the etag {expected.etag!r}: it is {held.etag!r} now; read it"
        " again, and edit it with that etag or discard the edits",
        kind="protocol",
        path=expected.path if expected.line else None,
        namespaces=expected.namespaces,
        info=((_INFO, (("mismatch-path", expected.path), ("mismatch-etag-value", held.etag))),),
    )

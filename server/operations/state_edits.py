"""The state of operational as edits: what only that datastore can hold (RFC 9144, ``all``)."""

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.datastore.reading import Reader
from server.errors import resource_denied
from server.subscriptions.patch import CREATE, DELETE, Edit, quoted
from yang.schema import CONTAINER, LEAF_LIST, LIST, DataNode, Inner, List, Schema, name_below

_TOP = b"state-of-the-datastore"


def state_edits(
    schema: Schema, state: Iterable[bytes], root: Any, appears: bool, most_octets: int
) -> list[Edit]:
    """Return an edit for each uppermost node that is not in the configuration ``root``.

    ``state`` is XML of nodes that are no configuration, with what is around them; ``appears``: the
    edits create what is there, else they delete it. An entry of a list without keys has the target
    of the list. Raises RpcError where the state is longer than so many octets.
    """
    tree = _parsed(state, most_octets)
    edits = _Edits(Reader(Locator(schema.root, tree)), appears)
    return list(edits.inside(schema.root, tree, root, ""))


def _parsed(state: Iterable[bytes], most_octets: int) -> etree._Element:
    parts, size = [b"<%b>" % _TOP], 0
    for part in state:
        size += len(part)
        if size > most_octets:
            raise resource_denied(
                f"the state to be compared has more than {most_octets} octets; give a filter"
            )
        parts.append(part)
    parts.append(b"</%b>" % _TOP)
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
    return etree.fromstring(b"".join(parts), parser)


class _Edits:
    def __init__(self, reader: Reader, appears: bool) -> None:
        self._reader = reader
        self._appears = appears

    def inside(
        self, node: Inner, element: etree._Element, value: Any, above: str
    ) -> Iterator[Edit]:
        """Yield edits for what is in an element; ``value`` is its configuration."""
        keys = {leaf.at.tag for leaf in node.key_leafs} if isinstance(node, List) else set()
        for each in element:
            child = node.by_tag[str(each.tag)]
            if child.at.tag in keys:
                continue
            path = f"{above}/{name_below(child, node)}{_instance(child, each)}"
            held = value[child.at.slot] if child.at.slot >= 0 else None
            if child.kind == LIST and held is not None:
                held = held.get(self._reader.key(child, each))  # type: ignore[arg-type]
            if held is not None and child.kind in (CONTAINER, LIST):
                yield from self.inside(child, each, held, path)  # type: ignore[arg-type]
            else:
                yield self._edit(path, each)

    def _edit(self, path: str, element: etree._Element) -> Edit:
        text = etree.tostring(element, encoding="us-ascii", with_tail=False).decode()
        return Edit(CREATE, path, text) if self._appears else Edit(DELETE, path, source=text)


def _instance(node: DataNode, element: etree._Element) -> str:
    """Return what names an instance among others in a path (RFC 8040, section 3.5.3)."""
    if node.kind == LEAF_LIST:
        return "=" + quoted(element.text or "")
    if not isinstance(node, List) or not node.key_leafs:
        return ""
    texts = {str(child.tag): child.text or "" for child in element}
    return "=" + ",".join(quoted(texts.get(leaf.at.tag, "")) for leaf in node.key_leafs)

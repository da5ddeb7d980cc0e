"""What a request wants besides an XPath, applied to what the XPath selected (RFC 8526, get-data).

All filters of a request hold together, and an expression sees what the others leave out: so it is
evaluated first, and the ``config`` property, origins and the depth narrow its answer.
"""

from collections.abc import Set
from dataclasses import replace
from typing import Any

from lxml import etree

from server.datastore.manner import Manner
from server.namespaces import ORIGIN
from yang.schema import CONTAINER, LIST, Schema

_ORIGIN = f"{{{ORIGIN}}}origin"


def reading(manner: Manner) -> Manner:
    """Return how to read what an expression is evaluated on and then narrowed."""
    marks = manner.with_origin or manner.origins is not None
    return replace(manner, config=None, origins=None, depth=None, with_origin=marks)


def narrow(
    schema: Schema, tree: etree._Element, selected: Set[etree._Element], manner: Manner
) -> None:
    """Take out of what was selected what the request does not want."""
    if reading(manner) == manner:
        return
    narrowing = _Narrowing(selected, manner)
    levels = manner.depth + 1 if tree in selected and manner.depth is not None else None
    narrowing.inside(schema.root, tree, tree in selected, levels, "")
    if not manner.with_origin:
        for element in tree.iter(etree.Element):
            element.attrib.pop(_ORIGIN, None)


class _Narrowing:
    def __init__(self, selected: Set[etree._Element], manner: Manner) -> None:
        self._selected = selected
        self._manner = manner

    def inside(
        self, node: Any, element: etree._Element, whole: bool, levels: int | None, origin: str
    ) -> bool:
        """Take out what is not wanted; tell whether anything in the element was wanted."""
        keys = {leaf.at.tag for leaf in node.key_leafs} if node.kind == LIST else ()
        found = False
        for child in list(element):
            if child.tag in keys:
                key = node.by_tag[child.tag]
                found = found or (child in self._selected and self._manner.takes(key, origin))
                continue
            below = None if levels is None else levels - 1
            wanted = self._is_wanted(node.by_tag[child.tag], child, whole, below, origin)
            found = found or wanted
            if not wanted or levels == 1:
                element.remove(child)
        return found

    def _is_wanted(
        self, node: Any, element: etree._Element, whole: bool, levels: int | None, around: str
    ) -> bool:
        origin = element.get(_ORIGIN, f"or:{around}").removeprefix("or:")
        if not whole and element in self._selected:
            whole, levels = True, self._manner.depth
        takes = self._manner.takes(node, origin)
        if node.kind not in (CONTAINER, LIST):
            return takes
        anything = self.inside(node, element, whole, levels, origin)
        stands_alone = node.kind == LIST or node.presence
        return anything or (takes and whole and stands_alone)

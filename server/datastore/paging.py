"""Pages of lists: trees in which a list holds what of it is shown, in the order in which it is.

Nothing here writes: a page is a tree like any other, and what was left out of a list is told by
marks that go with the list itself.
"""

from collections.abc import Sequence
from typing import Any

from yang.changes import Key
from yang.ordered_map import OrderedMap
from yang.schema import CONTAINER, LEAF_LIST, LIST, DataNode, Inner


class Marks:
    """Attributes of the entries of lists, and of the values of leaf-lists."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[Any, str]] = {}
        self.are_inside = False
        """Whether anything inside entries may be marked."""

    def put(self, held: Any, attributes: str) -> Any:
        """Mark a list, or a leaf-list, of this page, and return it."""
        if attributes and len(held):
            self._of[id(held)] = (held, attributes)
        return held

    def of(self, held: Any) -> str:
        """Return the attributes of what is in a list; nothing for one that is shown whole."""
        found = self._of.get(id(held))
        return "" if found is None else found[1]


def of_page(entries: Sequence[tuple[Key, Any]]) -> OrderedMap[Key, Any]:
    """Return a list of these entries, in this order, whatever the list's own order is."""
    return OrderedMap.build(entries)


def with_list(value: Any, line: Sequence[DataNode], keys: Sequence[Key], held: Any) -> Any:
    """Return a container or entry with another list, or leaf-list, at the end of a line."""
    node, *below = line
    made, slot = held, node.at.slot
    if below and node.kind == LIST:
        inner = with_list(value[slot][keys[0]], below, keys[1:], held)
        made = value[slot].set(keys[0], inner)
    elif below:
        made = with_list(value[slot], below, keys, held)
    return value._replace(**{value._fields[slot]: made})


def limited(node: Inner, value: Any, most: int, marks: Marks, remaining: str) -> Any:
    """Return a container or entry with at most so many entries of each list and leaf-list in it.

    ``remaining`` is the mark of a list that had more, with a place for how many more.
    """
    marks.are_inside = True
    values = [
        held if held is None else _limited(child, held, most, marks, remaining)
        for child, held in zip(node.slots, value, strict=True)
    ]
    return node.value._make(values)


def _limited(child: Any, held: Any, most: int, marks: Marks, remaining: str) -> Any:
    if child.kind == CONTAINER:
        return held if held is child.empty else limited(child, held, most, marks, remaining)
    if child.kind not in (LIST, LEAF_LIST):
        return held
    mark = remaining.format(len(held) - most) if len(held) > most else ""
    if child.kind == LEAF_LIST:
        return marks.put(tuple([*held[:most]]), mark) if mark else held
    entries = [
        (key, limited(child, entry, most, marks, remaining)) for key, entry in held.slice(0, most)
    ]
    return marks.put(of_page(entries), mark) if entries else held

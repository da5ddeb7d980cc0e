"""State as text where all of a node is wanted and nothing is marked: straight down the schema.

The law: what is written here is what ``walk`` would write, node by node.
"""

from collections.abc import Callable, Mapping
from typing import Any

from server.datastore.to_xml import Writer, escaped, opening_of
from yang.schema import CONTAINER, LEAF, LEAF_LIST, LIST, DataNode, Inner, List

_Line = tuple[str, str, Any, DataNode, str, str]


class StateWriter:
    """Writes state (dicts by YANG names) below one schema."""

    def __init__(self, writer: Writer) -> None:
        self._leaf = writer.leaf_text
        self._lines: dict[str, tuple[_Line, ...]] = {}

    # One loop for all kinds: a call for each leaf would cost as much as the leaf.
    def inside(  # noqa: C901
        self, node: Inner, state: Mapping[str, Any], put: Callable[[str], None]
    ) -> None:
        """Write what is in a node, keys first."""
        get = state.get
        for name, qualified, kind, child, opening, closing in self._lines_of(node):
            told = get(name)
            if told is None and (told := get(qualified)) is None:
                continue
            # Numbers and texts are nearly all there is, and need no more than this.
            if kind == LEAF and type(told) is int:
                put(f"{opening}{told}{closing}")
            elif kind == LEAF and type(told) is str:
                put(f"{opening}{escaped(told)}{closing}")
            elif kind == CONTAINER:
                self.element(child, told, put)  # type: ignore[arg-type]
            elif kind == LIST:
                for each in told:
                    self.element(child, each, put)  # type: ignore[arg-type]
            elif kind == LEAF_LIST:
                for each in told:
                    put(self._leaf(child, each))
            else:
                put(self._leaf(child, told))

    def element(self, node: Inner, state: Mapping[str, Any], put: Callable[[str], None]) -> None:
        """Write a container or an entry."""
        parts: list[str] = []
        self.inside(node, state, parts.append)
        # A container without presence that holds nothing is not shown.
        if parts or node.kind == LIST or getattr(node, "presence", False):
            put(opening_of(node) if parts else f"{opening_of(node)[:-1]}/>")
            if parts:
                put("".join(parts))
                put(f"</{node.name}>")

    def _lines_of(self, node: Inner) -> tuple[_Line, ...]:
        lines = self._lines.get(node.at.path)
        if lines is None:
            keys = tuple(node.key_leafs) if isinstance(node, List) else ()
            children = (*keys, *(each for each in node.children if each not in keys))
            lines = tuple(
                (
                    each.name,
                    f"{each.module.name}:{each.name}",
                    each.kind,
                    each,
                    opening_of(each),
                    f"</{each.name}>",
                )
                for each in children
            )
            self._lines[node.at.path] = lines
        return lines

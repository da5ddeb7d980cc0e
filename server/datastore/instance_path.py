"""Where a data node is: the XPath with keys that errors show, and its prefixes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from yang.changes import Key
from yang.prefixes import free_prefix
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF_LIST, LIST, DataNode, Inner, List, Operation, Schema


class InstancePath:
    """An instance of a schema node, as text and as the prefixes that the text uses."""

    def __init__(self) -> None:
        self._steps: list[str] = []
        self.namespaces: dict[str, str] = {}

    @property
    def text(self) -> str:
        """The XPath: a prefix on every step, a predicate for every key."""
        return "".join(self._steps) or "/"

    def add(self, node: DataNode | Operation, keys: Sequence[str | None] = ()) -> "InstancePath":
        """Go down one step; ``keys`` are the texts of a list entry's keys, None: not known."""
        module = node.module
        prefix = free_prefix(module.prefix, module.namespace, self.namespaces)
        self.namespaces[prefix] = module.namespace
        step = f"/{prefix}:{node.name}"
        if isinstance(node, List):
            for leaf, text in zip(node.key_leafs, keys, strict=False):
                if text is not None:
                    step += f"[{prefix}:{leaf.name}={quoted(text)}]"
        self._steps.append(step)
        return self

    def add_value(self, text: str) -> "InstancePath":
        """Narrow a leaf-list to one of its values."""
        self._steps.append(f"[.={quoted(text)}]")
        return self


def quoted(text: str) -> str:
    """Return a string literal of XPath 1.0, which knows no escapes."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = text.split("'")
    return "concat('" + "',\"'\",'".join(parts) + "')"


def path_of_entry(schema: Schema, path: str, keys: Sequence[Key]) -> InstancePath:
    """Return the instance path of a schema path and the keys of the lists on it."""
    found = InstancePath()
    if path in ("", "/"):
        return found
    remaining = list(keys)
    for node in line_to(schema.by_path[path]):
        own = remaining.pop(0) if node.kind == LIST and remaining else ()
        found.add(node, [canonical(value) for value in own])  # type: ignore[arg-type]
    return found


def line_to(node: DataNode) -> list[DataNode]:
    """Return the schema nodes from the top down to this one."""
    line: list[DataNode] = []
    at: Any = node
    while at is not None and at.at.parent is not None:
        line.append(at)
        at = at.at.parent
    return line[::-1]


def path_of_element(
    top: Inner, element: etree._Element, holder: etree._Element, above: InstancePath | None = None
) -> InstancePath:
    """Return the instance path of an XML element below ``holder``, as far as it is known.

    ``above`` is the path of the holder itself, where that is not the root; it is added to.
    """
    found = above or InstancePath()
    for node, each in _line_down(top, element, holder):
        found.add(node, _keys_in(node, each))
        if node.kind == LEAF_LIST:
            found.add_value((each.text or "").strip())
    return found


def node_of_element(top: Inner, element: etree._Element, holder: etree._Element) -> Any:
    """Return the schema node of an element below ``holder``, or of what is nearest above it."""
    return next(reversed([node for node, _ in _line_down(top, element, holder)]), top)


def _line_down(
    top: Inner, element: etree._Element, holder: etree._Element
) -> Iterator[tuple[DataNode, etree._Element]]:
    """Yield the elements from the holder's child down to this one, as far as they are known."""
    line = [element]
    while line[-1].getparent() is not None and line[-1].getparent() is not holder:
        line.append(line[-1].getparent())  # type: ignore[arg-type]
    node: Any = top
    for each in reversed(line):
        if each is holder or node.kind not in (CONTAINER, LIST):
            return
        node = child_of(node, each.tag)
        if node is None:
            return
        yield node, each


def child_of(node: Inner, tag: object) -> DataNode | None:
    """Return the child an element names; one without a namespace may be of any module."""
    name = str(tag)
    found = node.by_tag.get(name)
    if found is None and not name.startswith("{"):
        found = node.by_name.get(name)
    return found


def _keys_in(node: DataNode, element: etree._Element) -> list[str | None]:
    if not isinstance(node, List):
        return []
    texts = {str(child.tag): (child.text or "").strip() for child in element if _named(child)}
    # A client that forgot a namespace is told of the entry that it meant all the same.
    return [texts.get(leaf.at.tag, texts.get(leaf.name)) for leaf in node.key_leafs]


def _named(element: etree._Element) -> bool:
    return isinstance(element.tag, str)


def prefixes_of(found: InstancePath) -> Mapping[str, str]:
    """Return the namespaces of an instance path."""
    return found.namespaces

"""XML -> bound values, where nothing is there yet: the fast way in.

Whole entries are read without looking at what a datastore holds; ``edit`` does the rest.
"""

from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.datastore.to_xml import escaped
from yang.changes import Key
from yang.scalars import InvalidValue, canonical, quote
from yang.schema import (
    CONTAINER,
    LEAF,
    LEAF_LIST,
    LIST,
    DataNode,
    Inner,
    Leaf,
    LeafList,
    List,
)


class Reader:
    """Reads elements without edit operations; knows how to tell where a fault is."""

    def __init__(self, locator: Locator) -> None:
        self.locator = locator

    # One loop for all kinds: a call for each leaf would cost as much as the leaf.
    def inner(self, node: Inner, element: etree._Element) -> Any:  # noqa: C901, PLR0912
        """Return the value of a container or list entry; ``node.empty`` if nothing is in it."""
        if element.text is not None and not element.text.isspace():
            self.refuse_text(element)
        absent = node.empty
        values = list(absent)
        many: dict[int, list[Any]] = {}
        containers: list[int] = []
        reading = node.reading
        filled = False
        for child_element in element:
            tail = child_element.tail
            if tail is not None and not tail.isspace():
                self.refuse_text(element)
            found = reading.get(child_element.tag)
            if found is None:
                self.child(node, child_element)  # raises why there is none
                continue
            slot, kind, parse, child = found
            if kind == LEAF:
                if values[slot] is not None:
                    raise self.twice(child_element)
                if parse is None or len(child_element):
                    values[slot] = self.leaf(child, child_element)
                else:
                    try:
                        values[slot] = parse(child_element.text or "")
                    except InvalidValue as reason:
                        raise self.locator.invalid(child_element, reason) from None
                filled = True
            elif kind == CONTAINER:
                if slot in containers:
                    raise self.twice(child_element)
                containers.append(slot)
                values[slot] = held = self.inner(child, child_element)
                filled = filled or held is not child.empty or child.presence
            elif kind == LIST:
                many.setdefault(slot, []).append(self.entry(child, child_element))
            elif kind == LEAF_LIST:
                many.setdefault(slot, []).append(self.leaf(child, child_element))
            else:
                if values[slot] is not None:
                    raise self.twice(child_element)
                values[slot] = anydata_text(child_element)
                filled = True
        for slot, instances in many.items():
            values[slot] = self._gather(node.slots[slot], instances, element)
        if node.evicts and len(element) > 1:
            self._refuse_two_cases(node, values, element)
        return node.value._make(values) if filled or many else absent

    def entry(self, node: List, element: etree._Element) -> tuple[Key, Any]:
        """Return the key and value of a list entry."""
        value = self.inner(node, element)
        for leaf in node.key_leafs:
            if value[leaf.at.slot] is None:
                raise self.missing_key(node, leaf, element)
        return node.key_of(value), value

    def leaf(self, node: Any, element: etree._Element) -> Any:
        """Return the value of a leaf or of one leaf-list instance."""
        if len(element):
            raise self.locator.at(
                "bad-element", f"<{node.name}> takes a value and no elements", element
            )
        try:
            if node.type.contextual:
                return node.type.parse_in(element.text or "", element.nsmap)
            return node.type.parse(element.text or "")
        except InvalidValue as reason:
            raise self.locator.invalid(element, reason) from None

    def child(self, node: Inner, element: etree._Element) -> DataNode:
        """Return the configuration node that an element is for, or raise why there is none."""
        if not isinstance(element.tag, str):
            raise self.locator.at("bad-element", "a comment or entity is not taken here", element)
        child = node.by_tag.get(element.tag)
        if child is None:
            raise self.locator.unknown(element)
        if child.at.slot < 0:
            raise self.locator.at(
                "unknown-element", f"<{child.name}> is state and cannot be configured", element
            )
        return child

    def key(self, node: List, element: etree._Element) -> Key:
        """Return the key of an entry without reading the rest of it."""
        found = {child.tag: child for child in element}
        if len(found) < len(element):
            self._refuse_two_keys(node, element)
        key = []
        for leaf in node.key_leafs:
            part = found.get(leaf.at.tag)
            if part is None:
                raise self.missing_key(node, leaf, element)
            key.append(leaf.sort_key(self.leaf(leaf, part)))
        return tuple(key)

    def _refuse_two_keys(self, node: List, element: etree._Element) -> None:
        """Raise for a key that is there twice: which entry is meant nobody can tell."""
        for leaf in node.key_leafs:
            again = element.findall(leaf.at.tag)[1:]
            if again:
                raise self.twice(again[0])

    def missing_key(self, node: List, leaf: Leaf, element: etree._Element) -> Exception:
        """Return the error for an entry without one of its keys (RFC 7950, 8.3.1)."""
        error = self.locator.at(
            "missing-element", f"the entry of {node.name} lacks its key <{leaf.name}>", element
        )
        error.info = (("bad-element", leaf.name),)
        return error

    def refuse_text(self, element: etree._Element) -> None:
        """Raise if an element that holds elements holds text, too: nobody would see it again."""
        text = element.text
        if text and not text.isspace():
            raise self._stray_text(element, text)
        for child in element:
            text = child.tail
            if text and not text.isspace():
                raise self._stray_text(element, text)

    def _stray_text(self, element: etree._Element, text: str) -> Exception:
        name = etree.QName(element).localname
        message = f"<{name}> takes elements, and {quote(text.strip())} is none of them"
        error = self.locator.at("bad-element", message, element)
        error.info = (("bad-element", name),)
        return error

    def twice(self, element: etree._Element) -> Exception:
        """Return the error for a second instance of what can be there once."""
        name = etree.QName(element).localname
        return self.locator.at("bad-element", f"<{name}> is given twice", element)

    def _gather(self, node: DataNode, found: list[Any], element: etree._Element) -> Any:
        if isinstance(node, List):
            if len({key for key, _ in found}) != len(found):
                raise self._repeated_entry(node, found, element)
            return node.build(found)
        assert isinstance(node, LeafList)
        return gather_leaf_list(self.locator, node, found, element)

    def _repeated_entry(self, node: List, found: list[Any], element: etree._Element) -> Exception:
        seen: set[Key] = set()
        for (key, _), child in zip(found, element.iterchildren(node.at.tag), strict=True):
            if key in seen:
                name = ", ".join(canonical(part) for part in key)
                return self.locator.at(
                    "bad-element", f"the entry {name} of {node.name} is given twice", child
                )
            seen.add(key)
        raise AssertionError("a repeated entry was counted but not found")

    def _refuse_two_cases(self, node: Inner, values: list[Any], element: etree._Element) -> None:
        for slot, rivals in node.evicts.items():
            if values[slot] is not node.empty[slot]:
                for rival in rivals:
                    if values[rival] is not node.empty[rival]:
                        raise self.two_cases(node, slot, rival, element)

    def two_cases(self, node: Inner, one: int, other: int, element: etree._Element) -> Exception:
        """Return the error for data of two cases of one choice (RFC 7950, 8.3.1)."""
        first, second = node.slots[one], node.slots[other]
        error = self.locator.at(
            "bad-element",
            f"<{first.name}> and <{second.name}> belong to different cases of a choice;"
            " give only one of them",
            element,
        )
        error.info = (("bad-element", second.name),)
        return error


def gather_leaf_list(
    locator: Locator, node: LeafList, found: list[Any], element: etree._Element
) -> tuple[Any, ...]:
    """Return the value of a leaf-list: unique values, sorted unless its user orders them."""
    texts = [canonical(value) for value in found]
    if len(set(texts)) != len(found):
        repeated = next(text for text in texts if texts.count(text) > 1)
        error = locator.at(
            "bad-element", f"the value {repeated!r} of {node.name} is given twice", element
        )
        error.info = (("bad-element", node.name),)
        raise error
    return tuple(found) if node.user_ordered else in_system_order(found)


def in_system_order(values: list[Any]) -> tuple[Any, ...]:
    """Return the values of a leaf-list in the order of the system: sorted."""
    try:
        return tuple(sorted(values))
    except TypeError:
        # The values of a union cannot be compared with one another; their texts can.
        return tuple(sorted(values, key=canonical))


def anydata_text(element: etree._Element) -> str:
    """Return the content of an anydata element as XML text.

    A prefix stays declared where a name or a text uses it, wherever it was declared.
    """
    parts = [escaped(element.text or "")]
    for child in element:
        apart = etree.fromstring(etree.tostring(child, with_tail=False))
        # Values hold names too (identityrefs, paths), and the schema does not say which do.
        words = [text for each in apart.iter() for text in (each.text, *each.values()) if text]
        kept = [p for p in apart.nsmap if p and any(f"{p}:" in word for word in words)]
        etree.cleanup_namespaces(apart, keep_ns_prefixes=kept)
        parts += [etree.tostring(apart, encoding="unicode"), escaped(child.tail or "")]
    return "".join(parts).strip()

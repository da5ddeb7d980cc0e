"""``<edit-config>``: a tree and an XML document -> a new tree (RFC 6241, 7.2; RFC 7950, 8.3).

The old tree stays as it was; where the edit changes nothing, the old object is returned.
"""

from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.datastore.reading import Reader, anydata_text, in_system_order
from server.errors import RpcError
from server.namespaces import BASE, YANG
from yang.changes import Key
from yang.scalars import canonical
from yang.schema import (
    CONTAINER,
    LEAF,
    LEAF_LIST,
    LIST,
    Container,
    DataNode,
    Inner,
    LeafList,
    List,
    Schema,
    absent,
    is_absent,
)

OPERATION = f"{{{BASE}}}operation"
INSERT = f"{{{YANG}}}insert"
KEY = f"{{{YANG}}}key"
VALUE = f"{{{YANG}}}value"
OPERATIONS = frozenset({"merge", "replace", "create", "delete", "remove", "none"})
PLACES = frozenset({"first", "last", "before", "after"})

_ANY_ATTRIBUTE = etree.XPath("boolean(.//@*)")


def edit(schema: Schema, root: Any, config: etree._Element, default_operation: str) -> Any:
    """Return the root after the edit that ``config`` (the ``<config>`` element) describes.

    Raises RpcError at the first fault; nothing has changed then.
    """
    editor = _Editor(schema, config)
    if default_operation == "replace":
        return editor.merged(schema.root, schema.root.empty, root, config, "merge")
    return editor.merged(schema.root, root, root, config, default_operation)


def read_configuration(schema: Schema, config: etree._Element) -> Any:
    """Return the root that ``config`` describes by itself (``<copy-config>``, ``<validate>``)."""
    return edit(schema, schema.root.empty, config, "merge")


class _Editor:
    """One edit."""

    def __init__(self, schema: Schema, config: etree._Element) -> None:
        self._locate = Locator(schema.root, config)
        self._read = Reader(self._locate)
        # Looking for attributes at every element costs; most edits have none at all.
        self._plain = not any(_ANY_ATTRIBUTE(child) for child in config)

    def merged(
        self, node: Inner, base: Any, old: Any, element: etree._Element, operation: str
    ) -> Any:
        """Return ``base`` with the children of the element applied; ``old`` if that is equal."""
        values = list(base)
        given: dict[int, list[tuple[DataNode, etree._Element]]] = {}
        for child_element in element:
            child = self._read.child(node, child_element)
            given.setdefault(child.at.slot, []).append((child, child_element))
        for slot, found in given.items():
            child = found[0][0]
            before = values[slot]
            values[slot] = self._child(child, before, old[slot], found, operation)
            if not is_absent(child, values[slot]):
                self._evict(node, slot, values, given, element)
        return _kept(node, values, old)

    def _child(
        self,
        child: DataNode,
        base: Any,
        old: Any,
        found: list[tuple[DataNode, etree._Element]],
        operation: str,
    ) -> Any:
        elements = [element for _, element in found]
        if child.kind == LIST:
            return self._entries(child, base, old, elements, operation)  # type: ignore[arg-type]
        if child.kind == LEAF_LIST:
            return self._leaf_list(child, base, old, elements, operation)  # type: ignore[arg-type]
        if len(elements) > 1:
            raise self._read.twice(elements[1])
        if child.kind == CONTAINER:
            return self._container(child, base, old, elements[0], operation)  # type: ignore[arg-type]
        return self._leaf(child, base, old, elements[0], operation)

    def _leaf(
        self, node: DataNode, base: Any, old: Any, element: etree._Element, inherited: str
    ) -> Any:
        operation = self._operation(element, inherited)
        exists = base is not None
        if not self._goes_on(node, exists, element, operation):
            return base if operation == "none" else None
        if operation == "none":
            return base
        value = self._read.leaf(node, element) if node.kind == LEAF else anydata_text(element)
        return old if _same(value, old) else value

    def _container(
        self, node: Container, base: Any, old: Any, element: etree._Element, inherited: str
    ) -> Any:
        operation = self._operation(element, inherited)
        exists = not is_absent(node, base)
        if not self._goes_on(node, exists, element, operation):
            return absent(node)
        fresh = base is None or operation in ("replace", "create")
        below = "merge" if operation in ("replace", "create") else operation
        start = node.empty if fresh else base
        return self.merged(node, start, node.empty if old is None else old, element, below)

    def _entries(
        self, node: List, base: Any, old: Any, elements: list[etree._Element], inherited: str
    ) -> Any:
        if self._plain and inherited == "merge" and len(base) == 0 and len(old) == 0:
            return self._new_entries(node, elements)
        seen: set[Key] = set()
        puts: list[tuple[Key, Any]] = []
        for element in elements:
            key = self._read.key(node, element)
            if key in seen:
                raise self._repeated(node, key, element)
            seen.add(key)
            operation = self._operation(element, inherited)
            before = base.get(key)
            if not self._goes_on(node, before is not None, element, operation):
                base = base.remove(key) if before is not None else base
                continue
            value = self._entry(node, before, old.get(key), element, operation)
            if node.user_ordered:
                base = self._placed(node, base, key, value, element)
            elif value is not before:
                puts.append((key, value))
        base = base.update(puts) if puts else base
        return old if len(base) == len(old) and _shares_all(base, old) else base

    def _entry(
        self, node: List, before: Any, old: Any, element: etree._Element, operation: str
    ) -> Any:
        fresh = before is None or operation in ("replace", "create")
        if fresh and operation != "none" and self._plain:
            value = self._read.inner(node, element)
            return old if old is not None and value == old else value
        start = node.empty if fresh else before
        below = "merge" if operation in ("replace", "create") else operation
        reference = node.empty if old is None else old
        return self.merged(node, start, reference, element, below)

    def _new_entries(self, node: List, elements: list[etree._Element]) -> Any:
        found = [self._read.entry(node, element) for element in elements]
        if len({key for key, _ in found}) != len(found):
            seen: set[Key] = set()
            for (key, _), element in zip(found, elements, strict=True):
                if key in seen:
                    raise self._repeated(node, key, element)
                seen.add(key)
        return node.build(found)

    def _repeated(self, node: List, key: Key, element: etree._Element) -> Exception:
        name = ", ".join(canonical(part) for part in key)  # type: ignore[arg-type]
        error = self._locate.at(
            "bad-element", f"the entry {name} of {node.name} is given twice", element
        )
        error.info = (("bad-element", node.name),)
        return error

    def _placed(self, node: List, base: Any, key: Key, value: Any, element: etree._Element) -> Any:
        where = self._place(element)
        if where is None:
            return base.set(key, value)
        if where in ("first", "last"):
            return base.insert(key, value, where)
        anchor = self._anchor_key(node, element)
        if anchor not in base:
            raise self._missing_anchor(element)
        return base.insert(key, value, where, anchor)

    def _anchor_key(self, node: List, element: etree._Element) -> Key:
        """Read ``yang:key``: predicates like [p:name='x'] (RFC 7950, 7.8.6)."""
        text = element.get(KEY)
        if text is None:
            raise self._bad_insert(element, "insert 'before' and 'after' need yang:key")
        try:
            return _key_of_predicates(node, text)
        except ValueError:
            raise self._bad_insert(element, f"{text!r} is no key of {node.name}") from None

    def _leaf_list(
        self, node: LeafList, base: Any, old: Any, elements: list[etree._Element], inherited: str
    ) -> Any:
        values = list(base)
        seen: set[str] = set()
        for element in elements:
            operation = self._operation(element, inherited)
            value = self._read.leaf(node, element)
            text = canonical(value)
            if text in seen:
                raise self._read.twice(element)
            seen.add(text)
            exists = any(_same(value, each) for each in values)
            if not self._goes_on(node, exists, element, operation):
                values = [each for each in values if not _same(value, each)]
            elif operation != "none":
                self._add_value(node, values, value, element)
        made = tuple(values) if node.user_ordered else in_system_order(values)
        same = len(made) == len(old) and all(map(_same, made, old))
        return old if same else made

    def _add_value(
        self, node: LeafList, values: list[Any], value: Any, element: etree._Element
    ) -> None:
        where = self._place(element) if node.user_ordered else None
        at = next((i for i, each in enumerate(values) if _same(value, each)), None)
        if where is None:
            if at is None:
                values.append(value)
            return
        if at is not None:
            del values[at]
        values.insert(self._position(node, values, where, element), value)

    def _position(
        self, node: LeafList, values: list[Any], where: str, element: etree._Element
    ) -> int:
        if where in ("first", "last"):
            return 0 if where == "first" else len(values)
        text = element.get(VALUE)
        if text is None:
            raise self._bad_insert(element, "insert 'before' and 'after' need yang:value")
        for position, each in enumerate(values):
            if canonical(each) == text:
                return position + (where == "after")
        raise self._missing_anchor(element)

    # ---- operations

    def _operation(self, element: etree._Element, inherited: str) -> str:
        if self._plain or not element.attrib:
            return inherited
        for name in element.attrib:
            if name not in (OPERATION, INSERT, KEY, VALUE):
                raise self._unknown_attribute(str(name), element)
        operation = element.get(OPERATION)
        if operation is None:
            return inherited
        operation = operation.strip()
        if operation not in OPERATIONS - {"none"}:
            raise self._bad_attribute(
                element,
                f"{operation!r} is no edit operation: merge, replace, create, delete, remove",
            )
        return operation

    def _goes_on(
        self, node: DataNode, exists: bool, element: etree._Element, operation: str
    ) -> bool:
        """Tell whether the node stays or comes to be; raise if the operation cannot be done."""
        if operation == "create" and exists:
            raise self._locate.at(
                "data-exists", f"{node.name} exists already, so it cannot be created", element
            )
        if operation == "delete" and not exists:
            raise self._locate.at(
                "data-missing", f"{node.name} does not exist, so it cannot be deleted", element
            )
        if operation == "none" and not exists and not _is_passage(node):
            raise self._locate.at(
                "data-missing",
                f"{node.name} does not exist, and default-operation is none",
                element,
            )
        return operation not in ("delete", "remove")

    def _place(self, element: etree._Element) -> str | None:
        where = element.get(INSERT)
        if where is not None and where not in PLACES:
            raise self._bad_insert(element, f"{where!r} is none of first, last, before, after")
        return where

    def _evict(
        self,
        node: Inner,
        slot: int,
        values: list[Any],
        given: dict[int, Any],
        element: etree._Element,
    ) -> None:
        """Remove the data of the other cases (RFC 7950, 8.3.2)."""
        for rival in node.evicts.get(slot, ()):
            if rival in given and not is_absent(node.slots[rival], values[rival]):
                raise self._read.two_cases(node, rival, slot, element)
            values[rival] = absent(node.slots[rival])

    # ---- errors

    def _bad_attribute(self, element: etree._Element, message: str) -> RpcError:
        error = self._locate.at("bad-attribute", message, element)
        error.info = (("bad-attribute", "operation"), ("bad-element", _name(element)))
        return error

    def _unknown_attribute(self, name: str, element: etree._Element) -> RpcError:
        hint = ""
        if etree.QName(name).localname == "operation":
            hint = f'; the edit operation is an attribute of the namespace "{BASE}" (nc:operation)'
        error = self._locate.at(
            "unknown-attribute",
            f"<{_name(element)}> has an unknown attribute {name!r}{hint}",
            element,
        )
        error.info = (
            ("bad-attribute", etree.QName(name).localname),
            ("bad-element", _name(element)),
        )
        return error

    def _bad_insert(self, element: etree._Element, message: str) -> RpcError:
        error = self._locate.at("bad-attribute", message, element)
        error.info = (("bad-attribute", "insert"), ("bad-element", _name(element)))
        return error

    def _missing_anchor(self, element: etree._Element) -> RpcError:
        """RFC 7950, 15.7: the entry to insert beside does not exist."""
        return self._locate.at(
            "bad-attribute",
            "the entry to insert before or after does not exist",
            element,
            app_tag="missing-instance",
        )


def _kept(node: Inner, values: list[Any], old: Any) -> Any:
    """Return old, or the shared empty value, if that is what the values are."""
    if all(value is before for value, before in zip(values, old, strict=True)):
        return old
    if all(value is nothing for value, nothing in zip(values, node.empty, strict=True)):
        return node.empty
    return node.value._make(values)


def _same(value: Any, other: Any) -> bool:
    return type(value) is type(other) and bool(value == other)


def _shares_all(base: Any, old: Any) -> bool:
    return next(iter(old.changes(base)), None) is None


def _is_passage(node: DataNode) -> bool:
    """A container without presence has no level of its own that could be missing."""
    return isinstance(node, Container) and not node.presence


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _key_of_predicates(node: List, text: str) -> Key:
    """Return the key that ``[p:name='x'][...]`` names; ValueError if it names none."""
    remaining = text.strip()
    found: dict[str, str] = {}
    while remaining:
        if not remaining.startswith("["):
            raise ValueError(text)
        name, _, rest = remaining[1:].partition("=")
        rest = rest.lstrip()
        quote = rest[:1]
        if quote not in ("'", '"'):
            raise ValueError(text)
        value, closing, remaining = rest[1:].partition(quote)
        if not closing or not remaining.lstrip().startswith("]"):
            raise ValueError(text)
        remaining = remaining.lstrip()[1:].lstrip()
        found[name.strip().rpartition(":")[2]] = value
    if set(found) != set(node.keys):
        raise ValueError(text)
    return tuple(leaf.sort_key(leaf.type.parse(found[leaf.name])) for leaf in node.key_leafs)

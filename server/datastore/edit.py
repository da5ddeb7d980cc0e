"""``<edit-config>``: a tree and an XML document -> a new tree (RFC 6241, 7.2; RFC 7950, 8.3).

The old tree stays as it was; where the edit changes nothing, the old object is returned.
"""

from collections.abc import Callable
from operator import is_
from typing import Any

from lxml import etree

from server.datastore.conditions import settled
from server.datastore.default_marks import (
    MARK,
    is_marked,
    refuse_operation,
    refuse_unless_default,
)
from server.datastore.expected import Expected, expected_of
from server.datastore.faults import Locator
from server.datastore.likeness import is_alike
from server.datastore.placing import INSERT, KEY, VALUE, Placing, attributes_of, in_order_of
from server.datastore.reading import Reader, anydata_text, in_system_order
from server.errors import RpcError
from server.namespaces import BASE, ETAG
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
OPERATIONS = frozenset({"merge", "replace", "create", "delete", "remove", "none"})

_ANY_ATTRIBUTE = etree.XPath("boolean(.//@*)")


def edit(schema: Schema, root: Any, config: etree._Element, default_operation: str) -> Any:
    """Return the root after the edit that ``config`` (the ``<config>`` element) describes.

    Raises RpcError at the first fault; nothing has changed then.
    """
    made = applied(schema, root, config, default_operation)
    return settled(schema, root, made, config)


def applied(
    schema: Schema,
    root: Any,
    config: etree._Element,
    default_operation: str,
    expects: Callable[[list[Expected]], None] | None = None,
) -> Any:
    """Return the root after the edit, whatever the whens say of it.

    ``expects`` takes what the etags in it expect, also where the edit cannot be done, and may
    refuse; without it an etag is an attribute that nobody knows.
    """
    editor = _Editor(schema, config, expects is not None)
    base = root
    below = default_operation
    if default_operation == "replace":
        base, below = schema.root.empty, "merge"
    try:
        return editor.merged(schema.root, base, root, config, below)
    finally:
        if expects is not None:
            expects(editor.expected())


def read_configuration(schema: Schema, like: Any, config: etree._Element) -> Any:
    """Return the root that ``config`` describes by itself (``<copy-config>``, ``<validate>``).

    What it has in common with the root ``like`` is shared with it, and so costs nothing further.
    """
    return edit(schema, like, config, "replace")


class _Editor:
    """One edit."""

    def __init__(self, schema: Schema, config: etree._Element, takes_etags: bool = False) -> None:
        self._top = schema.root
        self._config = config
        self._takes_etags = takes_etags
        self._with_etag: list[etree._Element] = []
        self._locate = Locator(schema.root, config)
        self._read = Reader(self._locate)
        self._place = Placing(self._locate)
        # Looking for attributes at every element costs; most edits have none at all.
        self._plain = not any(_ANY_ATTRIBUTE(child) for child in config)

    def expected(self) -> list[Expected]:
        """Return what the etags that were come across expect."""
        return expected_of(self._top, self._read, self._config, self._with_etag)

    def merged(
        self, node: Inner, base: Any, old: Any, element: etree._Element, operation: str
    ) -> Any:
        """Return ``base`` with the children of the element applied; ``old`` if that is equal."""
        values = list(base)
        given: dict[int, list[etree._Element]] = {}
        self._read.refuse_text(element)
        for child_element in element:
            child = self._read.child(node, child_element)
            given.setdefault(child.at.slot, []).append(child_element)
        for slot, found in given.items():
            values[slot] = self._child(node.slots[slot], values[slot], old[slot], found, operation)
        # After all operations: what deletes the old case may stand behind what makes the new one.
        for slot in given if node.evicts else ():
            if not is_absent(node.slots[slot], values[slot]):
                self._evict(node, slot, values, given, element)
        return _kept(node, values, old)

    def _child(
        self,
        child: DataNode,
        base: Any,
        old: Any,
        elements: list[etree._Element],
        operation: str,
    ) -> Any:
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
        if self._plain and inherited == "merge":
            return self._merged_leaf(node, old, element)
        operation = self._operation(node, element, inherited)
        exists = base is not None
        if not self._goes_on(node, exists, element, operation):
            if node in getattr(node.at.parent, "key_leafs", ()):
                raise self._bad_attribute(
                    element, f"{node.name} is a key and cannot be deleted; delete its entry"
                )
            return None
        if operation == "none":
            return base
        if is_marked(self._locate, node, element):
            refuse_unless_default(self._locate, node, element, self._read.leaf(node, element))
            return None
        return self._merged_leaf(node, old, element)

    def _merged_leaf(self, node: DataNode, old: Any, element: etree._Element) -> Any:
        value = self._read.leaf(node, element) if node.kind == LEAF else anydata_text(element)
        return old if is_alike(value, old) else value

    def _container(
        self, node: Container, base: Any, old: Any, element: etree._Element, inherited: str
    ) -> Any:
        operation = self._operation(node, element, inherited)
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
        started = base
        seen: set[Key] = set()
        puts: list[tuple[Key, Any]] = []
        for element in elements:
            key = self._read.key(node, element)
            if key in seen:
                raise self._repeated(node, key, element)
            seen.add(key)
            operation = self._operation(node, element, inherited)
            before = base.get(key)
            if not self._goes_on(node, before is not None, element, operation):
                base = base.remove(key) if before is not None else base
                continue
            value = self._entry(node, before, old.get(key), element, operation)
            if node.user_ordered:
                base = self._place.entry(node, base, key, value, element)
            elif value is not before:
                puts.append((key, value))
        base = base.update(puts) if puts else base
        if started is old:
            return base  # Each entry that was put or removed is another one now.
        return in_order_of(base, old) if node.user_ordered else _unless_same(base, old)

    def _entry(
        self, node: List, before: Any, old: Any, element: etree._Element, operation: str
    ) -> Any:
        fresh = before is None or operation in ("replace", "create")
        if fresh and operation != "none" and self._plain:
            value = self._read.inner(node, element)
            return old if old is not None and is_alike(value, old) else value
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
        return self._locate.at(
            "bad-element", f"the entry {name} of {node.name} is given twice", element
        )

    def _leaf_list(
        self, node: LeafList, base: Any, old: Any, elements: list[etree._Element], inherited: str
    ) -> Any:
        values = {canonical(value): value for value in base}
        seen: set[str] = set()
        for element in elements:
            operation = self._operation(node, element, inherited)
            value = self._read.leaf(node, element)
            text = canonical(value)
            if text in seen:
                raise self._read.twice(element)
            seen.add(text)
            if not self._goes_on(node, text in values, element, operation):
                values.pop(text, None)
            elif is_marked(self._locate, node, element):
                refuse_unless_default(self._locate, node, element, value)
                values.pop(text, None)
            elif operation != "none":
                values = self._place.value(node, values, value, element)
        made = tuple(values.values())
        made = made if node.user_ordered else in_system_order(list(made))
        return old if is_alike(made, old) else made

    # ---- operations

    def _operation(self, node: DataNode, element: etree._Element, inherited: str) -> str:
        if self._plain or not element.attrib:
            return inherited
        taken = (OPERATION, MARK, *attributes_of(node))
        for name in element.attrib:
            if name == ETAG and self._takes_etags:
                self._with_etag.append(element)
            elif name not in taken:
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
        if self._plain and operation == "merge":
            return True
        if not self._plain and is_marked(self._locate, node, element):
            refuse_operation(self._locate, node, element, operation)
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
        elif name in (INSERT, KEY, VALUE):
            hint = "; only what is ordered-by user has a place, a list by key, a leaf-list by value"
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


def _kept(node: Inner, values: list[Any], old: Any) -> Any:
    """Return old, or the shared empty value, if that is what the values are."""
    if all(map(is_, values, old)):
        return old
    if all(map(is_, values, node.empty)):
        return node.empty
    return node.value._make(values)


def _unless_same(base: Any, old: Any) -> Any:
    """Return old if the map holds the same, and not another."""
    return old if len(base) == len(old) and next(old.changes(base), None) is None else base


def _is_passage(node: DataNode) -> bool:
    """A container without presence has no level of its own that could be missing."""
    return isinstance(node, Container) and not node.presence


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname

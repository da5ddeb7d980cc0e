"""The accessible tree of XPath expressions (RFC 7950, 6.4.1) as XML: values and defaults in use."""

from typing import Any

from lxml import etree

from server.validation.in_use import is_in_use
from server.xpath.functions import extensions
from yang.changes import Key
from yang.scalars import canonical
from yang.schema import (
    ANYDATA,
    CONTAINER,
    LEAF,
    LEAF_LIST,
    LIST,
    Inner,
    Schema,
    is_absent,
)


class AccessibleTree:
    """One configuration as an XML tree below ``top``.

    What nobody configured, defaults and containers without presence, is in ``implied``.
    """

    def __init__(self, schema: Schema, root: Any) -> None:
        self._schema = schema
        self._namespaces = {m.name: m.namespace for m in schema.modules.values()}
        self.top = etree.Element("data")
        self.implied: set[etree._Element] = set()
        self._of: dict[str, list[etree._Element]] = {}
        self._keys: dict[etree._Element, tuple[Key, ...]] = {}
        self._path: dict[etree._Element, str] = {self.top: ""}
        self._functions = extensions(schema, self)
        self._write(schema.root, root, self.top, ())

    def instances(self, path: str) -> list[etree._Element]:
        """Return the elements of a schema path."""
        return self._of.get(path, [])

    def keys_of(self, element: etree._Element) -> tuple[Key, ...]:
        """Return the keys of the lists around an element."""
        at: Any = element
        while at is not None and at not in self._keys:
            at = at.getparent()
        return self._keys[at] if at is not None else ()

    def ancestor(self, element: etree._Element, path: str) -> etree._Element:
        """Return the element itself or what is above it that has this schema path."""
        at: Any = element
        while self._path[at] != path:
            at = at.getparent()
        return at  # type: ignore[no-any-return]

    def evaluate(self, expression: str, element: etree._Element) -> Any:
        """Evaluate XPath whose names have modules for prefixes, at an element."""
        return element.xpath(
            expression,
            namespaces=self._namespaces,
            extensions=self._functions,
            current=[element],
            root=[self.top],
        )

    def schema_path(self, element: etree._Element) -> str:
        """Return the schema path of an element."""
        return self._path[element]

    def identity(self, element: etree._Element) -> str:
        """Return the identity that a leaf holds: values are canonical here."""
        return element.text or ""

    def identity_named(self, name: str) -> str:
        """Return an identity of an expression: names in them have modules already."""
        return name

    def remove(self, element: etree._Element) -> None:
        """Take an element and all below it out of the tree."""
        gone = set(element.iter())
        for path in {self._path[each] for each in gone}:
            self._of[path] = [each for each in self._of[path] if each not in gone]
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    def _write(  # noqa: C901 - one case for each kind of node
        self, node: Inner, value: Any, parent: etree._Element, keys: tuple[Key, ...]
    ) -> None:
        for child, held in zip(node.slots, value, strict=True):
            if child.kind == CONTAINER:
                self._write_container(node, child, value, parent, keys)
            elif child.kind == LIST:
                for key, entry in held.items():
                    element = self._element(child, parent)
                    self._keys[element] = (*keys, key)
                    self._write(child, entry, element, (*keys, key))  # type: ignore[arg-type]
            elif child.kind == LEAF_LIST:
                for each in held:
                    self._element(child, parent).text = canonical(each)
                if not held and is_in_use(node, child, value):
                    for text in child.defaults:  # type: ignore[union-attr]
                        self._imply(child, parent).text = text
            elif child.kind == LEAF:
                if held is not None:
                    self._element(child, parent).text = canonical(held)
                elif child.default_value is not None and is_in_use(node, child, value):  # type: ignore[union-attr]
                    self._imply(child, parent).text = canonical(child.default_value)  # type: ignore[union-attr]
            elif child.kind == ANYDATA and held is not None:
                self._element(child, parent)

    def _write_container(
        self, node: Inner, child: Any, value: Any, parent: etree._Element, keys: tuple[Key, ...]
    ) -> None:
        held = value[child.at.slot]
        if not is_absent(child, held):
            self._write(child, held, self._element(child, parent), keys)
        elif not child.presence and is_in_use(node, child, value):
            self._write(child, held, self._imply(child, parent), keys)

    def _imply(self, node: Any, parent: etree._Element) -> etree._Element:
        element = self._element(node, parent)
        self.implied.add(element)
        return element

    def _element(self, node: Any, parent: etree._Element) -> etree._Element:
        element = etree.SubElement(parent, node.at.tag)
        self._of.setdefault(node.at.path, []).append(element)
        self._path[element] = node.at.path
        return element

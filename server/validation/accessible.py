"""The accessible tree of XPath expressions (RFC 7950, 6.4.1) as XML: values and defaults in use."""

import re
from collections.abc import Callable
from typing import Any

from lxml import etree

from yang.changes import Key
from yang.scalars import Enumeration, canonical
from yang.schema import (
    ANYDATA,
    CONTAINER,
    LEAF,
    LEAF_LIST,
    LIST,
    Inner,
    Leaf,
    Schema,
    is_absent,
)


class AccessibleTree:
    """One configuration as an XML tree below ``top``."""

    def __init__(self, schema: Schema, root: Any) -> None:
        self._schema = schema
        self.top = etree.Element("data")
        self._of: dict[str, list[etree._Element]] = {}
        self._keys: dict[etree._Element, tuple[Key, ...]] = {}
        self._path: dict[etree._Element, str] = {self.top: ""}
        self._write(schema.root, root, self.top, ())
        self.functions: dict[tuple[None, str], Callable[..., Any]] = {
            (None, "deref"): self._deref,
            (None, "re-match"): _re_match,
            (None, "enum-value"): self._enum_value,
            (None, "bit-is-set"): _bit_is_set,
            (None, "derived-from"): self._derived_from,
            (None, "derived-from-or-self"): self._derived_from_or_self,
        }

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

    def _write(  # noqa: C901 - one case for each kind of node
        self, node: Inner, value: Any, parent: etree._Element, keys: tuple[Key, ...]
    ) -> None:
        for child, held in zip(node.slots, value, strict=True):
            if child.kind == CONTAINER:
                if not is_absent(child, held) or not child.presence:  # type: ignore[union-attr]
                    self._write(child, held, self._element(child, parent), keys)  # type: ignore[arg-type]
            elif child.kind == LIST:
                for key, entry in held.items():
                    element = self._element(child, parent)
                    self._keys[element] = (*keys, key)
                    self._write(child, entry, element, (*keys, key))  # type: ignore[arg-type]
            elif child.kind == LEAF_LIST:
                values = held or [child.type.parse(text) for text in child.defaults]  # type: ignore[union-attr]
                for each in values:
                    self._element(child, parent).text = canonical(each)
            elif child.kind == LEAF:
                in_use = held if held is not None else self._default(node, child, value)  # type: ignore[arg-type]
                if in_use is not None:
                    self._element(child, parent).text = canonical(in_use)
            elif child.kind == ANYDATA and held is not None:
                self._element(child, parent)

    def _default(self, node: Inner, leaf: Leaf, value: Any) -> Any:
        """Return the default in use (RFC 7950, 7.6.1): in a case only if the case is chosen."""
        for choice, case in leaf.cases:
            chosen: set[str | None] = {
                dict(child.cases)[choice]
                for child in node.slots
                if choice in dict(child.cases) and not is_absent(child, value[child.at.slot])
            }
            fallback = next((c.default for c in node.choices if c.name == choice), None)
            if case not in (chosen or {fallback}):
                return None
        return leaf.default_value

    def _element(self, node: Any, parent: etree._Element) -> etree._Element:
        element = etree.SubElement(parent, node.at.tag)
        self._of.setdefault(node.at.path, []).append(element)
        self._path[element] = node.at.path
        return element

    # ---- functions of RFC 7950, section 10

    def _deref(self, context: Any, nodes: list[etree._Element]) -> list[etree._Element]:
        """Return the instances a leafref's value may stand for."""
        if not nodes:
            return []
        constraint = next(
            (
                each
                for each in self._schema.constraints
                if each.kind == "leafref" and each.node == self._path[nodes[0]]
            ),
            None,
        )
        if constraint is None:
            return []
        path = constraint.expression.rpartition(" = .")[0] or constraint.expression
        prefixes = {m.name: m.namespace for m in self._schema.modules.values()}
        prefixes |= {m.prefix: m.namespace for m in self._schema.modules.values()}
        found: Any = nodes[0].xpath(
            path if "$root" in path else _from_top(path),
            namespaces=prefixes,
            root=[self.top],
            current=[nodes[0]],
        )
        return [each for each in found if (each.text or "") == (nodes[0].text or "")]

    def _enum_value(self, context: Any, nodes: list[etree._Element]) -> float:
        for node in nodes[:1]:
            leaf = self._schema.by_path[self._path[node]]
            scalar = getattr(leaf, "type", None)
            if isinstance(scalar, Enumeration):
                return float(scalar.values[node.text or ""])
        return float("nan")

    def _derived_from(self, context: Any, nodes: list[etree._Element], name: str) -> bool:
        return any(name in self._schema.bases.get(node.text or "", ()) for node in nodes)

    def _derived_from_or_self(self, context: Any, nodes: list[etree._Element], name: str) -> bool:
        return self._derived_from(context, nodes, name) or any(node.text == name for node in nodes)


def _from_top(path: str) -> str:
    return "$root" + path if path.startswith("/") else path


def _re_match(context: Any, subject: Any, pattern: str) -> bool:
    text = subject[0].text or "" if isinstance(subject, list) and subject else subject
    return isinstance(text, str) and re.fullmatch(pattern, text) is not None


def _bit_is_set(context: Any, nodes: list[etree._Element], name: str) -> bool:
    return any(name in (node.text or "").split() for node in nodes[:1])

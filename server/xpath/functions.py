"""The functions of RFC 7950, section 10, for libxml2; ``current`` is a variable or rewritten."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from lxml import etree

from yang.scalars import Enumeration, LeafRef
from yang.schema import Schema

Nodes = list[etree._Element]


class Tree(Protocol):
    """A tree in which expressions are evaluated."""

    def schema_path(self, element: etree._Element) -> str:
        """Return the schema path of an element, empty where there is none."""

    def identity(self, element: etree._Element) -> str:
        """Return the identity that a leaf holds, as ``module:name``."""

    def identity_named(self, name: str) -> str:
        """Return what an identity is called in an expression, as ``module:name``."""

    def evaluate(self, expression: str, element: etree._Element) -> Any:
        """Evaluate a constraint's XPath, whose names have modules for prefixes."""


def extensions(schema: Schema, tree: Tree) -> dict[tuple[None, str], Callable[..., Any]]:
    """Return the functions for one tree, as lxml takes them."""
    functions = _Functions(schema, tree)
    return {
        (None, "deref"): functions.deref,
        (None, "re-match"): _re_match,
        (None, "enum-value"): functions.enum_value,
        (None, "bit-is-set"): _bit_is_set,
        (None, "derived-from"): functions.derived_from,
        (None, "derived-from-or-self"): functions.derived_from_or_self,
    }


class _Functions:
    def __init__(self, schema: Schema, tree: Tree) -> None:
        self._schema = schema
        self._tree = tree

    def deref(self, context: Any, nodes: Nodes) -> Nodes:
        """Return the instances that a leafref's value may stand for."""
        if not nodes:
            return []
        path = self._tree.schema_path(nodes[0])
        constraint = next(
            (c for c in self._schema.constraints if c.kind == "leafref" and c.node == path), None
        )
        if constraint is None:
            return []
        found = self._tree.evaluate(constraint.xpath or constraint.expression, nodes[0])
        return [each for each in found if (each.text or "") == (nodes[0].text or "")]

    def enum_value(self, context: Any, nodes: Nodes) -> float:
        for element in nodes[:1]:
            leaf = self._schema.by_path.get(self._tree.schema_path(element))
            scalar: Any = getattr(leaf, "type", None)
            while isinstance(scalar, LeafRef):
                scalar = scalar.target
            if isinstance(scalar, Enumeration):
                return float(scalar.values[element.text or ""])
        return float("nan")

    def derived_from(self, context: Any, nodes: Nodes, name: str) -> bool:
        wanted = self._tree.identity_named(name)
        return any(wanted in self._schema.bases.get(held, ()) for held in self._held(nodes))

    def derived_from_or_self(self, context: Any, nodes: Nodes, name: str) -> bool:
        return self.derived_from(context, nodes, name) or (
            self._tree.identity_named(name) in self._held(nodes)
        )

    def _held(self, nodes: Nodes) -> Sequence[str]:
        return [self._tree.identity(each) for each in nodes]


def _re_match(context: Any, subject: Any, pattern: str) -> bool:
    text = subject[0].text or "" if isinstance(subject, list) and subject else subject
    return isinstance(text, str) and re.fullmatch(pattern, text) is not None


def _bit_is_set(context: Any, nodes: Nodes, name: str) -> bool:
    return any(name in (node.text or "").split() for node in nodes[:1])

"""The fall-back: constraints that are evaluated as XPath on the whole accessible tree.

Correct and slow: it writes the tree as XML, defaults included, and asks libxml2. The generator
says which constraints need it, and refuses to have any in the project's own module.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from server.validation.accessible import AccessibleTree
from yang.changes import ROOT, Key
from yang.constraints import FALLBACK, Constraint
from yang.schema import Schema


class Fallback:
    """Evaluates the constraints of a schema that are not compiled."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._constraints = [each for each in schema.constraints if each.how == FALLBACK]
        self._namespaces = {m.name: m.namespace for m in schema.modules.values()}

    def broken(self, root: Any) -> Iterator[tuple[Constraint, tuple[Key, ...]]]:
        """Yield each constraint that does not hold, with the keys of its entry."""
        if not self._constraints:
            return
        tree = AccessibleTree(self._schema, root)
        for constraint in self._constraints:
            for element in tree.instances(constraint.node):
                if not self._holds(constraint, element, tree):
                    yield constraint, tree.keys_of(element) if constraint.home != ROOT else ()

    def _holds(self, constraint: Constraint, element: etree._Element, tree: AccessibleTree) -> bool:
        at = tree.ancestor(element, constraint.context or constraint.node)
        if constraint.kind == "leafref":
            path, _, _ = constraint.expression.rpartition(" = .")
            found = self._evaluate(path, at, tree)
            return any((each.text or "") == (at.text or "") for each in found)
        return bool(self._evaluate(f"boolean({constraint.expression})", at, tree))

    def _evaluate(self, text: str, element: etree._Element, tree: AccessibleTree) -> Any:
        return element.xpath(
            text,
            namespaces=self._namespaces,
            extensions=tree.functions,
            current=[element],
            root=[tree.top],
        )

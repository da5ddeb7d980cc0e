"""The fall-back: constraints that are evaluated as XPath on the whole accessible tree.

Correct and slow: it writes the tree as XML, defaults included, and asks libxml2. The generator
says which constraints need it, and refuses to have any in the project's own module.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from server.datastore.instance_path import line_to
from server.validation.accessible import AccessibleTree
from yang.changes import ROOT, Key
from yang.constraints import FALLBACK, Constraint
from yang.scalars import InvalidValue, paths
from yang.schema import CONTAINER, LIST, Schema


class Fallback:
    """Evaluates the constraints of a schema that are not compiled."""

    def __init__(self, schema: Schema, constraints: Sequence[Constraint]) -> None:
        self._schema = schema
        self._constraints = [each for each in constraints if each.how == FALLBACK]
        self._lines = {each: line_to(schema.by_path[each.node]) for each in self._constraints}
        self._whens = [each for each in schema.constraints if each.kind == "when"]

    def broken(self, root: Any) -> Iterator[tuple[Constraint, tuple[Key, ...], str | None]]:
        """Yield each constraint that does not hold, the keys of its entry, the text of its leaf."""
        live = self._live(root)
        if not live:
            return
        tree = self.tree(root)
        for constraint in live:
            for element in tree.instances(constraint.node):
                if not self._holds(constraint, element, tree):
                    keys = tree.keys_of(element) if constraint.home != ROOT else ()
                    yield constraint, keys, element.text

    def is_live(self, root: Any) -> bool:
        """Tell whether there may be anything to evaluate."""
        return bool(self._live(root))

    def _live(self, root: Any) -> list[Constraint]:
        return [each for each in self._constraints if _may_have_instances(self._lines[each], root)]

    def tree(self, root: Any) -> AccessibleTree:
        """Return the accessible tree: nothing is implied where its when is false."""
        tree = AccessibleTree(self._schema, root)
        pruned = bool(tree.implied)
        while pruned:
            false = [
                element
                for when in self._whens
                for element in tree.instances(when.node)
                if element in tree.implied and not condition_holds(when, element, tree)
            ]
            pruned = bool(false)
            for element in false:
                if element.getparent() is not None:
                    tree.remove(element)
        return tree

    def _holds(self, constraint: Constraint, element: etree._Element, tree: AccessibleTree) -> bool:
        if constraint.kind == "instance":
            return _names_an_instance(element, tree)
        if constraint.kind != "leafref":
            return condition_holds(constraint, element, tree)
        text = element.text or ""
        if constraint.others is not None and _takes(constraint.others, text):
            return True
        found = tree.evaluate(constraint.xpath or constraint.expression, element)
        return any((each.text or "") == text for each in found)


def condition_holds(constraint: Constraint, element: etree._Element, tree: AccessibleTree) -> bool:
    """Tell whether a must or when holds for a node."""
    context = constraint.node if constraint.context is None else constraint.context
    expression = constraint.xpath or constraint.expression
    return bool(tree.evaluate(f"boolean({expression})", tree.ancestor(element, context)))


def _may_have_instances(line: Sequence[Any], root: Any) -> bool:
    """Tell whether there may be a node at the end of a line; not where a list on it is empty.

    So a module that nobody configures costs a commit nothing, whatever its constraints are.
    """
    value = root
    for node in line:
        if node.at.slot < 0 or node.kind not in (CONTAINER, LIST):
            return True
        value = value[node.at.slot]
        if node.kind == LIST:
            return len(value) > 0
        if value is None:
            return True  # Defaults may imply what is in it.
    return True


def _names_an_instance(element: etree._Element, tree: AccessibleTree) -> bool:
    def qualified(module: str, name: str, parent: str | None) -> str:
        return f"{module}:{name}"

    path = paths.rewrite(element.text or "", paths.in_modules, qualified)
    return bool(tree.evaluate(f"$root{path}", element))


def _takes(scalar: Any, text: str) -> bool:
    try:
        scalar.parse(text)
    except InvalidValue:
        return False
    return True

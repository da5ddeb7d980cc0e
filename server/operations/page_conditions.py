"""The ``where`` of a page: an expression that holds for the wanted entries.

Each entry is the context node and current() (draft-ietf-netconf-list-pagination). Comparisons of
leafs with values are made on the tree; anything else is evaluated, as a filter is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

from server.datastore.faults import Locator
from server.datastore.reading import Reader
from server.operations.engine import Engine
from server.operations.filters import Namespaces, parsed_condition
from server.operations.pages import Target, target_of
from server.subscriptions.selection import matches
from server.xpath.evaluation import evaluated, fitting
from server.xpath.expressions import (
    CHILD,
    Call,
    Expression,
    Literal,
    NameTest,
    Operation,
    Path,
    Step,
    names_current,
)
from server.xpath.selection import lookup, reach
from yang.changes import Key
from yang.scalars import canonical
from yang.schema import List


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on the entries of the target, in a configuration."""

    engine: Engine
    root: Any
    target: Target
    text: str
    namespaces: Namespaces

    def keys(self, node: List, held: Any) -> set[Key]:
        """Return the keys of the entries for which it holds; raises RpcError."""
        schema = self.engine.schema
        found = lookup(schema.root, self._path(self._condition()))
        at = None if found is None else target_of(schema.root, found)
        if at is not None and at.node is node and at.alternatives:
            wanted = at.alternatives
            return {k for k, e in held.items() if any(matches(node, e, a) for a in wanted)}
        reader = Reader(Locator(schema.root, etree.Element("data")))
        return {reader.key(node, element) for element in self.elements()}

    def elements(self) -> list[etree._Element]:
        """Return the entries, or values, for which it holds, as XML; raises RpcError."""
        engine, limits, condition = self.engine, self.engine.evaluation_limits, self._condition()
        # A number would be a position.
        expression = self._path(Call("boolean", (condition,)))
        read = partial(engine.view.configuration, self.root, reach(engine.schema.root, expression))
        if names_current(condition):
            path = self._path(None)
            return fitting(engine.schema, path, condition, self.namespaces, read, limits)
        level = [evaluated(engine.schema, expression, self.namespaces, read, limits)]
        for each in self.target.line:
            level = [child for element in level for child in element if child.tag == each.at.tag]
        return level

    def _condition(self) -> Expression:
        return parsed_condition(self.text, self.namespaces)

    def _path(self, condition: Expression | None) -> Path:
        keys = list(self.target.keys)
        steps = []
        for node in self.target.line:
            predicates: tuple[Expression, ...] = ()
            if node is self.target.node:
                predicates = () if condition is None else (condition,)
            elif isinstance(node, List):
                predicates = tuple(_equals(node, keys.pop(0)))
            test = NameTest(node.module.namespace, node.name)
            steps.append(Step(CHILD, test, predicates))
        return Path(True, tuple(steps))


def _equals(node: List, key: Key) -> Iterable[Expression]:
    for leaf, part in zip(node.key_leafs, key, strict=True):
        step = Step(CHILD, NameTest(leaf.module.namespace, leaf.name))
        yield Operation("=", (Path(False, (step,)), Literal(canonical(part))))  # type: ignore[arg-type]

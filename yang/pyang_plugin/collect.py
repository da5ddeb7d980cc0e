"""All constraints of a model: what must, when, unique, leafref and mandatory statements say."""

from collections.abc import Iterator

from yang.pyang_plugin.constraints import ConstraintText, Expressions, unique
from yang.pyang_plugin.demands import demands_under_when
from yang.pyang_plugin.index_text import IndexTexts
from yang.pyang_plugin.model import Model, Node
from yang.pyang_plugin.references import References
from yang.pyang_plugin.types import Types


class Constraints:
    """The constraints and indexes of one model."""

    def __init__(self, model: Model, types: Types) -> None:
        self.indexes = IndexTexts()
        self._model = model
        self._types = types
        self._expressions = Expressions(model, types, self.indexes)
        self._references = References(model, types, self.indexes)
        self.found = [
            constraint
            for node in model.root.walk()
            if node.statement is None or node.is_configuration
            for constraint in self._of(node)
        ]

    def _of(self, node: Node) -> Iterator[ConstraintText]:
        if node.statement is not None:
            for must in node.statement.search("must"):
                yield self._expressions.must(node, must)
            for when in node.whens:
                yield self._expressions.when(node, when)
            for statement in node.statement.search("unique"):
                yield unique(node, statement, self._model, self._types, self.indexes)
            if node.kind in ("leaf", "leaf-list"):
                reference = self._references.of(node)
                if reference is not None:
                    yield reference
        yield from demands_under_when(node, self._expressions)

"""Collects the constraints of a model, each with the way it is checked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from yang.pyang_plugin.access import access, existence, given, is_conditional
from yang.pyang_plugin.index_text import IndexTexts, value_tuple
from yang.pyang_plugin.model import Model, Node, When
from yang.pyang_plugin.names import Scope, parsed, with_modules
from yang.pyang_plugin.refusal import CannotGenerate
from yang.pyang_plugin.terms import Selection, Uncompilable
from yang.pyang_plugin.types import Types, default_of
from yang.pyang_plugin.xpath import Compiler


@dataclass
class ConstraintText:
    """A constraint as text; see ``yang.constraints.Constraint``."""

    kind: str
    node: Node
    home: Node
    how: str
    expression: str
    message: str | None = None
    app_tag: str | None = None
    applies: str | None = None
    test: str | None = None
    value: str | None = None
    reverse: list[tuple[int, int, bool, bool]] = field(default_factory=list)
    upper: dict[int, set[str]] = field(default_factory=dict)
    context: Node | None = None
    xpath: str | None = None
    leafs: tuple[str, ...] = ()
    why: str = ""


class Expressions:
    """The must and when statements of one model."""

    def __init__(self, model: Model, types: Types, indexes: IndexTexts) -> None:
        self._model = model
        self._types = types
        self._indexes = indexes

    def must(self, node: Node, must: Any) -> ConstraintText:
        """Return the constraint of a must statement."""
        return self._expression("must", node, node, must)

    def when(self, node: Node, when: When) -> ConstraintText:
        """Return the constraint of a when statement that a node depends on."""
        return self._expression("when", node, when.context, when.statement)

    def compiler(self, statement: Any, context: Node, outside: bool = False) -> Compiler:
        """Return what compiles an expression that is evaluated at a node."""
        scope = Scope(statement, context, self._model.context)
        return Compiler(scope, self._types, self._indexes.look_up, outside)

    def _expression(self, kind: str, node: Node, context: Node, statement: Any) -> ConstraintText:
        tree = parsed(statement)
        constraint = ConstraintText(
            kind,
            node,
            context.home,
            "local",
            " ".join(statement.arg.split()),
            substatement(statement, "error-message"),
            substatement(statement, "error-app-tag"),
        )
        constraint.context = context
        as_xpath = with_modules(tree, Scope(statement, context, self._model.context))
        compiler = self.compiler(statement, context)
        try:
            asks = given if kind == "when" else existence
            constraint.applies = asks(node, context.home)
            constraint.test = compiler.boolean(tree)
            self.joins(constraint, compiler, tree)
            if kind == "when":
                constraint.xpath = as_xpath
        except Uncompilable as reason:
            constraint.how, constraint.why, constraint.test = "fallback", str(reason), None
            constraint.xpath = as_xpath
            constraint.applies, constraint.reverse = None, []
        return constraint

    def joins(self, constraint: ConstraintText, compiler: Compiler, tree: Any) -> None:
        """Say which changes elsewhere concern a constraint."""
        for selection in compiler.reading.selections:
            constraint.how = "join"
            if any("c[" in value for value in (*selection.values, selection.bound)):
                raise Uncompilable("a selection by values of an entry around this one")
            joined = self._indexes.look_up(selection)
            guard, uniform = self._guard(constraint, compiler, tree, selection)
            contexts = -1
            if constraint.home.parent is not None:
                conditions = [each for each in (guard, constraint.applies) if each]
                contexts = self._indexes.number(
                    constraint.home.path, value_tuple(selection.values, conditions)
                )
            constraint.reverse.append((joined, contexts, uniform, False))
        reads_around(constraint, compiler)

    def _guard(
        self, constraint: ConstraintText, compiler: Compiler, tree: Any, selection: Selection
    ) -> tuple[str, bool]:
        """Return a condition without which the test holds, and whether one verdict serves all.

        In ``A or B``, with A inside the entry, only entries without A are of interest.
        """
        assert constraint.context is not None
        guard, guard_reads = "", set[str]()
        match tree:
            case ("bool", "or", left, _):
                alone = self.compiler(compiler.paths.scope.statement, constraint.context)
                try:
                    text = alone.boolean(left)
                    if not alone.reading.selections and alone.reading.levels <= {0}:
                        guard, guard_reads = _negated(text), alone.reading.local
                except Uncompilable:
                    pass
        others = compiler.reading.local - guard_reads
        known = {*selection.values, *(v[9:-1] for v in selection.values if v[:9] == "key_text(")}
        uniform = selection.order is None and others <= known
        return guard, uniform and len(compiler.reading.selections) == 1


def reads_around(constraint: ConstraintText, compiler: Compiler) -> None:
    """Say what a test reads of the entries around its own."""
    for level in compiler.reading.levels - {0}:
        constraint.how = "scan" if constraint.how == "local" else constraint.how
        around = f"c[{level}]"
        read = {text.replace(around, "e") for text in compiler.reading.local if around in text}
        constraint.upper.setdefault(level, set()).update(read)


def unique(node: Node, statement: Any, model: Model, types: Types, indexes: IndexTexts) -> Any:
    """Return the constraint of a unique statement (RFC 7950, section 7.8.3)."""
    leafs = [_descendant(node, statement, path, model) for path in statement.arg.split()]
    fields = tuple(_unique_value(leaf, node, statement, types) for leaf in leafs)
    outer = ["k[:-1]"] if node.parent is not None and node.parent.home.parent else []
    number = indexes.number(node.path, value_tuple((*outer, *fields), [], fields))
    return ConstraintText(
        "unique",
        node,
        node,
        "join",
        " ".join(statement.arg.split()),
        app_tag="data-not-unique",
        reverse=[(number, -1, False, False)],
        leafs=tuple(leaf.path for leaf in leafs),
    )


def _unique_value(leaf: Node, home: Node, statement: Any, types: Types) -> str:
    text, optional = access(leaf, home, "e")
    if default_of(leaf) is not None:
        literal = types.default_literal(leaf)
        if optional or is_conditional(leaf, home) or literal is None:
            raise CannotGenerate(
                statement, f"the default of {leaf.name} is in use only with other nodes"
            )
        text = f"default({text}, {literal})"
    basis = types.of(leaf).basis
    return text if basis in ("int", "str", "bool", "identity") else f"key_text({text})"


def _descendant(node: Node, statement: Any, path: str, model: Model) -> Node:
    """Return the leaf of a schema path, which names choices and cases too (section 6.5)."""
    scope = Scope(statement, node, model.context)
    at, schema = node, node.statement
    for step in path.split("/"):
        prefix, _, name = step.rpartition(":")
        module = scope.module(prefix or None)
        schema = _schema_child(schema, name, module)
        if schema is not None and schema.keyword in ("choice", "case"):
            continue
        child = at.child(name, module)
        if child is None:
            raise CannotGenerate(statement, f"the descendant {path} is not there")
        at = child
    if at.home is not node:
        raise CannotGenerate(statement, f"{path} is in another list")
    return at


def _schema_child(schema: Any, name: str, module: str) -> Any:
    for child in getattr(schema, "i_children", ()):
        if child.arg == name and child.i_module.i_modulename == module:
            return child
    return None


def substatement(statement: Any, keyword: str) -> str | None:
    """Return the argument of a substatement, its white space folded."""
    found = statement.search_one(keyword)
    return None if found is None else " ".join(found.arg.split())


def _negated(text: str) -> str:
    if text.startswith("(not (") and text.endswith("))"):
        return text[6:-2]
    return f"not {text}"


def report(found: list[ConstraintText]) -> Iterator[str]:
    """Yield a line for each constraint: how it is checked, where, and what it says."""
    for each in found:
        shown = each.expression if len(each.expression) < 90 else each.expression[:87] + "..."
        why = f"  ({each.why})" if each.why else ""
        yield f"{each.how:9}{each.kind:13}{each.node.path}: {shown}{why}"

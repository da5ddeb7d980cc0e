"""Collects the constraints of a model, each with the way it is checked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pyang import xpath_parser

from yang.pyang_plugin.model import Model, Node, When
from yang.pyang_plugin.names import Scope, with_modules
from yang.pyang_plugin.refusal import CannotGenerate
from yang.pyang_plugin.types import Types, leafref_path, requires_instance
from yang.pyang_plugin.xpath import Compiler, Selection, Uncompilable, access


@dataclass(frozen=True)
class IndexText:
    """An index as text: entries of ``path`` by ``values``; see ``yang.constraints.Index``."""

    path: str
    values: str
    order: str | None = None


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
    upper: tuple[int, ...] = ()
    context: Node | None = None
    why: str = ""


class Constraints:
    """The constraints and indexes of one model."""

    def __init__(self, model: Model, types: Types) -> None:
        self._model = model
        self._types = types
        self.indexes: list[IndexText] = []
        self.found: list[ConstraintText] = []
        for node in model.root.walk():
            if node.statement is not None and node.config and _is_configuration(node):
                self._of(node)

    def _of(self, node: Node) -> None:
        for must in node.statement.search("must"):
            self._must(node, must)
        for when in node.whens:
            self._when(node, when)
        if node.whens and (node.mandatory or _minimum(node)):
            raise CannotGenerate(node.statement, "a mandatory node under a when is not supported")
        for unique in node.statement.search("unique"):
            self._unique(node, unique)
        if node.kind in ("leaf", "leaf-list"):
            self._reference(node)

    # ---- indexes

    def index(self, path: str, values: str, order: str | None = None) -> int:
        """Return the number of this index, made if it is new."""
        wanted = IndexText(path, values, order)
        if wanted not in self.indexes:
            self.indexes.append(wanted)
        return self.indexes.index(wanted)

    def _look_up(self, selection: Selection) -> int:
        return self.index(
            selection.list_node.path,
            _values(selection.fields, selection.present, selection.missing),
            selection.order,
        )

    # ---- must and when

    def _must(self, node: Node, must: Any) -> None:
        scope = Scope(must, node, self._model.context)
        self._expression("must", node, node, must, scope)

    def _when(self, node: Node, when: When) -> None:
        scope = Scope(when.statement, when.context, self._model.context)
        self._expression("when", node, when.context, when.statement, scope)

    def _expression(
        self, kind: str, node: Node, context: Node, statement: Any, scope: Scope
    ) -> None:
        tree = xpath_parser.parse(statement.arg)
        constraint = ConstraintText(
            kind,
            node,
            context.home,
            "local",
            " ".join(statement.arg.split()),
            _substatement(statement, "error-message"),
            _substatement(statement, "error-app-tag"),
        )
        constraint.applies = _existence(node, context.home)
        constraint.context = context
        compiler = Compiler(scope, self._types, self._model.context, self._look_up)
        try:
            constraint.test = compiler.boolean(tree)
            self._joins(constraint, compiler, scope, tree)
        except Uncompilable as reason:
            constraint.how, constraint.why, constraint.test = "fallback", str(reason), None
            constraint.expression = with_modules(tree, scope)
        self.found.append(constraint)

    def _joins(
        self, constraint: ConstraintText, compiler: Compiler, scope: Scope, tree: Any
    ) -> None:
        levels = compiler.reading.levels - {0}
        for selection in compiler.reading.selections:
            constraint.how = "join"
            if any(_reads_above(value) for value in (*selection.values, selection.bound)):
                raise Uncompilable("a selection by values of an entry around this one")
            joined = self._look_up(selection)
            guard, uniform = self._guard(compiler, scope, tree, selection)
            contexts = -1
            if constraint.home.parent is not None:
                conditions = [guard] if guard else []
                if constraint.applies:
                    conditions.append(constraint.applies)
                contexts = self.index(
                    constraint.home.path,
                    _value_tuple(selection.values, conditions),
                )
            constraint.reverse.append((joined, contexts, uniform, False))
        if levels:
            constraint.how = "scan" if constraint.how == "local" else constraint.how
            constraint.upper = tuple(sorted(levels))

    def _guard(
        self, compiler: Compiler, scope: Scope, tree: Any, selection: Selection
    ) -> tuple[str, bool]:
        """Return a condition without which the test holds, and whether one verdict serves all.

        In ``A or B``, with A inside the entry, only entries without A are of interest.
        """
        alone = Compiler(scope, self._types, self._model.context, self._look_up)
        guard, guard_reads = "", set[str]()
        match tree:
            case ("bool", "or", left, _):
                try:
                    text = alone.boolean(left)
                    if not alone.reading.selections and alone.reading.levels <= {0}:
                        guard, guard_reads = _negated(text), alone.reading.local
                except Uncompilable:
                    pass
        others = compiler.reading.local - guard_reads
        uniform = selection.order is None and all(
            any(read in value for value in selection.values) for read in others
        )
        return guard, uniform and len(compiler.reading.selections) == 1

    # ---- unique

    def _unique(self, node: Node, unique: Any) -> None:
        leafs = [_descend(node, path, self._model) for path in unique.arg.split()]
        fields = [access(leaf, node, "e")[0] for leaf in leafs]
        if any(leaf.statement.search_one("default") is not None for leaf in leafs):
            raise CannotGenerate(unique, "unique over a leaf with a default is not supported")
        outer = ["k[:-1]"] if node.parent is not None and node.parent.home.parent else []
        number = self.index(node.path, _value_tuple((*outer, *fields), [], tuple(fields)))
        self.found.append(
            ConstraintText(
                "unique",
                node,
                node,
                "join",
                unique.arg,
                app_tag="data-not-unique",
                reverse=[(number, -1, False, False)],
            )
        )

    # ---- leafref and instance-identifier

    def _reference(self, node: Node) -> None:
        statement = node.statement.search_one("type")
        path = leafref_path(statement)
        if path is None:
            return
        if not requires_instance(statement):
            return
        try:
            self.found.append(self._leafref(node, path))
        except Uncompilable as reason:
            scope = Scope(path, node, self._model.context)
            text = with_modules(xpath_parser.parse(path.arg), scope)
            self.found.append(
                ConstraintText(
                    "leafref",
                    node,
                    node.home,
                    "fallback",
                    f"{text} = .",
                    app_tag="instance-required",
                    why=str(reason),
                    applies=_existence(node, node.home),
                )
            )

    def _leafref(self, node: Node, path: Any) -> ConstraintText:
        scope = Scope(path, node, self._model.context)
        compiler = Compiler(scope, self._types, self._model.context, self._look_up)
        selection = compiler.reference(xpath_parser.parse(path.arg))
        mine, _ = access(node, node.home, "e")
        constraint = ConstraintText(
            "leafref",
            node,
            node.home,
            "join",
            path.arg,
            app_tag="instance-required",
            applies=_existence(node, node.home),
            value=mine,
        )
        if any(_reads_above(value) for value in selection.values):
            raise Uncompilable("a path by values of an entry around this one")
        joined = self._look_up(selection)
        bucket = (
            f"find[{joined}].get(({''.join(f'{v}, ' for v in selection.values)}), EMPTY_BUCKET)"
        )
        constraint.test = f"bool({bucket})"
        if node.kind == "leaf-list":
            constraint.test = f"all({constraint.test} for v in {mine})"
        contexts = self.index(
            node.home.path or "/",
            _value_tuple(selection.values, [], (), mine if node.kind == "leaf-list" else None),
        )
        if node.home.parent is None:
            contexts = -1
        constraint.reverse.append((joined, contexts, True, True))
        return constraint


def _negated(text: str) -> str:
    if text.startswith("(not (") and text.endswith("))"):
        return text[6:-2]
    return f"not {text}"


def _value_tuple(
    values: tuple[str, ...],
    conditions: list[str],
    present: tuple[str, ...] = (),
    each: str | None = None,
) -> str:
    """Return the text of a function from (entry, keys) to the values it is found under."""
    key = "(" + "".join(f"{value}, " for value in values) + ")"
    needed = [f"{v} is not None" for v in (present or values) if _may_be_none(v)]
    tests = [*needed, *conditions]
    if each is not None:
        loop = f"[{key} for v in {each}]"
        return f"lambda e, k: {loop}"
    return f"lambda e, k: ({key},)" + (f" if {' and '.join(tests)} else ()" if tests else "")


def _values(
    fields: tuple[tuple[str, bool], ...], present: tuple[str, ...], missing: tuple[str, ...]
) -> str:
    many = [text for text, plural in fields if plural]
    if len(many) > 1:
        raise Uncompilable("two leaf-lists in one selection")
    conditions = [f"{text} is not None" for text in present]
    conditions += [f"{text} is None" for text in missing]
    names = tuple("v" if plural else text for text, plural in fields)
    if many:
        key = "(" + "".join(f"{name}, " for name in names) + ")"
        tests = f" if {' and '.join(conditions)}" if conditions else ""
        return f"lambda e, k: [{key} for v in {many[0]}{tests}]"
    return _value_tuple(names, conditions)


def _may_be_none(text: str) -> bool:
    return text.startswith(("e.", "(e.", "key_text(", "((e."))


def _reads_above(text: str) -> bool:
    return "c[" in text


def _existence(node: Node, home: Node) -> str | None:
    """Return the text of a test that the node exists in an entry of home; ``None``: always."""
    if node is home:
        return None
    text, optional = access(node, home, "e")
    if node.kind == "container" and not node.presence:
        return f"{text} is not None" if optional else None
    if node.kind in ("list", "leaf-list"):
        return f"bool({text})"
    return f"{text} is not None"


def _is_configuration(node: Node) -> bool:
    at: Node | None = node
    while at is not None and at.statement is not None:
        if not at.config:
            return False
        at = at.parent
    return True


def _minimum(node: Node) -> bool:
    found = node.statement.search_one("min-elements")
    return found is not None and int(found.arg) > 0


def _descend(node: Node, path: str, model: Model) -> Node:
    for step in path.split("/"):
        prefix, _, name = step.rpartition(":")
        scope = Scope(node.statement, node, model.context)
        child = node.child(name, scope.module(prefix or None))
        if child is None:
            raise CannotGenerate(node.statement, f"the descendant {path} is not there")
        node = child
    return node


def _substatement(statement: Any, keyword: str) -> str | None:
    found = statement.search_one(keyword)
    return None if found is None else " ".join(found.arg.split())


def report(found: list[ConstraintText]) -> Iterator[str]:
    """Yield a line for each constraint: how it is checked, where, and what it says."""
    for each in found:
        shown = each.expression if len(each.expression) < 90 else each.expression[:87] + "..."
        why = f"  ({each.why})" if each.why else ""
        yield f"{each.how:9}{each.kind:8}{each.node.path}: {shown}{why}"

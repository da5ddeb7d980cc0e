"""Demands under a when: a mandatory node, choice or number of entries that a condition governs.

Without a when the shape of the schema says what must be there. With one it is a constraint:
either the condition does not hold or the node is there (RFC 7950, sections 7.6.5 and 8.1).
"""

from collections.abc import Iterator
from typing import Any

from yang.pyang_plugin.access import access, case_given, given
from yang.pyang_plugin.constraints import ConstraintText, Expressions
from yang.pyang_plugin.model import Choice, Node, When
from yang.pyang_plugin.names import parsed
from yang.pyang_plugin.refusal import CannotGenerate
from yang.pyang_plugin.terms import Uncompilable


def is_governed(node: Node, whens: list[When]) -> bool:
    """Tell whether a when decides if a child of this node with these whens can be there."""
    return bool(whens or _above(node))


def demands_under_when(node: Node, expressions: Expressions) -> Iterator[ConstraintText]:
    """Yield the demands on a data node, and on the choices in it, that a when governs."""
    for choice in node.choices:
        if choice_is_mandatory(choice) and is_governed(node, choice.whens):
            tests = [
                case_given(node, case, node.home)
                for case in dict.fromkeys(
                    case
                    for child in node.children
                    for case in child.cases
                    if case[0] == choice.name
                )
            ]
            demand = f"({' or '.join(tests)})" if tests else "False"
            yield _demand(
                "choice", node, node, choice.whens, choice.cases, demand, expressions, choice.name
            )
    parent = node.parent
    if parent is None or not is_governed(parent, node.whens):
        return
    text, _ = access(node, parent.home, "e")
    if node.mandatory and node.kind in ("leaf", "anydata"):
        demand = f"{text} is not None"
        yield _demand("mandatory", node, parent, node.whens, node.cases, demand, expressions, "")
    least = minimum(node)
    if least:
        demand = f"len({text} or ()) >= {least}"
        yield _demand(
            "min-elements", node, parent, node.whens, node.cases, demand, expressions, str(least)
        )


def _demand(
    kind: str,
    node: Node,
    parent: Node,
    whens: list[When],
    cases: tuple[tuple[str, str], ...],
    demand: str,
    expressions: Expressions,
    expression: str,
) -> ConstraintText:
    home = parent.home
    found = ConstraintText(kind, node, home, "local", expression, context=home)
    found.applies = " and ".join(_conditions(parent, cases, home)) or None
    tests = []
    for when in [*whens, *_above(parent)]:
        tree = parsed(when.statement)
        compiler = expressions.compiler(when.statement, when.context, when.context is node)
        try:
            tests.append(compiler.boolean(tree))
            if when.context.home is not home and when.context is not node:
                raise Uncompilable("a when of another entry")
            expressions.joins(found, compiler, ())
        except Uncompilable as reason:
            raise CannotGenerate(
                when.statement, f"{node.name} is mandatory under this when, which reads {reason}"
            ) from None
    found.context = None
    found.test = f"(not ({' and '.join(tests)})) or {demand}"
    # The verdict is not only about what was joined.
    found.reverse = [(joined, contexts, False, False) for joined, contexts, _, _ in found.reverse]
    return found


def _conditions(parent: Node, cases: tuple[tuple[str, str], ...], home: Node) -> Iterator[str]:
    """Yield tests that what is around the demand is there."""
    if cases:
        yield case_given(parent, cases[-1], home)
    at = parent
    while at is not home:
        if at.presence:
            yield given(at, home) or "True"
            return
        assert at.parent is not None
        if at.cases:
            yield case_given(at.parent, at.cases[-1], home)
        at = at.parent


def _above(node: Node) -> list[When]:
    """Return the whens of the containers without presence around a child of this node."""
    found: list[When] = []
    at: Node | None = node
    while at is not None and at.kind == "container" and not at.presence:
        found += at.whens
        at = at.parent
    return found


def choice_is_mandatory(choice: Choice) -> bool:
    """Tell whether a choice is mandatory."""
    found = choice.statement.search_one("mandatory")
    return found is not None and found.arg == "true"


def minimum(node: Node) -> int:
    """Return min-elements."""
    found: Any = node.statement.search_one("min-elements") if node.statement else None
    return int(found.arg) if found is not None else 0

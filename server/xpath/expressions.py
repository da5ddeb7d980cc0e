"""What an XPath 1.0 expression is, as values; names are bound to namespaces.

The law: an expression says what it means without the text that it came from; ``text_of`` writes
it again for libxml2, in this server's own prefixes.
"""

from dataclasses import dataclass
from typing import TypeAlias

CHILD, SELF, ATTRIBUTE = "child", "self", "attribute"
DESCENDANT, DESCENDANT_OR_SELF = "descendant", "descendant-or-self"
AXES = frozenset(
    {
        CHILD,
        SELF,
        ATTRIBUTE,
        DESCENDANT,
        DESCENDANT_OR_SELF,
        "ancestor",
        "ancestor-or-self",
        "following",
        "following-sibling",
        "namespace",
        "parent",
        "preceding",
        "preceding-sibling",
    }
)
DOWNWARD = frozenset({CHILD, SELF, ATTRIBUTE, DESCENDANT, DESCENDANT_OR_SELF})
"""Axes that lead to nothing outside the context node's own subtree."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number, as written: digits and at most one point."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """Operands with one operator between them: ``or and = != < <= > >= + - * div mod |``.

    More than two stand for the operator used again and again, from the left.
    """

    operator: str
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """The unary minus."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class NameTest:
    """A test by name: ``*`` is any name; the namespace ``None`` is any namespace."""

    namespace: str | None
    name: str

    def fits(self, namespace: str, name: str) -> bool:
        """Tell whether a node of this name passes."""
        return self.name in ("*", name) and self.namespace in (None, namespace)


@dataclass(frozen=True, slots=True)
class KindTest:
    """A test by kind: node, text, comment or processing-instruction."""

    kind: str
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path."""

    axis: str
    test: NameTest | KindTest
    predicates: tuple["Expression", ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A location path; with ``start`` one that begins at the nodes of an expression."""

    absolute: bool
    steps: tuple[Step, ...]
    start: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Current:
    """The node for which an expression is evaluated, where that is not always the root."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """An expression with predicates of its own: ``(...)[1]``."""

    expression: "Expression"
    predicates: tuple["Expression", ...]


Expression: TypeAlias = Literal | Number | Call | Operation | Negative | Path | Filtered | Current

ANY_NODE = Step(DESCENDANT_OR_SELF, KindTest("node"))
"""What ``//`` stands for (XPath 1.0, section 2.5)."""


def operands_of(expression: Expression) -> tuple[Expression, ...]:
    """Return the expressions that one is made of, all evaluated where it is."""
    match expression:
        case Call(_, operands) | Operation(_, operands):
            return operands
        case Negative(operand) | Filtered(operand, _):
            return (operand,)
        case Path(_, _, start) if start is not None:
            return (start,)
    return ()


def predicates_of(expression: Expression) -> tuple[Expression, ...]:
    """Return the predicates of an expression, which are evaluated at the nodes it finds."""
    match expression:
        case Path(_, steps, _):
            return tuple(each for step in steps for each in step.predicates)
        case Filtered(_, predicates):
            return predicates
    return ()


def names_current(expression: Expression) -> bool:
    """Tell whether an expression depends on the node for which it is evaluated."""
    return isinstance(expression, Current) or any(
        names_current(each) for each in (*operands_of(expression), *predicates_of(expression))
    )


# One case for each form of the grammar.
def of_context_node(expression: Expression) -> Expression:  # noqa: PLR0911
    """Return the same with ``.`` for current() outside of predicates, where both are one node."""
    here = Path(False, (Step(SELF, KindTest("node")),))
    match expression:
        case Current():
            return here
        case Path(False, steps, start) if start is not None:
            if isinstance(start, Current):
                return Path(False, steps)
            return Path(False, steps, of_context_node(start))
        case Call(name, arguments):
            return Call(name, tuple(of_context_node(each) for each in arguments))
        case Operation(operator, operands):
            return Operation(operator, tuple(of_context_node(each) for each in operands))
        case Negative(operand):
            return Negative(of_context_node(operand))
        case Filtered(inner, predicates):
            return Filtered(of_context_node(inner), predicates)
    return expression


def branches(expression: Expression) -> tuple[Expression, ...]:
    """Return the operands of a union, or the expression itself."""
    if isinstance(expression, Operation) and expression.operator == "|":
        return expression.operands
    return (expression,)

"""Expression -> text for libxml2, whose tree has an element where a datastore has its root.

The law: what is written selects in that tree what the expression selects in the datastore. The
root is the variable ``root``; names have prefixes of our own; and no wildcard finds the element
that stands for the root.
"""

from server.xpath.expressions import (
    CHILD,
    Call,
    Current,
    Expression,
    Filtered,
    KindTest,
    Literal,
    NameTest,
    Negative,
    Number,
    Operation,
    Path,
    Step,
)

_NEVER_THE_ROOT = frozenset({CHILD, "descendant", "attribute", "namespace"})


class TextOf:
    """Writes expressions; ``namespaces`` are the prefixes that it used."""

    def __init__(self) -> None:
        self.namespaces: dict[str, str] = {}

    # One case for each form of the grammar.
    def expression(self, expression: Expression) -> str:  # noqa: C901, PLR0911
        """Return the text of an expression."""
        match expression:
            case Literal(text):
                return _quoted(text)
            case Number(text):
                return text
            case Call(name, arguments):
                return f"{name}({', '.join(self.expression(each) for each in arguments)})"
            case Operation(operator, operands):
                return f"({f' {operator} '.join(self.expression(each) for each in operands)})"
            case Negative(operand):
                return f"-{self.expression(operand)}"
            case Filtered(inner, predicates):
                return f"({self.expression(inner)}){self._predicates(predicates)}"
            case Current():
                return "$current"
            case Path():
                return self._path(expression)

    def _path(self, path: Path) -> str:
        steps = "/".join(self._step(step) for step in path.steps)
        if path.start is not None:
            return f"({self.expression(path.start)})/{steps}"
        if not path.absolute:
            return steps
        return f"$root/{steps}" if steps else "$root"

    def _step(self, step: Step) -> str:
        predicates = self._predicates(step.predicates)
        return f"{step.axis}::{self._test(step.axis, step.test)}{predicates}"

    def _test(self, axis: str, test: NameTest | KindTest) -> str:
        if isinstance(test, KindTest):
            target = "" if test.target is None else _quoted(test.target)
            return f"{test.kind}({target})"
        written = self._name(test)
        # Only the element that stands for the root has no element around it.
        return written if axis in _NEVER_THE_ROOT else f"{written}[parent::*]"

    def _name(self, test: NameTest) -> str:
        if test.namespace is None:
            return "*" if test.name == "*" else f"*[local-name()={_quoted(test.name)}]"
        if not test.namespace:
            return test.name
        prefix = next((p for p, uri in self.namespaces.items() if uri == test.namespace), None)
        if prefix is None:
            prefix = f"n{len(self.namespaces)}"
            self.namespaces[prefix] = test.namespace
        return f"{prefix}:{test.name}"

    def _predicates(self, predicates: tuple[Expression, ...]) -> str:
        return "".join(f"[{self.expression(each)}]" for each in predicates)


def _quoted(text: str) -> str:
    """Return a literal; what was one before has only one kind of quotes in it."""
    return f'"{text}"' if '"' not in text else f"'{text}'"

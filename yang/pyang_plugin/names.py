"""Names in XPath expressions: which module a step belongs to (RFC 7950, section 6.4.1)."""

from typing import Any

from pyang import util

from yang.pyang_plugin.model import Node
from yang.pyang_plugin.refusal import CannotGenerate


class Scope:
    """Where an expression stands: its statement, and the node that it is evaluated at."""

    def __init__(self, statement: Any, node: Node, context: Any) -> None:
        self.statement = statement
        self.node = node
        self._context = context

    def module(self, prefix: str | None) -> str:
        """Return the module of a prefix; without one, that of the node evaluated at."""
        if prefix is None:
            return self.node.module_name
        module = util.prefix_to_module(
            self.statement.i_orig_module, prefix, self.statement.pos, self._context.errors
        )
        if module is None:
            raise CannotGenerate(self.statement, f"the prefix {prefix!r} is not declared")
        return str(module.i_modulename)


def with_modules(expression: Any, scope: Scope) -> str:
    """Write an expression back as text, every name prefixed with its module.

    ``current()`` becomes the variable ``$current`` and the root ``$root``, so that plain XPath 1.0
    evaluates the result.
    """
    return _Writer(scope).text(expression)


class _Writer:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def text(self, node: Any) -> str:
        if isinstance(node, list):
            return "/".join(self._step(step) for step in node)
        match node:
            case ("relative", steps):
                return self.text(steps)
            case ("absolute", steps):
                return "/".join(["$root", *([self.text(steps)] if steps else [])])
            case ("path_expr", inner):
                return self.text(inner)
            case ("bool" | "comp" | "arith", operator, left, right):
                return f"({self.text(left)} {operator} {self.text(right)})"
            case ("union", parts):
                return "(" + " | ".join(self.text(part) for part in parts) + ")"
            case ("negative", inner):
                return f"(-{self.text(inner)})"
            case ("literal" | "number", text):
                return str(text)
            case ("function_call", _, _):
                return self._step(node)
            case ("path", "filter", inner, predicate):
                return f"({self.text(inner)})[{self.text(predicate)}]"
        raise CannotGenerate(self._scope.statement, f"the XPath part {node!r} is not supported")

    def _step(self, step: Any) -> str:
        match step:
            case ("function_call", "current", _):
                return "$current"
            case ("function_call", name, arguments):
                return f"{name}({', '.join(self._argument(name, a) for a in arguments)})"
            case ("step", axis, test, predicates):
                return f"{axis}::{self._test(test)}" + "".join(
                    f"[{self.text(predicate)}]" for predicate in predicates
                )
        return self.text(step)

    def _argument(self, function: str, argument: Any) -> str:
        text = self.text(argument)
        if function in ("derived-from", "derived-from-or-self") and text[:1] in "'\"":
            prefix, _, name = text[1:-1].rpartition(":")
            return f"'{self._scope.module(prefix or None)}:{name}'"
        return text

    def _test(self, test: Any) -> str:
        match test:
            case ("name", prefix, name):
                return f"{self._scope.module(prefix)}:{name}"
            case ("node_type", kind):
                return f"{kind}()"
        return "*"

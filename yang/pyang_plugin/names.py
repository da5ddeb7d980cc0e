"""Names in XPath expressions: which module a step belongs to (RFC 7950, section 6.4.1)."""

from typing import Any

from pyang import util, xpath_lexer, xpath_parser

from yang.pyang_plugin.model import Node
from yang.pyang_plugin.patterns import python_regex
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
            # The root has no name; what is evaluated there was written in some module.
            return self.node.module_name or str(self.statement.i_module.i_modulename)
        module = util.prefix_to_module(
            self.statement.i_orig_module, prefix, self.statement.pos, self._context.errors
        )
        if module is None:
            raise CannotGenerate(self.statement, f"the prefix {prefix!r} is not declared")
        return str(module.i_modulename)

    def qualified(self, name: str) -> str:
        """Return ``module:name`` of the name of an identity in a literal (section 10.4.1)."""
        prefix, _, local = name.rpartition(":")
        if not prefix:
            return f"{self.statement.i_orig_module.i_modulename}:{local}"
        return f"{self.module(prefix)}:{local}"

    def identity(self, literal: str) -> str | None:
        """Return ``module:name`` if a literal is the name of an identity, prefix and all."""
        prefix, _, name = literal.rpartition(":")
        known = self.statement.i_orig_module.i_prefixes
        if prefix and prefix not in known:
            return None
        qualified = self.qualified(literal)
        module = self._context.get_module(qualified.partition(":")[0])
        return qualified if module is not None and name in module.i_identities else None


def parsed(statement: Any) -> Any:
    """Return the tree of an XPath statement's argument."""
    try:
        return xpath_parser.parse(statement.arg)
    except (SyntaxError, xpath_lexer.XPathError) as error:
        raise CannotGenerate(statement, f"pyang cannot parse this XPath: {error}") from None


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
            case ("comp", operator, left, right):
                return f"({self._compared(left)} {operator} {self._compared(right)})"
            case ("bool" | "arith", operator, left, right):
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
                written = [self._argument(name, at, each) for at, each in enumerate(arguments)]
                return f"{name}({', '.join(written)})"
            case ("step", axis, test, predicates):
                return f"{axis}::{self._test(test)}" + "".join(
                    f"[{self.text(predicate)}]" for predicate in predicates
                )
        return self.text(step)

    def _compared(self, node: Any) -> str:
        """Write one side of a comparison: the name of an identity in its canonical form."""
        match node:
            case ("path_expr", ("literal", text)) if ":" in text:
                identity = self._scope.identity(text[1:-1])
                return f"'{identity}'" if identity else str(text)
        return self.text(node)

    def _argument(self, function: str, at: int, argument: Any) -> str:
        text = self.text(argument)
        if function in ("derived-from", "derived-from-or-self") and at == 1:
            return f"'{self._scope.qualified(self._literal(function, text))}'"
        if function == "re-match" and at == 1:
            regex = python_regex(self._literal(function, text))
            # XPath 1.0 has no escapes in literals, a regular expression has.
            return "'" + regex.replace("'", "\\x27") + "'"
        return text

    def _literal(self, function: str, text: str) -> str:
        if text[:1] not in ("'", '"'):
            raise CannotGenerate(self._scope.statement, f"{function}() of other than a literal")
        return text[1:-1]

    def _test(self, test: Any) -> str:
        match test:
            case ("name", prefix, name):
                return f"{self._scope.module(prefix)}:{name}"
            case ("node_type", kind):
                return f"{kind}()"
            case ("has_namespace", name):
                return f"{self._scope.module(name.partition(':')[0])}:*"
            case "wildcard" | ("wildcard", *_):
                return "*"
        raise CannotGenerate(self._scope.statement, f"the node test {test!r} is not supported")

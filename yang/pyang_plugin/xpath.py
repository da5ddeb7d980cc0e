"""XPath -> Python: compiles what can be checked inside an entry or through an index.

An expression is compiled against the schema. What it reads inside the entry that it stands in,
or in an entry around it, becomes attribute access; an existence test or a count of entries of a
list selected by equalities becomes the look-up of an index. Everything else is ``Uncompilable``
and is evaluated as XPath when it has to be.
"""

from collections.abc import Callable
from typing import Any

from yang.pyang_plugin.access import root_of
from yang.pyang_plugin.comparing import compare
from yang.pyang_plugin.index_text import look_up_value
from yang.pyang_plugin.names import Scope
from yang.pyang_plugin.paths import Paths
from yang.pyang_plugin.terms import Exists, Leafs, Selection, Term, Uncompilable, Value
from yang.pyang_plugin.types import Types


class Compiler:
    """Compiles one expression at one node."""

    def __init__(
        self,
        scope: Scope,
        types: Types,
        lookup: Callable[[Selection], int],
        outside: bool = False,
    ) -> None:
        self._scope = scope
        self._types = types
        self._lookup = lookup
        self.paths = Paths(scope, types, self._any, outside)
        self.reading = self.paths.reading

    def boolean(self, expression: Any) -> str:
        """Return a Python expression for boolean(expression)."""
        found = self._any(expression)
        match found:
            case Value(text, "bool"):
                return text
            case Value(text, "number"):
                return f"is_true({text})"
            case Value(text, "string"):
                return f"bool({text})"
            case Leafs(always=True):
                return "True"
            case Leafs(text=text, many=True):
                return f"bool({text})"
            case Leafs(text=text):
                return f"({text} is not None)"
            case Exists(text=text):
                return text
            case Selection():
                return self._selected(found)
        raise Uncompilable(f"{found!r} as a condition")

    def _any(self, node: Any) -> Term:
        match node:
            case ("path_expr", inner):
                return self._any(inner)
            case ("literal", text):
                return Value(repr(text[1:-1]), "string")
            case ("number", text):
                return Value(text.lstrip("0") or "0" if text.isdigit() else text, "number")
            case ("negative", inner):
                return Value(f"(-{self._number(inner)})", "number")
            case ("bool", operator, left, right):
                return Value(f"({self.boolean(left)} {operator} {self.boolean(right)})", "bool")
            case ("comp", operator, left, right):
                return Value(self._compare(operator, left, right), "bool")
            case ("arith", operator, left, right):
                return self._arithmetic(operator, left, right)
            case ("union", parts):
                return Value(f"({' or '.join(self.boolean(part) for part in parts)})", "bool")
            case ("function_call", "current", []):
                return self.paths.term([node], self._scope.node)
            case ("function_call", name, arguments):
                return self._call(name, arguments)
            case ("relative", steps):
                return self.paths.term(steps, self._scope.node)
            case ("absolute", steps):
                return self.paths.term(steps, root_of(self._scope.node))
            case list():
                return self.paths.term(node, self._scope.node)
        raise Uncompilable(f"the expression {node!r}")

    def _compare(self, operator: str, left: Any, right: Any) -> str:
        one, other = self._any(left), self._any(right)
        return compare(operator, self._as_identity(one, other), self._as_identity(other, one))

    def _as_identity(self, term: Term, beside: Term) -> Term:
        """Let a literal compared with an identityref be the name of an identity."""
        match term, beside:
            case Value(text, "string"), Leafs(basis="identity") if text[:1] in "'\"":
                return Value(repr(self._scope.identity(text[1:-1]) or text[1:-1]), "string")
        return term

    def _arithmetic(self, operator: str, left: Any, right: Any) -> Value:
        symbol = {"+": "+", "-": "-", "*": "*"}.get(operator)
        if symbol is None:
            raise Uncompilable(f"the operator {operator}")
        return Value(f"({self._number(left)} {symbol} {self._number(right)})", "number")

    def _number(self, node: Any) -> str:
        found = self._any(node)
        match found:
            case Value(text, "number"):
                return text
            case Value(text, "string"):
                return f"number({text})"
            case Leafs(text=text, many=False):
                return f"number({text})"
        raise Uncompilable(f"{found!r} as a number")

    def _text(self, node: Any) -> str:
        found = self._any(node)
        match found:
            case Value(text, "string"):
                return text
            case Leafs(text=value, many=False):
                return f"text({value})"
        raise Uncompilable(f"{found!r} as a string")

    def _call(self, name: str, arguments: list[Any]) -> Value:
        match name, arguments:
            case "not", [argument]:
                return Value(f"(not {self.boolean(argument)})", "bool")
            case "boolean", [argument]:
                return Value(self.boolean(argument), "bool")
            case "true" | "false", []:
                return Value(name.capitalize(), "bool")
            case "count", [argument]:
                return self._count(argument)
            case "number", [argument]:
                return Value(self._number(argument), "number")
            case "string", [argument]:
                return Value(self._text(argument), "string")
            case "string-length", [argument]:
                return Value(f"len({self._text(argument)})", "number")
            case "starts-with", [whole, start]:
                return Value(f"{self._text(whole)}.startswith({self._text(start)})", "bool")
            case "contains", [whole, part]:
                return Value(f"({self._text(part)} in {self._text(whole)})", "bool")
            case "derived-from" | "derived-from-or-self", [leaf, identity]:
                return self._derived(name, leaf, identity)
        raise Uncompilable(f"the function {name}()")

    def _count(self, argument: Any) -> Value:
        found = self._any(argument)
        match found:
            case Leafs(text=text, many=True):
                return Value(f"len({text})", "number")
            case Leafs(always=False, text=text):
                return Value(f"({text} is not None)", "number")
            case Exists(count=text):
                return Value(text, "number")
            case Selection(order=None):
                return Value(f"len({self._bucket(found)})", "number")
        raise Uncompilable("a count of this")

    def _derived(self, name: str, leaf: Any, identity: Any) -> Value:
        found = self._any(leaf)
        match found, identity:
            case Leafs(text=text, many=False, basis="identity"), ("path_expr", ("literal", base)):
                base_name = self._scope.qualified(base[1:-1])
                allowed = self._types.identities.derived_from(base_name)
                if name.endswith("self"):
                    allowed |= {base_name}
                return Value(f"({text} in {sorted(allowed)!r})", "bool")
        raise Uncompilable(f"{name}() of this")

    # ---- indexes

    def _bucket(self, selection: Selection) -> str:
        value = look_up_value(selection.values)
        return f"find[{self._lookup(selection)}].get({value}, EMPTY_BUCKET)"

    def _selected(self, selection: Selection) -> str:
        if selection.order is None:
            return f"bool({self._bucket(selection)})"
        ask = "any_above" if selection.compare == ">" else "any_below"
        return f"{ask}({self._bucket(selection)}, {selection.bound})"

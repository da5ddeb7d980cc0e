"""XPath -> Python: compiles what can be checked inside an entry or through an index.

An expression is compiled against the schema. What it reads inside the entry that it stands in,
or in an entry around it, becomes attribute access; an existence test or a count of entries of a
list selected by equalities becomes the look-up of an index. Everything else is ``Uncompilable``
and is evaluated as XPath when it has to be.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from yang.pyang_plugin.model import Node
from yang.pyang_plugin.names import Scope
from yang.pyang_plugin.types import Types, default_text, inherited_default


class Uncompilable(Exception):
    """The expression is beyond what is compiled; the reason is for the report."""


@dataclass(frozen=True)
class Value:
    """A Python expression and its XPath type: bool, number, string, or a set of nodes."""

    text: str
    kind: str
    basis: str = ""


@dataclass(frozen=True)
class Leafs:
    """A single leaf, or the members of a leaf-list, inside the chain of entries."""

    text: str
    node: Node
    basis: str
    many: bool = False
    always: bool = False


@dataclass(frozen=True)
class Exists:
    """A container or list inside the chain: only its existence and number can be asked."""

    text: str
    count: str


@dataclass(frozen=True)
class Selection:
    """Entries of a list selected through an index, by equality of ``fields`` with ``values``."""

    list_node: Node
    fields: tuple[tuple[str, bool], ...]
    values: tuple[str, ...]
    present: tuple[str, ...]
    missing: tuple[str, ...]
    order: str | None = None
    compare: str = ""
    bound: str = ""


@dataclass
class Reading:
    """What compiling one expression found out."""

    selections: list[Selection] = field(default_factory=list)
    local: set[str] = field(default_factory=set)
    levels: set[int] = field(default_factory=set)


COMPARISONS = {"=": "==", "!=": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


class Compiler:
    """Compiles one expression at one node."""

    def __init__(
        self, scope: Scope, types: Types, context: Any, lookup: Callable[[Selection], int]
    ) -> None:
        self._scope = scope
        self._types = types
        self._context = context
        self._lookup = lookup
        self.reading = Reading()
        self._homes = _homes(scope.node)

    # ---- expressions

    def boolean(self, expression: Any) -> str:
        """Return a Python expression for boolean(expression)."""
        found = self._any(expression)
        match found:
            case Value(text, "bool"):
                return text
            case Value(text, "number"):
                return f"({text} not in (0, NAN))"
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

    def _any(self, node: Any) -> Any:
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
            case ("function_call", name, arguments):
                return self._call(name, arguments)
            case ("relative", steps):
                return self._path(steps, self._scope.node)
            case ("absolute", steps):
                return self._path(steps, _root(self._scope.node))
            case list():
                return self._path(node, self._scope.node)
        raise Uncompilable(f"the expression {node!r}")

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
                prefix, _, local = base[1:-1].rpartition(":")
                base_name = f"{self._scope.module(prefix or None)}:{local}"
                allowed = self._types.identities.derived_from(base_name)
                if name.endswith("self"):
                    allowed |= {base_name}
                return Value(f"({text} in {sorted(allowed)!r})", "bool")
        raise Uncompilable(f"{name}() of this")

    # ---- leafref paths (RFC 7950, section 9.9.2)

    def reference(self, path: Any) -> Selection:
        """Return the selection of entries whose leaf a leafref may point to."""
        match path:
            case ("absolute", steps):
                node, rest = self._descend(steps[:-1], _root(self._scope.node), select=True)
            case ("relative", steps):
                node, rest = self._descend(steps[:-1], self._scope.node, select=True)
            case _:
                raise Uncompilable("a path that starts with a function")
        if not isinstance(node, Selection):
            raise Uncompilable("a leafref to what is in no list")
        if node.order or node.present or node.missing:
            raise Uncompilable("this predicate in a leafref path")
        target = node.list_node
        for step in [*rest, steps[-1]]:
            match step:
                case ("step", "child", ("name", prefix, name), []):
                    target = self._child(target, prefix, name)
                case _:
                    raise Uncompilable("a leafref path that leaves the entry")
        if target.home is not node.list_node:
            raise Uncompilable("a list inside another list")
        text, _ = access(target, node.list_node, "e")
        many = self._scope.node.kind == "leaf-list"
        mine = "v" if many else access(self._scope.node, self._scope.node.home, "e")[0]
        if self._basis(target) not in ("int", "str", "bool"):
            text, mine = f"key_text({text})", f"key_text({mine})"
        return Selection(
            node.list_node,
            (*node.fields, (text, target.kind == "leaf-list")),
            (*node.values, mine),
            (),
            (),
        )

    # ---- comparisons (XPath 1.0, section 3.4)

    def _compare(self, operator: str, left: Any, right: Any) -> str:
        one, other = self._any(left), self._any(right)
        if isinstance(other, Leafs) and not isinstance(one, Leafs):
            one, other, operator = other, one, MIRRORED[operator]
        if isinstance(one, Leafs):
            return self._compare_leafs(operator, one, other)
        match one, other:
            case Value(a, "number"), Value(b, "number"):
                return f"({a} {COMPARISONS[operator]} {b})"
            case Value(a, "bool"), Value(b, "bool") if operator in ("=", "!="):
                return f"({a} {COMPARISONS[operator]} {b})"
            case Value(a, "string"), Value(b, "string") if operator in ("=", "!="):
                return f"({a} {COMPARISONS[operator]} {b})"
        raise Uncompilable("a comparison of these")

    def _compare_leafs(self, operator: str, leafs: Leafs, other: Any) -> str:
        variable = "v" if leafs.many else leafs.text
        guard = "" if leafs.always or leafs.many else f"{leafs.text} is not None and "
        test = self._compare_one(operator, variable, leafs.basis, other)
        if leafs.many:
            return f"any({test} for v in {leafs.text})"
        return f"({guard}{test})"

    def _compare_one(self, operator: str, text: str, basis: str, other: Any) -> str:
        symbol = COMPARISONS[operator]
        match other:
            case Value(value, "number"):
                shown = text if basis == "int" else f"number({text})"
                return f"{shown} {symbol} {value}"
            case Value(value, "string") if operator in ("=", "!="):
                return f"{_as_text(text, basis)} {symbol} {value}"
            case Value(value, "string"):
                return f"number({text}) {symbol} number({value})"
            case Leafs(many=False):
                return self._compare_two(operator, text, basis, other)
        raise Uncompilable("a comparison with this")

    def _compare_two(self, operator: str, text: str, basis: str, other: Leafs) -> str:
        symbol = COMPARISONS[operator]
        guard = "" if other.always else f"{other.text} is not None and "
        if operator in ("=", "!="):
            if basis == other.basis and basis in ("int", "str", "bool"):
                return f"{guard}{text} {symbol} {other.text}"
            return f"{guard}{_as_text(text, basis)} {symbol} {_as_text(other.text, other.basis)}"
        if basis == other.basis == "int":
            return f"{guard}{text} {symbol} {other.text}"
        return f"{guard}number({text}) {symbol} number({other.text})"

    # ---- paths

    def _path(self, steps: list[Any], start: Node) -> Any:
        node, steps = self._descend(steps, start)
        if isinstance(node, Selection):
            if steps:
                raise Uncompilable("a path beyond selected entries")
            self.reading.selections.append(node)
            return node
        return self._inside(node)

    def _descend(
        self, steps: list[Any], start: Node, select: bool = False
    ) -> tuple[Any, list[Any]]:
        node = start
        for at, step in enumerate(steps):
            match step:
                case ("function_call", "current", _) if at == 0:
                    node = self._scope.node
                case ("step", "parent", ("node_type", "node"), []):
                    if node.parent is None:
                        raise Uncompilable("a path above the root")
                    node = node.parent
                case ("step", "self", ("node_type", "node"), []):
                    pass
                case ("step", "child", ("name", prefix, name), predicates):
                    node = self._child(node, prefix, name)
                    if node.kind == "list" and (predicates or not self._is_at_hand(node, select)):
                        return self._select(node, predicates), steps[at + 1 :]
                    if predicates:
                        raise Uncompilable("a predicate on what is no list")
                case _:
                    raise Uncompilable(f"the step {step!r}")
        return node, []

    def _is_at_hand(self, list_node: Node, select: bool) -> bool:
        """Tell whether to take the list as a value: it is around us, or in our own entry."""
        if list_node in self._homes:
            return True
        return (
            not select
            and list_node.parent is not None
            and (list_node.parent.home is self._homes[0])
        )

    def _child(self, node: Node, prefix: str | None, name: str) -> Node:
        child = node.child(name, self._scope.module(prefix))
        if child is None or not child.config:
            raise Uncompilable(f"{name}, which is no configuration of this set")
        return child

    def _inside(self, node: Node) -> Any:
        """Return what stands for a node inside the chain of entries."""
        home = node.parent.home if node.kind == "list" and node.parent else node.home
        if home not in self._homes:
            raise Uncompilable(f"{node.path}, which is in no entry around this one")
        level = self._homes.index(home)
        text, optional = access(node, home, "e" if level == 0 else f"c[{level}]")
        self.reading.levels.add(level)
        self.reading.local.add(text)
        if node.kind == "leaf-list":
            if node.statement.search("default"):
                raise Uncompilable("a leaf-list with defaults")
            return Leafs(
                f"({text} or ())" if optional else text, node, self._basis(node), many=True
            )
        if node.kind == "leaf":
            return self._leaf(node, text, optional)
        if node.kind == "list":
            return Exists(f"bool({text})", f"len({text} or ())")
        if node.kind == "container" and not node.presence:
            return Exists("True" if not optional else f"({text} is not None)", "1")
        return Exists(f"({text} is not None)", f"({text} is not None)")

    def _leaf(self, node: Node, text: str, optional: bool) -> Leafs:
        basis = self._basis(node)
        default = node.statement.search_one("default") or inherited_default(
            node.statement.search_one("type")
        )
        if default is None or node.mandatory or node.name in node.parent.keys:  # type: ignore[union-attr]
            return Leafs(text, node, basis)
        if node.cases or node.whens or optional:
            raise Uncompilable(f"the default of {node.name} depends on other nodes")
        value = default_literal(
            default_text(node.statement.search_one("type"), default, self._context), basis
        )
        return Leafs(f"default({text}, {value})", node, basis, always=True)

    def _basis(self, node: Node) -> str:
        return self._types.scalar(node.statement.search_one("type")).basis

    # ---- joins

    def _select(self, list_node: Node, predicates: list[Any]) -> Selection:
        if list_node.parent is not None and list_node.parent.home.parent is not None:
            raise Uncompilable("a list inside another list")
        fields: list[tuple[str, bool]] = []
        values: list[str] = []
        present: list[str] = []
        missing: list[str] = []
        order = None
        for predicate in predicates:
            match predicate:
                case ("comp", "=", left, right):
                    one, value = self._equality(list_node, left, right)
                    fields.append(one)
                    values.append(value)
                case ("comp", ("<" | ">") as operator, left, right) if order is None:
                    order = self._order(list_node, operator, left, right)
                case ("path_expr", ("function_call", "not", [argument])):
                    missing.append(self._field(list_node, argument)[0])
                case _:
                    present.append(self._field(list_node, predicate)[0])
        return Selection(
            list_node, tuple(fields), tuple(values), tuple(present), tuple(missing), *(order or ())
        )

    def _equality(self, list_node: Node, left: Any, right: Any) -> tuple[tuple[str, bool], str]:
        if _is_from_current(left):
            left, right = right, left
        text, basis, many = self._field(list_node, left)
        value = self._any(right)
        match value:
            case Leafs(text=mine, many=False, basis=mine_basis):
                if mine_basis == basis and basis in ("int", "str", "bool"):
                    return (text, many), mine
                return (f"key_text({text})", many), f"key_text({mine})"
            case Value(mine, "string") if basis == "str":
                return (text, many), mine
        raise Uncompilable("a predicate with this value")

    def _order(self, list_node: Node, operator: str, left: Any, right: Any) -> tuple[str, str, str]:
        if _is_from_current(left):
            left, right, operator = right, left, MIRRORED[operator]
        text, basis, _ = self._field(list_node, left)
        bound = self._any(right)
        if basis != "int" or not isinstance(bound, Leafs) or bound.basis != "int":
            raise Uncompilable("an ordering predicate on other than integers")
        return text, operator, bound.text

    def _field(self, list_node: Node, path: Any) -> tuple[str, str, bool]:
        """Return the access, basis and plurality of a leaf inside an entry of the list."""
        match path:
            case ("relative", steps) if not _is_from_current(path):
                node = list_node
                for step in steps:
                    match step:
                        case ("step", "child", ("name", prefix, name), []):
                            node = self._child(node, prefix, name)
                        case _:
                            raise Uncompilable("a predicate path that leaves the entry")
                if node.kind not in ("leaf", "leaf-list") or node.home is not list_node:
                    raise Uncompilable("a predicate on other than a leaf of the entry")
                if node.kind == "leaf" and node.statement.search_one("default") is not None:
                    raise Uncompilable("a predicate on a leaf with a default")
                text, _ = access(node, list_node, "e")
                return text, self._basis(node), node.kind == "leaf-list"
        raise Uncompilable(f"the predicate {path!r}")

    def _bucket(self, selection: Selection) -> str:
        key = "".join(f"{value}, " for value in selection.values)
        return f"find[{self._lookup(selection)}].get(({key}), EMPTY_BUCKET)"

    def _selected(self, selection: Selection) -> str:
        if selection.order is None:
            return f"bool({self._bucket(selection)})"
        ask = "any_above" if selection.compare == ">" else "any_below"
        return f"{ask}({self._bucket(selection)}, {selection.bound})"


def access(node: Node, home: Node, start: str) -> tuple[str, bool]:
    """Return the Python access of a node from its entry, and whether a presence may cut it."""
    chain: list[Node] = []
    while node is not home and node.parent is not None:
        chain.append(node)
        node = node.parent
    text, optional = start, False
    for position, each in enumerate(reversed(chain)):
        text = f"{text}.{each.field}"
        optional = optional or (each.presence and position < len(chain) - 1)
        if optional and position < len(chain) - 1:
            # A presence container that is not there cuts the rest of the path.
            text = f"({text} or ABSENT)"
    return text, optional


def default_literal(canonical: str, basis: str) -> str:
    """Return the Python literal of a default's canonical text."""
    if basis == "int":
        return canonical
    if basis == "bool":
        return canonical.capitalize()
    if basis in ("str", "identity"):
        return repr(canonical)
    raise Uncompilable("a default of this type")


def _as_text(text: str, basis: str) -> str:
    return text if basis in ("str", "identity") else f"text({text})"


def _homes(node: Node) -> list[Node]:
    """The lists around a node, innermost first, then the root."""
    found = [node.home]
    while found[-1].parent is not None:
        found.append(found[-1].parent.home)
    return found


def _inside_entry(home: Node) -> list[Node]:
    found = []
    for child in home.children:
        found.append(child)
        if child.kind == "container":
            found.extend(_inside_entry(child))
    return found


def _root(node: Node) -> Node:
    while node.parent is not None:
        node = node.parent
    return node


def _is_from_current(path: Any) -> bool:
    match path:
        case ("path_expr", inner):
            return _is_from_current(inner)
        case [("function_call", "current", _), *_]:
            return True
        case ("relative", [("function_call", "current", _), *_]):
            return True
        case ("absolute", _):
            return True
    return False

"""Location paths -> terms: a node inside the chain of entries, or entries selected by an index."""

from collections.abc import Callable
from typing import Any

from yang.pyang_plugin.access import access, homes_of, is_conditional
from yang.pyang_plugin.comparing import MIRRORED
from yang.pyang_plugin.model import Node
from yang.pyang_plugin.names import Scope
from yang.pyang_plugin.terms import Exists, Leafs, Reading, Selection, Term, Uncompilable, Value
from yang.pyang_plugin.types import Types, default_of


class Paths:
    """The paths of one expression; ``evaluate`` compiles what a predicate compares with.

    ``outside``: the entries around the node, without its own if it is a list.
    """

    def __init__(
        self, scope: Scope, types: Types, evaluate: Callable[[Any], Term], outside: bool = False
    ) -> None:
        self.scope = scope
        self._types = types
        self._evaluate = evaluate
        self.reading = Reading()
        self._homes = homes_of(scope.node)[1 if outside and scope.node.kind == "list" else 0 :]

    def term(self, steps: list[Any], start: Node) -> Term:
        """Return what a path leads to."""
        node, rest = self.descend(steps, start)
        if isinstance(node, Selection):
            if rest:
                raise Uncompilable("a path beyond selected entries")
            self.reading.selections.append(node)
            return node
        return self._inside(node)

    def descend(
        self, steps: list[Any], start: Node, select: bool = False
    ) -> tuple[Node | Selection, list[Any]]:
        """Return the node at the end, or the first entries selected and the steps below them."""
        node = start
        for at, step in enumerate(steps):
            match step:
                case ("function_call", "current", _) if at == 0:
                    node = self.scope.node
                case ("step", "parent", ("node_type", "node"), []):
                    if node.parent is None:
                        raise Uncompilable("a path above the root")
                    node = node.parent
                case ("step", "self", ("node_type", "node"), []):
                    pass
                case ("step", "child", ("name", prefix, name), predicates):
                    node = self.child(node, prefix, name)
                    rest = steps[at + 1 :]
                    if node.kind == "list" and (
                        predicates or rest or select or not self._is_at_hand(node)
                    ):
                        return self._select(node, predicates), rest
                    if predicates:
                        raise Uncompilable("a predicate on what is no list")
                case ("function_call", name, _):
                    raise Uncompilable(f"the function {name}()")
                case ("step", axis, *_):
                    raise Uncompilable(f"a step along {axis}")
                case _:
                    raise Uncompilable("a step of this kind")
        return node, []

    def child(self, node: Node, prefix: str | None, name: str) -> Node:
        """Return the child of that name."""
        child = node.child(name, self.scope.module(prefix))
        if child is None or not child.config:
            raise Uncompilable(f"{name}, which is no configuration of this set")
        return child

    def basis(self, node: Node) -> str:
        """Return how XPath compares a leaf's values."""
        return self._types.of(node).basis

    def _is_at_hand(self, list_node: Node) -> bool:
        """Tell whether to take a whole list as a value: it is in an entry around us.

        The entries outside all lists are looked up: no change record of the root tells of them.
        """
        above = list_node.parent
        assert above is not None
        return above.home in self._homes and (
            above.home.parent is not None or above.home is self._homes[0]
        )

    def _inside(self, node: Node) -> Term:
        """Return what stands for a node inside the chain of entries."""
        home = node.parent.home if node.kind == "list" and node.parent else node.home
        if home not in self._homes:
            raise Uncompilable(f"{node.path}, which is in no entry around this one")
        level = self._homes.index(home)
        text, optional = access(node, home, "e" if level == 0 else f"c[{level}]")
        self.reading.levels.add(level)
        self.reading.local.add(text)
        if node.kind == "leaf-list":
            if node is self.scope.node:
                raise Uncompilable("one value of a leaf-list at a time")
            if node.statement.search("default"):
                raise Uncompilable("a leaf-list with defaults")
            return Leafs(f"({text} or ())" if optional else text, node, self.basis(node), many=True)
        if node.kind == "leaf":
            return self._leaf(node, home, text, optional)
        if node.kind == "list":
            return Exists(f"bool({text})", f"len({text} or ())")
        if node.kind == "container" and not node.presence:
            if is_conditional(node, home):
                raise Uncompilable(f"{node.name}, which is there only in a case or under a when")
            return Exists("True" if not optional else f"({text} is not None)", "1")
        return Exists(f"({text} is not None)", f"({text} is not None)")

    def _leaf(self, node: Node, home: Node, text: str, optional: bool) -> Leafs:
        basis = self.basis(node)
        if default_of(node) is None:
            return Leafs(text, node, basis)
        if (optional or is_conditional(node, home)) and not self._is_beside(node):
            raise Uncompilable(f"the default of {node.name} depends on other nodes")
        value = self._types.default_literal(node)
        if value is None:
            raise Uncompilable("a default of this type")
        return Leafs(f"default({text}, {value})", node, basis, always=True)

    def _is_beside(self, node: Node) -> bool:
        """Tell whether a default is in use wherever the expression is evaluated.

        The node evaluated at exists then, and with it all around it, and the case that it is in.
        """
        mine = _line(self.scope.node)
        at = node
        while at not in mine:
            assert at.parent is not None
            place = mine.index(at.parent) if at.parent in mine else 0
            shared = mine[place - 1].cases if place else ()
            if at.presence or at.whens or not set(at.cases) <= set(shared):
                return False
            at = at.parent
        return True

    # ---- entries selected through an index

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
                    present.append(order[0])
                case ("path_expr", ("function_call", "not", [argument])):
                    missing.append(self._single(list_node, argument))
                case _:
                    present.append(self._single(list_node, predicate))
        return Selection(
            list_node, tuple(fields), tuple(values), tuple(present), tuple(missing), *(order or ())
        )

    def _equality(self, list_node: Node, left: Any, right: Any) -> tuple[tuple[str, bool], str]:
        if is_from_current(left):
            left, right = right, left
        if not is_from_current(right) and not _is_literal(right):
            raise Uncompilable("a predicate that compares two leafs of the entry")
        text, basis, many = self._member(list_node, left)
        match self._evaluate(right):
            case Leafs(text=mine, many=False, basis=mine_basis):
                if mine_basis == basis and basis in ("int", "str", "bool"):
                    return (text, many), mine
                if not many:
                    return (f"key_text({text})", False), f"key_text({mine})"
            case Value(mine, "string") if basis == "str":
                return (text, many), mine
        raise Uncompilable("a predicate with this value")

    def _order(self, list_node: Node, operator: str, left: Any, right: Any) -> tuple[str, str, str]:
        if is_from_current(left):
            left, right, operator = right, left, MIRRORED[operator]
        if not is_from_current(right):
            raise Uncompilable("a predicate that compares two leafs of the entry")
        text, basis, many = self._member(list_node, left)
        bound = self._evaluate(right)
        if many or basis != "int" or not isinstance(bound, Leafs) or bound.basis != "int":
            raise Uncompilable("an ordering predicate on other than integers")
        return text, operator, bound.text

    def _single(self, list_node: Node, path: Any) -> str:
        text, _, many = self._member(list_node, path)
        if many:
            raise Uncompilable("the existence of a leaf-list as a predicate")
        return text

    def _member(self, list_node: Node, path: Any) -> tuple[str, str, bool]:
        """Return the access, basis and plurality of a leaf inside an entry of the list."""
        match path:
            case ("relative", steps) if not is_from_current(path):
                node = list_node
                for step in steps:
                    match step:
                        case ("step", "child", ("name", prefix, name), []):
                            node = self.child(node, prefix, name)
                        case _:
                            raise Uncompilable("a predicate path that leaves the entry")
                if node.kind not in ("leaf", "leaf-list") or node.home is not list_node:
                    raise Uncompilable("a predicate on other than a leaf of the entry")
                if node.statement.search("default") or default_of(node) is not None:
                    raise Uncompilable("a predicate on a leaf with a default")
                text, optional = access(node, list_node, "e")
                many = node.kind == "leaf-list"
                if many and optional:
                    text = f"({text} or ())"
                return text, self.basis(node), many
        raise Uncompilable("a predicate other than a comparison with a leaf of the entry")


def _line(node: Node) -> list[Node]:
    """Return a node and all around it, the root last."""
    line = [node]
    while line[-1].parent is not None:
        line.append(line[-1].parent)
    return line


def is_from_current(path: Any) -> bool:
    """Tell whether a path starts at ``current()`` or at the root, not at the context node."""
    match path:
        case ("path_expr", inner):
            return is_from_current(inner)
        case ("function_call", "current", _) | [("function_call", "current", _), *_]:
            return True
        case ("relative", [("function_call", "current", _), *_]):
            return True
        case ("absolute", _):
            return True
    return False


def _is_literal(path: Any) -> bool:
    match path:
        case ("path_expr", ("literal", _)):
            return True
    return False

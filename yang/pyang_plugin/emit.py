"""Model -> text of a bindings module."""

import hashlib
from collections.abc import Iterator
from typing import Any

from yang.pyang_plugin.constraints import Constraints, ConstraintText
from yang.pyang_plugin.features import supported_features
from yang.pyang_plugin.model import Call, Model, Node
from yang.pyang_plugin.refusal import CannotGenerate
from yang.pyang_plugin.types import Types, default_text, inherited_default

HEADER = '''"""Bindings of the module set: {names}.

GENERATED from the YANG modules by the pyang plugin of this project; do not edit.
See docs/bindings.md.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from yang import scalars as t
from yang import schema as s
from yang.constraints import Constraint, Index, Reverse
from yang.ordered_map import OrderedMap
from yang.sorted_map import SortedMap
from yang.xpath_functions import (
    ABSENT, EMPTY_BUCKET, NAN, any_above, any_below, default, key_text, number, text,
)
'''


class Emitter:
    """Writes the bindings of one model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._types = Types(model.context, model.modules)
        self.constraints = Constraints(model, self._types)
        self._type_names: dict[str, str] = {}
        self._modules: dict[str, str] = {}
        self._count = 0

    def text(self) -> str:
        """Return the whole module."""
        modules = list(self._module_lines())
        classes = list(self._class_lines())
        nodes: list[str] = []
        root = self._node(self._model.root, nodes)
        rpcs = [self._call(call, nodes) for call in self._model.rpcs]
        notifications = [self._call(call, nodes) for call in self._model.notifications]
        types = [f"{name} = {text}" for text, name in self._type_names.items()]
        indexes = list(self._index_lines())
        checks = list(self._constraint_lines())
        body = "\n".join([*modules, "", *classes, "", *types, "", *nodes, "", *indexes, *checks])
        digest = hashlib.sha256(body.encode()).hexdigest()[:16]
        names = ", ".join(module.arg for module in self._model.implemented)
        return (
            HEADER.format(names=names)
            + "\n"
            + body
            + "\n\nSCHEMA = s.Schema(\n"
            + f"    digest={digest!r},\n"
            + f"    modules=({''.join(f'{name}, ' for name in self._modules.values())}),\n"
            + f"    root={root},\n"
            + f"    rpcs=({''.join(f'{name}, ' for name in rpcs)}),\n"
            + f"    notifications=({''.join(f'{name}, ' for name in notifications)}),\n"
            + "    indexes=INDEXES,\n    constraints=CONSTRAINTS,\n"
            + f"    bases={self._bases()!r},\n)\n"
        )

    def _bases(self) -> dict[str, tuple[str, ...]]:
        """Only a constraint that is evaluated as XPath asks for the bases of identities."""
        asks = any(each.how == "fallback" for each in self.constraints.found)
        return self._types.identities.all_bases() if asks else {}

    # ---- modules

    def _module_lines(self) -> Iterator[str]:
        yield "NAMESPACES = {"
        for module in self._model.modules:
            yield f"    {module.search_one('namespace').arg!r}: {module.arg!r},"
        yield "}"
        implemented = set(self._model.implemented)
        deviations = _deviations(self._model.modules)
        for number, module in enumerate(self._model.modules):
            name = f"_M{number}"
            self._modules[module.arg] = name
            revision = module.i_latest_revision or ""
            features = supported_features(module, self._model.context)
            submodules = tuple(
                (include.arg, _revision_of(self._model.context, include.arg))
                for include in module.search("include")
            )
            yield (
                f"{name} = s.Module({module.arg!r}, {module.search_one('namespace').arg!r}, "
                f"{module.search_one('prefix').arg!r}, {revision!r}, {module in implemented}, "
                f"{features!r}, {deviations.get(module.arg, ())!r}, {submodules!r})"
            )

    # ---- classes

    def _class_lines(self) -> Iterator[str]:
        for node in _post_order(self._model.root):
            if self._holds_configuration(node):
                yield ""
                yield f"class {self._class_name(node)}(NamedTuple):"
                yield f'    """{node.path or "All configuration of the set."}"""'
                fields = [child for child in node.children if child.config]
                for child in fields:
                    yield f"    {child.field}: {self._annotation(child)}"
                if not fields:
                    yield "    pass"

    def _class_name(self, node: Node) -> str:
        return node.class_name or "Configuration"

    def _holds_configuration(self, node: Node) -> bool:
        return node.kind in ("container", "list") and _in_configuration(node)

    def _annotation(self, node: Node) -> str:
        if node.kind == "container":
            name = self._class_name(node)
            return f"{name} | None" if node.presence else name
        if node.kind == "list":
            kind = "OrderedMap" if _user_ordered(node) else "SortedMap"
            return f"{kind}[tuple[Any, ...], {self._class_name(node)}]"
        if node.kind == "anydata":
            return "str | None"
        scalar = self._types.scalar(node.statement.search_one("type"))
        if node.kind == "leaf-list":
            return f"tuple[{scalar.annotation}, ...]"
        return f"{scalar.annotation} | None"

    # ---- nodes

    def _node(self, node: Node, lines: list[str]) -> str:
        """Append what makes this node and return the expression for it."""
        if node.kind == "leaf":
            return self._leaf(node)
        if node.kind == "leaf-list":
            return self._leaf_list(node)
        if node.kind == "anydata":
            mandatory = ", mandatory=True" if node.mandatory else ""
            return f"s.AnyData({self._named(node)}{mandatory}{self._rest(node)})"
        children = [self._node(child, lines) for child in node.children]
        actions = [self._call(call, lines) for call in node.actions]
        self._count += 1
        name = f"_N{self._count}"
        kind = "List" if node.kind == "list" else "Container"
        keys = f" {node.keys!r}," if node.kind == "list" else ""
        lines.append(f"{name} = s.{kind}({self._named(node)},{keys} (")
        lines.extend(f"    {child}," for child in children)
        lines.append(f"){self._inner(node)}{self._rest(node)}{_listed('actions', actions)})")
        return name

    def _named(self, node: Node) -> str:
        module = self._modules[node.module_name] if node.statement else "_M0"
        return f"{node.name!r}, {module}"

    def _inner(self, node: Node) -> str:
        parts = []
        if self._holds_configuration(node):
            parts.append(f"value={self._class_name(node)}")
        if node.presence:
            parts.append("presence=True")
        if node.kind == "list":
            parts.extend(_amounts(node))
        choices = [
            f"s.Choice({name!r}, {_is_mandatory(choice)}, {cases!r}, "
            f"{self._modules[choice.i_module.i_modulename]}{_default_case(choice)})"
            for choice, name, cases in node.choices
        ]
        if choices:
            parts.append(f"choices=({''.join(f'{choice}, ' for choice in choices)})")
        return "".join(f", {part}" for part in parts)

    def _leaf(self, node: Node) -> str:
        statement = node.statement.search_one("type")
        default = node.statement.search_one("default")
        mandatory = node.mandatory and node.name not in _keys_around(node)
        if default is None and not node.mandatory and node.name not in _keys_around(node):
            default = inherited_default(statement)
        text = ""
        if default is not None:
            text = f", default={default_text(statement, default, self._model.context)!r}"
        if mandatory:
            text += ", mandatory=True"
        return f"s.Leaf({self._named(node)}, {self._type(statement)}{text}{self._rest(node)})"

    def _leaf_list(self, node: Node) -> str:
        statement = node.statement.search_one("type")
        defaults = tuple(
            default_text(statement, each, self._model.context)
            for each in node.statement.search("default")
        )
        text = f", defaults={defaults!r}" if defaults else ""
        text += "".join(f", {part}" for part in _amounts(node))
        return f"s.LeafList({self._named(node)}, {self._type(statement)}{text}{self._rest(node)})"

    def _type(self, statement: Any) -> str:
        text = self._types.scalar(statement).text
        return self._type_names.setdefault(text, f"_T{len(self._type_names) + 1}")

    def _rest(self, node: Node) -> str:
        text = "" if node.config else ", config=False"
        if node.cases:
            text += f", cases={node.cases!r}"
        if node.statement is not None:
            text += _deny(node.statement)
        return text

    def _call(self, call: Call, lines: list[str]) -> str:
        statement = call.statement
        parts = {name: self._node(part, lines) for name, part in call.parts.items()}
        self._count += 1
        name = f"_N{self._count}"
        kind = "Notification" if statement.keyword == "notification" else "Operation"
        shown = ", ".join(f"{key}={value}" for key, value in parts.items())
        module = self._modules[statement.i_module.i_modulename]
        lines.append(f"{name} = s.{kind}({statement.arg!r}, {module}, {shown}{_deny(statement)})")
        return name

    # ---- constraints

    def _index_lines(self) -> Iterator[str]:
        yield "INDEXES = ("
        for number, index in enumerate(self.constraints.indexes):
            order = f", lambda e: {index.order}" if index.order else ""
            yield f"    Index({number}, {index.path!r}, {index.values}{order}),"
        yield ")"
        yield ""

    def _constraint_lines(self) -> Iterator[str]:
        for number, each in enumerate(self.constraints.found):
            yield from _test_lines(number, each)
        yield "CONSTRAINTS = ("
        for number, each in enumerate(self.constraints.found):
            yield from _constraint_lines(number, each)
        yield ")"


def _test_lines(number: int, each: ConstraintText) -> Iterator[str]:
    if each.test is None:
        return
    yield f"def _c{number}(c: Any, find: Any) -> bool:"
    yield f'    """{each.kind} of {each.node.path}"""'
    yield "    e = c[0]"
    yield f"    return {each.test}"
    yield ""
    yield ""


def _constraint_lines(number: int, each: ConstraintText) -> Iterator[str]:
    yield "    Constraint("
    yield f"        {each.kind!r}, {each.node.path!r}, {each.home.path or '/'!r}, {each.how!r},"
    yield f"        {each.expression!r},"
    if each.message:
        yield f"        message={each.message!r},"
    if each.app_tag:
        yield f"        app_tag={each.app_tag!r},"
    if each.applies:
        yield f"        applies=lambda e: {each.applies},"
    if each.test:
        yield f"        test=_c{number},"
    if each.value:
        text = each.value if each.value.endswith(".values") else f"lambda e: {each.value}"
        yield f"        value={text},"
    if each.reverse:
        joined = "".join(f"Reverse({a}, {b}, {c}, {d}), " for a, b, c, d in each.reverse)
        yield f"        reverse=({joined}),"
    if each.upper:
        yield f"        upper={each.upper!r},"
    if each.context is not None and each.context is not each.node:
        yield f"        context={each.context.path!r},"
    yield "    ),"


def _post_order(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield from _post_order(child)
    yield node


def _in_configuration(node: Node) -> bool:
    at: Node | None = node
    while at is not None and at.statement is not None:
        if not at.config or not at.in_datastore:
            return False
        at = at.parent
    return True


def _user_ordered(node: Node) -> bool:
    found = node.statement.search_one("ordered-by")
    return found is not None and found.arg == "user" and node.config


def _amounts(node: Node) -> list[str]:
    parts = ["user_ordered=True"] if _user_ordered(node) else []
    for keyword in ("min-elements", "max-elements"):
        found = node.statement.search_one(keyword)
        if found is not None and found.arg != "unbounded":
            parts.append(f"{keyword.replace('-', '_')}={int(found.arg)}")
    return parts


def _keys_around(node: Node) -> tuple[str, ...]:
    return node.parent.keys if node.parent is not None and node.parent.kind == "list" else ()


def _is_mandatory(choice: Any) -> bool:
    found = choice.search_one("mandatory")
    if found is not None and found.arg == "true":
        if choice.search_one("when") is not None:
            raise CannotGenerate(choice, "a mandatory choice under a when is not supported")
        return True
    return False


def _default_case(choice: Any) -> str:
    found = choice.search_one("default")
    return f", {found.arg!r}" if found is not None else ""


def _deny(statement: Any) -> str:
    for what in ("all", "write"):
        if statement.search_one(("ietf-netconf-acm", f"default-deny-{what}")) is not None:
            return f", deny={what!r}"
    return ""


def _listed(name: str, items: list[str]) -> str:
    return f", {name}=({''.join(f'{item}, ' for item in items)})" if items else ""


def _deviations(modules: list[Any]) -> dict[str, tuple[str, ...]]:
    """Return which modules deviate from each module."""
    found: dict[str, tuple[str, ...]] = {}
    for module in modules:
        for deviation in module.search("deviation"):
            target = getattr(deviation, "i_target_node", None)
            name = _first_module(deviation, module) if target is None else target.i_module.arg
            if module.arg not in found.get(name, ()):
                found[name] = (*found.get(name, ()), module.arg)
    return found


def _first_module(deviation: Any, module: Any) -> str:
    prefix = deviation.arg.split("/")[1].partition(":")[0]
    name, _ = module.i_prefixes[prefix]
    return str(name)


def _revision_of(context: Any, name: str) -> str:
    for (module, _), statement in context.modules.items():
        if module == name:
            return statement.i_latest_revision or ""
    return ""

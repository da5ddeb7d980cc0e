"""Model -> text of a bindings module."""

import hashlib
from collections.abc import Iterator
from typing import Any

from yang.pyang_plugin.collect import Constraints
from yang.pyang_plugin.demands import choice_is_mandatory, is_governed, minimum
from yang.pyang_plugin.emit_constraints import constraint_lines, index_lines
from yang.pyang_plugin.emit_modules import module_lines
from yang.pyang_plugin.model import Call, Choice, Model, Node
from yang.pyang_plugin.types import Types, default_of

HEADER = '''"""Bindings of the module set: {names}.

GENERATED from the YANG modules by the pyang plugin of this project; do not edit.
See docs/bindings.md.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from yang import scalars as t
from yang import schema as s
from yang.constraints import Around, Constraint, Index, Reverse
from yang.ordered_map import OrderedMap
from yang.sorted_map import SortedMap
from yang.xpath_functions import (
    ABSENT, EMPTY_BUCKET, NAN, any_above, any_below, default, is_true, key_text, number, text,
)
'''


RESERVED = frozenset(
    [
        "Any",
        "Around",
        "Constraint",
        "Decimal",
        "Index",
        "NamedTuple",
        "OrderedMap",
        "Reverse",
        "SortedMap",
    ]
    + ["ABSENT", "CONSTRAINTS", "EMPTY_BUCKET", "INDEXES", "NAMESPACES", "NAN", "SCHEMA"]
)
"""Names that a bindings module has for something else."""


class Emitter:
    """Writes the bindings of one model."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._types = Types(model.context, model.modules)
        self.constraints = Constraints(model, self._types)
        self._type_names: dict[str, str] = {}
        self._modules: dict[str, str] = {}
        self._count = 0
        self._class_names: dict[Node, str] = {}

    def text(self) -> str:
        """Return the whole module."""
        modules = list(module_lines(self._model, self._modules))
        classes = list(self._class_lines())
        nodes: list[str] = []
        root = self._node(self._model.root, nodes)
        rpcs = [self._call(call, nodes) for call in self._model.rpcs]
        notifications = [self._call(call, nodes) for call in self._model.notifications]
        types = [f"{name} = {text}" for text, name in self._type_names.items()]
        indexes = list(index_lines(self.constraints.indexes.all))
        checks = list(constraint_lines(self.constraints.found))
        body = "\n".join([*modules, "", *classes, "", *types, "", *nodes, "", *indexes, *checks])
        digest = hashlib.sha256(body.encode()).hexdigest()[:16]
        names = ", ".join(module.arg for module in self._model.implemented)
        bases = self._types.identities.all_bases()
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
            + "    bases={\n"
            + "".join(f"        {name!r}: {bases!r},\n" for name, bases in bases.items())
            + "    },\n)\n"
        )

    # ---- classes

    def _class_lines(self) -> Iterator[str]:
        for node in _post_order(self._model.root):
            if holds_configuration(node):
                yield ""
                yield f"class {self._class_name(node)}(NamedTuple):"
                yield f'    """{node.path or "All configuration of the set."}"""'
                fields = [child for child in node.children if child.config]
                for child in fields:
                    yield f"    {child.field}: {self._annotation(child)}"
                if not fields:
                    yield "    pass"

    def _class_name(self, node: Node) -> str:
        """Return the name of a node's class, which no other node has."""
        if node not in self._class_names:
            name = wanted = node.class_name or "Configuration"
            count = 1
            while name in RESERVED or name in self._class_names.values():
                count += 1
                name = f"{wanted}{count}"
            self._class_names[node] = name
        return self._class_names[node]

    def _annotation(self, node: Node) -> str:
        if node.kind == "container":
            name = self._class_name(node)
            return f"{name} | None" if node.presence else name
        if node.kind == "list":
            kind = "OrderedMap" if _user_ordered(node) else "SortedMap"
            return f"{kind}[tuple[Any, ...], {self._class_name(node)}]"
        if node.kind == "anydata":
            return "str | None"
        scalar = self._types.of(node)
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
            mandatory = ", mandatory=True" + _governed(node) if node.mandatory else ""
            return f"s.AnyData({self._named(node)}{mandatory}{self._rest(node)})"
        children = [self._node(child, lines) for child in node.children]
        actions = [self._call(call, lines) for call in node.actions]
        notifications = [self._call(call, lines) for call in node.notifications]
        self._count += 1
        name = f"_N{self._count}"
        kind = "List" if node.kind == "list" else "Container"
        keys = f" {node.keys!r}," if node.kind == "list" else ""
        lines.append(f"{name} = s.{kind}({self._named(node)},{keys} (")
        lines.extend(f"    {child}," for child in children)
        lines.append(
            f"){self._inner(node)}{self._rest(node)}"
            f"{_listed('actions', actions)}{_listed('notifications', notifications)})"
        )
        return name

    def _named(self, node: Node) -> str:
        module = self._modules[node.module_name] if node.statement else "_M0"
        return f"{node.name!r}, {module}"

    def _inner(self, node: Node) -> str:
        parts = []
        if holds_configuration(node):
            parts.append(f"value={self._class_name(node)}")
        if node.presence:
            parts.append("presence=True")
        if node.kind == "list":
            parts.extend(_amounts(node))
        choices = [
            f"s.Choice({each.name!r}, {choice_is_mandatory(each)}, {each.cases!r}, "
            f"{self._modules[each.statement.i_module.i_modulename]}{_default_case(each)}"
            f"{_governed_choice(node, each)})"
            for each in node.choices
        ]
        if choices:
            parts.append(f"choices=({''.join(f'{choice}, ' for choice in choices)})")
        return "".join(f", {part}" for part in parts)

    def _leaf(self, node: Node) -> str:
        default = default_of(node)
        text = ""
        if default is not None:
            text = f", default={self._types.default_text(node, default)!r}"
        if node.mandatory and not node.is_key:
            text += ", mandatory=True" + _governed(node)
        return f"s.Leaf({self._named(node)}, {self._type(node)}{text}{self._rest(node)})"

    def _leaf_list(self, node: Node) -> str:
        defaults = tuple(
            self._types.default_text(node, each) for each in node.statement.search("default")
        )
        text = f", defaults={defaults!r}" if defaults else ""
        text += "".join(f", {part}" for part in _amounts(node))
        return f"s.LeafList({self._named(node)}, {self._type(node)}{text}{self._rest(node)})"

    def _type(self, node: Node) -> str:
        text = self._types.of(node).text
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


def holds_configuration(node: Node) -> bool:
    """Tell whether a node has a value of its own in a configuration."""
    return node.kind in ("container", "list") and (node.is_configuration and node.in_datastore)


def _post_order(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield from _post_order(child)
    yield node


def _user_ordered(node: Node) -> bool:
    found = node.statement.search_one("ordered-by")
    return found is not None and found.arg == "user" and node.config


def _amounts(node: Node) -> list[str]:
    parts = ["user_ordered=True"] if _user_ordered(node) else []
    for keyword in ("min-elements", "max-elements"):
        found = node.statement.search_one(keyword)
        if found is not None and found.arg != "unbounded":
            parts.append(f"{keyword.replace('-', '_')}={int(found.arg)}")
    if minimum(node) and _governed(node):
        parts.append("governed=True")
    return parts


def _governed(node: Node) -> str:
    governed = node.parent is not None and is_governed(node.parent, node.whens)
    return ", governed=True" if governed and node.is_configuration else ""


def _governed_choice(node: Node, choice: Choice) -> str:
    governed = choice_is_mandatory(choice) and is_governed(node, choice.whens)
    return ", governed=True" if governed and node.is_configuration else ""


def _default_case(choice: Choice) -> str:
    found = choice.statement.search_one("default")
    return f", {found.arg!r}" if found is not None else ""


def _deny(statement: Any) -> str:
    for what in ("all", "write"):
        if statement.search_one(("ietf-netconf-acm", f"default-deny-{what}")) is not None:
            return f", deny={what!r}"
    return ""


def _listed(name: str, items: list[str]) -> str:
    return f", {name}=({''.join(f'{item}, ' for item in items)})" if items else ""

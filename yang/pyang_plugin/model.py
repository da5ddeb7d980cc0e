"""The model: what the generator knows of a module set, in its own words.

Made once from pyang's statements; types, XPath and emission read this and not the statements.
"""

import keyword
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class When:
    """A when statement that a node depends on, and the node that it is evaluated at."""

    statement: Any
    context: "Node"


@dataclass(eq=False)
class Choice:
    """A choice: its statement, its name among the choices of its node, the cases around it."""

    statement: Any
    name: str
    cases: tuple[tuple[str, str], ...]
    whens: list[When]


@dataclass(eq=False)
class Node:
    """A data node of the set, or the root of all."""

    statement: Any
    kind: str
    name: str
    parent: "Node | None"
    config: bool = True
    cases: tuple[tuple[str, str], ...] = ()
    children: list["Node"] = field(default_factory=list)
    choices: list["Choice"] = field(default_factory=list)
    actions: list["Call"] = field(default_factory=list)
    notifications: list["Call"] = field(default_factory=list)
    whens: list[When] = field(default_factory=list)
    in_datastore: bool = True

    @property
    def module(self) -> Any:
        """The pyang module that the node's name belongs to."""
        return self.statement.i_module

    @property
    def module_name(self) -> str:
        """The module that the node's name belongs to."""
        return str(self.statement.i_module.i_modulename) if self.statement else ""

    @property
    def path(self) -> str:
        """The schema path as RFC 7951 writes names; empty for the root."""
        if self.parent is None:
            return ""
        above = self.parent
        known = above.module_name if above.statement is not None else ""
        step = self.name if self.module_name == known else f"{self.module_name}:{self.name}"
        return f"{above.path}/{step}"

    @property
    def field(self) -> str:
        """The name of the Python field that holds this node in its parent's value."""
        name = _mangled(self.name)
        siblings = [c for c in (self.parent.children if self.parent else []) if c.config]
        if any(other is not self and other.name == self.name for other in siblings):
            name = f"{_mangled(self.module_name)}_{name}"
        if keyword.iskeyword(name) or name in ("count", "index") or name.startswith("_"):
            name = name.lstrip("_") + "_"
        # "a-b" and "a.b" are two nodes of YANG and one name of Python.
        alike = [c for c in siblings if _mangled(c.name) == _mangled(self.name)]
        names = list(dict.fromkeys(c.name for c in alike))
        return (
            f"{name}_{names.index(self.name) + 1}" if names[1:] and names[0] != self.name else name
        )

    @property
    def class_name(self) -> str:
        """The name of the Python class of this node's value."""
        words = self.path.replace(":", "-").replace(".", "-").replace("_", "-")
        steps = [step for step in words.split("/") if step]
        if steps and self.parent is not None:
            first = self.path.split("/")[1]
            module, _, name = first.partition(":")
            steps[0] = name if name.startswith(module) else f"{module}-{name}"
        return "".join(word[:1].upper() + word[1:] for step in steps for word in step.split("-"))

    @property
    def presence(self) -> bool:
        """Whether this is a container whose being there means something."""
        return self.statement is not None and self.statement.search_one("presence") is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the key leafs of a list."""
        return tuple(leaf.arg for leaf in getattr(self.statement, "i_key", None) or ())

    @property
    def is_configuration(self) -> bool:
        """Whether the node is configuration in a datastore."""
        at: Node | None = self
        while at is not None and at.statement is not None:
            if not at.config or not at.in_datastore:
                return False
            at = at.parent
        return True

    @property
    def is_key(self) -> bool:
        """Whether this is a key leaf of the list around it."""
        return (
            self.parent is not None
            and self.parent.kind == "list"
            and (self.name in self.parent.keys and self.module is self.parent.module)
        )

    @property
    def home(self) -> "Node":
        """The innermost list around this node or itself, else the root."""
        node = self
        while node.kind != "list" and node.parent is not None:
            node = node.parent
        return node

    @property
    def mandatory(self) -> bool:
        """Whether the node is mandatory by its own statement."""
        found = self.statement.search_one("mandatory")
        return found is not None and found.arg == "true"

    def child(self, name: str, module: str | None) -> "Node | None":
        """Return the child of that name; of any module if none is given."""
        for child in self.children:
            if child.name == name and (module is None or child.module_name == module):
                return child
        return None

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(eq=False)
class Call:
    """An rpc, action or notification: its statement and the trees that it carries."""

    statement: Any
    parts: dict[str, Node]


@dataclass(eq=False)
class Model:
    """A module set."""

    context: Any
    modules: list[Any]
    implemented: list[Any]
    root: Node
    rpcs: list[Call]
    notifications: list[Call]

    @property
    def implemented_names(self) -> set[str]:
        """The names of the modules that the set implements."""
        return {module.i_modulename for module in self.implemented}


def _mangled(name: str) -> str:
    return name.replace("-", "_").replace(".", "_")

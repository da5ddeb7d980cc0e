"""Terms: what the parts of an XPath expression compile to."""

from dataclasses import dataclass, field

from yang.pyang_plugin.model import Node


class Uncompilable(Exception):
    """The expression is beyond what is compiled; the reason is for the report."""


@dataclass(frozen=True)
class Value:
    """A Python expression and its XPath type: bool, number or string."""

    text: str
    kind: str


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


Term = Value | Leafs | Exists | Selection


@dataclass
class Reading:
    """What compiling one expression found out."""

    selections: list[Selection] = field(default_factory=list)
    local: set[str] = field(default_factory=set)
    levels: set[int] = field(default_factory=set)

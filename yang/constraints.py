"""Constraints as the bindings hold them: what a must, when, leafref or unique needs to be checked.

The law: checking one changed entry costs what the entry costs. What an expression reads outside
its entry it reads through an index, and a reverse index tells whom a change elsewhere concerns.

``chain`` is the entry that the constraint stands in, then each entry around it, the root last.
``find`` maps the number of an index to its buckets (value -> members).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from yang.scalars import ScalarType

Chain: TypeAlias = Sequence[Any]
Members: TypeAlias = Any
"""A bucket: the members of one value of an index, ordered; it has a length."""
Find: TypeAlias = Sequence[Mapping[Any, Members]]

LOCAL, JOIN, SCAN, FALLBACK = "local", "join", "scan", "fallback"
"""How a constraint is checked: inside its entry; by an index; inside its entry, and for every
entry below when something around it changes; by evaluating XPath on the whole tree."""


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """``values`` gives the values under which an entry of the list ``path`` is found.

    With ``order`` the members of a bucket are sorted by what it gives for the entry.
    """

    number: int
    path: str
    values: Callable[[Any, Any], Iterable[Any]]
    order: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Reverse:
    """A change of index ``joined`` at a value concerns the members of index ``contexts`` there.

    ``uniform``: one verdict holds for all of them. ``on_empty``: only when the value is gone.
    """

    joined: int
    contexts: int
    uniform: bool = False
    on_empty: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a test reads of an entry around its own (1 = the next one).

    A change of that entry concerns the entries below it only if one of these values changes.
    """

    level: int
    reads: Callable[[Any], tuple[Any, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """A statement: must, when, leafref, instance (of an instance-identifier) or unique.

    Also mandatory, min-elements or choice, where a when governs what must be there; ``expression``
    is then the number or the name of the choice.

    ``node`` is the schema path of the node that carries it and ``home`` that of the innermost
    list around it (``/`` for none). ``applies`` tells whether the node exists in an entry of its
    home; ``None``: it always does. ``test`` is ``None`` for what only the fall-back can check.
    ``upper`` says what the test reads of the entries around its own.
    """

    kind: str
    node: str
    home: str
    how: str
    expression: str
    message: str | None = None
    app_tag: str | None = None
    applies: Callable[[Any], bool] | None = None
    test: Callable[[Chain, Find], bool] | None = None
    value: Callable[[Any], Any] | None = None
    reverse: tuple[Reverse, ...] = ()
    upper: tuple[Around, ...] = ()
    context: str | None = None
    """The node that a when is evaluated at, if it is not ``node`` (RFC 7950, 7.21.5)."""
    xpath: str | None = None
    """A compiled when as XPath, in sets where something is evaluated as XPath."""
    leafs: tuple[str, ...] = ()
    """The schema paths of the leafs that a unique compares."""
    others: ScalarType | None = None
    """The other members of a union with leafrefs: a value they take needs no instance."""

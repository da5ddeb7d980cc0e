"""Rules compiled to what is decided at each node of the data tree, found step by step.

A position is a schema node and the rules whose paths lead to it, or through it. Positions are made
once for each rule set and remembered: a check costs the same however many rules there are, and one
that permits everything below it ends the search.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from server.nacm.rules import Access, Rule, Step, Subject, Verdict
from yang.changes import Key
from yang.schema import LEAF_LIST, LIST, DataNode, List, Notification, Operation

At: TypeAlias = "Position | Entries"
Place: TypeAlias = DataNode | Operation | Notification


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """The rules for somebody, in order, and what holds where none of them matches."""

    rules: tuple[Rule, ...]
    defaults: Mapping[Access, Verdict]


class Leading(NamedTuple):
    """A rule whose path leads further: which, and how many steps of it are behind."""

    rule: int
    steps: int


class Position:
    """A container, entry, leaf, leaf-list value, action or notification, as the rules see it."""

    def __init__(
        self,
        book: Book,
        node: Place,
        matched: frozenset[int],
        leading: Sequence[Leading],
        marker: str,
    ) -> None:
        self.node: Any = node
        self._book = book
        self._matched = matched
        self._leading = tuple(leading)
        # Whatever is in a node that is denied by default is so, too: it could not be sensitive
        # and what it holds harmless.
        self._marker = marker or node.deny
        self._verdicts: dict[Access, Verdict] = {}
        self._children: dict[int, At] = {}
        self._permits_all: dict[tuple[Access, bool], bool] = {}

    @classmethod
    def top(cls, book: Book, root: DataNode) -> "Position":
        """Return the root, which every path begins at."""
        data = [at for at, rule in enumerate(book.rules) if rule.subject == Subject.DATA]
        everything = frozenset(at for at in data if not book.rules[at].path)
        leading = [Leading(at, 0) for at in data if at not in everything]
        made = cls(book, root, everything, leading, "")
        # It is no data node, so nobody can be denied it.
        made._verdicts = dict.fromkeys(Access, Verdict(True, "the root"))
        return made

    def verdict(self, access: Access) -> Verdict:
        """Return what is decided for the node itself (RFC 8341, section 3.4.5)."""
        found = self._verdicts.get(access)
        if found is None:
            found = self._verdicts[access] = self._decide(access)
        return found

    def _decide(self, access: Access) -> Verdict:
        module = self.node.module.name
        for at, rule in enumerate(self._book.rules):
            applies = rule.subject == Subject.ANYTHING or at in self._matched
            if applies and rule.is_of(module, access):
                return rule.verdict
        if self._marker == "all" or (self._marker == "write" and access != Access.READ):
            return Verdict(False, f"the statement default-deny-{self._marker}")
        return self._book.defaults[access]

    def permits(self, access: Access) -> bool:
        """Tell whether the node itself may be accessed so."""
        return self.verdict(access).permits

    def permits_all(self, access: Access, state: bool = False) -> bool:
        """Tell whether that holds for all that can be below, too; not ``state``: configuration."""
        found = self._permits_all.get((access, state))
        if found is None:
            found = self.permits(access) and all(
                self.child(child).permits_all(access, state)
                for child in getattr(self.node, "children", ())
                if child.config or state
            )
            self._permits_all[access, state] = found
        return found

    @property
    def shows_entry(self) -> bool:
        """Whether an entry can be read: it and its keys, without which it is none."""
        return self.permits(Access.READ) and all(
            self.child(leaf).permits(Access.READ) for leaf in self.node.key_leafs
        )

    def child(self, node: Place) -> Any:
        """Return the position of a child; that of all entries where it is a list."""
        found = self._children.get(id(node))
        if found is None:
            found = self._children[id(node)] = self._below(node)
        return found

    def _below(self, node: Place) -> At:
        reached = [
            (at, done, self._book.rules[at].path[done])
            for at, done in self._leading
            if _names(self._book.rules[at].path[done], node)
        ]
        if getattr(node, "kind", None) in (LIST, LEAF_LIST):
            return Entries(self._book, node, self._matched, reached, self._marker)
        plain = [(at, done) for at, done, step in reached if not step.predicates]
        return _moved(self._book, node, self._matched, plain, self._marker)


class Entries:
    """A list, or a leaf-list, whose instances the rules may tell apart."""

    def __init__(
        self,
        book: Book,
        node: Place,
        matched: frozenset[int],
        reached: Sequence[tuple[int, int, Step]],
        marker: str,
    ) -> None:
        self.node: Any = node
        self._book = book
        self._matched = matched
        self._marker = marker
        self._always = [(at, done) for at, done, step in reached if not step.predicates]
        self._by_key: dict[Key, list[tuple[int, int]]] = {}
        self._by_part: list[tuple[Mapping[int, Any], tuple[int, int]]] = []
        self._named: list[int] = []
        for at, done, step in reached:
            if step.predicates:
                self._add_named(at, done, step)
        self._positions: dict[tuple[tuple[int, int], ...], Position] = {}
        self.any = self._position(())
        """The position of an instance that no rule names."""

    @property
    def is_uniform(self) -> bool:
        """Whether the rules tell no instances apart."""
        return not self._named

    def entry(self, key: Key) -> Position:
        """Return the position of one instance; that of a leaf-list has its text for a key."""
        if not self._named:
            return self.any
        named = list(self._by_key.get(key, ()))
        named += [
            rule
            for parts, rule in self._by_part
            if all(at < len(key) and key[at] == part for at, part in parts.items())
        ]
        return self._position(tuple(named))

    def permits_all(self, access: Access, state: bool = False) -> bool:
        """Tell whether every instance may be accessed so, with all that can be in it."""
        rules = self._book.rules
        denies = any(not rules[at].verdict.permits for at in self._named)
        return not denies and self.any.permits_all(access, state)

    @property
    def shows_none(self) -> bool:
        """Whether no instance at all can be read."""
        rules = self._book.rules
        return not self.any.permits(Access.READ) and not any(
            rules[at].verdict.permits for at in self._named
        )

    def _position(self, named: tuple[tuple[int, int], ...]) -> Position:
        found = self._positions.get(named)
        if found is None:
            moving = [*self._always, *named]
            found = _moved(self._book, self.node, self._matched, moving, self._marker)
            self._positions[named] = found
        return found

    def _add_named(self, at: int, done: int, step: Step) -> None:
        parts = _parts(self.node, step)
        if parts is None:
            return  # It names what cannot be.
        self._named.append(at)
        size = len(self.node.key_leafs) if isinstance(self.node, List) else 1
        if len(parts) == size:
            key = tuple(parts[position] for position in range(size))
            self._by_key.setdefault(key, []).append((at, done))
        else:
            self._by_part.append((parts, (at, done)))


def _moved(
    book: Book,
    node: Place,
    matched: frozenset[int],
    moving: Sequence[tuple[int, int]],
    marker: str,
) -> Position:
    """Return the position one step further along the paths of these rules."""
    arrived = [at for at, done in moving if done + 1 == len(book.rules[at].path)]
    leading = [Leading(at, done + 1) for at, done in moving if at not in arrived]
    return Position(book, node, matched.union(arrived), leading, marker)


def _names(step: Step, node: Place) -> bool:
    return step.name == node.name and step.module == node.module.name


def _parts(node: Any, step: Step) -> dict[int, Any] | None:
    """Return what the predicates ask of the parts of a key; ``None`` for what no key can be."""
    parts: dict[int, Any] = {}
    for predicate in step.predicates:
        found = _part(node, predicate)
        if found is None or parts.setdefault(*found) != found[1]:
            return None
    return parts


def asks_for_no_key(node: Any, step: Step) -> bool:
    """Tell whether the predicates of a step ask for what no instance can be."""
    return not hasattr(node, "key_leafs") and node.kind != LEAF_LIST or _parts(node, step) is None


def _part(node: Any, predicate: Any) -> tuple[int, Any] | None:
    if isinstance(predicate, int):
        return None  # A position is of a list without keys; nobody's rights depend on that.
    name, text = predicate
    if node.kind == LEAF_LIST:
        return (0, text) if name == "." else None
    for position, leaf in enumerate(node.key_leafs):
        if leaf.name == name:
            try:
                return position, leaf.sort_key(leaf.type.parse(text))
            except ValueError:
                return None
    return None


def walked(top: Position, line: Sequence[Place], keys: Sequence[Key]) -> Iterator[Position]:
    """Yield the positions of the nodes on a way down; ``keys`` are those of the lists on it.

    A list without a key is taken as the instance that no rule names.
    """
    remaining = list(keys)
    at: Any = top
    for node in line:
        found = at.child(node)
        if isinstance(found, Entries):
            found = found.entry(remaining.pop(0)) if remaining else found.any
        at = found
        yield at

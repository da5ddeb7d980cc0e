"""Default data: what of it is in use, and which modes of reporting it there are (RFC 6243).

The server's own mode is ``explicit``: a node that no client set is default data, and a tree holds
none of it. The other modes add or leave out while a tree is written; no tree is ever changed.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from server.validation.fallback import Fallback
from server.validation.in_use import is_in_use
from yang.changes import Key
from yang.constraints import LOCAL, SCAN, Constraint
from yang.scalars import canonical
from yang.schema import (
    CONTAINER,
    LEAF,
    LEAF_LIST,
    Container,
    DataNode,
    Inner,
    LeafList,
    List,
    Schema,
)


class Mode(StrEnum):
    """How default data is reported (RFC 6243, section 3)."""

    REPORT_ALL = "report-all"
    REPORT_ALL_TAGGED = "report-all-tagged"
    TRIM = "trim"
    EXPLICIT = "explicit"

    @property
    def adds(self) -> bool:
        """Whether default data is shown."""
        return self in (Mode.REPORT_ALL, Mode.REPORT_ALL_TAGGED)


class Place(NamedTuple):
    """Where in a tree: the entry and what is around it, the root last, and the keys on the way."""

    chain: Sequence[Any]
    keys: tuple[Key, ...] = ()

    def within(self, key: Key, entry: Any) -> "Place":
        """Return the place inside an entry below this one."""
        return Place((entry, *self.chain), (*self.keys, key))


Shows = Callable[[DataNode, Sequence[Key]], bool]
"""Tells whether somebody may read a node; the keys are those of the entries around it."""


class DefaultsOf:
    """The default data of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._whens: dict[str, list[Constraint]] = {}
        self._holders = {schema.root.at.path} | {
            above
            for node in schema.by_path.values()
            if node.at.slot >= 0 and default_of(node) is not None
            for above in _containers_above(node)
        }
        for constraint in schema.constraints:
            if constraint.kind == "when" and self.may_be_implied(schema.by_path[constraint.node]):
                self._whens.setdefault(constraint.node, []).append(constraint)

    def may_be_implied(self, node: DataNode) -> bool:
        """Tell whether a node can be there though nobody configured it."""
        if node.at.slot < 0:
            return False
        if node.kind == CONTAINER:
            return node.at.path in self._holders and not node.presence  # type: ignore[union-attr]
        return node.kind in (LEAF, LEAF_LIST) and default_of(node) is not None

    def of(self, root: Any, shows: Shows | None = None) -> "DefaultsInUse":
        """Return the defaults that are in use in one tree, and that may be shown."""
        return DefaultsInUse(self._schema, self, self._whens, root, shows)


class DefaultsInUse:
    """The defaults in use in one tree."""

    def __init__(
        self,
        schema: Schema,
        defaults: DefaultsOf,
        whens: dict[str, list[Constraint]],
        root: Any,
        shows: Shows | None = None,
    ) -> None:
        self._schema = schema
        self._whens = whens
        self._shows = shows
        self._root = root
        self._evaluated: frozenset[tuple[str, tuple[Key, ...]]] | None = None
        self.may_be_implied = defaults.may_be_implied

    def value(self, node: Inner, child: Any, value: Any, place: Place) -> Any:
        """Return what a leaf or leaf-list is by default, here; ``None``: nothing."""
        default = default_of(child)
        return default if default is not None and self.applies(node, child, value, place) else None

    def applies(self, node: Inner, child: DataNode, value: Any, place: Place) -> bool:
        """Tell whether what nobody configured is there: its case is chosen and its when is true."""
        if self._shows is not None and not self._shows(child, place.keys):
            return False  # It may have been configured: nobody is to learn that it was not.
        if child.cases and not is_in_use(node, child, value):
            return False
        return all(self._holds(when, place) for when in self._whens.get(child.at.path, ()))

    def _holds(self, when: Constraint, place: Place) -> bool:
        if when.how in (LOCAL, SCAN) and when.test is not None:
            return when.test(place.chain, ())
        if self._evaluated is None:
            tree = Fallback(self._schema, ()).tree(self._root)
            self._evaluated = frozenset(
                (path, tree.keys_of(element))
                for path in self._whens
                for element in tree.instances(path)
            )
        return (when.node, place.keys) in self._evaluated


def default_of(node: Any) -> Any:
    """Return the default of a leaf or leaf-list as its values are held; ``None``: it has none."""
    if node.kind == LEAF:
        parent = node.at.parent
        # A key has no default, whatever its type says (RFC 7950, section 7.8.2).
        is_key = isinstance(parent, List) and node in parent.key_leafs
        return None if is_key else node.default_value
    if node.kind == LEAF_LIST and node.defaults:
        return tuple(node.type.parse(text) for text in node.defaults)
    return None


def is_default(node: Any, value: Any) -> bool:
    """Tell whether a value is what the schema gives by default."""
    default = default_of(node)
    if default is None:
        return False
    if isinstance(node, LeafList):
        texts, defaults = _texts(value), _texts(default)
        return texts == defaults if node.user_ordered else sorted(texts) == sorted(defaults)
    return canonical(value) == canonical(default)


def _texts(values: Iterable[Any]) -> list[str]:
    return [canonical(each) for each in values]


def _containers_above(node: DataNode) -> list[str]:
    """Return the containers around a node that are there without being configured."""
    found = []
    at: Any = node.at.parent
    while isinstance(at, Container) and not at.presence and at.at.parent is not None:
        found.append(at.at.path)
        at = at.at.parent
    return found


def filled(schema: Schema, root: Any) -> Any:
    """Return the tree with all default data in it as if it had been set."""
    return _Copy(schema, root, adds=True).inner(schema.root, root, Place((root,)))


def trimmed(schema: Schema, root: Any) -> Any:
    """Return the tree without what is as it would be by default."""
    return _Copy(schema, root, adds=False).inner(schema.root, root, Place((root,)))


class _Copy:
    """Makes another tree of one, for ``<copy-config>``; what stays the same is shared."""

    def __init__(self, schema: Schema, root: Any, adds: bool) -> None:
        self._in_use = DefaultsOf(schema).of(root)
        self._adds = adds

    def inner(self, node: Inner, value: Any, place: Place) -> Any:
        values = [
            self._child(node, child, value, place) if child.at.slot >= 0 else None
            for child in node.slots
        ]
        if all(new is old for new, old in zip(values, value, strict=True)):
            return value
        if all(new is nothing for new, nothing in zip(values, node.empty, strict=True)):
            return node.empty
        return node.value._make(values)

    def _child(self, node: Inner, child: Any, value: Any, place: Place) -> Any:
        held = value[child.at.slot]
        if isinstance(child, List):
            return self._entries(child, held, place)
        if isinstance(child, Container):
            if held is None or (
                held is child.empty and not self._is_implied(node, child, value, place)
            ):
                return held
            return self.inner(child, held, place)
        if child.kind not in (LEAF, LEAF_LIST):
            return held
        if held is None or held == ():
            default = self._in_use.value(node, child, value, place) if self._adds else None
            return held if default is None else default
        return node.empty[child.at.slot] if not self._adds and is_default(child, held) else held

    def _is_implied(self, node: Inner, child: Container, value: Any, place: Place) -> bool:
        return (
            self._adds
            and self._in_use.may_be_implied(child)
            and self._in_use.applies(node, child, value, place)
        )

    def _entries(self, node: List, held: Any, place: Place) -> Any:
        changed = []
        for key, entry in held.items():
            made = self.inner(node, entry, place.within(key, entry))
            if made is not entry:
                changed.append((key, made))
        for key, made in changed:
            held = held.set(key, made)
        return held

"""The values of one row of the store: an entry's own, by position, and the layout that names them.

A row tells nothing of the lists below its entry: their entries are rows of their own.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from yang.changes import ROOT, Key
from yang.scalars import EmptyType, Enumeration, Integer, LeafRef, Union, to_json
from yang.schema import ANYDATA, CONTAINER, LEAF, LEAF_LIST, LIST, Container, Inner, Leaf, List


class RowsUnreadable(Exception):
    """What the store holds does not fit the modules; a sentence for the operator."""


_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, check_circular=False)
_DECODER = json.JSONDecoder()
Build = Callable[[list[Any]], Any]
_BUILDERS: dict[int, Build] = {}


def builder_of(node: Inner) -> Build:
    """Return what makes a container or entry from its row, without what is in lists.

    It eats the values. Only the positions in ``special`` need more than to be taken.
    """
    found = _BUILDERS.get(id(node))
    if found is not None:
        return found
    fields = fields_of(node)
    nothing = [node.empty[child.at.slot] for child in fields]
    special = [
        (position, nothing[position], convert)
        for position, child in enumerate(fields)
        if (convert := _converter(child)) is not None
    ]
    slots = [child.at.slot for child in fields]
    in_order = len(slots) == len(node.slots)
    make, empty, kind = tuple.__new__, node.empty, node.value

    def build(values: list[Any]) -> Any:
        given = len(values)
        if not given:
            return empty
        for position, none, convert in special:
            if position >= given:
                break
            value = values[position]
            values[position] = none if value is None else convert(value)
        values += nothing[given:]
        if in_order:
            return make(kind, values)
        spread = list(empty)
        for slot, value in zip(slots, values, strict=True):
            spread[slot] = value
        return make(kind, spread)

    _BUILDERS[id(node)] = build
    return build


def _converter(child: Any) -> Any:
    """Return what makes a value of a row into one of the tree; ``None`` if nothing has to."""
    if child.kind == CONTAINER:
        return builder_of(child)
    if child.kind == LEAF_LIST:
        if child.type.plain:
            return tuple
        return lambda values: tuple([child.type.from_json(each) for each in values])
    return _leaf_converter(child.type) if child.kind == LEAF else None


def _leaf_converter(scalar: Any) -> Any:
    if isinstance(scalar, Enumeration):
        return scalar.parse  # gives the one string that all entries share
    if not scalar.plain:
        return scalar.from_json
    if isinstance(scalar, Integer):
        return _Numbers().__getitem__
    return _Shared(scalar).__getitem__ if isinstance(scalar, Union) else None


class _Numbers(dict[int, int]):
    """Numbers of one leaf that entries share: rates and sizes are mostly some few."""

    def __missing__(self, value: int) -> int:
        if len(self) < NUMBERS:
            self[value] = value
        return value


class _Shared(dict[Any, Any]):
    """The names that the enumerations of a union list, which all entries share, too."""

    def __init__(self, union: Union) -> None:
        listed = (each.values for each in union.members if isinstance(each, Enumeration))
        super().__init__({name: name for names in listed for name in names})

    def __missing__(self, value: Any) -> Any:
        return value


NUMBERS = 4096
"""Numbers of a leaf that are shared."""

_FIELDS: dict[int, tuple[Any, ...]] = {}


def fields_of(node: Inner) -> tuple[Any, ...]:
    """Return the children that a row has positions for."""
    found = _FIELDS.get(id(node))
    if found is None:
        found = _FIELDS[id(node)] = tuple(child for child in node.slots if child.kind != LIST)
    return found


def layout_of(node: Inner) -> str:
    """Return the layout of an entry's row: names by position, a pair for a container."""
    return compact(_names_of(node))


def _names_of(node: Inner) -> list[Any]:
    return [
        [_label(node, child), _names_of(child)] if child.kind == CONTAINER else _label(node, child)
        for child in fields_of(node)
    ]


def _label(node: Inner, child: Any) -> str:
    return f"{child.module.name}:{child.name}" if child.module is not node.module else child.name


def values_of(node: Inner, entry: Any) -> list[Any]:
    """Return the values of an entry's row, as JSON can hold them."""
    values: list[Any] = []
    for slot, to_row in _writing_of(node):
        held = entry[slot]
        values.append(held if to_row is None or held is None else to_row(held))
    while values and values[-1] is None:
        values.pop()
    return values


_WRITING: dict[int, tuple[tuple[int, Any], ...]] = {}


def _writing_of(node: Inner) -> tuple[tuple[int, Any], ...]:
    """Return the slots of a row's positions, and what makes a value of each one of a row."""
    found = _WRITING.get(id(node))
    if found is None:
        found = tuple((child.at.slot, _to_row(child)) for child in fields_of(node))
        _WRITING[id(node)] = found
    return found


def _to_row(child: Any) -> Any:
    """Return what makes a value of the tree into one of a row; ``None`` if nothing has to."""
    if child.kind == CONTAINER:
        return partial(_container, child)
    if child.kind == LEAF_LIST:
        return lambda values: [to_json(each) for each in values] or None
    return None if child.kind == ANYDATA or child.type.plain else to_json


def _container(node: Container, held: Any) -> list[Any] | None:
    if held is node.empty:
        return [] if node.presence else None
    values = values_of(node, held)
    return values if values or node.presence else None


def by_layout(node: Inner, layout: str, current: str, values: list[Any]) -> list[Any]:
    """Return values written under a layout in the positions of the current one."""
    return values if layout == current else _by_names(node, json.loads(layout), values)


def _by_names(node: Inner, names: list[Any], values: list[Any]) -> list[Any]:
    held = {}
    for name, value in zip(names, values, strict=False):
        if value is not None:
            label, below = name if isinstance(name, list) else (name, None)
            held[label] = (below, value)
    arranged: list[Any] = []
    for child in fields_of(node):
        below, value = held.pop(_label(node, child), (None, None))
        if child.kind == CONTAINER and value is not None:
            value = _by_names(child, below or [], value)
        arranged.append(value)
    if held:
        raise RowsUnreadable(
            f"the store holds {', '.join(held)} in {node.at.path or ROOT}, which the modules do "
            "not have; start with the modules that it was written with and remove them first"
        )
    return arranged


def key_of_json(node: List, parts: list[Any]) -> Key:
    """Return the key that the JSON of a row's path holds."""
    return tuple(_key_part(leaf, part) for leaf, part in zip(node.key_leafs, parts, strict=True))


def _key_part(leaf: Leaf, part: Any) -> Any:
    scalar = leaf.type
    while isinstance(scalar, LeafRef):
        scalar = scalar.target
    # What sorts a union or an empty leaf is its text already.
    return part if isinstance(scalar, Union | EmptyType) else leaf.sort_key(scalar.from_json(part))


def json_of(content: str) -> Any:
    """Return what the text of a row's content says; raises RowsUnreadable."""
    values, end = _DECODER.raw_decode(content)
    if end != len(content):
        raise RowsUnreadable("the store holds a row that is not of its form")
    return values


def compact(values: Any) -> str:
    """Return the one JSON text of values."""
    return _ENCODER.encode(values)

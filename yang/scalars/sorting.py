"""How keys are sorted: by value, or by canonical text where values do not compare."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from .names import EmptyType
from .references import LeafRef
from .unions import Union
from .values import ScalarType, SortKey, Value, sort_key


def sort_key_function(scalar: ScalarType) -> Callable[[Value], SortKey]:
    """Give what makes the values of one type comparable with one another."""
    scalar = _target(scalar)
    return scalar.sort_key_of if isinstance(scalar, Union) else sort_key


def key_getter(leafs: Sequence[tuple[int, ScalarType]]) -> Callable[[Any], tuple[Any, ...]]:
    """Give what takes the key out of an entry, from the slots and types of its key leafs."""
    if len(leafs) > 1 and not any(
        isinstance(_target(each), Union | EmptyType) for _, each in leafs
    ):
        return itemgetter(*[slot for slot, _ in leafs])
    wanted = [(slot, sort_key_function(scalar)) for slot, scalar in leafs]
    return lambda entry: tuple([sortable(entry[slot]) for slot, sortable in wanted])


def _target(scalar: ScalarType) -> ScalarType:
    while isinstance(scalar, LeafRef):
        scalar = scalar.target
    return scalar

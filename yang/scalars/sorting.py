"""How keys are sorted: by value, or by canonical text where values do not compare."""

from collections.abc import Callable

from .references import LeafRef
from .unions import Union
from .values import ScalarType, SortKey, Value, sort_key


def sort_key_function(scalar: ScalarType) -> Callable[[Value], SortKey]:
    """Give what makes the values of one type comparable with one another."""
    while isinstance(scalar, LeafRef):
        scalar = scalar.target
    return scalar.sort_key_of if isinstance(scalar, Union) else sort_key

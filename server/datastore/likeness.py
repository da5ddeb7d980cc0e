"""Whether two bound values are the same: to Python 1 is equal to True and to 1.0, to YANG not."""

from typing import Any


def is_alike(value: Any, other: Any) -> bool:
    """Tell whether two values of one schema node are the same."""
    return value is other or bool(value == other and _has_types_of(value, other))


def _has_types_of(value: Any, other: Any) -> bool:
    if type(value) is not type(other):
        return False
    if isinstance(value, tuple):
        return all(
            one is two or _has_types_of(one, two) for one, two in zip(value, other, strict=True)
        )
    if hasattr(value, "values"):
        pairs = zip(value.values(), other.values(), strict=True)
        return all(one is two or _has_types_of(one, two) for one, two in pairs)
    return True

"""What compiled constraints call: XPath 1.0 conversions, and questions to an index bucket."""

from bisect import bisect_left, insort
from decimal import Decimal
from math import nan
from typing import Any

from yang.scalars import canonical
from yang.sorted_map import SortedMap

NAN = nan


class _Absent:
    """Stands for a presence container that is not there: none of its fields is."""

    def __getattr__(self, name: str) -> None:
        return None


ABSENT = _Absent()


def default(value: Any, otherwise: Any) -> Any:
    """Return a leaf's value, or the default that is in use without one."""
    return otherwise if value is None else value


SMALL = 16
"""Members up to which a bucket is a plain tuple."""

EMPTY_BUCKET: tuple[Any, ...] = ()


def number(value: Any) -> float:
    """Return number() of a leaf's value; NaN where it is none or absent (XPath 1.0, 4.4)."""
    if type(value) is int:
        return value
    if value is None or isinstance(value, bool):
        return nan
    if isinstance(value, Decimal):
        return float(value)
    try:
        return float(canonical(value))
    except ValueError:
        return nan


def is_true(value: float) -> bool:
    """Return boolean() of a number: neither zero nor NaN is true (XPath 1.0, 4.3)."""
    return value != 0 and value == value


def text(value: Any) -> str:
    """Return string() of a leaf's value; empty where it is absent."""
    return "" if value is None else canonical(value)


def key_text(value: Any) -> str | None:
    """Return the canonical text of a value for an index; ``None`` where it is absent."""
    return None if value is None else canonical(value)


def bucket_of(members: list[Any]) -> Any:
    """Return the bucket of these members."""
    if len(members) == 1:
        return (members[0],)
    if len(members) > SMALL:
        return SortedMap.build((each, True) for each in members)
    return tuple(sorted(members))


def with_member(bucket: Any, member: Any) -> Any:
    """Return the bucket with one more member; small ones are sorted tuples, big ones maps."""
    if isinstance(bucket, SortedMap):
        return bucket.set(member, True)
    if not bucket:
        return (member,)
    members = list(bucket)
    insort(members, member)
    return bucket_of(members)


def without_member(bucket: Any, member: Any) -> Any:
    """Return the bucket without a member that is in it."""
    if isinstance(bucket, SortedMap):
        smaller = bucket.remove(member)
        return smaller if len(smaller) > SMALL // 2 else tuple(smaller)
    at = bisect_left(bucket, member)
    return bucket[:at] + bucket[at + 1 :]


def any_above(bucket: Any, bound: Any) -> bool:
    """Tell whether any member of an ordered bucket has an order above the bound."""
    if not len(bucket) or bound is None:
        return False
    last = bucket.last() if isinstance(bucket, SortedMap) else bucket[-1]
    return bool(last[0] > bound)


def any_below(bucket: Any, bound: Any) -> bool:
    """Tell whether any member of an ordered bucket has an order below the bound."""
    if not len(bucket) or bound is None:
        return False
    return bool(next(iter(bucket))[0] < bound)

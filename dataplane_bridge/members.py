"""Sets of members by key, in persistent maps: an empty set is not kept."""

from collections.abc import Hashable
from typing import TypeVar

import immutables

K = TypeVar("K", bound=Hashable)
M = TypeVar("M", bound=Hashable)


def include(index: "immutables.MapMutation[K, immutables.Map[M, None]]", key: K, member: M) -> None:
    """Put the member into the set of the key."""
    index[key] = index.get(key, immutables.Map()).set(member, None)


def exclude(index: "immutables.MapMutation[K, immutables.Map[M, None]]", key: K, member: M) -> bool:
    """Take the member, which is there, out of the set, and tell whether nothing is left."""
    rest = index[key].delete(member)
    if rest:
        index[key] = rest
        return False
    del index[key]
    return True

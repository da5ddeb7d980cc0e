"""Two roots -> the same two with nothing in their lists but what differs.

What both share is never looked at, so that what is done with the result costs what differs. A
filter may be applied to it unless its conditions outside lists decide about whole lists.
"""

from typing import Any

from server.datastore.filter import Filter
from yang.schema import CONTAINER, LIST, Container, Inner, List


def reduced(node: Inner, old: Any, new: Any) -> tuple[Any, Any]:
    """Return two containers, outside lists as they are, with those entries that differ.

    A list that its user orders stays whole: the place of an entry is told by those that stay.
    """
    if old is None or new is None or old is new:
        return old, new
    pairs = [
        _of_list(child, before, after)  # type: ignore[arg-type]
        if child.kind == LIST
        else reduced(child, before, after)  # type: ignore[arg-type]
        if child.kind == CONTAINER
        else (before, after)
        for child, before, after in zip(node.slots, old, new, strict=True)
    ]
    made = [node.value._make(values) for values in zip(*pairs, strict=True)]
    return made[0], made[1]


def may_be_reduced(node: Inner, wanted: Filter) -> bool:
    """Tell whether a filter selects entries by nothing but what is in them."""
    for child in node.slots:
        below = wanted.child(child)
        if below is None or below.is_whole or not isinstance(child, Container):
            continue
        if any(each.contents(child) or each.is_impossible for each in below.alternatives):
            return False
        if not all(may_be_reduced(child, each) for each in below.alternatives):
            return False
    return True


def _of_list(node: List, old: Any, new: Any) -> tuple[Any, Any]:
    if node.user_ordered:
        return old, new
    changed = list(old.changes(new))
    return (
        node.build((key, before) for key, before, _ in changed if before is not None),
        node.build((key, after) for key, _, after in changed if after is not None),
    )

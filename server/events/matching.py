"""Whether an event passes a subtree filter.

The law: a filter selects events; what passes is sent whole (RFC 5277, section 3.6). So a condition
inside a container holds for the event too: "fault events of the card Ethernet0" (section 5.1) are
no others, though a filter of data would show what else it names of them.
"""

from collections.abc import Mapping
from typing import Any

from server.datastore.filter import Filter
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF, LEAF_LIST, LIST, Container, DataNode, Inner, List


def passes(node: Inner, held: Mapping[str, Any], wanted: Filter) -> bool:
    """Tell whether the filter selects anything of what a node holds: of one event of the tree."""
    if wanted.is_impossible or not _contents_match(node, held, wanted):
        return False
    if wanted.is_selection:
        return True
    return any(_child_passes(child, held.get(child.name), wanted) for child in node.children)


def _holds(node: Inner, held: Mapping[str, Any], wanted: Filter) -> bool:
    """Tell the same of what is in an event, where all conditions have to hold."""
    conditions = (
        child
        for child in node.children
        if (below := wanted.child(child)) is not None and _has_conditions(child, below)
    )
    return passes(node, held, wanted) and all(
        _child_passes(child, held.get(child.name), wanted) for child in conditions
    )


def _has_conditions(node: DataNode, wanted: Filter) -> bool:
    """Tell whether every instance of a container or list that a filter wants has to fit."""
    if not isinstance(node, Container | List) or wanted.is_whole:
        return False
    return all(
        each.is_impossible
        or bool(each.contents(node))
        or any(
            (below := each.child(child)) is not None and _has_conditions(child, below)
            for child in node.children
        )
        for each in wanted.alternatives
    )


def _child_passes(child: DataNode, held: Any, wanted: Filter) -> bool:
    below = wanted.child(child)
    if held is None or below is None:
        return False
    if below.is_whole:
        return True
    match child.kind:
        case _ if child.kind == LEAF_LIST:
            return any(below.takes_value(canonical(each)) for each in held)
        case _ if child.kind == LEAF:
            return below.takes_value(canonical(held))
        case _ if child.kind in (CONTAINER, LIST):
            instances = held if child.kind == LIST else (held,)
            return any(
                _holds(child, instance, each)  # type: ignore[arg-type]
                for instance in instances
                for each in below.alternatives
            )
    return True


def _contents_match(node: Inner, held: Mapping[str, Any], wanted: Filter) -> bool:
    """All content match nodes must agree (RFC 6241, section 6.2.5)."""
    for child, text in wanted.contents(node):
        value = held.get(child.name)
        values = value if isinstance(value, tuple | list) else () if value is None else (value,)
        if not any(text.fits(canonical(each)) for each in values):
            return False
    return True

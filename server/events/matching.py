"""Whether an event passes a subtree filter.

The law: a filter selects events; what passes is sent whole (RFC 5277, section 3.6).
"""

from collections.abc import Mapping
from typing import Any

from server.datastore.filter import Filter
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF, LEAF_LIST, LIST, DataNode, Inner


def passes(node: Inner, held: Mapping[str, Any], wanted: Filter) -> bool:
    """Tell whether the filter would show anything of what a node holds."""
    if wanted.is_impossible or not _contents_match(node, held, wanted):
        return False
    if wanted.is_selection:
        return True
    return any(_child_passes(child, held.get(child.name), wanted) for child in node.children)


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
                passes(child, instance, each)  # type: ignore[arg-type]
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

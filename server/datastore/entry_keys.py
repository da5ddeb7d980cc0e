"""Which entries of a list a reply is about: those that a filter names, and those of state."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.datastore.filter import Filter
from yang.ordered_map import OrderedMap
from yang.scalars import canonical
from yang.schema import List


def candidates(node: List, held: Any, wanted: Sequence[Filter]) -> Iterator[Any]:
    """Yield the keys of the configured entries that can match."""
    if held is None:
        return
    named = [each.key(node) for each in wanted]
    if wanted and all(key is not None for key in named):
        found: set[Any] = {key for key in named if key in held}
        ordered = len(found) > 1 and isinstance(held, OrderedMap)
        yield from (key for key in held if key in found) if ordered else sorted(found)
    else:
        yield from held.keys()


def is_configured(held: Any, node: List, key: Any) -> bool:
    """Tell whether the configured entries have one of these texts of keys."""
    if held is None or not node.key_leafs:
        return False
    parsed = tuple(
        leaf.sort_key(leaf.type.parse(text)) for leaf, text in zip(node.key_leafs, key, strict=True)
    )
    return parsed in held


def state_key(node: List, entry: Mapping[str, Any]) -> Any:
    """Return what tells an entry of state from others: the texts of its keys, if it has any."""
    if not node.key_leafs:
        return id(entry)
    return tuple(canonical(entry[name]) for name in node.keys)

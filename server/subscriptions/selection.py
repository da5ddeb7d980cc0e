"""What a filter selects of configuration, found out entry by entry and never by walking a list.

The law: of two versions only what an edit touched is looked at: entries of the lists nearest the
root, each by its key, and what is outside of lists. A filter for which that is not enough, whose
condition outside of lists decides about whole lists, is refused.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from server.datastore.filter import Filter
from server.subscriptions.faults import Refused, unsupported_filter
from yang.changes import Key
from yang.ordered_map import OrderedMap
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF_LIST, LIST, Container, DataNode, Inner, List, absent

Part: TypeAlias = tuple[int, Hashable]
"""A part of a key: which, and its value as the key has it."""


@dataclass(slots=True)
class Named:
    """Entries of a list that a filter names."""

    keys: set[Key] = field(default_factory=set)
    """By the whole key."""
    parts: set[Part] = field(default_factory=set)
    """By a part of it."""


@dataclass(slots=True)
class Interests:
    """Where a change may concern a subscription."""

    lists: dict[str, Named | None] = field(default_factory=dict)
    """Schema path of a list nearest the root -> its entries; ``None``: any entry."""
    outside: bool = False
    """Anything outside of lists."""


class Selection:
    """A filter of a datastore's root; ``None`` selects everything."""

    def __init__(self, root: Container, wanted: Filter | None) -> None:
        self._root = root
        self._wanted = None if wanted is None or wanted.is_whole else wanted
        self._of_list: dict[str, list[Filter] | None] = {}
        self.interests = Interests()
        self._find(root, self._wanted)
        if not (self.interests.lists or self.interests.outside):
            raise Refused(
                "unchanging-selection", "the filter selects nothing that can be configured here"
            )

    def entry(self, node: List, entry: Any) -> Any | None:
        """Return what is selected of an entry of a list nearest the root."""
        alternatives = self._of_list.get(node.at.path, [])
        if entry is None or alternatives is None:
            return entry
        return _entry(node, entry, alternatives)

    def outside_lists(self, small: Any) -> Any:
        """Return what is selected of a root without entries."""
        return small if self._wanted is None else pruned(self._root, small, self._wanted)

    # ---- what a change may concern

    def _find(self, node: Inner, wanted: Filter | None) -> None:
        for child in node.slots:
            below = None if wanted is None else wanted.child(child)
            if wanted is not None and below is None:
                continue
            whole = below is None or below.is_whole
            if isinstance(child, List):
                self._find_entries(child, None if whole or below is None else below.alternatives)
            elif isinstance(child, Container) and whole:
                self.interests.outside = True
                self._find(child, None)
            elif isinstance(child, Container) and below is not None:
                self._find_in_container(child, below.alternatives)
            else:
                self.interests.outside = True

    def _find_in_container(self, child: Container, alternatives: list[Filter]) -> None:
        for each in alternatives:
            if each.contents(child) and child.holds_lists and _reaches_lists(child, each):
                raise unsupported_filter(
                    f"on-change takes no condition on {child.name}, since a change of it would"
                    " select or drop whole lists; put the condition on entries, or subscribe"
                    " periodically"
                )
        self.interests.outside |= any(each.contents(child) for each in alternatives)
        self._find(child, Filter.merged(alternatives))

    def _find_entries(self, child: List, alternatives: list[Filter] | None) -> None:
        path = child.at.path
        self._of_list[path] = alternatives
        self.interests.lists[path] = None if alternatives is None else _named(child, alternatives)


def _named(node: List, alternatives: list[Filter]) -> Named | None:
    named = Named()
    for each in alternatives:
        key = each.key(node)
        part = None if key is not None else _part(node, each)
        if key is not None:
            named.keys.add(key)
        elif part is not None:
            named.parts.add(part)
        else:
            return None
    return named


def _part(node: List, wanted: Filter) -> Part | None:
    """Return the first part of the key that the content match nodes name."""
    texts = {id(leaf): text for leaf, text in wanted.contents(node)}
    for position, leaf in enumerate(node.key_leafs):
        text = texts.get(id(leaf))
        if text is not None and text.written_by_type is not None:
            return position, leaf.sort_key(text.value)
    return None


def selected(root: Container, value: Any, wanted: Filter) -> Any:
    """Return what a filter selects of a whole root; it costs what the root holds."""
    return value if wanted.is_whole else pruned(root, value, wanted)


def without_entries(node: Inner, value: Any) -> Any:
    """Return a container without the entries of the lists in it; it costs no more than it holds."""
    if value is None or not node.holds_lists:
        return value
    return node.value._make(
        child.no_entries
        if isinstance(child, List)
        else without_entries(child, held)
        if isinstance(child, Container)
        else held
        for child, held in zip(node.slots, value, strict=True)
    )


def _reaches_lists(node: Inner, wanted: Filter) -> bool:
    return any(
        wanted.child(child) is not None
        and (child.kind == LIST or (isinstance(child, Container) and child.holds_lists))
        for child in node.slots
    )


def _entry(node: List, entry: Any, alternatives: list[Filter]) -> Any | None:
    """Return an entry as far as it is selected, its keys always; ``None``: it is not."""
    matching = [each for each in alternatives if matches(node, entry, each)]
    if not matching:
        return None
    merged = Filter.merged(matching)
    if merged is None:
        return entry
    itself = any(merged.child(leaf) is not None for leaf in node.key_leafs)
    kept = pruned(node, entry, merged)
    keys = {leaf.at.slot for leaf in node.key_leafs}
    nothing = zip(kept, node.empty, strict=True)
    if not itself and all(
        slot in keys or held is empty or held == empty for slot, (held, empty) in enumerate(nothing)
    ):
        return None
    return node.value._make(entry[slot] if slot in keys else held for slot, held in enumerate(kept))


def pruned(node: Inner, value: Any, wanted: Filter) -> Any:
    """Return what is selected of a container or entry."""
    return node.value._make(
        _child(child, held, wanted.child(child))
        for child, held in zip(node.slots, value, strict=True)
    )


def _child(child: DataNode, held: Any, wanted: Filter | None) -> Any:
    if held is None or wanted is None:
        return absent(child)
    if wanted.is_whole:
        return held
    match child.kind:
        case _ if child.kind == CONTAINER:
            return _container(child, held, wanted)  # type: ignore[arg-type]
        case _ if child.kind == LIST:
            return _entries(child, held, wanted.alternatives)  # type: ignore[arg-type]
        case _ if child.kind == LEAF_LIST:
            return tuple(each for each in held if wanted.takes_value(canonical(each)))
    return held if wanted.values is None or wanted.takes_value(canonical(held)) else None


def _container(child: Container, held: Any, wanted: Filter) -> Any:
    matching = [each for each in wanted.alternatives if matches(child, held, each)]
    if not matching:
        return absent(child)
    merged = Filter.merged(matching)
    if merged is None:
        return held
    kept = pruned(child, held, merged)
    return child.empty if kept == child.empty and not child.presence else kept


def _entries(node: List, held: Any, alternatives: list[Filter]) -> Any:
    """Return the selected entries of a list inside an entry, each in its place."""
    shown = [
        (key, entry)
        for key, whole in held.items()
        if (entry := _entry(node, whole, alternatives)) is not None
    ]
    if not shown:
        return node.no_entries
    if isinstance(held, OrderedMap):
        return OrderedMap.restore((held.label(key), key, entry) for key, entry in shown)
    return node.build(shown)


def matches(node: Inner, value: Any, wanted: Filter) -> bool:
    """Tell whether all content match nodes agree (RFC 6241, section 6.2.5)."""
    for leaf, text in wanted.contents(node):
        if leaf.at.slot < 0:
            return False
        held = value[leaf.at.slot]
        values = held if isinstance(held, tuple) else () if held is None else (held,)
        if not any(text.fits(canonical(each)) for each in values):
            return False
    return not wanted.is_impossible

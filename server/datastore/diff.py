"""Two versions of the configuration -> the change list between them, by identity.

What both versions share is never looked at, so this costs what the edit changed.
"""

from itertools import compress
from operator import is_not
from typing import Any

from server.datastore.likeness import is_alike
from yang.changes import ROOT, Change, Key
from yang.schema import CONTAINER, LIST, Container, Inner, List, Schema


def changes_between(schema: Schema, old: Any, new: Any) -> list[Change]:
    """Return the change list that leads from one root to another.

    Nested entries come before the entries around them, the root's record last.
    """
    found: list[Change] = []
    if _compare(schema.root, old, new, (), found):
        found.append(Change(ROOT, (), old, new))
    return found


def _compare(node: Inner, old: Any, new: Any, keys: tuple[Key, ...], found: list[Change]) -> bool:
    """Record what differs in lists below; return whether anything else does."""
    own = False
    if old is new:
        return False
    slots = zip(node.slots, old, new, strict=True)
    for child, before, after in compress(slots, map(is_not, old, new)):
        if child.kind == LIST:
            _compare_entries(child, before, after, keys, found)  # type: ignore[arg-type]
        elif child.kind == CONTAINER:
            own |= _compare_containers(child, before, after, keys, found)  # type: ignore[arg-type]
        else:
            own = own or not is_alike(before, after)
    return own


def _compare_containers(
    node: Container, old: Any, new: Any, keys: tuple[Key, ...], found: list[Change]
) -> bool:
    appeared = (old is None) is not (new is None)
    before = node.empty if old is None else old
    after = node.empty if new is None else new
    return _compare(node, before, after, keys, found) or appeared


def _compare_entries(
    node: List, old: Any, new: Any, keys: tuple[Key, ...], found: list[Change]
) -> None:
    for key, before, after in old.changes(new):
        if _is_no_change(node, before, after):
            continue
        path = (*keys, key)
        if node.holds_lists:
            _compare(
                node,
                node.empty if before is None else before,
                node.empty if after is None else after,
                path,
                found,
            )
        found.append(Change(node.at.path, path, before, after))


def _is_no_change(node: List, before: Any, after: Any) -> bool:
    """Tell whether equal entries are the same: edits that undo one another leave such.

    An entry that its user moved is the same, too.
    """
    if node.user_ordered or node.holds_lists:
        return False
    return is_alike(before, after)

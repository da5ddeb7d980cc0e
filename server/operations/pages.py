"""Which list a request with ``<list-pagination>`` is about, and which of its entries it wants.

draft-ietf-netconf-list-pagination, section 3.1: where, sort-by, direction, offset or cursor, limit.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from server.datastore.filter import Filter
from server.datastore.instance_path import line_to
from server.errors import RpcError, invalid_value
from yang.changes import Key
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF, Container, DataNode, Inner, LeafList, List


@dataclass(frozen=True, slots=True)
class Target:
    """The list or leaf-list that a filter selects, below entries that it names."""

    node: List | LeafList
    keys: tuple[Key, ...]
    """Of the entries around it."""
    alternatives: Sequence[Filter] = ()

    @property
    def line(self) -> list[DataNode]:
        """The nodes on the way to it, itself the last."""
        return line_to(self.node)


class Window(NamedTuple):
    """Which entries of a working set are wanted."""

    backwards: bool
    offset: int
    cursor: str | None
    limit: int | None


class Slice(NamedTuple):
    """A part of a working set, in the order in which it is shown."""

    positions: range
    before: int | None
    """The position of what is shown before it, if any."""
    after: int | None
    remaining: int


def target_of(node: Inner, wanted: Filter | None, keys: tuple[Key, ...] = ()) -> Target | None:
    """Return the one list or leaf-list that a filter selects; None where it selects others."""
    if wanted is None or wanted.is_whole:
        return None
    chosen = [(child, below) for child in node.children if (below := wanted.child(child))]
    if isinstance(node, List):
        chosen = [each for each in chosen if each[0] not in node.key_leafs]
    if len(chosen) != 1:
        return None
    child, below = chosen[0]
    if isinstance(child, LeafList):
        return Target(child, keys)
    if isinstance(child, Container):
        only = below.alternatives
        return target_of(child, only[0], keys) if len(only) == 1 else None
    return _of_list(child, below, keys) if isinstance(child, List) else None


def _of_list(child: List, below: Filter, keys: tuple[Key, ...]) -> Target | None:
    only = below.alternatives
    key = only[0].key(child) if len(only) == 1 else None
    if key is not None and child.config:
        return target_of(child, only[0], (*keys, key))
    return Target(child, keys, only)


def sliced(count: int, window: Window, start: int | None) -> Slice:
    """Return which of so many a window shows; ``start``: from this position of the list's order.

    Raises RpcError for an offset behind the end.
    """
    first = window.offset
    if start is not None:
        first = count - 1 - start if window.backwards else start
    if first > count:
        raise _error(
            "offset-out-of-range",
            f"<offset> is {first}, and there are {count} entries to pass over",
        )
    stop = count if window.limit is None else min(count, first + window.limit)
    shown = range(first, stop)
    before, after = (first - 1 if first else None), (stop if stop < count else None)
    if window.backwards:
        shown = range(count - 1 - first, count - 1 - stop, -1)
        before, after = (None if each is None else count - 1 - each for each in (before, after))
    return Slice(shown, before, after, count - stop)


# ---- cursors


def cursor_of(node: List, entry: Any) -> str:
    """Return the cursor of an entry: its keys, in a form that nobody need understand."""
    texts = [canonical(entry[leaf.at.slot]) for leaf in node.key_leafs]
    return urlsafe_b64encode("\0".join(texts).encode()).decode()


def key_of_cursor(node: List, cursor: str) -> Key:
    """Return the key that a cursor stands for; raises RpcError if it is none."""
    try:
        texts = urlsafe_b64decode(cursor.encode()).decode().split("\0")
        values = zip(node.key_leafs, texts, strict=True)
        return tuple(leaf.sort_key(leaf.type.parse(text)) for leaf, text in values)
    except ValueError:
        raise no_such_cursor(cursor) from None


def no_such_cursor(cursor: str) -> RpcError:
    """The cursor is that of no entry."""
    return _error("cursor-not-found", f"<cursor> is {cursor[:80]!r}, which is that of no entry")


def _error(app_tag: str, message: str) -> RpcError:
    error = invalid_value(message, kind="application")
    error.app_tag = app_tag
    return error


def locale_unavailable(locale: str) -> RpcError:
    """There is but one locale."""
    return _error("locale-unavailable", f"<locale> is {locale!r}; there is only C, by code points")


# ---- sorting


def sorted_by(node: Any, path: str, entries: list[Any]) -> list[int]:
    """Return the positions of entries sorted by a node in them; those without it are last."""
    if isinstance(node, LeafList):
        raise invalid_value("<sort-by> is for lists; a leaf-list has no nodes to sort by")
    line = _line(node, path)
    leaf: Any = line[-1]
    found = []
    for position, entry in enumerate(entries):
        value = _value(line, entry)
        if value is not None:
            found.append((leaf.sort_key(value), position))
    having = {position for _, position in found}
    order = [position for _, position in sorted(found)]
    return order + [each for each in range(len(entries)) if each not in having]


def _line(node: Any, path: str) -> list[DataNode]:
    line: list[DataNode] = []
    for step in path.split("/"):
        name = step.rpartition(":")[2]
        node = getattr(node, "by_name", {}).get(name)
        if node is None or node.kind not in (CONTAINER, LEAF):
            raise invalid_value(f"<sort-by> is {path!r}, and {name} is no node to sort by there")
        line.append(node)
    if line[-1].kind != LEAF:
        raise invalid_value(f"<sort-by> is {path!r}, which is no leaf")
    return line


def _value(line: Sequence[DataNode], entry: Any) -> Any:
    value = entry
    for node in line:
        if isinstance(value, dict):
            value = value.get(node.name)
        elif value is not None:
            value = value[node.at.slot] if node.at.slot >= 0 else None
    return value

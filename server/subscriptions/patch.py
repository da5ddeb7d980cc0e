"""Two versions of what is selected -> the edits of a yang-patch (RFC 8641, section 3.7; RFC 8072).

The law: what both versions share is never looked at. Deletions come first in every node, so that
the receiver's copy never holds two cases of one choice. The operations are those that a receiver
understands: create, delete, replace, insert and move.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from server.datastore.likeness import is_alike
from server.datastore.to_xml import Writer, encoded, escaped, opening_of
from yang.changes import Key
from yang.ordered_map import OrderedMap
from yang.scalars import canonical
from yang.schema import (
    CONTAINER,
    LEAF_LIST,
    LIST,
    DataNode,
    Inner,
    LeafList,
    List,
    name_below,
)

CREATE, DELETE, REPLACE, INSERT, MOVE = "create", "delete", "replace", "insert", "move"
OPERATIONS = (CREATE, DELETE, REPLACE, INSERT, MOVE)
Place = Mapping[str, str]
"""``where`` and ``point`` of an entry that its user orders."""
_NOWHERE: Place = {}


class Edit(NamedTuple):
    """One edit; ``value`` is the XML of the target, empty where it has none.

    ``source`` is the XML of what was there before, for whoever wants it (RFC 9144).
    """

    operation: str
    target: str
    value: str = ""
    place: Place = _NOWHERE
    source: str = ""


def text_of(edits: Sequence[Edit]) -> bytes:
    """Return the ``<edit>`` elements, in ASCII."""
    parts: list[str] = []
    for number, each in enumerate(edits, 1):
        parts.append(
            f"<edit><edit-id>edit{number}</edit-id><operation>{each.operation}</operation>"
            f"<target>{escaped(each.target)}</target>"
        )
        parts += (f"<{name}>{escaped(text)}</{name}>" for name, text in each.place.items())
        parts += (f"<value>{each.value}</value>",) if each.value else ()
        parts += (f"<source-value>{each.source}</source-value>",) if each.source else ()
        parts.append("</edit>")
    return encoded("".join(parts))


class Differ:
    """Finds edits; one for each schema."""

    def __init__(self, writer: Writer, with_sources: bool = False) -> None:
        """``with_sources``: tell what was there before too."""
        self._writer = writer
        self._with_sources = with_sources

    def inside(self, node: Inner, old: Any, new: Any, above: str) -> list[Edit]:
        """Return what leads from one container or entry to another, whose path is ``above``."""
        deletions: list[Edit] = []
        rest: list[Edit] = []
        for child, before, after in zip(node.slots, old, new, strict=True):
            if before is after:
                continue
            path = f"{above}/{name_below(child, node)}"
            for edit in self._child(child, before, after, path):
                (deletions if edit.operation == DELETE else rest).append(edit)
        return deletions + rest

    def entry(
        self, node: List, above: str, key: Key, old: Any, new: Any, place: Place | None
    ) -> list[Edit]:
        """Return what became of an entry; ``place`` is where it is now if that is told.

        ``above`` is the path of the list without its keys.
        """
        shown = old if new is None else new
        if shown is None:
            return []
        path = above + _keys(node, shown)
        if new is None:
            return [self._deletion(path, self._whole, node, old)]
        if old is None:
            operation = INSERT if node.user_ordered else CREATE
            return [Edit(operation, path, self._whole(node, new), place or _NOWHERE)]
        moved = [Edit(MOVE, path, place=place)] if place else []
        return moved + self.inside(node, old, new, path)

    def _child(self, child: DataNode, old: Any, new: Any, path: str) -> Iterator[Edit]:
        if child.kind == LIST:
            yield from self._entries(child, old, new, path)  # type: ignore[arg-type]
        elif child.kind == LEAF_LIST:
            yield from self._values(child, old, new, path)  # type: ignore[arg-type]
        elif child.kind == CONTAINER:
            yield from self._container(child, old, new, path)
        elif new is None:
            yield self._deletion(path, self._leaf, child, old)
        elif old is None:
            yield Edit(CREATE, path, self._leaf(child, new))
        elif not is_alike(old, new):
            source = self._leaf(child, old) if self._with_sources else ""
            yield Edit(REPLACE, path, self._leaf(child, new), source=source)

    def _deletion(
        self, path: str, write: Callable[[Any, Any], str], node: DataNode, old: Any
    ) -> Edit:
        return Edit(DELETE, path, source=write(node, old) if self._with_sources else "")

    def _container(self, child: Any, old: Any, new: Any, path: str) -> Iterator[Edit]:
        if child.presence and new is None:
            yield self._deletion(path, self._whole, child, old)
        elif child.presence and old is None:
            yield Edit(CREATE, path, self._whole(child, new))
        else:
            yield from self.inside(child, old or child.empty, new or child.empty, path)

    def _entries(self, node: List, old: Any, new: Any, path: str) -> Iterator[Edit]:
        changed = {key: (before, after) for key, before, after in old.changes(new)}
        ordered = [key for key in changed if key not in new]
        staying = [key for key in changed if key in new]
        ordered += new.in_order(staying) if node.user_ordered else staying
        for key in ordered:
            place = place_of(node, path, old, new, key)
            yield from self.entry(node, path, key, *changed[key], place)

    def _values(self, node: LeafList, old: Any, new: Any, path: str) -> Iterator[Edit]:
        before, after = ([canonical(each) for each in values] for values in (old, new))
        for text, value in zip(before, old, strict=True):
            if text not in after:
                yield self._deletion(f"{path}={quoted(text)}", self._leaf, node, value)
        last: str | None = None
        for text, value in zip(after, new, strict=True):
            target = f"{path}={quoted(text)}"
            place = _after(None if last is None else f"{path}={quoted(last)}")
            last = text
            if text not in before:
                operation = INSERT if node.user_ordered else CREATE
                told = place if node.user_ordered else _NOWHERE
                yield Edit(operation, target, self._leaf(node, value), told)
            elif node.user_ordered and _kept(before, after) != _kept(after, before):
                yield Edit(MOVE, target, place=place)

    # ---- values

    def _leaf(self, node: DataNode, value: Any) -> str:
        return _declared(node, self._writer.leaf_text(node, value))

    def _whole(self, node: Inner, value: Any) -> str:
        parts: list[str] = []
        self._writer.element(node, value, parts.append)
        return _declared(node, "".join(parts))


def _everything(key: Key) -> bool:
    return True


def place_of(
    node: List,
    above: str,
    old: Any,
    new: Any,
    key: Key,
    is_shown: Callable[[Key], bool] = _everything,
    is_known: bool = True,
) -> Place | None:
    """Return where an entry is that its user put or moved there; ``None`` where that is no news.

    It is behind the nearest entry that the receiver is shown: of others it must not hear.
    ``is_known``: the receiver has the entry already, if it was there; else its place is news.
    """
    if not node.user_ordered or key not in new:
        return None
    assert isinstance(new, OrderedMap)
    if is_known and key in old and old.is_at(key, new):
        return None
    previous = new.before(key)
    while previous is not None and not is_shown(previous):
        previous = new.before(previous)
    return _after(None if previous is None else above + _keys(node, new[previous]))


def _after(point: str | None) -> Place:
    return {"where": "first"} if point is None else {"point": point, "where": "after"}


def _kept(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    return [each for each in texts if each in others]


def _keys(node: List, entry: Any) -> str:
    texts = (quoted(canonical(entry[leaf.at.slot])) for leaf in node.key_leafs)
    return "=" + ",".join(texts)


def quoted(text: str) -> str:
    """RFC 8040, section 3.5.3: whatever is not unreserved is percent-encoded."""
    return quote(text, safe="")


def _declared(node: DataNode, text: str) -> str:
    """The value stands by itself, so its element says of what namespace it is."""
    if opening_of(node).find(" xmlns=") >= 0:
        return text
    return f'<{node.name} xmlns="{node.module.namespace}"{text[len(node.name) + 1 :]}'

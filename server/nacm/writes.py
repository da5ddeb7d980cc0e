"""Whether somebody may make a change: every node that is not the same afterwards is looked at.

What both trees share costs nothing, and neither does what may be changed whole. Nodes that go with
another case are a side effect of what is permitted and need no right (RFC 8341, section 3.2.3).
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from server.datastore.likeness import is_alike
from server.datastore.way import Way
from server.nacm.positions import Book, Entries, Position
from server.nacm.rules import WRITES, Access, Verdict
from yang.changes import Key
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF_LIST, LIST, Container, is_absent


class Denial(NamedTuple):
    """A change of one node that is not permitted."""

    access: Access
    nodes: tuple[Any, ...]
    """The schema nodes from the top down to it."""
    keys: tuple[Key, ...]
    """Those of the lists on the way."""
    texts: tuple[tuple[str, ...], ...]
    """The canonical texts of the keys, one for each of them."""
    verdict: Verdict


def denials(top: Position, old: Any, new: Any) -> Iterator[Denial]:
    """Yield what is not permitted of the change from one root to another."""
    if old is not new and not all(top.permits_all(each) for each in WRITES):
        yield from _inner(top, old, new, Way())


def changed_nodes(root: Container, old: Any, new: Any) -> Iterator[Denial]:
    """Yield every node that differs: what those would be denied who may do nothing."""
    nothing = dict.fromkeys(Access, Verdict(False, "nobody"))
    return denials(Position.top(Book((), nothing), root), old, new)


def _inner(at: Position, old: Any, new: Any, way: Way) -> Iterator[Denial]:
    node = at.node
    for child, before, after in zip(node.slots, old, new, strict=True):
        if before is after:
            continue
        below = at.child(child)
        if child.kind == LIST:
            yield from _entries(below, before, after, way)
        elif _went_with_a_case(node, child, after, old, new):
            continue
        elif child.kind == LEAF_LIST:
            yield from _values(below, before, after, way)
        elif child.kind == CONTAINER:
            yield from _container(below, before, after, way)
        elif not is_alike(before, after):
            yield from _refused(below, _access(before, after), way.to(child))


def _container(at: Position, old: Any, new: Any, way: Way) -> Iterator[Denial]:
    node = at.node
    below = way.to(node)
    if node.presence and (old is None) is not (new is None):
        yield from _refused(at, _access(old, new), below)
    yield from _inside(at, old, new, below)


def _inside(at: Position, old: Any, new: Any, way: Way) -> Iterator[Denial]:
    accesses = WRITES if old is not None and new is not None else (_access(old, new),)
    if not all(at.permits_all(each) for each in accesses):
        empty = at.node.empty
        yield from _inner(at, empty if old is None else old, empty if new is None else new, way)


def _entries(at: Entries, old: Any, new: Any, way: Way) -> Iterator[Denial]:
    node = at.node
    if all(at.permits_all(each) for each in WRITES):
        return
    for key, before, after in old.changes(new):
        found = at.entry(key)
        below = way.in_entry(node, key, before if after is None else after)
        if before is None or after is None:
            yield from _refused(found, _access(before, after), below)
        elif node.user_ordered and not old.is_at(key, new):
            yield from _refused(found, Access.UPDATE, below)  # Its user moved it.
        if before is not after:
            yield from _inside(found, before, after, below)


def _values(at: Entries, old: Any, new: Any, way: Way) -> Iterator[Denial]:
    below = way.to(at.node)
    before = {canonical(each): None for each in old or ()}
    after = {canonical(each): None for each in new or ()}
    for text in sorted(before.keys() ^ after.keys()):
        access = Access.CREATE if text in after else Access.DELETE
        yield from _refused(at.entry((text,)), access, below)
    if [each for each in before if each in after] != [each for each in after if each in before]:
        yield from _refused(at.any, Access.UPDATE, below)  # What stays is in another order.


def _refused(at: Position, access: Access, way: Way) -> Iterator[Denial]:
    verdict = at.verdict(access)
    if not verdict.permits:
        yield Denial(access, way.nodes, way.keys, way.texts, verdict)


def _access(old: Any, new: Any) -> Access:
    if old is None:
        return Access.CREATE
    return Access.DELETE if new is None else Access.UPDATE


def _went_with_a_case(node: Any, child: Any, after: Any, old: Sequence[Any], new: Any) -> bool:
    """Tell whether a node is no more because one of another case came to be."""
    if not node.evicts or not is_absent(child, after):
        return False
    return any(
        is_absent(node.slots[rival], old[rival]) and not is_absent(node.slots[rival], new[rival])
        for rival in node.evicts.get(child.at.slot, ())
    )

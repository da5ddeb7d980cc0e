"""``<list-pagination>`` (draft-ietf-netconf-list-pagination-nc), where its module is in the set.

The law: a page of configuration costs what it shows, and one step for each leaf of the list's map
that is passed over; conditions and sorting cost what the list holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from server.datastore.instance_path import InstancePath
from server.datastore.manner import Manner
from server.datastore.paging import Marks, limited, of_page, with_list
from server.datastore.view import Sight
from server.errors import invalid_value, operation_not_supported
from server.nacm.sight import Sight as AccessSight
from server.namespaces import PAGINATION_NC
from server.operations.engine import Engine
from server.operations.filters import Wanted, parsed_condition
from server.operations.input import read_input
from server.operations.page_conditions import Where
from server.operations.pages import (
    Slice,
    Target,
    Window,
    cursor_of,
    key_of_cursor,
    locale_unavailable,
    no_such_cursor,
    sliced,
    sorted_by,
    target_of,
)
from server.sessions import NetconfSession
from server.subscriptions.selection import matches
from yang.changes import Key
from yang.scalars import canonical
from yang.schema import LIST, DataNode, LeafList, List

PARAMETER = f"{{{PAGINATION_NC}}}list-pagination"
LOCALES = ("C", "POSIX", "C.UTF-8", "POSIX.UTF-8")
_REMAINING = ' lp:remaining="{}"'
_LOCALE = ' lp:locale="C"'


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of one request."""

    where: str | None
    sort_by: str | None
    window: Window
    sublist_limit: int | None
    namespaces: Mapping[str | None, str]

    @property
    def is_page(self) -> bool:
        """Whether anything is asked of one list, and not only of those inside."""
        plain = Window(False, 0, None, None)
        return (self.where, self.sort_by, self.window) != (None, None, plain)


def further(engine: Engine) -> tuple[str, ...]:
    """Return the tags of the parameters that the module adds to a read."""
    return (PARAMETER,) if PAGINATION_NC in engine.schema.module_of_namespace else ()


def asked_of(engine: Engine, request: etree._Element) -> Asked | None:
    """Return what a read asks for; None if it asks for no page. Raises RpcError."""
    element = next((child for child in request if child.tag == PARAMETER), None)
    operation = engine.schema.rpcs.get(str(request.tag))
    if element is None or operation is None:
        return None
    node: Any = operation.input.by_tag.get(PARAMETER)
    given = read_input(node, element, lambda: InstancePath().add(operation).add(node))
    locale = given.get("locale")
    if locale is not None and given["sort-by"] == "none":
        raise invalid_value("<locale> says how to sort, so it needs <sort-by>", kind="application")
    if locale is not None and locale not in LOCALES:
        raise locale_unavailable(locale)
    names = {etree.QName(child).localname for child in element}
    if {"offset", "cursor"} <= names:
        raise invalid_value("<offset> and <cursor> exclude each other", kind="application")
    window = Window(
        given["direction"] == "backwards",
        given["offset"],
        given.get("cursor"),
        _number(given["limit"]),
    )
    where, sort_by = given["where"], given["sort-by"]
    return Asked(
        None if where == "unfiltered" else where,
        None if sort_by == "none" else sort_by,
        window,
        _number(given["sublist-limit"]),
        element.nsmap,
    )


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) else None


@dataclass(frozen=True, slots=True)
class Paged:
    """A configuration of which one list holds a page; it stands for the whole of a datastore."""

    root: Any
    manner: Manner
    sight: Sight | None


def paged(
    engine: Engine,
    session: NetconfSession,
    request: etree._Element,
    wanted: Wanted,
    root: Any,
    manner: Manner,
) -> Paged:
    """Return what a read shows of a configuration: a page, where it asks for one.

    Raises RpcError.
    """
    sight = engine.access.sight(session)
    asked = asked_of(engine, request)
    if asked is None:
        return Paged(root, manner, sight)
    root, marks = engine.access.seen(session, root), Marks()
    target = None if wanted.xpath is not None else target_of(engine.schema.root, wanted.filter)
    if asked.is_page and target is None:
        raise invalid_value(
            "<list-pagination> needs a filter that selects one list or leaf-list: a path, or a"
            " subtree with nothing beside it",
            kind="application",
        )
    if target is not None:
        _refuse_what_cannot_be(asked, target)
    page = _Page(engine, root, asked, marks, target)
    if target is not None and target.node.config:
        root = page.configuration()
    elif target is None and asked.sublist_limit is not None:
        root = limited(engine.schema.root, root, asked.sublist_limit, marks, _REMAINING)
    return Paged(root, replace(manner, page=marks), _PageSight(sight, page))


def _refuse_what_cannot_be(asked: Asked, target: Target) -> None:
    """Raise for what no entries of the target can make right."""
    node = target.node
    if not node.config and (asked.where is not None or asked.window.cursor is not None):
        raise operation_not_supported(
            f"{node.name} is state: it takes sort-by, direction, offset and limit, no where and no"
            " cursor"
        )
    if isinstance(node, LeafList) and asked.window.cursor is not None:
        raise invalid_value("<cursor> is for lists, and this is a leaf-list")
    if asked.sort_by is not None:
        sorted_by(node, asked.sort_by, [])
    if asked.where is not None:
        parsed_condition(asked.where, asked.namespaces)


class _Page:
    """One page, of configuration or of state."""

    def __init__(
        self, engine: Engine, root: Any, asked: Asked, marks: Marks, target: Target | None
    ) -> None:
        self._engine = engine
        self._root = root
        self._asked = asked
        self._marks = marks
        self._target = target
        self._shown: set[tuple[str, ...]] | None = None

    def configuration(self) -> Any:
        """Return the root whose list holds the page."""
        assert self._target is not None
        held = _held(self._root, self._target)
        node = self._target.node
        if held is None or not len(held):
            if isinstance(node, List) and self._asked.window.cursor is not None:
                raise no_such_cursor(self._asked.window.cursor)
            self._slice(0, None)
            return self._root
        made = self._leaf_list(held) if isinstance(node, LeafList) else self._list(node, held)
        return with_list(self._root, self._target.line, self._target.keys, made)

    def _list(self, node: List, held: Any) -> Any:
        keys = self._working_set(node, held)
        cursor = self._asked.window.cursor
        start = None
        if cursor is not None:
            start = _position(node, held, keys, cursor)
        found = self._slice(len(held) if keys is None else len(keys), start)
        at = _entries(held, keys, found)
        entries = [at[position] for position in found.positions]
        beside = (None if each is None else at[each][1] for each in (found.before, found.after))
        cursors = [None if each is None else cursor_of(node, each) for each in beside]
        self._shown = {tuple(canonical(part) for part in key) for key, _ in entries}  # type: ignore[arg-type]
        most = self._asked.sublist_limit
        if most is not None:
            entries = [
                (key, limited(node, entry, most, self._marks, _REMAINING)) for key, entry in entries
            ]
        return self._marks.put(of_page(entries), self._attributes(found.remaining, *cursors))

    def _leaf_list(self, held: tuple[Any, ...]) -> Any:
        values = list(held)
        if self._asked.where is not None:
            elements = self._where(self._asked.where).elements()
            texts = {each.text or "" for each in elements}
            values = [value for value in values if canonical(value) in texts]
        found = self._slice(len(values), None)
        shown = tuple([values[at] for at in found.positions])
        return self._marks.put(shown, self._attributes(found.remaining))

    def state(self, path: str, told: Any) -> Any:
        """Return what is shown of state that a provider has told."""
        target = self._target
        if target is None or target.node.kind != LIST or not _is_around(path, target.node):
            return told
        return self._trimmed(target.node, path, told)  # type: ignore[arg-type]

    def _trimmed(self, node: List, path: str, told: Any) -> Any:
        line = [each for each in self._target_line() if each.at.path.startswith(f"{path}/")]
        if not line:
            return self._of_state(node, told)
        names = [
            each.name if each.name in told else f"{each.module.name}:{each.name}"
            for each in line[:1]
        ]
        if not isinstance(told, Mapping) or told.get(names[0]) is None:
            return told
        return {**told, names[0]: self._trimmed(node, line[0].at.path, told[names[0]])}

    def _target_line(self) -> list[DataNode]:
        assert self._target is not None
        return self._target.line

    def _of_state(self, node: List, told: Sequence[Mapping[str, Any]]) -> Any:
        if node.config:
            shown = self._shown or set()
            return [each for each in told if _texts(node, each) in shown]
        entries: list[Any] = list(told)
        order = range(len(entries))
        if self._asked.sort_by is not None:
            order = sorted_by(node, self._asked.sort_by, entries)  # type: ignore[assignment]
        found = self._slice(len(entries), None)
        page = [entries[order[at]] for at in found.positions]
        return self._marks.put(page, self._attributes(found.remaining))

    # ---- working sets

    def _working_set(self, node: List, held: Any) -> list[Key] | None:
        """Return the keys that conditions and sorting leave; None: the list as it is."""
        assert self._target is not None
        alternatives = self._target.alternatives
        keys: list[Key] | None = None
        if any(each.contents(node) or each.is_impossible for each in alternatives):
            keys = [k for k, e in held.items() if any(matches(node, e, a) for a in alternatives)]
        if self._asked.where is not None:
            fitting = self._where(self._asked.where).keys(node, held)
            keys = [key for key in (held.keys() if keys is None else keys) if key in fitting]
        if self._asked.sort_by is not None:
            keys = list(held.keys()) if keys is None else keys
            order = sorted_by(node, self._asked.sort_by, [held[key] for key in keys])
            keys = [keys[at] for at in order]
        return keys

    def _where(self, text: str) -> Where:
        assert self._target is not None
        return Where(self._engine, self._root, self._target, text, self._asked.namespaces)

    def _slice(self, count: int, start: int | None) -> Slice:
        return sliced(count, self._asked.window, start)

    def _attributes(
        self, remaining: int, previous: str | None = None, following: str | None = None
    ) -> str:
        found = _REMAINING.format(remaining) if remaining else ""
        if self._asked.window.limit is not None:
            found += "" if previous is None else f' lp:previous="{previous}"'
            found += "" if following is None else f' lp:next="{following}"'
        return found + (_LOCALE if self._asked.sort_by is not None else "")


class _PageSight:
    """What somebody may read of state, as far as it is on a page."""

    def __init__(self, sight: AccessSight | None, page: _Page) -> None:
        self._sight = sight
        self._page = page

    def configuration(self, root: Any) -> Any:
        """Return the root, which holds nothing that may not be read."""
        return root

    def shows(self, node: DataNode, keys: Sequence[Key]) -> bool:
        """Tell whether a node may be read."""
        return self._sight is None or self._sight.shows(node, keys)

    def asks(self, path: str) -> bool:
        """Tell whether anything of what is at a schema path may be read."""
        return self._sight is None or self._sight.asks(path)

    def state(self, path: str, told: Any) -> Any:
        """Return what may be read of it and is on the page."""
        seen = told if self._sight is None else self._sight.state(path, told)
        return self._page.state(path, seen)


def _held(root: Any, target: Target) -> Any:
    value, keys = root, list(target.keys)
    for node in target.line:
        if value is None:
            return None
        value = value[node.at.slot]
        if node.kind == LIST and node is not target.node:
            value = value.get(keys.pop(0))
    return value


def _position(node: List, held: Any, keys: list[Key] | None, cursor: str) -> int:
    key = key_of_cursor(node, cursor)
    if key not in held:
        raise no_such_cursor(cursor)
    if keys is None:
        return int(held.rank(key))
    try:
        return keys.index(key)
    except ValueError:
        raise no_such_cursor(cursor) from None


def _entries(held: Any, keys: list[Key] | None, found: Slice) -> dict[int, tuple[Key, Any]]:
    """Return the entries of a slice and those beside it, by position: they are next to another."""
    beside = [each for each in (found.before, found.after) if each is not None]
    positions = [*found.positions, *beside]
    if not positions:
        return {}
    first, stop = min(positions), max(positions) + 1
    if keys is None:
        return dict(enumerate(held.slice(first, stop), first))
    return {at: (keys[at], held[keys[at]]) for at in range(first, stop)}


def _is_around(path: str, node: DataNode) -> bool:
    return node.at.path == path or node.at.path.startswith(f"{path}/")


def _texts(node: List, entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(canonical(entry[name]) for name in node.keys)

"""One reply's way through a tree: configuration and state, what a filter wants, in a manner.

What a filter wants whole, where no state is and the manner is plain, is written by ``to_xml``
from its cache; everything else node by node. Nothing here keeps more than a node's ancestors.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from server.datastore.defaults import DefaultsInUse, Place, is_default
from server.datastore.entry_keys import candidates, is_configured, state_key
from server.datastore.filter import Filter
from server.datastore.manner import DEFAULT, INTENDED, SYSTEM, Manner
from server.datastore.state_text import StateWriter
from server.datastore.tagging import MATCH, Tag
from server.datastore.to_xml import Writer, opening_of
from yang.scalars import canonical
from yang.schema import CONTAINER, LEAF_LIST, LIST, DataNode, Inner, List, is_absent

NO_STATE: Mapping[str, Any] = {}
Parts: TypeAlias = Iterator[str | bytes]


class Where(NamedTuple):
    """What is known on the way down: the place, the levels left to show, the origin around."""

    place: Place
    levels: int | None = None
    """``None``: nothing is selected yet."""
    origin: str = ""
    tag: Tag | None = None
    """``None``: the request has no etags."""
    marks: str = ""
    """Attributes of all entries of a list."""


class Walk:
    """Shows trees. ``told`` is state by the schema paths that it fills."""

    def __init__(
        self,
        writer: Writer,
        told: Mapping[str, Any],
        manner: Manner,
        defaults: DefaultsInUse,
    ) -> None:
        self._writer = writer
        self._state = StateWriter(writer)
        self._told = told
        self._with_state = _above_all(told)
        self._manner = manner
        self._tagging = manner.tagging
        self._adds_marks_only = manner.adds_marks_only
        self._is_plain = manner.is_plain
        self._defaults = defaults

    def top(self, node: Inner, root: Any, state: Any, wanted: Filter | None) -> Parts:
        """Yield what is wanted of everything."""
        tag = None if self._tagging is None else self._tagging.top()
        where = Where(Place((root,)), tag=tag)
        if wanted is None or self._matches(node, root, state, wanted, where.place):
            yield from self.children(node, root, state, wanted, where)

    # ``value`` is bound configuration or None; ``state`` a dict by YANG names, or None where only
    # configuration is asked for.

    def children(
        self, node: Inner, value: Any, state: Any, wanted: Filter | None, where: Where
    ) -> Parts:
        """Yield what is wanted of a node's children, its keys apart."""
        keys = node.key_leafs if isinstance(node, List) else ()
        for child in node.children:
            inner = None if wanted is None else wanted.child(child)
            if (wanted is not None and inner is None) or child in keys:
                continue
            held = value[child.at.slot] if value is not None and child.at.slot >= 0 else None
            told = None if state is None else self._told_of(child, state)
            if child.kind == LIST:
                yield from self._entries(child, held, told, inner, where)  # type: ignore[arg-type]
            elif child.kind == CONTAINER:
                yield from self._container(node, child, value, held, told, inner, where)
            else:
                yield from self._leaf(node, child, value, held, told, inner, where)

    def _told_of(self, child: DataNode, state: Any) -> Any:
        found = state.get(child.name)
        if found is None:
            found = state.get(f"{child.module.name}:{child.name}")
        return self._told.get(child.at.path) if found is None else found

    # ---- leafs

    def _leaf(
        self,
        node: Inner,
        child: Any,
        value: Any,
        held: Any,
        told: Any,
        wanted: Filter | None,
        where: Where,
    ) -> Parts:
        shown, origin = self._shown(node, child, value, held, told, where.place)
        if shown is None:
            return
        marks = ""
        if not self._is_plain:
            if not self._manner.takes(child, origin):
                return
            if wanted is not None and wanted.etag is not None and held not in (None, ()):
                within = self._tagged(where, child, (), wanted.etag)
                if within.tag is not None and within.tag.is_match:
                    yield _opening(child, self._declared(child) + MATCH, empty=True)
                    return
            is_state = held is None and told is not None
            marked = origin == DEFAULT or (is_state and is_default(child, shown))
            marks = self._marks(child, origin, where.origin, marked) + self._page_marks(held)
        for each in shown if child.kind == LEAF_LIST else (shown,):
            if wanted is None or wanted.takes_value(canonical(each)):
                yield self._writer.leaf_text(child, each, marks)

    def _marks(self, node: DataNode, origin: str, around: str, is_default: bool = False) -> str:
        """Return the attributes of a node; those at the top declare what all use."""
        return self._declared(node) + self._manner.attributes(node, origin, around, is_default)

    def _page_marks(self, held: Any) -> str:
        """Return what a list or leaf-list that is not shown whole is marked with."""
        page = self._manner.page
        return "" if page is None else page.of(held)

    def _declared(self, node: DataNode) -> str:
        return self._manner.declarations if node.at.parent.at.parent is None else ""

    def _tagged(self, where: Where, node: Any, key: Any, asked: str | None) -> Where:
        """Return what is known of a node itself, where the request has etags."""
        if where.tag is None or self._tagging is None:
            return where
        return where._replace(tag=self._tagging.below(where.tag, node, key, asked))

    def _shown(
        self, node: Inner, child: Any, value: Any, held: Any, told: Any, place: Place
    ) -> tuple[Any, str]:
        """Return what a leaf shows, and where that comes from."""
        if self._is_plain:
            return (told if held is None or held == () else held), INTENDED
        mode = self._manner.defaults
        shown, origin = held, INTENDED
        if held is None or held == ():
            shown, origin = told, SYSTEM
            if shown is None and mode.adds and value is not None and child.at.slot >= 0:
                shown, origin = self._defaults.value(node, child, value, place), DEFAULT
        if mode is mode.TRIM and shown is not None and is_default(child, shown):
            return None, origin
        return (None if shown == () else shown), origin

    # ---- containers

    def _container(
        self,
        node: Inner,
        child: Any,
        value: Any,
        held: Any,
        told: Any,
        wanted: Filter | None,
        where: Where,
    ) -> Parts:
        below = _whole(wanted)
        if below is None and told is None and self._is_plain and not self._has_state(child):
            if held is not None and not is_absent(child, held):
                yield opening_of(child)
                yield from self._writer.children(child, held)
                yield f"</{child.name}>"
            return
        implied = held is not None and is_absent(child, held)
        if implied and not self._is_implied(node, child, value, where.place):
            held = None  # Whatever is in it by default is not in use.
        if below is not None:
            matching = [
                each
                for each in below.alternatives
                if self._matches(child, held, told, each, where.place)
            ]
            if not matching:
                return
            below = Filter.merged(matching)
        within = self._tagged(where, child, (), None if wanted is None else wanted.asked)
        if within.tag is not None and within.tag.is_match and held is not None and not implied:
            yield _opening(child, self._declared(child) + MATCH, empty=True)
            return
        if below is None and held is None and told is not None and self._is_state_only(child):
            yield self._state_text(child, told)
            return
        origin = DEFAULT if implied else INTENDED if held is not None else SYSTEM
        is_there = child.presence and (held is not None or told is not None)
        itself = below is None and is_there and self._manner.takes(child, origin)
        state = told if told is not None else self._no_state(child)
        yield from self._inner(child, held, state, below, within, origin, itself)

    def _is_implied(self, node: Inner, child: Any, value: Any, place: Place) -> bool:
        return (
            self._manner.defaults.adds
            and self._defaults.may_be_implied(child)
            and self._defaults.applies(node, child, value, place)
        )

    def _inner(
        self,
        node: Any,
        value: Any,
        state: Any,
        wanted: Filter | None,
        where: Where,
        origin: str,
        itself: bool,
        keys: str = "",
    ) -> Parts:
        """Yield a container or an entry; not ``itself``: only if anything in it is shown."""
        levels = where.levels
        if levels is None and wanted is None:
            levels = self._manner.depth
        below = Where(where.place, None if levels is None else levels - 1, origin, where.tag)
        parts = self.children(node, value, state, wanted, below)
        first = next(parts, None)
        if first is None and not itself:
            return
        marks = "" if self._is_plain else self._marks(node, origin, where.origin)
        marks += where.marks
        if where.tag is not None:
            marks += where.tag.attribute
        if first is None or levels == 1:
            yield _opening(node, marks, empty=not keys)
            if keys:
                yield f"{keys}</{node.name}>"
            return
        yield f"{_opening(node, marks)}{keys}"
        yield first
        yield from parts
        yield f"</{node.name}>"

    def _is_state_only(self, node: DataNode) -> bool:
        """Tell whether state of a node is shown as it is told, with no other provider inside."""
        path = f"{node.at.path}/"
        inside = any(each.startswith(path) for each in self._told)
        return self._is_plain and not inside

    def _state_text(self, node: Inner, state: Mapping[str, Any]) -> str:
        parts: list[str] = []
        self._state.element(node, state, parts.append)
        return "".join(parts)

    # ---- lists

    def _entries(
        self, node: List, held: Any, told: Any, wanted: Filter | None, where: Where
    ) -> Parts:
        plain = self._is_plain and told is None and not self._has_state(node)
        if plain and _whole(wanted) is None:
            if held:
                yield from self._writer.entries(node, held)
            return
        told_by_key = {state_key(node, each): each for each in told or ()}
        wanted_here = () if wanted is None else wanted.alternatives
        where = _asked_of_all(where, wanted)._replace(marks=self._page_marks(held or told))
        if told is None and held and self._are_only_marked(node, wanted):
            yield from self._marked_entries(node, held, where)
            return
        for key in candidates(node, held, wanted_here):
            entry = held[key]
            state = told_by_key.get(tuple(canonical(part) for part in key)) if told else None
            yield from self._entry(node, key, entry, state, wanted_here, where)
        for text, state in told_by_key.items():
            if not is_configured(held, node, text):
                yield from self._entry(node, (), None, state, wanted_here, where)

    def _are_only_marked(self, node: List, wanted: Filter | None) -> bool:
        """Tell whether entries are shown as they are held, with nothing but attributes added."""
        is_whole = self._adds_marks_only and _whole(wanted) is None
        return is_whole and not (node.holds_lists or self._has_state(node))

    def _marked_entries(self, node: List, held: Any, where: Where) -> Parts:
        """Yield such entries; each costs little more than its text."""
        tag = where.tag
        opening = _opening(node, self._declared(node))
        matching, closing = f"{opening[:-1]}{MATCH}>", f"</{node.name}>"
        for key, entry in held.items():
            found = None
            if tag is not None and self._tagging is not None:
                found = self._tagging.below(tag, node, key, None)
            if found is not None and found.is_match:
                yield f"{matching}{self._keys(node, entry, None)}{closing}"
            else:
                parts: list[str] = []
                self._writer.element(node, entry, parts.append)
                etag = "" if found is None else found.attribute
                parts[0] = f"{opening[:-1]}{where.marks}{etag}>"
                yield "".join(parts)

    def _entry(
        self,
        node: List,
        key: Any,
        entry: Any,
        state: Any,
        wanted: Sequence[Filter],
        where: Where,
    ) -> Parts:
        within = where
        if entry is not None and not self._is_plain:
            place = where.place.within(key, entry)
            within = where._replace(place=place)
        matching = [e for e in wanted if self._matches(node, entry, state, e, within.place)]
        if wanted and not matching:
            return
        merged = Filter.merged(matching)
        if entry is not None:
            given = (each.etag for each in matching if each.etag is not None)
            within = self._tagged(within, node, key, next(given, None))
            if within.tag is not None and within.tag.is_match:
                opening = _opening(node, self._declared(node) + MATCH)
                yield f"{opening}{self._keys(node, entry, state)}</{node.name}>"
                return
        state = state if state is not None else self._no_state(node)
        if merged is None and state is None and entry is not None and self._is_plain:
            parts: list[str] = []
            self._writer.element(node, entry, parts.append)
            yield "".join(parts)
            return
        if merged is None and entry is None and state is not None and self._is_state_only(node):
            yield self._state_text(node, state)
            return
        origin = SYSTEM if entry is None else INTENDED
        itself = self._manner.takes(node, origin) and (
            merged is None or any(merged.child(leaf) is not None for leaf in node.key_leafs)
        )
        keys = self._keys(node, entry, state)
        yield from self._inner(node, entry, state, merged, within, origin, itself, keys)

    def _keys(self, node: List, entry: Any, state: Any) -> str:
        values = (
            entry[leaf.at.slot] if entry is not None else self._told_of(leaf, state)
            for leaf in node.key_leafs
        )
        return "".join(
            self._writer.leaf_text(leaf, value)
            for leaf, value in zip(node.key_leafs, values, strict=True)
        )

    # ---- filters

    def _matches(self, node: Inner, value: Any, state: Any, wanted: Filter, place: Place) -> bool:
        """Tell whether all content match nodes agree (RFC 6241, 6.2.5); they see what is shown."""
        for child, text in wanted.contents(node):
            held = value[child.at.slot] if value is not None and child.at.slot >= 0 else None
            told = None if state is None else self._told_of(child, state)
            held, _ = self._shown(node, child, value, held, told, place)
            values = held if isinstance(held, tuple | list) else () if held is None else (held,)
            if not any(text.fits(canonical(each)) for each in values):
                return False
        return not wanted.is_impossible

    def _has_state(self, node: DataNode) -> bool:
        return node.at.path in self._with_state

    def _no_state(self, node: DataNode) -> Any:
        return NO_STATE if self._has_state(node) else None


def _opening(node: DataNode, marks: str, empty: bool = False) -> str:
    opening = opening_of(node)
    return f"{opening[:-1]}{marks}{'/' if empty else ''}>"


def _whole(wanted: Filter | None) -> Filter | None:
    """A filter that selects the node itself, with all that is in it, filters nothing below."""
    return None if wanted is None or wanted.is_whole else wanted


def _asked_of_all(where: Where, wanted: Filter | None) -> Where:
    """Return what is known around entries whose filter, which names none, has an etag."""
    if where.tag is None or wanted is None or wanted.etag is None:
        return where
    return where._replace(tag=where.tag._replace(asked=wanted.etag))


def _above_all(told: Mapping[str, Any]) -> frozenset[str]:
    """Return the paths of the nodes that state fills, and of all nodes above them."""
    found = set()
    for path in told:
        while path:
            found.add(path)
            path = path.rpartition("/")[0]
    return frozenset(found)

"""What ``<get>`` and ``<get-config>`` show: configuration, state, and subtree filters.

A filter (RFC 6241, section 6) is compiled against the schema, so that an entry named by its key
is looked up and not searched for. State comes from providers, which are asked only for what the
filter lets through. What needs neither is written by ``to_xml`` from its cache.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from server.datastore.filter import Filter
from server.datastore.to_xml import Writer, encoded, opening_of
from yang.scalars import canonical
from yang.schema import (
    CONTAINER,
    LEAF_LIST,
    LIST,
    Container,
    DataNode,
    Inner,
    List,
    Schema,
    is_absent,
)

Providers = Mapping[str, Callable[[], Any]]
NO_STATE: Mapping[str, Any] = {}


class View:
    """Shows trees of one schema, with state from these providers."""

    def __init__(self, schema: Schema, writer: Writer, providers: Providers) -> None:
        self._schema = schema
        self._writer = writer
        self._providers = providers
        self._with_state = _above_all(providers)
        self._plain = View(schema, writer, {}) if providers else self

    def configuration(self, root: Any, wanted: Filter | None) -> Iterator[bytes]:
        """Yield the children of ``<data>`` for configuration only."""
        if wanted is None:
            yield from self._writer.root(root)
        else:
            yield from self._plain._top(root, None, wanted)

    def everything(self, root: Any, wanted: Filter | None) -> Iterator[bytes]:
        """Yield the children of ``<data>`` for configuration and state."""
        yield from self._top(root, NO_STATE, wanted)

    def asks_state(self, wanted: Filter) -> bool:
        """Tell whether a provider would have to be asked for what the filter lets through."""
        return self._asks_state(self._schema.root, wanted)

    def _asks_state(self, node: Inner, wanted: Filter) -> bool:
        for child in node.children:
            below = wanted.child(child)
            if below is None or not self._has_state(child):
                continue
            if child.at.path in self._providers or not isinstance(child, Container | List):
                return True
            if self._asks_state(child, below):
                return True
        return False

    def _top(self, root: Any, state: Any, wanted: Filter | None) -> Iterator[bytes]:
        top = self._schema.root
        if wanted is None or self._matches(top, root, state, wanted):
            yield from self._children(top, root, state, wanted)

    def output(self, node: Inner, values: Mapping[str, Any]) -> bytes:
        """Return the children of an rpc's output or a notification's content."""
        return b"".join(self._children(node, None, values, None))

    # ``value`` is bound configuration or None; ``state`` a dict by YANG names, or None where only
    # configuration is asked for.

    def _children(
        self, node: Inner, value: Any, state: Any, wanted: Filter | None
    ) -> Iterator[bytes]:
        for child in node.children:
            inner = None if wanted is None else wanted.child(child)
            if wanted is not None and inner is None:
                continue
            held = value[child.at.slot] if value is not None and child.at.slot >= 0 else None
            told = self._state_of(child, state)
            yield from self._one(child, held, told, inner)

    def _state_of(self, child: DataNode, state: Any) -> Any:
        if state is None:
            return None
        found = state.get(child.name)
        if found is None:
            found = state.get(f"{child.module.name}:{child.name}")
        provider = self._providers.get(child.at.path)
        return provider() if found is None and provider is not None else found

    def _one(self, child: DataNode, held: Any, told: Any, wanted: Filter | None) -> Iterator[bytes]:
        if child.kind == LIST:
            yield from self._entries(child, held, told, wanted)  # type: ignore[arg-type]
        elif child.kind == CONTAINER:
            yield from self._container(child, held, told, wanted)
        elif child.kind == LEAF_LIST:
            for each in held or told or ():
                if wanted is None or wanted.takes_value(_text(each)):
                    yield encoded(self._writer.leaf_text(child, each))
        else:
            shown = held if held is not None else told
            if shown is not None and (wanted is None or wanted.takes_value(_text(shown))):
                yield encoded(self._writer.leaf_text(child, shown))

    def _container(self, node: Any, held: Any, told: Any, wanted: Filter | None) -> Iterator[bytes]:
        below = _whole(wanted)
        if below is None and told is None and not self._has_state(node):
            if held is not None and not is_absent(node, held):
                yield from self._whole_container(node, held)
            return
        if below is not None:
            matching = [e for e in below.alternatives if self._matches(node, held, told, e)]
            if not matching:
                return
            below = Filter.merged(matching)
        state = told if told is not None else self._no_state(node)
        parts = self._children(node, held, state, below)
        first = next(parts, None)
        if first is None and (below is not None or not _is_there(node, held, told)):
            return
        yield encoded(opening_of(node)) + (first or b"")
        yield from parts
        yield encoded(f"</{node.name}>")

    def _whole_container(self, node: Any, held: Any) -> Iterator[bytes]:
        yield encoded(opening_of(node))
        yield from self._writer.children(node, held)
        yield encoded(f"</{node.name}>")

    def _entries(self, node: List, held: Any, told: Any, wanted: Filter | None) -> Iterator[bytes]:
        if _whole(wanted) is None and told is None and not self._has_state(node):
            if held:
                yield from self._writer.entries(node, held)
            return
        told_by_key = {_state_key(node, each): each for each in told or ()}
        if wanted is None:
            wanted_here: Sequence[Filter] = ()
        else:
            wanted_here = wanted.alternatives
        for key in self._candidates(node, held, told_by_key, wanted_here):
            entry = None if held is None else held.get(key)
            state = told_by_key.get(tuple(canonical(part) for part in key))
            yield from self._entry(node, entry, state, wanted_here)
        for key, state in told_by_key.items():
            if held is None or not node.key_leafs or not self._is_configured(held, node, key):
                yield from self._entry(node, None, state, wanted_here)

    def _is_configured(self, held: Any, node: List, key: tuple[str, ...]) -> bool:
        parsed = tuple(
            leaf.sort_key(leaf.type.parse(text))
            for leaf, text in zip(node.key_leafs, key, strict=True)
        )
        return parsed in held

    def _candidates(
        self, node: List, held: Any, told: Any, wanted: Sequence[Filter]
    ) -> Iterator[Any]:
        """Yield the keys of the configured entries that can match."""
        if held is None:
            return
        named = [each.key(node) for each in wanted]
        if wanted and all(key is not None for key in named):
            found: set[Any] = {key for key in named if key in held}
            ordered = len(found) > 1 and node.user_ordered
            yield from (key for key in held if key in found) if ordered else sorted(found)
        else:
            yield from held.keys()

    def _entry(
        self, node: List, entry: Any, state: Any, wanted: Sequence[Filter]
    ) -> Iterator[bytes]:
        matching = [each for each in wanted if self._matches(node, entry, state, each)]
        if wanted and not matching:
            return
        merged = Filter.merged(matching)
        state = state if state is not None else self._no_state(node)
        if merged is None and state is None and entry is not None:
            parts: list[str] = []
            self._writer.element(node, entry, parts.append)
            yield encoded("".join(parts))
            return
        if merged is not None:
            if next(self._children(node, entry, state, merged), None) is None:
                return
            merged = merged.with_keys(node)
        yield encoded(opening_of(node))
        yield from self._children(node, entry, state, merged)
        yield encoded(f"</{node.name}>")

    def _matches(self, node: Inner, value: Any, state: Any, wanted: Filter) -> bool:
        """Tell whether all content match nodes agree (RFC 6241, 6.2.5)."""
        for child, text in wanted.contents(node):
            held = value[child.at.slot] if value is not None and child.at.slot >= 0 else None
            if held is None:
                held = self._state_of(child, state)
            values = held if isinstance(held, tuple | list) else () if held is None else (held,)
            if not any(text.fits(_text(each)) for each in values):
                return False
        return not wanted.is_impossible

    def _has_state(self, node: DataNode) -> bool:
        return node.at.path in self._with_state

    def _no_state(self, node: DataNode) -> Any:
        return NO_STATE if self._has_state(node) else None


def _is_there(node: Any, held: Any, told: Any) -> bool:
    """Tell whether a container exists without anything in it."""
    return bool(node.presence) and (held is not None or told is not None)


def _whole(wanted: Filter | None) -> Filter | None:
    """A filter that selects the node itself, with all that is in it, filters nothing below."""
    return None if wanted is None or wanted.is_whole else wanted


def _text(value: Any) -> str:
    return canonical(value)


def _state_key(node: List, entry: Mapping[str, Any]) -> Any:
    if not node.key_leafs:
        return id(entry)
    return tuple(canonical(entry[name]) for name in node.keys)


def _above_all(providers: Providers) -> frozenset[str]:
    """Return the paths of the nodes that a provider fills, and of all nodes above them."""
    found = set()
    for path in providers:
        while path:
            found.add(path)
            path = path.rpartition("/")[0]
    return frozenset(found)

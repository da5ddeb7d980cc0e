"""What ``<get>``, ``<get-config>`` and ``<get-data>`` show: configuration, state, and filters.

A filter (RFC 6241, section 6) is compiled against the schema, so that an entry named by its key
is looked up and not searched for. State comes from providers, which are asked only for what the
filter lets through, all of them before the first byte: what follows cannot fail.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from server.datastore.defaults import DefaultsOf, Place
from server.datastore.filter import Filter
from server.datastore.manner import PLAIN, Manner
from server.datastore.to_xml import Writer, encoded
from server.datastore.walk import NO_STATE, Walk, Where
from yang.changes import Key
from yang.schema import Container, DataNode, Inner, List, Schema

Providers = Mapping[str, Callable[[], Any]]
BLOCK = 32_768
"""Characters that are gathered before they are encoded."""


class Sight(Protocol):
    """What somebody may read."""

    def configuration(self, root: Any) -> Any:
        """Return the root of what may be read of a configuration."""

    def shows(self, node: DataNode, keys: Sequence[Key]) -> bool:
        """Tell whether a node may be read; ``keys`` are those of the entries around it."""

    def asks(self, path: str) -> bool:
        """Tell whether anything of what is at a schema path may be read."""

    def state(self, path: str, told: Any) -> Any:
        """Return what may be read of it."""


class View:
    """Shows trees of one schema, with state from these providers."""

    def __init__(self, schema: Schema, writer: Writer, providers: Providers) -> None:
        self._schema = schema
        self._writer = writer
        self._providers = providers
        self._defaults = DefaultsOf(schema)
        self._above = {
            above for path in providers for above in _with_all_above(path) if above != path
        }

    def configuration(
        self,
        root: Any,
        wanted: Filter | None,
        manner: Manner = PLAIN,
        sight: Sight | None = None,
    ) -> Iterator[bytes]:
        """Yield the children of ``<data>`` for configuration only; no sight: all that is there."""
        if wanted is None and manner.is_plain:
            return self._writer.root(root if sight is None else sight.configuration(root))
        return self._shown(root, None, {}, wanted, manner, sight)

    def everything(
        self,
        root: Any,
        wanted: Filter | None,
        manner: Manner = PLAIN,
        sight: Sight | None = None,
    ) -> Iterator[bytes]:
        """Yield the children of ``<data>`` for configuration and state."""
        told = {} if manner.config is True else dict(self._told(self._schema.root, wanted, sight))
        return self._shown(root, NO_STATE, told, wanted, manner, sight)

    def asks_state(self, wanted: Filter) -> bool:
        """Tell whether a provider would have to be asked for what the filter lets through."""
        return next(self._asked(self._schema.root, wanted), None) is not None

    def output(self, node: Inner, values: Mapping[str, Any]) -> bytes:
        """Return the children of an rpc's output or a notification's content."""
        walk = Walk(self._writer, {}, PLAIN, self._defaults.of(None))
        return b"".join(_bytes_of(walk.children(node, None, values, None, Where(Place(())))))

    def _shown(
        self,
        root: Any,
        state: Any,
        told: Mapping[str, Any],
        wanted: Filter | None,
        manner: Manner,
        sight: Sight | None,
    ) -> Iterator[bytes]:
        if sight is not None:
            root = sight.configuration(root)
        defaults = self._defaults.of(root, None if sight is None else sight.shows)
        walk = Walk(self._writer, told, manner, defaults)
        return _bytes_of(walk.top(self._schema.root, root, state, wanted))

    def _told(
        self, node: Inner, wanted: Filter | None, sight: Sight | None
    ) -> Iterator[tuple[str, Any]]:
        for path in self._asked(node, wanted):
            if sight is None:
                yield path, self._providers[path]()
            elif sight.asks(path):
                yield path, sight.state(path, self._providers[path]())

    def _asked(self, node: Inner, wanted: Filter | None) -> Iterator[str]:
        """Yield the paths of the providers for what a filter of a node lets through."""
        for child in node.children:
            below = None if wanted is None else wanted.child(child)
            if wanted is not None and below is None:
                continue
            path = child.at.path
            if path in self._providers:
                yield path
            elif path in self._above and isinstance(child, Container | List):
                yield from self._asked_inside(child, below)

    def _asked_inside(self, node: Inner, wanted: Filter | None) -> Iterator[str]:
        if wanted is None or wanted.is_whole:
            yield from self._asked(node, None)
        else:
            yield from {path for each in wanted.alternatives for path in self._asked(node, each)}


def _bytes_of(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    """Yield texts encoded, and together as far as they are short."""
    pending: list[str] = []
    length = 0
    for part in parts:
        if isinstance(part, str):
            pending.append(part)
            length += len(part)
            if length < BLOCK:
                continue
        if pending:
            yield encoded("".join(pending))
            pending.clear()
            length = 0
        if isinstance(part, bytes):
            yield part
    if pending:
        yield encoded("".join(pending))


def _with_all_above(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]

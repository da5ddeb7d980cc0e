"""The way down to a node of the configuration: what a comparison remembers while it goes down."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from server.datastore.instance_path import InstancePath
from yang.changes import Key
from yang.scalars import canonical
from yang.schema import name_below


class Way(NamedTuple):
    """The schema nodes from the top down, and the keys of the lists among them."""

    nodes: tuple[Any, ...] = ()
    keys: tuple[Key, ...] = ()
    texts: tuple[tuple[str, ...], ...] = ()

    def to(self, node: Any) -> "Way":
        """Return the way to a child."""
        return self._replace(nodes=(*self.nodes, node))

    def in_entry(self, node: Any, key: Key, entry: Any) -> "Way":
        """Return the way to an entry."""
        texts = tuple(canonical(entry[leaf.at.slot]) for leaf in node.key_leafs)
        return Way((*self.nodes, node), (*self.keys, key), (*self.texts, texts))

    @property
    def places(self) -> Iterator[Any]:
        """What names each node on the way, as ``Expected.where`` does: the root, then downwards."""
        yield "/"
        held = 0
        for node in self.nodes:
            held += hasattr(node, "key_leafs")
            yield node.at.path, self.keys[:held]

    @property
    def identifier(self) -> str:
        """The instance-identifier as RFC 7951, section 6.11, writes it."""
        text, texts = "", iter(self.texts)
        parent: Any = None
        for node in self.nodes:
            text += "/" + (
                name_below(node, parent) if parent else f"{node.module.name}:{node.name}"
            )
            if hasattr(node, "key_leafs"):
                for leaf, key in zip(node.key_leafs, next(texts), strict=True):
                    text += f"[{leaf.name}={literal(key)}]"
            parent = node
        return text

    @property
    def path(self) -> InstancePath:
        """The instance path that errors show."""
        found, texts = InstancePath(), iter(self.texts)
        for node in self.nodes:
            found.add(node, next(texts) if hasattr(node, "key_leafs") else ())
        return found


def literal(text: str) -> str:
    """RFC 7950, section 14 knows no text with both quotes in it: then ``"`` is told as ``'``."""
    if "'" not in text:
        return f"'{text}'"
    return '"' + text.replace('"', "'") + '"'

"""Etags in a reply, and what is left out of it (draft-ietf-netconf-transaction-id, 3.3 and 3.4).

On the way down a tree, each node has the etag that the client gave for it or for what is nearest
above it, and the id that the server holds of it or of what is nearest above it. Where the client is
up to date, the node is shown with the etag ``=`` and nothing in it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from server.datastore.txids import Keys, Txid, Txids
from server.namespaces import TXID
from yang.changes import Key
from yang.schema import CONTAINER, LIST, DataNode

DECLARATION = f' xmlns:txid="{TXID}"'
MATCH = ' txid:etag="="'


class Tag(NamedTuple):
    """What is known of a node on the way down."""

    asked: str | None
    """The client's etag; None: it did not ask here, nor above."""
    held: Txid
    keys: Keys = ()
    attribute: str = ""
    """What the node carries in the reply."""
    is_match: bool = False
    """Whether the client is up to date, so that what is in the node is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class Tagging:
    """The etags of one reply."""

    txids: Txids
    is_current: Callable[[str, Txid], bool]
    etag: str | None = None
    """What the client knows of the datastore as a whole."""
    prunes: bool = True
    """Whether anything may be left out."""
    _known: dict[tuple[str, int], bool] = field(default_factory=dict, repr=False)

    def top(self) -> Tag:
        """Return the tag of the datastore."""
        return self._tag(self.etag, self.txids.newest, (), is_versioned=True)

    def below(self, tag: Tag, node: DataNode, key: Key, asked: str | None) -> Tag:
        """Return the tag of a child; ``asked`` is the etag that the client gave for itself."""
        asked = tag.asked if asked is None else asked
        keys, held, is_versioned = tag.keys, tag.held, False
        if node.kind == LIST:
            keys, is_versioned = (*tag.keys, key), True
            held = self.txids.of_entry(node.at.path, keys)
        elif node.kind == CONTAINER and not keys:
            held, is_versioned = self.txids.of_container(node.at.path), True
        return self._tag(asked, held, keys, is_versioned)

    def _tag(self, asked: str | None, held: Txid, keys: Keys, is_versioned: bool) -> Tag:
        if asked is None:
            return Tag(None, held, keys)
        if self.prunes and self._is_current(asked, held):
            return Tag(asked, held, keys, MATCH, True)
        return Tag(asked, held, keys, f' txid:etag="{held.etag}"' if is_versioned else "")

    def _is_current(self, asked: str, held: Txid) -> bool:
        found = self._known.get((asked, held.number))
        if found is None:
            found = self._known[asked, held.number] = self.is_current(asked, held)
        return found

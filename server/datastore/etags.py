"""The etags of running and the candidate (draft-ietf-netconf-transaction-id).

The law: until somebody asks for the first time, a commit costs nothing for them; from then on it
costs what it changes. After a restart the ids are read out of the journal, as far back as the
limit says, so that they are what they were; a node that has not changed since has the id of the
oldest commit that was read.

The history of ids (section 3.3) is that of the commits: an etag is known as long as its commit is.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from server.datastore.diff import changes_between
from server.datastore.history import History
from server.datastore.instance_path import line_to
from server.datastore.row_values import RowsUnreadable
from server.datastore.running import Committed, Running
from server.datastore.store import JournalEntry, RowChange, StoreRefused
from server.datastore.txids import (
    NOTHING_YET,
    SPECIAL,
    UNKNOWN,
    Keys,
    Txid,
    Txids,
    changed_containers,
    has_only_moved,
    txid_of,
)
from yang.changes import Change
from yang.schema import LIST, List, Schema

Noted = tuple[Iterable[str], Mapping[str, Mapping[Keys, bool]]]
"""The containers and the entries that a transaction changed, as ``Txids.noting`` takes them."""

READ_BACK = 20_000
"""Changes of the newest commits that are read when the first etag is asked for."""

MOST_DIGITS = 19
"""Of the number of a commit, 63 bits; Python refuses to read numbers of thousands."""


class Etags:
    """The transaction ids of one running configuration; usable from any thread."""

    def __init__(
        self,
        schema: Schema,
        running: Running,
        history: History,
        changing: threading.RLock,
        read_back: int = READ_BACK,
    ) -> None:
        """``changing`` is held by whoever changes running."""
        self._schema = schema
        self._running = running
        self._history = history
        self._changing = changing
        self._read_back = read_back
        self._txids: Txids | None = None
        self._missed: list[tuple[Sequence[Change], Any, Txid]] | None = None
        running.on_commit.append(self._on_commit)

    @property
    def newest(self) -> Txid:
        """The id of running as a whole; it costs nothing to ask for it."""
        entries = self._history.entries()
        return txid_of(entries[-1]) if entries else NOTHING_YET

    def running(self) -> Txids:
        """Return the ids of running as it is now, with the root that they are of."""
        while (found := self._txids) is None:
            self._start()
        return found

    def candidate(self, root: Any) -> Txids:
        """Return the ids of a candidate: where it differs from running, none is known yet."""
        running = self.running()
        changes = changes_between(self._schema, running.root, root)
        return running.after(changes, root, UNKNOWN) if changes else replace(running, root=root)

    def newest_of_candidate(self, root: Any) -> Txid:
        """Return the id of a candidate as a whole; it costs what differs from running."""
        differs = changes_between(self._schema, self._running.root, root)
        return UNKNOWN if differs else self.newest

    def is_current(self, etag: str, held: Txid) -> bool:
        """Tell whether what a client knows by this etag is what the server holds.

        It is where no other transaction changed it between the two (section 3.4, table 1).
        """
        if etag in SPECIAL:
            return False
        if etag == held.etag:
            return True
        number = etag.partition("-")[0]
        if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
            return False
        if int(number) < held.number:
            return False
        known = self._history.entry(int(number))
        return known is not None and txid_of(known).etag == etag

    # ---- keeping

    def _on_commit(self, committed: Committed) -> None:
        """Note a commit; called by whoever changes running."""
        if self._txids is not None:
            txid = txid_of(committed.entry)
            self._txids = self._txids.after(committed.changes, self._running.root, txid)
        elif self._missed is not None:
            self._missed.append((committed.changes, self._running.root, txid_of(committed.entry)))

    def _start(self) -> None:
        """Read the ids back; commits go on meanwhile.

        Whoever needs them while it keeps others from changing reads them itself: to wait for
        somebody else who reads them would be to wait for each other.
        """
        with self._changing:
            if self._txids is not None:
                return
            if self._missed is None:
                self._missed = []
            missed, begun = self._missed, len(self._missed)
            root, entries = self._running.root, self._history.entries()
        try:
            made = self._restored(root, entries)
        except BaseException:
            with self._changing:
                self._missed = None
            raise
        with self._changing:
            if self._txids is not None or self._missed is not missed:
                return
            for changes, after, txid in missed[begun:]:
                made = made.after(changes, after, txid)
            self._txids, self._missed = made, None

    def _restored(self, root: Any, entries: Sequence[JournalEntry]) -> Txids:
        if not entries:
            return Txids.since(self._schema, root, NOTHING_YET)
        read: list[tuple[Txid, Noted]] = []
        for entry in _newest(entries, self._read_back):
            try:
                with self._changing:
                    rows = self._running.changes_after(entry.id - 1, entry.id)
                read.append((txid_of(entry), self._noted(rows)))
            except (StoreRefused, RowsUnreadable):
                break  # Dropped meanwhile, or of other modules: what is older is not told apart.
        is_all = len(read) == len(entries)
        floor = NOTHING_YET if is_all else txid_of(entries[-1 - len(read)])
        made = Txids.since(self._schema, root, floor)
        for txid, (containers, changed) in reversed(read):
            made = made.noting(containers, changed, root, txid)
        return made

    def _noted(self, rows: Iterable[RowChange]) -> Noted:
        """Return which containers and entries the rows of a transaction changed."""
        containers: list[str] = []
        entries: dict[str, dict[Keys, bool]] = {}
        for row in rows:
            node, keys = self._running.place_of(row)
            if not isinstance(node, List):
                pair = self._running.contents_of(row)
                containers += changed_containers(self._schema.root, *pair)
                continue
            lists = [each for each in line_to(node) if each.kind == LIST]
            for depth, around in enumerate(lists[:-1], 1):
                entries.setdefault(around.at.path, {}).setdefault(keys[:depth], True)
            noted = entries.setdefault(node.at.path, {})
            if not (node.user_ordered and has_only_moved(node, *self._running.contents_of(row))):
                noted[keys] = row.after is not None
        return containers, entries


def _newest(entries: Sequence[JournalEntry], most_changes: int) -> list[JournalEntry]:
    """Return the newest commits, the newest first; not the oldest, unless it is the first ever."""
    found: list[JournalEntry] = []
    for entry in reversed(entries if entries[0].id == 1 else entries[1:]):
        most_changes -= entry.size
        if most_changes < 0:
            break
        found.append(entry)
    return found

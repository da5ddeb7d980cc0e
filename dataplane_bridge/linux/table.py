"""Our table in the kernel: made, adopted, listed, changed; nobody else's is ever touched.

The law: every change is one transaction. Of the commits since we last looked it is the only one
about our table, else somebody else was at work too and the table is read again.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from dataplane_bridge.driver import BridgeError, DataplaneFailed, DataplaneRefused
from dataplane_bridge.linux import encoding
from dataplane_bridge.linux.chains import Chains
from dataplane_bridge.linux.commits import Commits
from dataplane_bridge.linux.counts import Count
from dataplane_bridge.linux.elements import ByGroup, Elements, Place, by_group, differing
from dataplane_bridge.linux.intervals import Intervals, without
from dataplane_bridge.linux.labels import LabelTable
from dataplane_bridge.linux.libnftables import Nftables, NftRefused
from dataplane_bridge.linux.listing import Listing, read_table
from dataplane_bridge.linux.nfnetlink import Netfilter, NetfilterRefused, Part
from dataplane_bridge.linux.ruleset import (
    COUNTED_LATER,
    REQID_CHAINS,
    STAMP,
    TABLE,
    Mode,
    base_table,
    stamp_of,
)

_RULES = f"{STAMP}_rules_"
PACKETS_COUNT = frozenset(group for groups in COUNTED_LATER.values() for group in groups)


class Table:
    """The table of this namespace."""

    def __init__(self, mode: Mode, interface: str, labels: tuple[str, ...] = ()) -> None:
        self._nftables = Nftables()
        self._netfilter = Netfilter()
        self._commits = Commits()
        self._mode = mode
        self._text = base_table(mode, interface)
        self._labels = LabelTable(self._nftables, labels, self.change)
        self._chains = Chains(mode)
        self._intervals = Intervals(self._netfilter)
        self.generation = -1
        """The generation that was the newest when we last looked or changed something."""
        self.is_outdated = False
        """Whether the table is ours, but its rules are not as this version makes them.

        It stays in force until elements are there for the one that takes its place.
        """
        self._counted: dict[str, set[str]] = {}
        """The keys of counters that packets made, by set, as far as they were seen."""

    def close(self) -> None:
        """Let go of libnftables; the table stays."""
        self._nftables.close()
        self._netfilter.close()
        self._commits.close()

    def install(self, present: Container[str] = ()) -> Listing:
        """Make the table unless it is there; return what it holds of what can stay.

        A table of ours whose rules are not as they should be holds nothing that can: it is made
        anew with the next elements, in one transaction (see ``change_elements``).
        Labels are written on the devices that are ``present``.
        """
        listing = self.list()
        if listing.stamp is None:
            if self._exists():
                raise DataplaneRefused(
                    f"There is an nftables table 'inet {TABLE}' that this server did not make;"
                    f" remove or rename it: nft delete table inet {TABLE}."
                )
            self._make({})
            listing = self.list()
        self._labels.install(present)
        self.is_outdated = not self._as_made(listing)
        return Listing() if self.is_outdated else listing

    def list(self) -> Listing:
        """Return what the table holds, or an empty listing without a stamp."""
        self.generation = self._netfilter.generation()
        try:
            # The library reads all elements to list one table, and none to list all tables.
            things = self._nftables.list("ruleset inet")
            listing = read_table(thing for thing in things if _is_of_ours(thing[1]))
            for group in listing.groups:
                found = dict(self._netfilter.elements(TABLE, group))
                listing.elements.update((Place(group, key), text) for key, text in found.items())
                listing.lost.update(self._counted.get(group, set()) - found.keys())
                if group in PACKETS_COUNT:
                    self._counted[group] = set(found)
        except (NftRefused, NetfilterRefused):
            # It is not there, or went while it was read.
            listing = Listing()
        self._intervals.read(by_group(listing.elements))
        listing.elements = self._chains.read(listing.chains, listing.elements)
        return listing

    def are_chains_right(self) -> bool:
        """Tell whether, by the newest listing, chains are there as its elements need them."""
        return self._chains.is_right()

    def counts(self, group: str) -> Iterator[Count]:
        """Yield what the elements of a set counted; none where the table is not there."""
        try:
            counts = tuple(self._netfilter.counts(TABLE, group))
        except BridgeError:
            return
        if group in PACKETS_COUNT:
            keys = (str(int.from_bytes(count.first, "little")) for count in counts)
            self._counted.setdefault(group, set()).update(keys)
        yield from counts

    def unmatched(self) -> tuple[int, int]:
        """Return packets and octets of the counter of unmatched traffic."""
        return self._netfilter.named_counter(TABLE, "unmatched")

    def check(self, commands: str) -> None:
        """Raise ``DataplaneRefused`` if the library would refuse the commands."""
        if commands:
            _told(lambda: self._nftables.check(commands))

    def change(self, commands: str) -> bool:
        """Take the commands, and tell whether nobody else changed anything meanwhile.

        Raise ``DataplaneRefused``, and then nothing has happened.
        """
        if not commands:
            return True
        return self._changed(lambda: self._nftables.run(commands))

    def change_elements(self, before: Elements, after: Elements) -> bool:
        """Make the elements of ``after`` of those of ``before``; tell and raise as ``change``.

        The elements are one transaction. Where a tunnel needs a chain that is not there, or the
        last one that needs it goes, there is one more before or after it, of what no packet sees;
        and one that takes away what packets of tunnels that went have counted.
        """
        if self.is_outdated:
            self._make(by_group(after))
            return True
        gone, new = by_group(differing(before, after)), by_group(differing(after, before))
        undisturbed = self.change(self._chains.before(gone, new))
        self._chains.took_before(gone, new)
        try:
            undisturbed &= self._transact(self._parts(gone, new))
            self._chains.changed(gone, new)
            self._intervals.changed(gone, new)
            for group in PACKETS_COUNT & gone.keys():
                self._counted.get(group, set()).difference_update(gone[group])
            undisturbed &= self._forget_packets(gone)
        finally:
            undisturbed &= self.change(self._chains.after())
            self._chains.took_after()
        return undisturbed

    def renew_elements(self, elements: Elements) -> bool:
        """Delete these elements and add them, counting from zero; tell and raise as ``change``."""
        grouped = by_group(elements)
        undisturbed = self._transact(encoding.parts(grouped, grouped))
        return self._forget_packets(grouped) and undisturbed

    def is_disturbed(self) -> bool:
        """Tell whether anybody may have changed our table since our last change or look."""
        now = self._netfilter.generation()
        if self._commits.disturbing(self.generation, now):
            return True
        self.generation = now
        return False

    def remove(self) -> None:
        """Take our tables away."""
        for family in ("inet", "netdev"):
            if self._exists(family):
                self.change(f"delete table {family} {TABLE}\n")

    def is_as_made(self, listing: Listing) -> bool:
        """Tell whether the table is there and its rules are as they were made."""
        return listing.stamp is not None and self._as_made(listing)

    def labels_are_as_made(self, present: Container[str]) -> bool:
        """Tell whether labels are written as they should be on the devices that are there."""
        return self._labels.is_as_made(present)

    def _parts(self, gone: ByGroup, new: ByGroup) -> Iterator[Part]:
        anew = self._intervals.to_make_anew(gone)
        yield from encoding.parts(without(gone, anew), without(new, anew))
        yield from self._intervals.made_anew(anew, gone, new)

    def _forget_packets(self, gone: ByGroup) -> bool:
        """Delete what packets of these tunnels made; tell whether nobody else was at work."""
        try:
            return self._transact(self._left_by_packets(gone))
        except DataplaneRefused:
            # Somebody else deleted one meanwhile: what is left is seen when all is read again.
            return False

    def _left_by_packets(self, gone: ByGroup) -> Iterator[Part]:
        """Yield what deletes the counters that packets made, of tunnels that count no longer.

        No packet makes one anew: what it would do so by has gone already.
        """
        for suffix, groups in COUNTED_LATER.items():
            numbers = gone.get(f"pass_{suffix}", {})
            for group in groups if numbers else ():
                made = (key for key, _ in self._netfilter.elements(TABLE, group))
                self._counted.get(group, set()).difference_update(numbers)
                yield from encoding.deletions(group, [key for key in made if key in numbers])

    def _transact(self, parts: Iterable[Part]) -> bool:
        batch = tuple(parts)
        return not batch or self._changed(lambda: self._netfilter.transact(batch))

    def _changed(self, transact: Callable[[], None]) -> bool:
        before = self.generation
        _told(transact)
        self.generation = self._netfilter.generation()
        return self._commits.disturbing(before, self.generation) == 1

    def _exists(self, family: str = "inet") -> bool:
        return any(
            kind == "table" and content["family"] == family and content["name"] == TABLE
            for kind, content in self._nftables.list("tables")
        )

    def _as_made(self, listing: Listing) -> bool:
        return listing.stamp == f"{_RULES}{listing.digest}_{stamp_of(self._text)}"[:128]

    def _make(self, elements: ByGroup) -> None:
        """Make the table, with these elements, in place of one of ours that may be there."""
        self._chains.read({}, {})
        self._counted = {}
        # The table may be there, as somebody left it: add it, so that it can be deleted.
        emptied = f"add table inet {TABLE}\ndelete table inet {TABLE}\n"
        more = self._chains.before({}, elements) + encoding.commands(elements)
        self.change(emptied + self._text + more)
        if self._mode == "reqid":
            self._netfilter.append_reqid_rules(TABLE, REQID_CHAINS)
        made = self.list()
        stamp = f"{_RULES}{made.digest}_{stamp_of(self._text)}"[:128]
        self.change(
            f"delete chain inet {TABLE} {stamp_of(self._text)}\nadd chain inet {TABLE} {stamp}\n"
        )
        self.is_outdated = False


def _is_of_ours(content: Mapping[str, Any]) -> bool:
    return bool(content.get("table") == TABLE)


def _told(act: Callable[[], None]) -> None:
    try:
        act()
    except (NftRefused, NetfilterRefused) as error:
        raise DataplaneRefused(str(error)) from error
    except BridgeError as error:
        raise DataplaneFailed(str(error)) from error

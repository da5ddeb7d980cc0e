"""Sets of address ranges: few deletions are said one by one, many by making the set anew.

The kernel finds what it deletes from such a set by looking at its elements one after the other,
each about a microsecond, and meanwhile takes no other change: to delete half of 10,000 takes it
half a minute, to add 10,000 a twentieth of a second (net/netfilter/nft_set_pipapo.c).

The law: a set that is made anew is so within one transaction, with the rules that look into it, as
the kernel told them; no packet sees it without an element that stays.
"""

from collections.abc import Iterable, Iterator

from dataplane_bridge.linux.elements import Elements
from dataplane_bridge.linux.encoding import additions
from dataplane_bridge.linux.netlink import APPEND, CREATE, NESTED, attribute, attributes
from dataplane_bridge.linux.nfnetlink import (
    DELRULE,
    DELSET,
    NEWRULE,
    NEWSET,
    Netfilter,
    Part,
    names,
)
from dataplane_bridge.linux.ruleset import TABLE

MOST_DELETIONS = 8
"""More than these, and the set is made anew."""

# NFTA_SET_: table, name, flags, key type and length, data type and length, policy, description,
# user data; what else the kernel tells (handle, timeouts, counts) is its own.
_KEPT_OF_SET = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13}
_SET_ID, _NESTED_SET = 10, {9}
# NFTA_RULE_: table, chain, expressions, user data.
_KEPT_OF_RULE, _NESTED_RULE = {1, 2, 4, 7}, {4}
_CHAIN = 2


INTERVALS = frozenset({"ts_in4", "ts_in6", "ts_out4", "ts_out6"})
"""The sets that hold ranges."""


class Intervals:
    """What the sets of ranges hold, and how to take much out of them."""

    def __init__(self, netfilter: Netfilter) -> None:
        self._netfilter = netfilter
        self._held: dict[str, dict[str, str]] = {}

    def read(self, elements: Elements) -> None:
        """Believe a listing."""
        self._held = {}
        self.changed({}, elements)

    def changed(self, gone: Elements, new: Elements) -> None:
        """Elements went and came."""
        for place in gone:
            if place.group in INTERVALS:
                self._held.get(place.group, {}).pop(place.key, None)
        for place, text in new.items():
            if place.group in INTERVALS:
                self._held.setdefault(place.group, {})[place.key] = text

    def to_make_anew(self, gone: Elements) -> frozenset[str]:
        """Return the sets of which too much goes."""
        counts: dict[str, int] = {}
        for place in gone:
            if place.group in INTERVALS:
                counts[place.group] = counts.get(place.group, 0) + 1
        return frozenset(group for group, count in counts.items() if count > MOST_DELETIONS)

    def made_anew(self, groups: frozenset[str], gone: Elements, new: Elements) -> Iterator[Part]:
        """Yield what makes these sets anew, with what they hold after the change."""
        if not groups:
            return
        rules = list(self._rules_of(groups))
        yield from (_emptied(chain) for chain in dict.fromkeys(chain for chain, _ in rules))
        for number, group in enumerate(sorted(groups), 1):
            about = f"to make the set {group} anew"
            yield Part(DELSET, 0, names(TABLE, group), about)
            told = self._netfilter.definition(TABLE, group)
            identity = attribute(_SET_ID, number.to_bytes(4, "big"))
            yield Part(NEWSET, CREATE, _kept(told, _KEPT_OF_SET, _NESTED_SET) + identity, about)
            yield from additions(group, self._after(group, gone, new).items())
        for chain, rule in rules:
            content = _kept(rule, _KEPT_OF_RULE, _NESTED_RULE)
            yield Part(NEWRULE, CREATE | APPEND, content, f"a rule of the chain {chain}")

    def _after(self, group: str, gone: Elements, new: Elements) -> dict[str, str]:
        held = dict(self._held.get(group, {}))
        for place in gone:
            if place.group == group:
                held.pop(place.key, None)
        held.update({place.key: text for place, text in new.items() if place.group == group})
        return held

    def _rules_of(self, groups: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield chain and attributes of each rule of the chains that look into these sets."""
        rules = [(_chain_of(rule), rule) for rule in self._netfilter.rules(TABLE)]
        looked = [group.encode() + b"\0" for group in groups]
        chains = {chain for chain, rule in rules if any(name in rule for name in looked)}
        yield from ((chain, rule) for chain, rule in rules if chain in chains)


def without(elements: Elements, groups: frozenset[str]) -> Elements:
    """Return the elements that are of none of these sets."""
    if not groups:
        return elements
    return {place: text for place, text in elements.items() if place.group not in groups}


def _emptied(chain: str) -> Part:
    return Part(DELRULE, 0, names(TABLE, chain), f"to empty the chain {chain}")


def _chain_of(rule: bytes) -> str:
    return dict(attributes(rule))[_CHAIN].rstrip(b"\0").decode()


def _kept(told: bytes, kinds: set[int], nested: set[int]) -> bytes:
    return b"".join(
        attribute(kind | (NESTED if kind in nested else 0), content)
        for kind, content in attributes(told)
        if kind in kinds
    )

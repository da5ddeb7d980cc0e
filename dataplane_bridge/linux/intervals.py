"""Sets of address ranges: few deletions are said one by one, many by making the set anew.

The kernel finds what it deletes from such a set by looking at its elements one after the other,
each about a microsecond, and meanwhile takes no other change: to delete half of 10,000 takes it
half a minute, to add 10,000 a twentieth of a second (net/netfilter/nft_set_pipapo.c).

The law: a set that is made anew is so within one transaction, with the rules that look into it, as
the kernel told them; no packet sees it without an element that stays.
"""

from collections.abc import Iterable, Iterator

from dataplane_bridge.linux.elements import ByGroup
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


INTERVALS = frozenset({"ts_4", "ts_6"})
"""The sets that hold ranges."""


class Intervals:
    """What the sets of ranges hold, and how to take much out of them."""

    def __init__(self, netfilter: Netfilter) -> None:
        self._netfilter = netfilter
        self._held: dict[str, dict[str, str]] = {}

    def read(self, elements: ByGroup) -> None:
        """Believe a listing."""
        self._held = {}
        self.changed({}, elements)

    def changed(self, gone: ByGroup, new: ByGroup) -> None:
        """Elements went and came."""
        for group in INTERVALS & {*gone, *new}:
            _change(self._held.setdefault(group, {}), group, gone, new)

    def to_make_anew(self, gone: ByGroup) -> frozenset[str]:
        """Return the sets of which too much goes."""
        return frozenset(
            group for group in INTERVALS & gone.keys() if len(gone[group]) > MOST_DELETIONS
        )

    def made_anew(self, groups: frozenset[str], gone: ByGroup, new: ByGroup) -> Iterator[Part]:
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
            after = dict(self._held.get(group, {}))
            _change(after, group, gone, new)
            yield from additions(group, after)
        for chain, rule in rules:
            content = _kept(rule, _KEPT_OF_RULE, _NESTED_RULE)
            yield Part(NEWRULE, CREATE | APPEND, content, f"a rule of the chain {chain}")

    def _rules_of(self, groups: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Yield chain and attributes of each rule of the chains that look into these sets."""
        rules = [(_chain_of(rule), rule) for rule in self._netfilter.rules(TABLE)]
        looked = [group.encode() + b"\0" for group in groups]
        chains = {chain for chain, rule in rules if any(name in rule for name in looked)}
        yield from ((chain, rule) for chain, rule in rules if chain in chains)


def without(elements: ByGroup, groups: frozenset[str]) -> ByGroup:
    """Return the elements that are of none of these sets."""
    return {group: each for group, each in elements.items() if group not in groups}


def _change(held: dict[str, str], group: str, gone: ByGroup, new: ByGroup) -> None:
    for key in gone.get(group, ()):
        held.pop(key, None)
    held.update(new.get(group, {}))


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

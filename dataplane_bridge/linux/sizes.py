"""Packets too long for their tunnel: what the table says of lengths, and how it is kept.

Theory of operation: a tunnel's element of the map ``size_out`` jumps to the chain of its MTU and
its ways, say ``mtu1400_cleared_refused``, which compares lengths with constants. Such a chain is
there while a tunnel uses it; gateways have few different MTUs. Packets no longer than the shortest
MTU of all, and so nearly all packets, are let go by the first comparison (the chain ``q_size``): to
find a tunnel by its addresses costs most of what a packet costs. Lengths are no part of the keys of
a set, since the kernel holds an interval of lengths as a dozen rules for each element, and looks at
them one by one when it deletes.

The law: while an element is there its chain is there, and the first comparison lets none of its
packets go: chains are made and lengths shortened before elements come, the reverse after they went.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from dataplane_bridge.linux.elements import IPV6_MINIMUM_MTU, SIZES, ByGroup, Elements, by_group
from dataplane_bridge.linux.ruleset import TABLE, Mode

FIRST = "q_size"
"""The chain that compares with the shortest MTU."""
_IPV6_HEADER = 40
_NAME = re.compile(r"mtu(\d+)_(cleared|refused|whole|over)_(refused|whole)")
_TARGETS = {"cleared": "cleared", "refused": "refused", "whole": "count_frag", "over": "drop_big"}
_JUMP = ": jump "
WRONG = ": jump (a chain that is not as it was made)"


class Longer(NamedTuple):
    """A rule: packets of a protocol whose length field is above this go on in that chain."""

    protocol: str
    length: int
    chain: str

    @property
    def text(self) -> str:
        """The rule as nftables writes it."""
        return f"{self.protocol} length > {self.length} goto {self.chain}"


Rules = tuple[Longer | None, ...]
"""Rules of a chain; ``None`` for one that is none of ours."""


def is_of_lengths(chain: str) -> bool:
    """Tell whether the rules of a chain are kept here."""
    return chain == FIRST or chain.startswith("mtu")


def read_rule(expressions: Iterable[Mapping[str, Any]]) -> Longer | None:
    """Return a rule from the JSON of a listing, or ``None`` if it is none of ours."""
    match list(expressions):
        case [
            {
                "match": {
                    "op": ">",
                    "left": {"payload": {"protocol": protocol, "field": "length"}},
                    "right": int(length),
                }
            },
            {"goto": {"target": chain}},
        ]:
            return Longer(protocol, length, chain)
    return None


def rules_of(chain: str, mode: Mode) -> tuple[Longer, ...]:
    """Return the rules of the chain of an MTU; none where the name is none of ours."""
    found = _NAME.fullmatch(chain)
    return () if found is None else tuple(_rules(int(found[1]), found[2], found[3], mode))


def _rules(mtu: int, way4: str, way6: str, mode: Mode) -> Iterator[Longer]:
    yield Longer("ip", mtu, _TARGETS[way4])
    above = max(mtu - _IPV6_HEADER, 0)
    if way6 == "whole":
        yield Longer("ip6", above, "count_frag")
        return
    # No router fragments IPv6, but what every link must carry is carried (RFC 8200, section 5);
    # not by the kernel's ESP, though.
    least = max(mtu, IPV6_MINIMUM_MTU) if mode == "selector" else mtu
    yield Longer("ip6", max(least - _IPV6_HEADER, 0), "count_big")
    if least > mtu:
        yield Longer("ip6", above, "count_frag")


class Sizes:
    """What of lengths is in the kernel, and what has to be there."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._users: Counter[str] = Counter()
        self._chains: dict[str, Rules] = {}
        self._first: Rules = ()

    def read(self, chains: Mapping[str, Rules], elements: Elements) -> Elements:
        """Believe a listing; return its elements, those that jump to a wrong chain changed."""
        self._chains = {name: rules for name, rules in chains.items() if name != FIRST}
        self._first = chains.get(FIRST, ())
        self._users = Counter(_targets(by_group(elements)))
        wrong = {f"{_JUMP}{name}" for name in self._users if not self._is_right(name)}
        if not wrong:
            return elements
        return {
            place: WRONG if place.group == SIZES and text in wrong else text
            for place, text in elements.items()
        }

    def is_right(self) -> bool:
        """Tell whether everything is as the elements need it, and no more."""
        return not self.before({}, {}) and not self.after()

    def before(self, gone: ByGroup, new: ByGroup) -> str:
        """Return the commands to take before elements go and come."""
        users = self._after(gone, new)
        wanted = (name for name in users if not self._is_right(name))
        made = "".join(self._make(name) for name in wanted)
        # Elements that go are still there meanwhile, and so is what they need.
        return made + self._compare(self._users | users)

    def changed(self, gone: ByGroup, new: ByGroup) -> None:
        """Elements went and came."""
        self._users = self._after(gone, new)

    def after(self) -> str:
        """Return the commands to take after elements went and came."""
        unused = [name for name in self._chains if not self._users.get(name)]
        dropped = "".join(_drop(name) for name in unused)
        return self._compare(self._users) + dropped

    def took_before(self, gone: ByGroup, new: ByGroup) -> None:
        """The commands of ``before`` were taken."""
        users = self._after(gone, new)
        for name in users:
            self._chains[name] = rules_of(name, self._mode)
        self._first = self._comparison(self._users | users)

    def took_after(self) -> None:
        """The commands of ``after`` were taken."""
        self._chains = {name: self._chains[name] for name in self._users if name in self._chains}
        self._first = self._comparison(self._users)

    def _after(self, gone: ByGroup, new: ByGroup) -> Counter[str]:
        users = Counter(self._users)
        users.update(_targets(new))
        users.subtract(_targets(gone))
        return +users

    def _is_right(self, name: str) -> bool:
        return self._chains.get(name) == rules_of(name, self._mode)

    def _make(self, name: str) -> str:
        rules = "".join(_add(name, rule) for rule in rules_of(name, self._mode))
        return f"add chain inet {TABLE} {name}\nflush chain inet {TABLE} {name}\n{rules}"

    def _compare(self, users: Collection[str]) -> str:
        rules = self._comparison(users)
        if rules == self._first:
            return ""
        return f"flush chain inet {TABLE} {FIRST}\n" + "".join(_add(FIRST, rule) for rule in rules)

    def _comparison(self, users: Collection[str]) -> tuple[Longer, ...]:
        if not users:
            return ()
        shortest = min(map(_mtu, users))
        above = max(shortest - _IPV6_HEADER, 0)
        return Longer("ip", shortest, "size4"), Longer("ip6", above, "size6")


def _targets(elements: ByGroup) -> Iterator[str]:
    for text in elements.get(SIZES, {}).values():
        chain = text.removeprefix(_JUMP)
        if _NAME.fullmatch(chain):
            yield chain


def _mtu(chain: str) -> int:
    return int(chain[3 : chain.index("_")])


def _add(chain: str, rule: Longer) -> str:
    return f"add rule inet {TABLE} {chain} {rule.text}\n"


def _drop(chain: str) -> str:
    return f"flush chain inet {TABLE} {chain}\ndelete chain inet {TABLE} {chain}\n"

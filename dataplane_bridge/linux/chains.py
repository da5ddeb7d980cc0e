"""Chains that come and go: what the elements of many tunnels jump to, where they need the same.

Theory of operation: the name of such a chain says what it does, so that its rules follow from its
name, and what becomes of a tunnel's packets from the text of its elements (see ``sizes`` and
``actions``). A chain is there while a tunnel uses it.

The law: while an element is there its chain is there, and the first comparison of lengths lets none
of its packets go: chains are made and lengths shortened before elements come, the reverse after
they went.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from dataplane_bridge.linux import actions, sizes
from dataplane_bridge.linux.elements import ByGroup, Elements, by_group
from dataplane_bridge.linux.rules import Jump, Longer, Rules
from dataplane_bridge.linux.ruleset import TABLE, Mode

GROUPS = (sizes.GROUP, *actions.GROUPS.values())
"""The maps whose elements jump to such chains."""
_JUMP = ": jump "
WRONG = ": jump (a chain that is not as it was made)"


def comes_and_goes(chain: str) -> bool:
    """Tell whether the rules of a chain are kept here."""
    return chain == sizes.FIRST or chain.startswith((sizes.PREFIX, f"{actions.PREFIX}."))


class Chains:
    """What of such chains is in the kernel, and what has to be there."""

    def __init__(self, mode: Mode) -> None:
        self._mode: Mode = mode
        self._users: Counter[str] = Counter()
        self._chains: dict[str, Rules] = {}
        self._first: Rules = ()

    def read(self, chains: Mapping[str, Rules], elements: Elements) -> Elements:
        """Believe a listing; return its elements, those that jump to a wrong chain changed."""
        self._chains = {name: rules for name, rules in chains.items() if name != sizes.FIRST}
        self._first = chains.get(sizes.FIRST, ())
        self._users = self._users_in(by_group(elements))
        wrong = {f"{_JUMP}{name}" for name in self._users if not self._is_right(name)}
        if not wrong:
            return elements
        return {
            place: WRONG if place.group in GROUPS and text in wrong else text
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
            self._chains[name] = self._rules_of(name)
        self._first = _comparison(self._users | users)

    def took_after(self) -> None:
        """The commands of ``after`` were taken."""
        self._chains = {name: self._chains[name] for name in self._users if name in self._chains}
        self._first = _comparison(self._users)

    def _after(self, gone: ByGroup, new: ByGroup) -> Counter[str]:
        users = Counter(self._users)
        users.update(self._users_in(new))
        users.subtract(self._users_in(gone))
        return +users

    def _users_in(self, elements: ByGroup) -> Counter[str]:
        """Return how many of these elements jump to each chain of ours."""
        texts: Counter[str] = Counter()
        for group in GROUPS:
            texts.update(elements.get(group, {}).values())
        chains = {text.removeprefix(_JUMP): count for text, count in texts.items()}
        return Counter({name: count for name, count in chains.items() if self._rules_of(name)})

    def _rules_of(self, chain: str) -> Rules:
        return sizes.rules_of(chain, self._mode) or actions.rules_of(chain)

    def _is_right(self, name: str) -> bool:
        return self._chains.get(name) == self._rules_of(name)

    def _make(self, name: str) -> str:
        rules = "".join(_add(name, rule) for rule in self._rules_of(name) if rule is not None)
        return f"add chain inet {TABLE} {name}\nflush chain inet {TABLE} {name}\n{rules}"

    def _compare(self, users: Collection[str]) -> str:
        rules = _comparison(users)
        if rules == self._first:
            return ""
        added = "".join(_add(sizes.FIRST, rule) for rule in rules)
        return f"flush chain inet {TABLE} {sizes.FIRST}\n{added}"


def _comparison(users: Collection[str]) -> tuple[Longer, ...]:
    return sizes.comparison([name for name in users if name.startswith(sizes.PREFIX)])


def _add(chain: str, rule: Longer | Jump) -> str:
    return f"add rule inet {TABLE} {chain} {rule.text}\n"


def _drop(chain: str) -> str:
    return f"flush chain inet {TABLE} {chain}\ndelete chain inet {TABLE} {chain}\n"

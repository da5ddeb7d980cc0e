"""Which subscriptions a place of the configuration may concern: found by list, key and part of it.

The law: to find them costs what was touched and how many they are, not how many there are.
"""

from collections.abc import Hashable, Iterator

from server.subscriptions.changes import Touched
from server.subscriptions.on_change import OnChangePush
from server.subscriptions.selection import Interests, Named
from yang.changes import Key

Pushes = dict[OnChangePush, None]
"""Subscriptions, in order."""


class Index:
    """The subscriptions to changes; whoever uses it sees to it that nobody else does meanwhile."""

    def __init__(self) -> None:
        self._outside: Pushes = {}
        self._any: dict[str, Pushes] = {}
        self._keys: dict[str, dict[Hashable, Pushes]] = {}
        self._parts: dict[str, dict[Hashable, Pushes]] = {}
        self._all: dict[OnChangePush, Interests] = {}
        """By what each was added: its selection may be another one by now."""

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[OnChangePush]:
        return iter(tuple(self._all))

    def add(self, push: OnChangePush) -> None:
        """Have one more, or one that selects something else than before."""
        self.remove(push)
        interests = self._all[push] = push.picture.selection.interests
        if interests.outside:
            self._outside[push] = None
        for path, named in interests.lists.items():
            if named is None:
                self._any.setdefault(path, {})[push] = None
            else:
                for places, name in self._places(path, named):
                    places.setdefault(name, {})[push] = None

    def remove(self, push: OnChangePush) -> None:
        """Have one less."""
        interests = self._all.pop(push, None)
        if interests is None:
            return
        self._outside.pop(push, None)
        for path, named in interests.lists.items():
            if named is None:
                self._any.get(path, {}).pop(push, None)
                continue
            for places, name in self._places(path, named):
                pushes = places.get(name, {})
                pushes.pop(push, None)
                if not pushes:
                    places.pop(name, None)

    def concerns_any(self, touched: Touched) -> bool:
        """Tell whether there is any that what was touched may concern."""
        if touched.outside and self._outside:
            return True
        return any(
            self._any.get(path) or any(True for _ in self._matching(path, keys))
            for path, keys in touched.lists.items()
        )

    def concerned(self, touched: Touched) -> dict[OnChangePush, Touched]:
        """Return those that what was touched may concern, each with that part of it."""
        found: dict[OnChangePush, Touched] = {}
        if touched.outside:
            for push in self._outside:
                found.setdefault(push, Touched()).outside = True
        for path, keys in touched.lists.items():
            for push in self._any.get(path, ()):
                found.setdefault(push, Touched()).lists[path] = keys
            for key, pushes in self._matching(path, keys):
                for push in pushes:
                    found.setdefault(push, Touched()).lists.setdefault(path, {})[key] = None
        return found

    def _places(self, path: str, named: Named) -> Iterator[tuple[dict[Hashable, Pushes], Hashable]]:
        keys, parts = self._keys.setdefault(path, {}), self._parts.setdefault(path, {})
        yield from ((keys, key) for key in named.keys)
        yield from ((parts, part) for part in named.parts)

    def _matching(self, path: str, keys: dict[Key, None]) -> Iterator[tuple[Key, Pushes]]:
        whole, parts = self._keys.get(path), self._parts.get(path)
        if whole:
            for key in keys:
                if key in whole:
                    yield key, whole[key]
        if parts:
            for key in keys:
                for part in enumerate(key):
                    if part in parts:
                        yield key, parts[part]

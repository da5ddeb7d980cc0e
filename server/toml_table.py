"""Reading TOML tables strictly: what is not understood is refused with a sentence.

The sentence names the file, the table and the key, what was found (but no secret) and what is
accepted.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path


class SettingsError(Exception):
    """The settings cannot be used; the message is for the operator."""


class Table:
    """One table; take every key that may be there, then call ``refuse_rest``."""

    def __init__(self, file: Path, name: str, values: Mapping[str, object]) -> None:
        self.file = file
        self.name = name
        self._rest = dict(values)
        self._known: list[str] = []

    def text(self, key: str, default: str, *, secret: bool = False) -> str:
        """A string."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.error(key, "a string", value=None if secret else value)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """An array of strings, empty without the key."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.error(key, "an array of strings", value=value)
        return tuple(value)

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """An integer in a range."""
        value = self._take(key, default)
        # A boolean is an int in Python, not in TOML.
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.error(key, f"an integer from {low} to {high}", value=value)
        return value

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number in a range."""
        value = self._take(key, default)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:  # type: ignore[operator]
            raise self.error(key, f"a number from {low:g} to {high:g}", value=value)
        return float(value)  # type: ignore[arg-type]

    def flag(self, key: str, default: bool) -> bool:
        """A boolean."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "true or false", value=value)
        return value

    def path(self, key: str, default: Path) -> Path:
        """A path; a relative one is relative to the directory of the file."""
        return self.file.parent / self.text(key, str(default))

    def table(self, key: str) -> "Table":
        """A table within this one, empty without the key."""
        return Table(self.file, self._qualified(key), self.plain(key))

    def tables(self, key: str) -> "list[Table]":
        """An array of tables, empty without the key."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.error(key, f"tables [[{self._qualified(key)}]]", value=value)
        name = self._qualified(key)
        return [Table(self.file, f"{name} {n}", each) for n, each in enumerate(value, 1)]

    def plain(self, key: str) -> Mapping[str, object]:
        """A table that somebody else reads."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            raise self.error(key, "a table", value=value)
        return value

    def names(self) -> Iterable[str]:
        """The keys that nobody has taken yet."""
        return tuple(self._rest)

    def refuse_rest(self) -> None:
        """Refuse what was not taken."""
        for key in self._rest:
            known = ", ".join(sorted(self._known)) or "no key at all"
            raise SettingsError(
                f"{self.file}: {self._where()} has no key {key!r}; accepted are: {known}"
            )

    def error(self, key: str, accepted: str, *, value: object = None) -> SettingsError:
        """What to raise when the value of a key is not accepted; no value for a secret one."""
        found = "the value" if value is None else repr(value)[:80]
        place = f"{self.file}: {self._where()}, key {key!r}"
        return SettingsError(f"{place}: {found} is not accepted, it must be {accepted}")

    def _take(self, key: str, default: object) -> object:
        self._known.append(key)
        return self._rest.pop(key, default)

    def _qualified(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def _where(self) -> str:
        return f"table [{self.name}]" if self.name else "the top level"

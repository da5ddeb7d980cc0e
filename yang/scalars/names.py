"""The types whose texts are listed: boolean, enumeration, bits, empty (RFC 7950, 9.5-9.7, 9.11)."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from .values import EMPTY, Empty, InvalidValue, Namespaces, quote, text_of_json

Assigned = tuple[tuple[str, int], ...]
T = TypeVar("T")


class Boolean:
    """boolean; the value is a bool."""

    __slots__ = ("parse", "table")
    name = "boolean"
    contextual = False
    plain = True

    def __init__(self) -> None:
        self.table = _Listed({"true": True, "false": False}, "is neither true nor false")
        self.parse: Callable[[str], bool] = self.table.__getitem__

    def parse_in(self, text: str, namespaces: Namespaces) -> bool:
        """Give ``parse(text)``."""
        return self.parse(text)

    def from_json(self, value: object) -> bool:
        """Give the value of a JSON boolean."""
        if isinstance(value, bool):
            return value
        raise InvalidValue(f"{quote(str(value))} is not a JSON boolean")


class Enumeration:
    """enumeration of (name, value) pairs; the value is the name."""

    __slots__ = ("parse", "table", "values")
    name = "enumeration"
    contextual = False
    plain = True

    def __init__(self, enums: Assigned) -> None:
        self.values: Mapping[str, int] = dict(enums)
        names = {name: name for name, _ in enums}
        self.table = _Listed(names, f"is not one of {listed(names)}")
        self.parse: Callable[[str], str] = self.table.__getitem__

    def parse_in(self, text: str, namespaces: Namespaces) -> str:
        """Give ``parse(text)``."""
        return self.parse(text)

    def from_json(self, value: object) -> str:
        """Give the value of a JSON string."""
        return self.parse(text_of_json(value))


class Bits:
    """bits of (name, position) pairs; the value is the canonical text: names in position order."""

    __slots__ = ("parse", "positions")
    name = "bits"
    contextual = False
    plain = True

    def __init__(self, bits: Assigned) -> None:
        self.positions: Mapping[str, int] = dict(bits)
        self.parse: Callable[[str], str] = self._parse

    def parse_in(self, text: str, namespaces: Namespaces) -> str:
        """Give ``parse(text)``."""
        return self._parse(text)

    def from_json(self, value: object) -> str:
        """Give the value of a JSON string."""
        return self._parse(text_of_json(value))

    def _parse(self, text: str) -> str:
        names = text.translate(_XML_WHITESPACE).split(" ")
        present = {name for name in names if name}
        if len(present) != len(names) - names.count(""):
            raise InvalidValue(f"{quote(text)} names a bit twice")
        for name in present:
            if name not in self.positions:
                known = listed(self.positions)
                raise InvalidValue(f"{quote(name)} is not one of the bits {known}")
        return " ".join(sorted(present, key=self.positions.__getitem__))


class EmptyType:
    """empty; its only value is EMPTY."""

    __slots__ = ("parse", "table")
    name = "empty"
    contextual = False
    plain = False

    def __init__(self) -> None:
        self.table = _Listed({"": EMPTY}, "is not empty")
        self.parse: Callable[[str], Empty] = self.table.__getitem__

    def parse_in(self, text: str, namespaces: Namespaces) -> Empty:
        """Give ``parse(text)``."""
        return self.parse(text)

    def from_json(self, value: object) -> Empty:
        """Give the value of JSON ``[null]`` (RFC 7951, section 6.9)."""
        if value == [None]:
            return EMPTY
        raise InvalidValue(f"{quote(str(value))} is not [null]")


class _Listed(dict[str, T]):
    """Text -> value; a hit runs no Python code."""

    __slots__ = ("_rule",)

    def __init__(self, values: Mapping[str, T], rule: str) -> None:
        super().__init__(values)
        self._rule = rule

    def __missing__(self, text: str) -> T:
        raise InvalidValue(f"{quote(text)} {self._rule}")


_XML_WHITESPACE = str.maketrans("\t\r\n", "   ")
_SHOWN = 8


def listed(names: Mapping[str, object]) -> str:
    """Give the first names, and whether there are more."""
    shown = ", ".join(list(names)[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown}, ..."

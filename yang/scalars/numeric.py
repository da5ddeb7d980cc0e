"""The numbers: int8 to uint64 and decimal64 (RFC 7950, sections 9.2 and 9.3)."""

import re
from collections.abc import Callable
from decimal import Decimal

from .values import InvalidValue, Namespaces, quote, text_of_json

_WHITESPACE = " \t\r\n"
_TABLE_LIMIT = 4096  # values; beyond, a table costs more memory than it saves time

# No more digits than 64 bits need: int() takes quadratic time.
_DECIMAL = re.compile(r"([+-]?)0*([0-9]{1,20})").fullmatch
_HEXADECIMAL = re.compile(r"([+-]?)0[xX]0*([0-9a-fA-F]{1,16})").fullmatch
_OCTAL = re.compile(r"([+-]?)0+([0-7]{1,22})").fullmatch
_FRACTION = re.compile(r"([+-]?)0*([0-9]{1,19})(?:\.([0-9]+))?").fullmatch

Ranges = tuple[tuple[int, int], ...]
DecimalRanges = tuple[tuple[Decimal, Decimal], ...]

_BOUNDS: dict[str, tuple[int, int]] = {
    **{f"int{bits}": (-(1 << bits - 1), (1 << bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, (1 << bits) - 1) for bits in (8, 16, 32, 64)},
}


class Integer:
    """int8 to uint64; ``message`` and ``app_tag`` are those of the range statement."""

    __slots__ = ("app_tag", "message", "name", "parse", "ranges")
    contextual = False
    plain = True

    def __init__(
        self,
        name: str,
        ranges: Ranges = (),
        message: str | None = None,
        app_tag: str | None = None,
    ) -> None:
        self.name = name
        self.ranges = ranges or (_BOUNDS[name],)
        self.message = message
        self.app_tag = app_tag
        count = sum(high - low + 1 for low, high in self.ranges)
        self.parse: Callable[[str], int] = (
            _Table(self._parse).__getitem__ if count <= _TABLE_LIMIT else self._fast()
        )

    def parse_in(self, text: str, namespaces: Namespaces) -> int:
        """Give ``parse(text)``."""
        return self.parse(text)

    def parse_default(self, text: str) -> int:
        """Give the value of a default statement: hexadecimal and octal too (section 9.2.1)."""
        stripped = text.strip(_WHITESPACE)
        for match, base in ((_HEXADECIMAL(stripped), 16), (_OCTAL(stripped), 8)):
            if match:
                return self._in_range(int("".join(match.groups()), base), text)
        return self.parse(text)

    def from_json(self, value: object) -> int:
        """Give the value of a JSON number; a string too for 64 bits (RFC 7951, section 6.1)."""
        if type(value) is int:
            return self._in_range(value, str(value))
        if self.name.endswith("64"):
            return self.parse(text_of_json(value))
        raise InvalidValue(f"{quote(str(value))} is not a JSON number")

    def _fast(self) -> Callable[[str], int]:
        """Give a parser for many values: common texts without a regular expression."""
        (low, high), slow = self.ranges[-1], self._parse  # the last has the most, mostly

        def parse(text: str) -> int:
            # isdecimal alone takes the digits of all scripts; 20 digits are the longest uint64.
            if len(text) <= 20 and text.isdecimal() and text.isascii():
                value = int(text)
                if low <= value <= high:
                    return value
            return slow(text)

        return parse

    def _parse(self, text: str) -> int:
        match = _DECIMAL(text.strip(_WHITESPACE))
        if match is None:
            rule = f"an integer in the range {_described(self.ranges)}"
            raise InvalidValue(f"{quote(text)} is not {rule}")
        return self._in_range(int("".join(match.groups())), text)

    def _in_range(self, value: int, text: str) -> int:
        for low, high in self.ranges:
            if low <= value <= high:
                return value
        message = self.message or f"{quote(text)} is not in the range {_described(self.ranges)}"
        raise InvalidValue(message, self.app_tag)


class Decimal64:
    """decimal64; the value is a Decimal, ``message`` and ``app_tag`` are the range statement's."""

    __slots__ = ("app_tag", "fraction_digits", "message", "parse", "ranges")
    name = "decimal64"
    contextual = False
    plain = False

    def __init__(
        self,
        fraction_digits: int,
        ranges: DecimalRanges = (),
        message: str | None = None,
        app_tag: str | None = None,
    ) -> None:
        low, high = (Decimal(bound).scaleb(-fraction_digits) for bound in _BOUNDS["int64"])
        self.fraction_digits = fraction_digits
        self.ranges = ranges or ((low, high),)
        self.message = message
        self.app_tag = app_tag
        self.parse: Callable[[str], Decimal] = self._parse

    def parse_in(self, text: str, namespaces: Namespaces) -> Decimal:
        """Give ``parse(text)``."""
        return self._parse(text)

    def from_json(self, value: object) -> Decimal:
        """Give the value of a JSON string (RFC 7951, section 6.1)."""
        return self._parse(text_of_json(value))

    def _parse(self, text: str) -> Decimal:
        match = _FRACTION(text.strip(_WHITESPACE))
        if match is None:
            raise InvalidValue(f"{quote(text)} is not a decimal64")
        sign, whole, fraction = match.groups("0")
        fraction = fraction.rstrip("0") or "0"
        if len(fraction) > self.fraction_digits:
            raise InvalidValue(f"{quote(text)} has over {self.fraction_digits} fraction digits")
        value = Decimal(f"{sign}{whole}.{fraction}")
        for low, high in self.ranges:
            if low <= value <= high:
                return value or abs(value)  # there is no "-0.0"
        message = self.message or f"{quote(text)} is not in the range {_described(self.ranges)}"
        raise InvalidValue(message, self.app_tag)


class _Table(dict[str, int]):
    """Canonical text -> value, filled as values come; a hit runs no Python code."""

    __slots__ = ("_slow",)

    def __init__(self, slow: Callable[[str], int]) -> None:
        super().__init__()
        self._slow = slow

    def __missing__(self, text: str) -> int:
        value = self._slow(text)
        if str(value) == text:  # one key per value: " 5", "+5", "05" must not fill memory
            self[text] = value
        return value


def _described(ranges: Ranges | DecimalRanges) -> str:
    """Give the ranges as the range statement writes them."""
    return " | ".join(f"{low}" if low == high else f"{low}..{high}" for low, high in ranges)

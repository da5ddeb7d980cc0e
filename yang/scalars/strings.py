"""Strings with lengths and patterns (RFC 7950, section 9.4).

One regular expression decides, all patterns in it; only a refused text is looked at again, for the
statement that refused it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from .values import InvalidValue, Namespaces, quote, text_of_json

Lengths = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern statement: ``regex`` is the XSD expression ``xsd`` in Python's words."""

    regex: str
    xsd: str
    invert_match: bool = False
    message: str | None = None
    app_tag: str | None = None

    def accepts(self, text: str) -> bool:
        """Tell whether the text matches, or must not and does not."""
        return (re.fullmatch(self.regex, text) is None) is self.invert_match

    def refusal(self, text: str) -> InvalidValue:
        """Say that the text breaks this pattern."""
        verb = "matches" if self.invert_match else "does not match"
        return InvalidValue(
            self.message or f"{quote(text)} {verb} the pattern {self.xsd}", self.app_tag
        )


class String:
    """string; ``message`` and ``app_tag`` are those of the length statement."""

    __slots__ = ("app_tag", "lengths", "message", "parse", "patterns")
    name = "string"
    contextual = False
    plain = True

    def __init__(
        self,
        lengths: Lengths = (),
        patterns: tuple[Pattern, ...] = (),
        message: str | None = None,
        app_tag: str | None = None,
    ) -> None:
        self.lengths = lengths
        self.patterns = patterns
        self.message = message
        self.app_tag = app_tag
        self.parse: Callable[[str], str] = self._parser()

    def parse_in(self, text: str, namespaces: Namespaces) -> str:
        """Give ``parse(text)``."""
        return self.parse(text)

    def from_json(self, value: object) -> str:
        """Give the value of a JSON string."""
        return self.parse(text_of_json(value))

    def _parser(self) -> Callable[[str], str]:
        if not self.patterns:
            return self._length_parser() if self.lengths else str
        match, refusal = re.compile(_conjunction(self.patterns)).fullmatch, self._refusal
        if not self.lengths:

            def parse(text: str) -> str:
                if match(text) is None:
                    raise refusal(text)
                return text

            return parse
        check = self._length_parser()

        def parse_both(text: str) -> str:
            # The length first: it bounds what a pattern that backtracks can cost.
            if match(check(text)) is None:
                raise refusal(text)
            return text

        return parse_both

    def _length_parser(self) -> Callable[[str], str]:
        lengths, refusal = self.lengths, self._refusal
        low, high = lengths[0]

        def parse(text: str) -> str:
            length = len(text)
            if low <= length <= high or any(low <= length <= high for low, high in lengths):
                return text
            raise refusal(text)

        return parse

    def _refusal(self, text: str) -> InvalidValue:
        refusal = length_refusal(self.lengths, len(text), quote(text), self.message, self.app_tag)
        if refusal is not None:
            return refusal
        return next(pattern.refusal(text) for pattern in self.patterns if not pattern.accepts(text))


def length_refusal(
    lengths: Lengths, length: int, what: str, message: str | None, app_tag: str | None
) -> InvalidValue | None:
    """Say why the length is refused, None if it is not."""
    if not lengths or any(low <= length <= high for low, high in lengths):
        return None
    allowed = " | ".join(str(low) if low == high else f"{low}..{high}" for low, high in lengths)
    return InvalidValue(
        message or f"{what} is {length} long, the length must be {allowed}", app_tag
    )


def _conjunction(patterns: tuple[Pattern, ...]) -> str:
    """Give one expression for all patterns: all but the last as look-aheads."""
    *others, last = sorted(patterns, key=lambda pattern: not pattern.invert_match)
    if last.invert_match:
        return "".join(map(_look_ahead, patterns)) + r"[\s\S]*"
    return "".join(map(_look_ahead, others)) + f"(?:{last.regex})"


def _look_ahead(pattern: Pattern) -> str:
    return f"(?{'!' if pattern.invert_match else '='}(?:{pattern.regex})\\Z)"

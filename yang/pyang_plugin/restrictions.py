"""Ranges, lengths and patterns of a type and its typedefs -> text (RFC 7950, section 9)."""

from collections.abc import Iterator
from typing import Any

from yang.pyang_plugin.patterns import python_regex

LONGEST = 2**64 - 1
"""The greatest length of a string or of octets (section 9.4.4)."""


def has_restrictions(chain: list[Any]) -> bool:
    """Tell whether a string type is narrowed at all."""
    return any(t.search_one("pattern") or t.search_one("length") for t in chain)


def string_text(chain: list[Any]) -> str:
    """Return the constructor of a string type."""
    lengths = restricted("length", chain, ((0, LONGEST),), int)
    shown = () if lengths == ((0, LONGEST),) else lengths
    patterns = "".join(
        f"{_pattern_text(pattern)}, "
        for each in reversed(chain)
        for pattern in each.search("pattern")
    )
    return f"t.String({shown!r}, ({patterns}){message_text('length', chain)})"


def _pattern_text(pattern: Any) -> str:
    invert = pattern.search_one("modifier") is not None
    return (
        f"t.Pattern({python_regex(pattern.arg)!r}, {pattern.arg!r}, {invert}, "
        f"{_arg(pattern, 'error-message')!r}, {_arg(pattern, 'error-app-tag')!r})"
    )


def restricted(keyword: str, chain: list[Any], widest: Any, number: Any) -> Any:
    """Return the ranges in force: the innermost statement, min and max by what it restricts."""
    current = widest
    for each in reversed(chain):
        statement = each.search_one(keyword)
        if statement is not None:
            current = tuple(_parts(statement.arg, current, number))
    return current


def _parts(text: str, within: Any, number: Any) -> Iterator[tuple[Any, Any]]:
    for part in text.split("|"):
        low, _, high = (bound.strip() for bound in part.partition(".."))
        yield _bound(low, within, number), _bound(high or low, within, number)


def _bound(text: str, within: Any, number: Any) -> Any:
    if text == "min":
        return within[0][0]
    return within[-1][1] if text == "max" else number(text)


def message_text(keyword: str, chain: list[Any]) -> str:
    """Return the error-message and error-app-tag of the statement, as further arguments."""
    for each in chain:
        statement = each.search_one(keyword)
        if statement is not None:
            message, tag = _arg(statement, "error-message"), _arg(statement, "error-app-tag")
            return f", {message!r}, {tag!r}" if message or tag else ""
    return ""


def _arg(statement: Any, keyword: str) -> str | None:
    found = statement.search_one(keyword)
    return None if found is None else " ".join(found.arg.split())

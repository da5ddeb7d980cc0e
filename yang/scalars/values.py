"""What a YANG value is in Python, and its canonical text.

The law here: equal values of one type have equal canonical text, and parsing that text gives the
value back.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Protocol


class InvalidValue(ValueError):
    """A text is not in the value space of its type.

    ``message`` is one sentence that names the value and the rule, or the error-message of the
    YANG statement that was broken; ``app_tag`` is that statement's error-app-tag (RFC 7950,
    section 7.5.4).
    """

    def __init__(self, message: str, app_tag: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.app_tag = app_tag


class Empty(Enum):
    """The only value of the type ``empty``."""

    EMPTY = ""


EMPTY = Empty.EMPTY


class Identity(str):
    """The value of an identityref, ``module:name`` (RFC 7951, section 6.8)."""

    __slots__ = ()


class InstancePath(str):
    """The value of an instance-identifier, as in JSON (RFC 7951, section 6.11)."""

    __slots__ = ()


Value = int | str | bool | Decimal | bytes | Empty
JsonValue = int | str | bool | list[None]
SortKey = int | str | bool | Decimal | bytes
Namespaces = Mapping[str | None, str]


class ScalarType(Protocol):
    """A leaf's type: XML text in, canonical value out."""

    @property
    def name(self) -> str:
        """The built-in type's name."""

    @property
    def contextual(self) -> bool:
        """Whether XML text means something only with the prefixes in scope (``parse_in``)."""

    @property
    def plain(self) -> bool:
        """Whether every value is a str, int or bool and JSON carries it as it is."""

    @property
    def parse(self) -> Callable[[str], Value]:
        """The value of a text, '' for an empty element; raises InvalidValue.

        A contextual type takes its canonical text here: module names for prefixes.
        """

    def parse_in(self, text: str, namespaces: Namespaces) -> Value:
        """Give the value of XML text whose prefixes are bound by ``namespaces``."""

    def from_json(self, value: object) -> Value:
        """Give the value that ``to_json`` wrote; raises InvalidValue."""


def canonical(value: Value) -> str:
    """Give the canonical text (RFC 7950, section 9)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return _CANONICAL[type(value)](value)


def sort_key(value: Value) -> SortKey:
    """Give something totally ordered within one type; for a union use its ``sort_key_of``."""
    return "" if isinstance(value, Empty) else value


def to_json(value: Value) -> JsonValue:
    """Give what ``from_json`` of the value's type reads: plain values as they are.

    Unlike RFC 7951, integers of 64 bits are numbers here; ``from_json`` takes both.
    """
    if isinstance(value, Empty):
        return [None]
    return canonical(value) if isinstance(value, Decimal | bytes) else value


def text_of_json(value: object) -> str:
    """Give a JSON string, refuse the rest."""
    if isinstance(value, str):
        return value
    raise InvalidValue(f"{quote(str(value))} is not a JSON string")


def quote(text: str) -> str:
    """Give the text quoted for a message, no longer than a line."""
    return repr(text if len(text) <= _QUOTED else f"{text[:_QUOTED]}...")


_QUOTED = 80


def _decimal_text(value: Decimal) -> str:
    """Give at least one digit on both sides of the point, no others that are zero (9.3.2)."""
    text = format(value, "f")
    if "." not in text:
        return f"{text}.0"
    text = text.rstrip("0")
    return f"{text}0" if text[-1] == "." else text


_CANONICAL: Mapping[type, Callable[..., str]] = {
    int: str,
    Decimal: _decimal_text,
    bytes: lambda value: b64encode(value).decode("ascii"),
    Empty: lambda value: "",
}

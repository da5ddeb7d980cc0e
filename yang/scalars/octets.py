"""binary (RFC 7950, section 9.8)."""

from binascii import Error, a2b_base64
from collections.abc import Callable

from .strings import Lengths, length_refusal
from .values import InvalidValue, Namespaces, quote, text_of_json

_NO_WHITESPACE = str.maketrans("", "", " \t\r\n")


class Binary:
    """binary; the value is bytes, lengths count octets.

    White space is skipped, as XSD's base64Binary does: certificates come in wrapped lines.
    """

    __slots__ = ("app_tag", "lengths", "message", "parse")
    name = "binary"
    contextual = False
    plain = False

    def __init__(
        self, lengths: Lengths = (), message: str | None = None, app_tag: str | None = None
    ) -> None:
        self.lengths = lengths
        self.message = message
        self.app_tag = app_tag
        self.parse: Callable[[str], bytes] = self._parse

    def parse_in(self, text: str, namespaces: Namespaces) -> bytes:
        """Give ``parse(text)``."""
        return self._parse(text)

    def from_json(self, value: object) -> bytes:
        """Give the value of a JSON string."""
        return self._parse(text_of_json(value))

    def _parse(self, text: str) -> bytes:
        encoded = text.translate(_NO_WHITESPACE)
        try:
            value = a2b_base64(encoded, strict_mode=True)
        except (Error, ValueError):  # ValueError: not ASCII
            raise _refusal(text) from None
        if len(encoded) != (len(value) + 2) // 3 * 4:  # strict, yet it lets "QUJD=" pass
            raise _refusal(text)
        refusal = length_refusal(
            self.lengths, len(value), "the binary value", self.message, self.app_tag
        )
        if refusal is not None:
            raise refusal
        return value


def _refusal(text: str) -> InvalidValue:
    return InvalidValue(f"{quote(text)} is not base64")

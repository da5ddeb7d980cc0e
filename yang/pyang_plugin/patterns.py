"""XSD regular expressions (RFC 7950, section 9.4.5) in Python's words.

Used while bindings are generated; they hold the Python text and need only ``re``.
"""

import re

from elementpath.regex import RegexError, translate_pattern

_HEAD, _TAIL = "^(?:", r")$(?!\n\Z)"

# Outside brackets elementpath leaves these as they are, and Python reads them otherwise: its \w is
# not XSD's, its \s takes the spaces of all scripts.
_MISREAD = {r"\w": r"[\w]", r"\W": r"[\W]", r"\s": r"[\s]", r"\S": r"[\S]"}
_TOKEN = re.compile(r"\\.|.", re.DOTALL)


def python_regex(xsd: str) -> str:
    """Give the expression for ``re.fullmatch``, without capturing groups; raises ValueError."""
    try:
        # Version 1.1 only to let "[a-z-9]" pass, which version 1.0 has no meaning for.
        translated = translate_pattern(
            _with_classes(xsd),
            xsd_version="1.1",
            back_references=False,
            lazy_quantifiers=False,
            anchors=False,
        )
        regex = translated.removeprefix(_HEAD).removesuffix(_TAIL)
        re.compile(regex)
    except (RegexError, re.error) as error:
        raise ValueError(f"the pattern {xsd!r} is not an XSD regular expression: {error}") from None
    return regex


def _with_classes(xsd: str) -> str:
    """Give the expression with the misread escapes put in brackets."""
    pieces: list[str] = []
    depth = 0
    for token in _TOKEN.findall(xsd):
        depth += (token == "[") - (token == "]")
        pieces.append(token if depth else _MISREAD.get(token, token))
    return "".join(pieces)

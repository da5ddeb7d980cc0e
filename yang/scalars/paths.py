"""The text of an instance-identifier, read name by name (RFC 7950, section 9.13 and 14).

Three notations share one grammar and differ only in what stands before a name's colon: XML (the
prefix in scope, always), JSON and canonical (the module, where it is not the parent's), and XPath
in this server's own words.
"""

import re
from collections.abc import Callable, Iterator

from .values import InvalidValue, quote

_WS = r"[ \t\r\n]*"
_NAME = r"(?:([^\W\d][\w.\-]*):)?([A-Za-z_][A-Za-z0-9_.\-]*)"
_STEP = re.compile(f"/{_NAME}").match
_PREDICATE = re.compile(
    rf"""\[{_WS}(?:(?:{_NAME}|(\.)){_WS}={_WS}("[^"]*"|'[^']*')|([1-9][0-9]*)){_WS}\]"""
).match

Resolve = Callable[[str | None, str | None], str]  # prefix, parent's module -> module
Write = Callable[[str, str, str | None], str]  # module, name, parent's module -> text


def rewrite(text: str, resolve: Resolve, write: Write) -> str:
    """Give the path with every name resolved to its module and written anew."""
    pieces: list[str] = []
    position, module = 0, None
    while position < len(text) or not pieces:
        step = _STEP(text, position)
        if step is None:
            raise InvalidValue(f"{quote(text)} is not an instance-identifier")
        parent, module = module, resolve(step[1], module)
        pieces += "/", write(module, step[2], parent)
        position = step.end()
        while predicate := _PREDICATE(text, position):
            pieces.append(_predicate(predicate, module, resolve, write))
            position = predicate.end()
    return "".join(pieces)


def _predicate(predicate: re.Match[str], module: str, resolve: Resolve, write: Write) -> str:
    prefix, name, _, quoted, index = predicate.groups()
    if index is not None:
        return f"[{index}]"
    left = "." if name is None else write(resolve(prefix, module), name, module)
    return f"[{left}={_requoted(quoted)}]"


def _requoted(quoted: str) -> str:
    """Give the literal in apostrophes, unless it has one."""
    text = quoted[1:-1]
    return quoted if "'" in text else f"'{text}'"


Predicate = tuple[str, str] | int
"""The name of a key, or ``.``, and its text; or a position."""


def steps(text: str) -> Iterator[tuple[str, str, tuple[Predicate, ...]]]:
    """Yield module, name and predicates of each step of a canonical path."""
    position, module = 0, None
    while position < len(text):
        step = _STEP(text, position)
        if step is None:
            raise InvalidValue(f"{quote(text)} is not an instance-identifier")
        module = in_modules(step[1], module)
        position = step.end()
        found: list[Predicate] = []
        while predicate := _PREDICATE(text, position):
            _, name, _, quoted, index = predicate.groups()
            found.append(int(index) if index is not None else (name or ".", quoted[1:-1]))
            position = predicate.end()
        yield module, step[2], tuple(found)


def in_modules(prefix: str | None, parent: str | None) -> str:
    """Resolve a name of the canonical notation: no prefix means the parent's module."""
    module = prefix or parent
    if module is None:
        raise InvalidValue("the first name of an instance-identifier has no module name")
    return module


def briefly(module: str, name: str, parent: str | None) -> str:
    """Write a name in the canonical notation (RFC 7951, section 6.11)."""
    return name if module == parent else f"{module}:{name}"

"""Which statements an ``if-feature`` leaves in (RFC 7950, section 7.20.2)."""

import re
from typing import Any

from pyang import util

_TOKEN = re.compile(r"\(|\)|[^\s()]+")


def is_supported(statement: Any, context: Any) -> bool:
    """Tell whether all if-features of the statement hold in this module set."""
    return all(
        _evaluate(_TOKEN.findall(condition.arg), condition, context)
        for condition in statement.search("if-feature")
    )


def supported_features(module: Any, context: Any) -> tuple[str, ...]:
    """Return the features of a module that the set supports."""
    names = list(module.i_features)
    chosen = context.features.get(module.arg)
    return tuple(name for name in names if chosen is None or name in chosen)


def _evaluate(tokens: list[str], condition: Any, context: Any) -> bool:
    """Recursive descent over the grammar of RFC 7950, section 14: or, and, not, parentheses."""

    def disjunction() -> bool:
        value = conjunction()
        while tokens and tokens[0] == "or":
            tokens.pop(0)
            value = conjunction() or value
        return value

    def conjunction() -> bool:
        value = factor()
        while tokens and tokens[0] == "and":
            tokens.pop(0)
            value = factor() and value
        return value

    def factor() -> bool:
        token = tokens.pop(0)
        if token == "not":
            return not factor()
        if token == "(":
            value = disjunction()
            tokens.pop(0)
            return value
        return _is_on(token, condition, context)

    return disjunction()


def _is_on(name: str, condition: Any, context: Any) -> bool:
    prefix, _, feature = name.rpartition(":")
    module = condition.i_orig_module
    if prefix:
        module = util.prefix_to_module(module, prefix, condition.pos, context.errors)
    chosen = context.features.get(module.i_modulename)
    return chosen is None or feature in chosen

"""Text -> expression (XPath 1.0, sections 2 and 3).

The law: whatever is wrong with the text is one ``BadXPath`` that says what and where. The length
and the depth of an expression are bounded, so that reading it is too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.xpath.expressions import (
    ANY_NODE,
    ATTRIBUTE,
    AXES,
    CHILD,
    SELF,
    Call,
    Expression,
    Filtered,
    KindTest,
    Literal,
    NameTest,
    Negative,
    Number,
    Operation,
    Path,
    Step,
)

MOST_CHARACTERS = 16_384
"""Characters of the longest expression taken."""
MOST_LEVELS = 40
"""Levels of parentheses and predicates."""
MOST_STEPS = 100
"""Steps of one path."""
MOST_CHANGES = 200
"""Times that operators of one strength alternate, as in ``1 + 2 - 3 + 4``."""

_NAME = r"[^\W\d][\w.\-\u00b7]*"
_TOKEN = re.compile(
    rf"""[ \t\r\n]*(?:
        (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
      | (?P<literal>"[^"]*"|'[^']*')
      | (?P<variable>\$(?:{_NAME}:)?{_NAME})
      | (?P<name>{_NAME}(?::(?:{_NAME}|\*))?(?!:(?!:)))
      | (?P<symbol>::|//|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*])
    )""",
    re.VERBOSE,
)
_KINDS = ("node", "text", "comment", "processing-instruction")
_OPERATOR_NAMES = ("and", "or", "mod", "div")
_LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
"""Binary operators, the weakest first (XPath 1.0, section 3.5)."""

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    **{name: (0, 0) for name in ("last", "position", "true", "false", "current")},
    **{name: (0, 1) for name in ("local-name", "namespace-uri", "name", "string", "number")},
    **{name: (0, 1) for name in ("string-length", "normalize-space")},
    **{name: (1, 1) for name in ("count", "id", "boolean", "not", "lang", "sum", "deref")},
    **{name: (1, 1) for name in ("floor", "ceiling", "round", "enum-value")},
    **{name: (2, 2) for name in ("starts-with", "contains", "substring-before")},
    **{name: (2, 2) for name in ("substring-after", "re-match", "bit-is-set")},
    **{name: (2, 2) for name in ("derived-from", "derived-from-or-self")},
    "concat": (2, 10_000),
    "substring": (2, 3),
    "translate": (3, 3),
}
"""The functions of XPath 1.0, section 4, and RFC 7950, section 10: fewest and most arguments."""

_ROOT = Path(True, ())


class BadXPath(ValueError):
    """A text that is no XPath 1.0 expression, or names what nobody knows."""


def parse(
    text: str, namespaces: Mapping[str | None, str], current: Expression = _ROOT
) -> Expression:
    """Return the expression; prefixes are those of ``namespaces``.

    A name without a prefix is of any namespace: clients leave it out, and no node of a datastore
    is without one. ``current`` is what current() means; the context node of a filter is the root
    (RFC 8526, get-data).
    """
    if len(text) > MOST_CHARACTERS:
        raise BadXPath(f"the XPath has {len(text)} characters, the most are {MOST_CHARACTERS}")
    return _Parser(text, namespaces, current).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position, end = 0, len(text.rstrip(" \t\r\n"))
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise BadXPath(f"{_shown(text)} is no XPath: {text[position:end][:20]!r} is not known")
        kind, word = match.lastgroup, match[match.lastgroup]
        # Behind what can end an operand, a name or a star is an operator (section 3.7).
        ends = found and (
            found[-1].kind in ("number", "literal", "variable", "name")
            or found[-1].text in (")", "]", ".", "..")
            or (found[-1].kind, found[-1].text) == ("star", "*")
        )
        if ends and (word == "*" or word in _OPERATOR_NAMES):
            kind = "operator"
        elif word == "*":
            kind = "star"
        found.append(_Token(kind, word, match.start(match.lastgroup)))
        position = match.end()
    return found


class _Parser:
    def __init__(
        self, text: str, namespaces: Mapping[str | None, str], current: Expression
    ) -> None:
        self._text, self._namespaces, self._current = text, namespaces, current
        self._tokens = _tokens(text)
        self._next = 0
        self._depth = self._changes = 0

    def whole(self) -> Expression:
        found = self._expression()
        if self._next < len(self._tokens):
            raise self._bad(f"{self._tokens[self._next].text!r} is not expected")
        return found

    # ---- tokens

    def _peek(self, ahead: int = 0) -> _Token:
        at = self._next + ahead
        return self._tokens[at] if at < len(self._tokens) else _Token("end", "", len(self._text))

    def _take(self) -> _Token:
        token = self._peek()
        self._next += 1
        return token

    def _is(self, *symbols: str) -> bool:
        token = self._peek()
        return token.kind in ("symbol", "operator", "star") and token.text in symbols

    def _expect(self, symbol: str) -> None:
        if not self._is(symbol):
            raise self._bad(f"{symbol!r} is missing")
        self._next += 1

    def _bad(self, what: str) -> BadXPath:
        at = self._peek().at
        where = "at its end" if at >= len(self._text) else f"at {self._text[at : at + 20]!r}"
        return BadXPath(f"{_shown(self._text)} is no XPath 1.0: {where}, {what}")

    # ---- expressions

    def _expression(self, level: int = 0) -> Expression:
        if level == 0:
            self._depth += 1
            if self._depth > MOST_LEVELS:
                raise self._bad(f"there are more than {MOST_LEVELS} levels")
        if level == len(_LEVELS):
            return self._unary()
        left = self._expression(level + 1)
        while self._is_operator(_LEVELS[level]):
            operator = self._peek().text
            operands = [left]
            while self._is_operator((operator,)):
                self._next += 1
                operands.append(self._expression(level + 1))
            # Each further operator of this strength makes the expression one level deeper.
            self._changes += isinstance(left, Operation) and left.operator in _LEVELS[level]
            left = Operation(operator, tuple(operands))
            if self._changes > MOST_CHANGES:
                raise self._bad(f"operators alternate more than {MOST_CHANGES} times")
        if level == 0:
            self._depth -= 1
        return left

    def _is_operator(self, operators: tuple[str, ...]) -> bool:
        token = self._peek()
        return token.text in operators and token.kind in ("operator", "symbol")

    def _unary(self) -> Expression:
        minus = 0
        while self._is("-"):
            self._next += 1
            minus += 1
        found = self._union()
        # Two of them still make a number of what they stand before.
        for _ in range(2 - minus % 2 if minus else 0):
            found = Negative(found)
        return found

    def _union(self) -> Expression:
        operands = [self._path()]
        while self._is("|"):
            self._next += 1
            operands.append(self._path())
        return operands[0] if len(operands) == 1 else Operation("|", tuple(operands))

    def _path(self) -> Expression:
        if self._is("/"):
            self._next += 1
            steps = self._relative() if self._starts_step() else ()
            return Path(True, steps)
        if self._is("//"):
            self._next += 1
            return Path(True, (ANY_NODE, *self._relative()))
        if not self._starts_primary():
            return Path(False, self._relative())
        start = self._filtered()
        if self._is("/", "//"):
            slashes = self._take().text
            steps = self._relative()
            steps = steps if slashes == "/" else (ANY_NODE, *steps)
            return Path(True, steps) if start == _ROOT else Path(False, steps, start)
        return start

    def _filtered(self) -> Expression:
        primary = self._primary()
        predicates = self._predicates()
        return Filtered(primary, predicates) if predicates else primary

    def _starts_primary(self) -> bool:
        token = self._peek()
        if token.kind == "name":
            return self._peek(1).text == "(" and token.text not in _KINDS
        return token.kind in ("number", "literal", "variable") or token.text == "("

    def _primary(self) -> Expression:
        token = self._take()
        if token.kind == "number":
            return Number(token.text)
        if token.kind == "literal":
            return Literal(token.text[1:-1])
        if token.kind == "variable":
            raise BadXPath(f"there is no variable {token.text}: a filter has none")
        if token.text == "(":
            inner = self._expression()
            self._expect(")")
            return inner
        return self._call(token.text)

    def _call(self, name: str) -> Expression:
        self._expect("(")
        arguments: list[Expression] = []
        while not self._is(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._expression())
        self._expect(")")
        if name not in FUNCTIONS:
            raise BadXPath(f"there is no function {name}() in XPath 1.0 or RFC 7950")
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(arguments) <= most:
            wanted = fewest if fewest == most else f"{fewest} to {most}"
            raise BadXPath(f"{name}() takes {wanted} arguments, not {len(arguments)}")
        return self._current if name == "current" else Call(name, tuple(arguments))

    # ---- steps

    def _relative(self) -> tuple[Step, ...]:
        steps = [self._step()]
        while self._is("/", "//"):
            if self._take().text == "//":
                steps.append(ANY_NODE)
            steps.append(self._step())
            if len(steps) > MOST_STEPS:
                raise self._bad(f"a path has more than {MOST_STEPS} steps")
        return tuple(steps)

    def _starts_step(self) -> bool:
        token = self._peek()
        return token.kind in ("name", "star") or token.text in (".", "..", "@")

    def _step(self) -> Step:
        if self._is("."):
            self._next += 1
            return Step(SELF, KindTest("node"))
        if self._is(".."):
            self._next += 1
            return Step("parent", KindTest("node"))
        axis = self._axis()
        test = self._test(axis)
        return Step(axis, test, self._predicates())

    def _axis(self) -> str:
        if self._is("@"):
            self._next += 1
            return ATTRIBUTE
        if self._peek(1).text != "::":
            return CHILD
        axis = self._peek().text
        if axis not in AXES:
            raise self._bad(f"{axis!r} is no axis")
        self._next += 2
        return axis

    def _test(self, axis: str) -> NameTest | KindTest:
        token = self._peek()
        if token.kind == "star":
            self._next += 1
            return NameTest(None, "*")
        if token.kind != "name":
            raise self._bad("the name of a node is missing")
        self._next += 1
        if self._is("(") and token.text in _KINDS:
            return self._kind_test(token.text)
        return self._name_test(token.text, axis)

    def _kind_test(self, kind: str) -> KindTest:
        self._expect("(")
        target = None
        if kind == "processing-instruction" and self._peek().kind == "literal":
            target = self._take().text[1:-1]
        self._expect(")")
        return KindTest(kind, target)

    def _name_test(self, text: str, axis: str) -> NameTest:
        prefix, colon, name = text.rpartition(":")
        if not colon:
            # An attribute without a prefix is in no namespace.
            return NameTest("" if axis == ATTRIBUTE else None, name)
        namespace = self._namespaces.get(prefix)
        if namespace is None:
            raise BadXPath(
                f"the prefix {prefix!r} of {text} is not declared; give xmlns:{prefix}='...' on"
                " the element that holds the XPath or around it"
            )
        return NameTest(namespace, name)

    def _predicates(self) -> tuple[Expression, ...]:
        found = []
        while self._is("["):
            self._next += 1
            found.append(self._expression())
            self._expect("]")
        return tuple(found)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:80]}...")

"""union (RFC 7950, section 9.12): the first member that takes a text decides."""

from collections.abc import Callable

from .names import Boolean, EmptyType, Enumeration
from .values import InvalidValue, Namespaces, ScalarType, Value, canonical, quote


class Union:
    """union of other types; its values can be of several Python types."""

    __slots__ = ("contextual", "members", "parse", "plain")
    name = "union"

    def __init__(self, members: tuple[ScalarType, ...]) -> None:
        self.members = members
        self.contextual = any(member.contextual for member in members)
        self.plain = all(member.plain for member in members)
        self.parse: Callable[[str], Value] = self._parser()

    def parse_in(self, text: str, namespaces: Namespaces) -> Value:
        """Give the value of the first member that takes the text in this context."""
        for member in self.members:
            try:
                return member.parse_in(text, namespaces)
            except InvalidValue:
                continue
        raise self._refusal(text, lambda member: member.parse_in(text, namespaces))

    def from_json(self, value: object) -> Value:
        """Give the value of the first member that takes the JSON value."""
        for member in self.members:
            try:
                return member.from_json(value)
            except InvalidValue:
                continue
        raise self._refusal(str(value), lambda member: member.from_json(value))

    def sort_key_of(self, value: Value) -> str:
        """Give the canonical text: members' values cannot be compared with one another."""
        return canonical(value)

    def _parser(self) -> Callable[[str], Value]:
        head, rest = _split(self.members)
        parsers, refusal = tuple(member.parse for member in rest), self._refusal

        def parse(text: str) -> Value:
            for parse_member in parsers:
                try:
                    return parse_member(text)
                except InvalidValue:
                    continue
            raise refusal(text, lambda member: member.parse(text))

        return _Head(head, parse).__getitem__ if head else parse

    def _refusal(self, text: str, read: Callable[[ScalarType], Value]) -> InvalidValue:
        """Tell what each member has against the text: the rule is that of all of them."""
        subject = f"{quote(text)} "
        reasons: dict[str, None] = {}
        for member in self.members:
            try:
                read(member)
            except InvalidValue as reason:
                reasons[reason.message.removeprefix(subject)] = None
        return InvalidValue(subject + ", and ".join(reasons))


class _Head(dict[str, Value]):
    """The texts of the first members in one table; others are up to the rest of the members."""

    __slots__ = ("_rest",)

    def __init__(self, values: dict[str, Value], rest: Callable[[str], Value]) -> None:
        super().__init__(values)
        self._rest = rest

    def __missing__(self, text: str) -> Value:
        return self._rest(text)


def _split(members: tuple[ScalarType, ...]) -> tuple[dict[str, Value], tuple[ScalarType, ...]]:
    """Give what the first members list, as far as they list their texts, and the other members."""
    head: dict[str, Value] = {}
    for index, member in enumerate(members):
        if not isinstance(member, Boolean | EmptyType | Enumeration):
            return head, members[index:]
        head = {**member.table, **head}  # the earlier member wins
    return head, ()

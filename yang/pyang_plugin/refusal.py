"""How the generator says that it cannot do something: never by leaving it out."""

from typing import Any


class CannotGenerate(Exception):
    """A statement that no binding can be made for, with its place in the source."""

    def __init__(self, statement: Any, reason: str) -> None:
        super().__init__(f"{statement.pos}: {statement.keyword} {statement.arg!r}: {reason}")

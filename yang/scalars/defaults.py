"""Default statements: a YANG module may write integers that XML may not (RFC 7950, 9.2.1)."""

from .numeric import Integer
from .references import LeafRef
from .unions import Union
from .values import InvalidValue, ScalarType, Value


def parse_default(scalar: ScalarType, text: str) -> Value:
    """Give the value of a default statement; names in it must be canonical (``module:name``)."""
    match scalar:
        case Integer():
            return scalar.parse_default(text)
        case LeafRef():
            return parse_default(scalar.target, text)
        case Union():
            return _first(scalar, text)
        case _:
            return scalar.parse(text)


def _first(union: Union, text: str) -> Value:
    for member in union.members:
        try:
            return parse_default(member, text)
        except InvalidValue:
            continue
    return union.parse(text)  # raises

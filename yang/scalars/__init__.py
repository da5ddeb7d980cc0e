"""The built-in types of YANG 1.1 at run time (RFC 7950, section 9): text -> value -> text.

A type is an object with ``parse``; the generated bindings make them. A value is an int, a str, a
bool, a Decimal, bytes or EMPTY, always in its canonical form, so equality is Python's.
"""

from .defaults import parse_default
from .names import Bits, Boolean, EmptyType, Enumeration
from .numeric import Decimal64, Integer
from .octets import Binary
from .references import (
    IdentityRef,
    InstanceIdentifier,
    LeafRef,
    NodeInstanceIdentifier,
    xml_text,
)
from .sorting import key_getter, sort_key_function
from .strings import Pattern, String
from .typedefs import CANONICAL_TYPEDEFS, CanonicalString
from .unions import Union
from .values import (
    EMPTY,
    Empty,
    Identity,
    InstancePath,
    InvalidValue,
    JsonValue,
    Namespaces,
    ScalarType,
    SortKey,
    Value,
    canonical,
    quote,
    sort_key,
    to_json,
)

__all__ = [
    "CANONICAL_TYPEDEFS",
    "EMPTY",
    "Binary",
    "Bits",
    "Boolean",
    "CanonicalString",
    "Decimal64",
    "Empty",
    "EmptyType",
    "Enumeration",
    "Identity",
    "IdentityRef",
    "InstanceIdentifier",
    "InstancePath",
    "Integer",
    "InvalidValue",
    "JsonValue",
    "LeafRef",
    "Namespaces",
    "NodeInstanceIdentifier",
    "Pattern",
    "ScalarType",
    "SortKey",
    "String",
    "Union",
    "Value",
    "canonical",
    "key_getter",
    "parse_default",
    "quote",
    "sort_key",
    "sort_key_function",
    "to_json",
    "xml_text",
]

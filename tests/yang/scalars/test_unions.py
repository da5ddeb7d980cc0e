from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yang.scalars import (
    EMPTY,
    Binary,
    Boolean,
    Decimal64,
    EmptyType,
    Enumeration,
    IdentityRef,
    Integer,
    InvalidValue,
    String,
    Union,
    Value,
    canonical,
    parse_default,
    to_json,
)

KIND = IdentityRef(("m:kind",), {"urn:m": "m"})
MIXED = Union(
    (
        EmptyType(),
        Integer("uint8"),
        Boolean(),
        Enumeration((("any", 0),)),
        KIND,
        Decimal64(2),
        Binary(((3, 3),)),
        String(((0, 20),)),
    )
)

TEXTS = ["", "5", " 5", "256", "true", "any", "m:kind", "1.50", "QUJD", "hello", "0x1"]


def test_the_first_member_that_takes_the_text_decides() -> None:
    values = [MIXED.parse(text) for text in TEXTS]
    assert [type(value).__name__ for value in values] == [
        *("Empty", "int", "int", "Decimal", "bool", "str", "Identity", "Decimal", "bytes"),
        *("str", "str"),
    ]
    assert values[0] is EMPTY


@given(st.sampled_from(TEXTS) | st.text(max_size=20))
def test_union_values_come_back(text: str) -> None:
    value = MIXED.parse(text)
    for again in (MIXED.parse(canonical(value)), MIXED.from_json(to_json(value))):
        assert (again, type(again)) == (value, type(value))


def test_keys_of_all_members_can_be_compared() -> None:
    values: list[Value] = [MIXED.parse(text) for text in TEXTS]
    assert sorted(MIXED.sort_key_of(value) for value in values)


def test_members_that_need_prefixes_get_them() -> None:
    union = Union((Integer("uint8"), KIND))
    assert (union.contextual, union.plain) == (True, False)
    assert union.parse_in("p:kind", {"p": "urn:m"}) == "m:kind"
    assert union.parse_in("7", {}) == 7
    with pytest.raises(InvalidValue):
        union.parse_in("q:kind", {"p": "urn:m"})


def test_a_refusal_tells_the_rule_of_each_member() -> None:
    union = Union((Integer("uint8", ((0, 63),)), Enumeration((("af11", 10), ("ef", 46)))))
    for refused in (union.parse, partial(union.parse_in, namespaces={})):
        with pytest.raises(InvalidValue) as told:
            refused("64")
        assert told.value.message == ("'64' is not in the range 0..63, and is not one of af11, ef")
    with pytest.raises(InvalidValue, match=r"'x' is not an integer in the range 0..63, and is not"):
        union.parse("x")


def test_a_refusal_tells_a_rule_of_two_members_once() -> None:
    with pytest.raises(InvalidValue) as told:
        Union((Integer("uint8"), Integer("uint8"))).parse("x")
    assert told.value.message == "'x' is not an integer in the range 0..255"


def test_a_plain_union() -> None:
    union = Union((Integer("uint8"), Boolean()))
    assert (union.contextual, union.plain) == (False, True)
    for text in ("x", "300", ""):
        with pytest.raises(InvalidValue):
            union.parse(text)
    with pytest.raises(InvalidValue):
        union.from_json("5")


def test_default_statement_of_a_union_may_be_hexadecimal() -> None:
    assert parse_default(Union((Boolean(), Integer("uint8"))), "0x10") == 16
    with pytest.raises(InvalidValue):
        parse_default(Union((Boolean(), Integer("uint8"))), "0x100")

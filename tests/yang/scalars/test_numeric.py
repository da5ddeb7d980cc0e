from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yang.scalars import Decimal64, Integer, InvalidValue, canonical

SMALL = Integer("uint8", ((0, 63),))
WIDE = Integer("int64")
SPLIT = Integer("uint16", ((1, 4), (10, 10), (100, 60000)))
CENTS = Decimal64(2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("+5", 5),
        ("-0", 0),
        ("005", 5),
        (" 5\r\n\t", 5),
        ("0" * 5000 + "5", 5),
        ("010", 10),  # octal is for default statements only
    ],
)
def test_integer_texts(text: str, value: int) -> None:
    assert SMALL.parse(text) == value
    assert WIDE.parse(text) == value


HOSTILE_INTEGERS = [
    *("", " ", "+", "-", "--5", "+-5", "- 5", "5 5", "5.0", "5e1", "1_0", "0x10", "0b1", "5\x00"),
    *("\u0665", "\uff15", "\u00b2", "\u216b", "\u22125", "\u00a05", "\u20035", "five", "NaN"),
    *("9" * 21, "9" * 100_000, "-9223372036854775809", "9223372036854775808"),
]


@pytest.mark.parametrize("text", HOSTILE_INTEGERS)
def test_integer_refuses(text: str) -> None:
    for integer in (SMALL, WIDE, SPLIT):
        with pytest.raises(InvalidValue):
            integer.parse(text)


def test_range_message_names_value_and_range() -> None:
    with pytest.raises(InvalidValue) as caught:
        SMALL.parse("70")
    assert caught.value.message == "'70' is not in the range 0..63"
    with pytest.raises(InvalidValue, match=r"1\.\.4 \| 10 \| 100\.\.60000"):
        SPLIT.parse("11")


def test_range_message_and_tag_of_the_module_win() -> None:
    dscp = Integer("uint8", ((0, 63),), "six bits, please", "too-wide")
    with pytest.raises(InvalidValue) as caught:
        dscp.parse("64")
    assert (caught.value.message, caught.value.app_tag) == ("six bits, please", "too-wide")
    with pytest.raises(InvalidValue) as caught:
        dscp.parse("x")
    assert caught.value.app_tag is None


def test_all_parts_of_a_split_range_hold_values() -> None:
    assert [SPLIT.parse(text) for text in ("1", "4", "10", "100", "60000")] == [
        *(1, 4, 10, 100, 60000)
    ]


def test_memory_does_not_grow_with_ways_to_write_a_number() -> None:
    table: dict[str, int] = SMALL.parse.__self__  # type: ignore[attr-defined]
    SMALL.parse("7")
    size = len(table)
    for zeros in range(1, 100):
        SMALL.parse("0" * zeros + "7")
    assert len(table) == size


@pytest.mark.parametrize(
    ("text", "value"), [("0x1F", 31), ("-0x10", -16), ("010", 8), ("0", 0), ("10", 10), ("08", 8)]
)
def test_default_statement_may_be_hexadecimal_or_octal(text: str, value: int) -> None:
    assert WIDE.parse_default(text) == value


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_integer_after_canonical_is_identity(value: int) -> None:
    assert WIDE.parse(canonical(value)) == value
    assert WIDE.from_json(value) == WIDE.from_json(str(value)) == value


@pytest.mark.parametrize("value", [True, "5", 5.0, None, 64])
def test_integer_refuses_json_of_another_kind(value: object) -> None:
    with pytest.raises(InvalidValue):
        SMALL.from_json(value)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1", "1.0"),
        ("+1.50", "1.5"),
        ("1.50000", "1.5"),
        ("-0.00", "0.0"),
        ("00.25", "0.25"),
        (" -7 ", "-7.0"),
        ("100", "100.0"),
        ("92233720368547758.07", "92233720368547758.07"),
        ("-92233720368547758.08", "-92233720368547758.08"),
    ],
)
def test_decimal_texts(text: str, written: str) -> None:
    assert canonical(CENTS.parse(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "1.", ".5", "1.505", "1e2", "- 1", "1,5", "1.5.5", "NaN", "Infinity", "1_0.0"),
        *("\u0661.0", "92233720368547758.08", "9" * 20, "1." + "1" * 100_000),
    ],
)
def test_decimal_refuses(text: str) -> None:
    with pytest.raises(InvalidValue):
        CENTS.parse(text)


def test_decimal_range() -> None:
    percent = Decimal64(1, ((Decimal("0"), Decimal("99.5")),), app_tag="percent")
    assert percent.parse("99.5") == Decimal("99.5")
    with pytest.raises(InvalidValue, match=r"'99\.6' is not in the range 0\.\.99\.5") as caught:
        percent.parse("99.6")
    assert caught.value.app_tag == "percent"


@given(st.integers(1, 18), st.integers(-(1 << 63), (1 << 63) - 1))
def test_decimal_after_canonical_is_identity(fraction_digits: int, unscaled: int) -> None:
    decimal64 = Decimal64(fraction_digits)
    value = Decimal(unscaled).scaleb(-fraction_digits)
    text = canonical(value)
    assert decimal64.parse(text) == value
    assert canonical(decimal64.parse(text)) == text

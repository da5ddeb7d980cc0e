import pytest
from hypothesis import given
from hypothesis import strategies as st

from yang.scalars import EMPTY, Bits, Boolean, EmptyType, Enumeration, InvalidValue, canonical

COLOUR = Enumeration((("red", 1), ("deep blue", 7)))
FLAGS = Bits((("urgent", 4), ("ack", 1), ("fin", 0)))


def test_boolean() -> None:
    assert Boolean().parse("true") is True
    assert Boolean().parse("false") is False
    for text in ("", "TRUE", " true", "1", "yes"):
        with pytest.raises(InvalidValue, match="is neither true nor false"):
            Boolean().parse(text)
    for value in (1, 0, "true", None):
        with pytest.raises(InvalidValue):
            Boolean().from_json(value)


def test_enumeration_takes_names_alone() -> None:
    assert COLOUR.parse("deep blue") == "deep blue"
    assert COLOUR.values == {"red": 1, "deep blue": 7}
    for text in ("", "Red", " red", "1", "blue"):
        with pytest.raises(InvalidValue, match="is not one of red, deep blue"):
            COLOUR.parse(text)


def test_a_refused_name_is_not_remembered() -> None:
    for _ in range(2):
        with pytest.raises(InvalidValue):
            COLOUR.parse("green")


def test_bits_are_written_by_position() -> None:
    assert FLAGS.parse("urgent fin") == "fin urgent"
    assert FLAGS.parse("\turgent\r\n  ack ") == "ack urgent"
    assert FLAGS.parse("") == FLAGS.parse(" ") == ""


@pytest.mark.parametrize("text", ["fin fin", "psh", "fin,ack", "FIN", "fin\u00a0ack", "4"])
def test_bits_refuse(text: str) -> None:
    with pytest.raises(InvalidValue):
        FLAGS.parse(text)


@given(st.permutations(["urgent", "ack", "fin"]), st.integers(0, 3))
def test_bits_in_any_order_are_one_value(names: list[str], count: int) -> None:
    value = FLAGS.parse(" ".join(names[:count]))
    assert FLAGS.parse(value) == value
    assert set(value.split()) == set(names[:count])


def test_empty() -> None:
    assert EmptyType().parse("") is EMPTY
    assert canonical(EMPTY) == ""
    assert EmptyType().from_json([None]) is EMPTY
    for text in (" ", "x"):
        with pytest.raises(InvalidValue, match="is not empty"):
            EmptyType().parse(text)
    others: tuple[object, ...] = (None, [], "")
    for value in others:
        with pytest.raises(InvalidValue):
            EmptyType().from_json(value)

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yang.scalars import InvalidValue, Pattern, String

LETTERS = Pattern("[a-z]+", "[a-z]+", message="letters only", app_tag="letters")
NOT_XML = Pattern("[xX][mM][lL].*", "[xX][mM][lL].*", invert_match=True)


def test_a_string_without_restrictions_takes_all() -> None:
    assert String().parse("") == ""
    assert String().parse("a\nb") == "a\nb"


def test_length_counts_characters() -> None:
    string = String(((1, 2), (4, 4)), message="bad length", app_tag="length")
    assert [string.parse(text) for text in ("\U0001f600\U0001f600", "abcd")]
    for text in ("", "abc", "abcde"):
        with pytest.raises(InvalidValue, match="bad length") as caught:
            string.parse(text)
        assert caught.value.app_tag == "length"


def test_length_message_names_the_lengths() -> None:
    with pytest.raises(InvalidValue, match=r"'abc' is 3 long, the length must be 1\.\.2 \| 4"):
        String(((1, 2), (4, 4))).parse("abc")


def test_the_pattern_that_fails_gives_its_message() -> None:
    string = String(((1, 8),), (NOT_XML, LETTERS))
    assert string.parse("abc") == "abc"
    with pytest.raises(InvalidValue, match="letters only") as caught:
        string.parse("ab1")
    assert caught.value.app_tag == "letters"
    with pytest.raises(InvalidValue, match="'xmlish' matches the pattern") as caught:
        string.parse("xmlish")
    assert caught.value.app_tag is None


def test_a_pattern_holds_for_the_whole_text() -> None:
    string = String(patterns=(LETTERS,))
    for text in ("ab\n", "\nab", "ab\nab", "1ab", ""):
        with pytest.raises(InvalidValue):
            string.parse(text)


def test_alternatives_stay_within_their_pattern() -> None:
    string = String(patterns=(Pattern("a|ab", "a|ab"), Pattern("ab|c", "ab|c")))
    assert string.parse("ab") == "ab"
    for text in ("a", "c", "abc"):
        with pytest.raises(InvalidValue):
            string.parse(text)


def test_only_inverted_patterns() -> None:
    string = String(patterns=(NOT_XML, Pattern("b", "b", invert_match=True)))
    assert string.parse("a\nb") == "a\nb"
    for text in ("xml", "b"):
        with pytest.raises(InvalidValue):
            string.parse(text)


SOME = st.sampled_from(["a|b", "[ab]*", "a.*", "(?:ab)+", "[^b]*", ".?.?"])
SOME_PATTERNS = st.lists(st.builds(Pattern, SOME, SOME, st.booleans()), max_size=4)


@given(SOME_PATTERNS, st.text("ab\n", max_size=5))
def test_one_expression_says_what_the_patterns_say(patterns: list[Pattern], text: str) -> None:
    string = String(patterns=tuple(patterns))
    taken = all(bool(re.fullmatch(p.regex, text)) is not p.invert_match for p in patterns)
    if taken:
        assert string.parse(text) == text
    else:
        with pytest.raises(InvalidValue):
            string.parse(text)


def test_a_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(InvalidValue) as caught:
        String(((0, 10),)).parse("x" * 1_000_000)
    assert len(caught.value.message) < 200


def test_json() -> None:
    assert String().from_json("x") == "x"
    for value in (5, None, True, ["x"]):
        with pytest.raises(InvalidValue):
            String().from_json(value)

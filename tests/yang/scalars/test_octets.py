import pytest
from hypothesis import given
from hypothesis import strategies as st

from yang.scalars import Binary, InvalidValue, canonical

KEY = Binary(((1, 2), (4, 4)), "a short key", "key-length")


@given(st.binary(max_size=200))
def test_binary_after_canonical_is_identity(value: bytes) -> None:
    assert Binary().parse(canonical(value)) == value


def test_wrapped_lines_are_one_value() -> None:
    assert Binary().parse("\n  QUJD\r\n  QUJD\n") == b"ABCABC"


@pytest.mark.parametrize(
    "text",
    [
        "QUJD=",
        "QUJD==",
        "QUJD====",
        "QUI==",
        "====",
        "=",
        "Q",
        "QQ",
        "QQ=",
        "QQ===",
        "=QQ=",
        "QQ==QQ==",
        "QU-_",
        "Q\u00e9==",
        "QUJD!",
        "\x00",
    ],
)
def test_binary_refuses(text: str) -> None:
    with pytest.raises(InvalidValue, match="is not base64"):
        Binary().parse(text)


def test_length_counts_octets() -> None:
    assert KEY.parse("QUI=") == b"AB"
    for text in ("", "QUJD"):
        with pytest.raises(InvalidValue, match="a short key") as caught:
            KEY.parse(text)
        assert caught.value.app_tag == "key-length"

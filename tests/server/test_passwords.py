"""Passwords fit their hashes, and nothing else tells about them."""

import pytest

from server.passwords import BadHash, PasswordHash, Passwords, hash_password


def test_a_hash_fits_its_password_only() -> None:
    text = hash_password("pässword")
    assert text.startswith("scrypt$16384$8$1$")
    made = PasswordHash.parse(text)
    assert made.to_text() == text
    assert made.fits("pässword")
    assert made.fits("pa\u0308ssword")  # the same in another normal form
    assert not made.fits("passwort")
    assert not made.fits("")


def test_two_hashes_of_a_password_differ() -> None:
    assert hash_password("x") != hash_password("x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s3cret",
        "scrypt$16384$8$1$c2FsdHNhbHQ=",
        "scrypt$x$8$1$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAA==",
        "scrypt$1000$8$1$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAA==",
        "scrypt$1073741824$8$1$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAA==",
        "scrypt$16384$0$1$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAA==",
        "scrypt$16384$8$1$c2FsdHNhbHQ=$AAAA",
        "scrypt$16384$8$1$!$AAAAAAAAAAAAAAAAAAAAAA==",
        "bcrypt$16384$8$1$c2FsdHNhbHQ=$AAAAAAAAAAAAAAAAAAAAAA==",
    ],
)
def test_what_is_no_hash_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(BadHash) as caught:
        PasswordHash.parse(text)
    assert len(text) < 5 or text not in str(caught.value)


def test_users_are_checked_and_known_again() -> None:
    passwords = Passwords({"a": PasswordHash.make("one"), "b": PasswordHash.make("two")})
    assert not passwords.has_fitted("a", "one")
    assert not passwords.check("a", "two")
    assert passwords.check("a", "one")
    assert passwords.has_fitted("a", "one")
    assert not passwords.has_fitted("a", "two")
    assert not passwords.has_fitted("b", "one")
    assert passwords.check("b", "two")
    assert not passwords.check("nobody", "one")
    assert not passwords.has_fitted("nobody", "one")


def test_who_is_no_user_takes_as_long_as_the_dearest_hash() -> None:
    made = PasswordHash.make("one")
    dear = PasswordHash(1 << 15, 8, 2, made.salt, made.digest)
    for others, alike in (([], made), ([made], made), ([dear, made], dear)):
        nobody = PasswordHash.of_nobody(others)
        assert (nobody.cost, nobody.block_size, nobody.parallel) == (
            (alike.cost, alike.block_size, alike.parallel)
        )
        assert nobody.salt != made.salt
        assert nobody.digest != PasswordHash.of_nobody(others).digest

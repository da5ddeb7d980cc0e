"""Passwords: hashed with scrypt (RFC 7914), checked in the same time where hashes are alike.

The law: no secret is ever in a repr, a log or an error. A check takes tens of milliseconds of
CPU, so it is not for the event loop.
"""

import base64
import hashlib
import hmac
import secrets
import threading
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import prod

_COST = 1 << 14
_BLOCK_SIZE = 8
_PARALLEL = 1
_MAX_MEMORY = 256 << 20
"""Octets that a hash may ask for; more is a mistake, or an attack on the server's memory."""


class BadHash(Exception):
    """The text is no password hash; the message does not repeat it."""


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A hash and how it was made; its text form is ``scrypt$N$r$p$salt$hash`` in base 64."""

    cost: int
    block_size: int
    parallel: int
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "PasswordHash":
        """Read the text form; raises BadHash."""
        fields = text.split("$")
        if len(fields) != 6 or fields[0] != "scrypt":
            raise BadHash("a password hash has the form scrypt$N$r$p$salt$hash")
        try:
            cost, block_size, parallel = (int(each) for each in fields[1:4])
            salt, digest = (base64.b64decode(each, validate=True) for each in fields[4:])
        except ValueError:
            raise BadHash("N, r and p must be integers, salt and hash base 64") from None
        if cost < 2 or cost & (cost - 1) or min(block_size, parallel) < 1:
            raise BadHash("N must be a power of two, r and p at least 1")
        if _memory(cost, block_size, parallel) > _MAX_MEMORY:
            raise BadHash(f"N, r and p ask for more than {_MAX_MEMORY >> 20} MiB of memory")
        if len(salt) < 8 or not 16 <= len(digest) <= 64:
            raise BadHash("the salt must have 8 octets or more, the hash 16 to 64")
        return cls(cost, block_size, parallel, salt, digest)

    @classmethod
    def make(cls, password: str) -> "PasswordHash":
        """Hash a password with a new salt."""
        salt = secrets.token_bytes(16)
        blank = cls(_COST, _BLOCK_SIZE, _PARALLEL, salt, bytes(32))
        return cls(_COST, _BLOCK_SIZE, _PARALLEL, salt, blank._hash(password))

    @classmethod
    def of_nobody(cls, others: Iterable["PasswordHash"]) -> "PasswordHash":
        """A hash that no password fits, and that takes as long to check as the dearest of others.

        Where all have the parameters of ``make``, nobody can tell who is a user from the time.
        """
        made = (_COST, _BLOCK_SIZE, _PARALLEL)
        parameters = [(each.cost, each.block_size, each.parallel) for each in others]
        salt, digest = secrets.token_bytes(16), secrets.token_bytes(32)
        return cls(*max(parameters or [made], key=prod), salt, digest)

    def to_text(self) -> str:
        """The text form, for the settings file."""
        salt, digest = (base64.b64encode(each).decode() for each in (self.salt, self.digest))
        return f"scrypt${self.cost}${self.block_size}${self.parallel}${salt}${digest}"

    def fits(self, password: str) -> bool:
        """Whether it is the password; the time taken tells nothing of where they differ."""
        return hmac.compare_digest(self._hash(password), self.digest)

    def _hash(self, password: str) -> bytes:
        return hashlib.scrypt(
            _octets(password),
            salt=self.salt,
            n=self.cost,
            r=self.block_size,
            p=self.parallel,
            maxmem=_memory(self.cost, self.block_size, self.parallel) + (1 << 20),
            dklen=len(self.digest),
        )


def hash_password(password: str) -> str:
    """The text form of a new hash, for a command line."""
    return PasswordHash.make(password).to_text()


class Passwords:
    """Checks passwords of users; from any thread.

    A controller logs in again and again: a password that fitted once is known again by a keyed
    digest whose key lives in this process only, so that 1,000 sessions do not cost a minute.
    """

    def __init__(self, hashes: Mapping[str, PasswordHash]) -> None:
        self._hashes = dict(hashes)
        self._nobody = PasswordHash.of_nobody(hashes.values())
        self._key = secrets.token_bytes(32)
        self._fitted: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def has_fitted(self, user: str, password: str) -> bool:
        """Whether it fitted before; takes microseconds, and False means only "unknown"."""
        with self._lock:
            fitted = self._fitted.get(user)
        return fitted is not None and hmac.compare_digest(fitted, self._digest(password))

    def check(self, user: str, password: str) -> bool:
        """Whether it is the user's password; an unknown user takes as long as the dearest hash."""
        known = self._hashes.get(user)
        fits = (known or self._nobody).fits(password) and known is not None
        if fits:
            with self._lock:
                self._fitted[user] = self._digest(password)
        return fits

    def _digest(self, password: str) -> bytes:
        return hmac.digest(self._key, _octets(password), "sha256")


def _memory(cost: int, block_size: int, parallel: int) -> int:
    return 128 * block_size * (cost + parallel + 2)


def _octets(password: str) -> bytes:
    # SSH clients send NFKC (RFC 4252, section 8); an operator's terminal may not.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")

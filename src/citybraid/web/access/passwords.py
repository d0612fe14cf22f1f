"""Passwords: kept as Argon2id hashes; long, not guessable from the name or from a list of the commonest."""

from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from citybraid.web.access.refusals import Refused

LEAST, MOST = 12, 128
"""Fewest and most characters of a password (OWASP ASVS 4.0.3, 2.1.1 and 2.1.2)."""
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id with 19 MiB and two passes (OWASP password storage cheat sheet)."""


def hashed(password: str, name: str) -> str:
    """Return the hash of a new password.

    Raises Refused where it is too short or long, common, or holds the person's name.
    """
    if not LEAST <= len(password) <= MOST:
        raise Refused("web.password_length", least=LEAST, most=MOST)
    plain = password.casefold()
    if plain in common() or (name and name.casefold() in plain) or len(set(plain)) < LEAST // 3:
        raise Refused("web.password_guessable")
    return _HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Tell whether a password is the one whose hash is kept; without a hash the same work is done, and it is not."""
    try:
        return _HASHER.verify(kept or _nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Tell whether a hash was made with less work than is asked now."""
    return _HASHER.check_needs_rehash(kept)


def rehashed(password: str) -> str:
    """Return a new hash of a password that has just matched."""
    return _HASHER.hash(password)


@cache
def common() -> frozenset[str]:
    """Return the passwords of twelve characters and more that are tried first."""
    text = files("citybraid.web.access").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")

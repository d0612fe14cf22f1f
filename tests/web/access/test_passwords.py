from typing import Literal

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from citybraid.web.access import passwords
from citybraid.web.access.refusals import Refused


@pytest.mark.parametrize(
    "password", ["short", "x" * 129, "password12345", "PASSWORD12345", "aaaabbbbaaaab", "my name is olga!"]
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Refused):
        passwords.hashed(password, "Olga")


def strong(length: int) -> str:
    """Return a password of a length that nobody would guess."""
    return ("quiet herons fly over the reed beds of the southern lake " * 3)[:length]


@pytest.mark.parametrize("length", [passwords.LEAST - 1, passwords.MOST + 1])
def test_a_password_too_short_or_too_long_is_told_as_such(length: int) -> None:
    with pytest.raises(Refused) as refused:
        passwords.hashed(strong(length), "olga")
    assert refused.value.text == "web.password_length"
    assert (passwords.LEAST, passwords.MOST) == (12, 128), "OWASP ASVS 4.0.3, 2.1.1 and 2.1.2"


@pytest.mark.parametrize("length", [passwords.LEAST, passwords.MOST])
def test_a_password_of_every_length_allowed_is_taken_whole(length: int) -> None:
    kept = passwords.hashed(strong(length), "olga")
    assert passwords.matches(kept, strong(length))
    assert not passwords.matches(kept, strong(length)[:-1])


def test_hashes_take_the_work_that_is_said() -> None:
    cost = extract_parameters(passwords.hashed("seven quiet herons", "olga"))
    assert (cost.type, cost.memory_cost >= 19 * 1024, cost.time_cost >= 2) == (Type.ID, True, True)


def test_a_name_without_a_password_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time of the answer tells which names there are."""
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            verified.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=1, memory_cost=64, parallelism=1))
    assert not passwords.matches(None, "x")
    assert len(verified) == 1


def test_a_password_matches_its_own_hash_alone() -> None:
    kept = passwords.hashed("seven quiet herons", "olga")
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, "seven quiet herons")
    assert not passwords.matches(kept, "seven quiet heron")
    assert not passwords.matches(None, "nobody has this password")
    assert not passwords.matches("no hash", "seven quiet herons")
    assert not passwords.outdated(kept)


def test_two_hashes_of_a_password_differ() -> None:
    assert passwords.rehashed("seven quiet herons") != passwords.rehashed("seven quiet herons")

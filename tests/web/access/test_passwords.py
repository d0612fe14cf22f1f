import pytest

from citybraid.web.access import passwords
from citybraid.web.access.refusals import Refused


@pytest.mark.parametrize(
    "password", ["short", "x" * 129, "password12345", "PASSWORD12345", "aaaabbbbaaaab", "my name is olga!"]
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Refused):
        passwords.hashed(password, "Olga")


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

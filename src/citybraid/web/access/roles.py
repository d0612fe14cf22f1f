"""Roles of a person in a study, from the one who may least to the one who may all."""

from enum import IntEnum


class Role(IntEnum):
    """What a person may do: read; comment as well; change the plan and run; all, with members and deletion."""

    VIEWER = 1
    REVIEWER = 2
    EDITOR = 3
    OWNER = 4

    @property
    def word(self) -> str:
        """The role's name in the database and the interface."""
        return self.name.lower()


def role_of(word: str) -> Role | None:
    """Return a role by its name, None where there is none."""
    return Role.__members__.get(word.upper())

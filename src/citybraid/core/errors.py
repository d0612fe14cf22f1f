"""The errors of citybraid, each with a message in English and Chinese.

PlanError
├── InputError      a file, table or parameter is not usable (exit code 2)
│   └── InputErrors several of them, reported together
├── StudyError      the study file requests something that cannot be planned (exit code 2)
├── RangeError      a value is out of the range of its quantity (exit code 2)
├── BalanceError    a balance does not close (exit code 3)
├── StoreError      the store cannot be read or written (exit code 4)
├── CapacityError   the work does not fit this machine; nothing was started
└── Cancelled       the user stopped the run; finished Steps stay stored (exit code 130)
"""

from collections.abc import Iterable, Mapping

from citybraid.core.text import say


class PlanError(Exception):
    """Base class: an error message by text id and values."""

    exit_code = 2

    def __init__(self, text: str, /, **values: object) -> None:
        super().__init__(text, values)
        self.text = text
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.text, self.values)

    def say(self, language: str) -> str:
        """Return the message in a language."""
        return say(self.text, language, **self.values)

    def __str__(self) -> str:
        return self.say("en")


class InputError(PlanError):
    """A file, a table or a parameter is not usable."""


class InputErrors(InputError):
    """Several problems of the input, reported together; what several inputs have in common is said once."""

    def __init__(self, problems: Iterable[PlanError]) -> None:
        self.problems = tuple({each.say("en"): each for each in problems}.values())
        super().__init__("error.several", count=len(self.problems))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.problems,)

    def say(self, language: str) -> str:
        """Return every problem, one per line."""
        head = say("error.several", language, count=len(self.problems))
        return "\n".join([head, *(f"- {problem.say(language)}" for problem in self.problems)])


class StudyError(PlanError):
    """The study requests something that cannot be planned."""


class RangeError(PlanError):
    """A value is out of the range of its quantity."""


class BalanceError(PlanError):
    """A balance does not close."""

    exit_code = 3


class StoreError(PlanError):
    """The store cannot be read or written."""

    exit_code = 4


class CapacityError(PlanError):
    """The work does not fit this machine."""


class Cancelled(PlanError):
    """The user stopped the run."""

    exit_code = 130


def _again(kind: type[PlanError], text: str, values: Mapping[str, object]) -> PlanError:
    """Return an error that has come from another process."""
    return kind(text, **values)

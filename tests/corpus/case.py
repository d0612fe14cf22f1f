"""One file of the corpus: what it is, how it is made, what must become of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Literal

from citybraid.sources.protocol.limits import Limits

Group = Literal["good", "odd", "broken", "hostile"]
Verdict = Literal["read", "read with findings", "refused"]
Make = Callable[[Path], Path]


@dataclass(frozen=True, eq=False)
class Case:
    """A file: `make` writes it into a folder and returns its path.

    `findings` are text ids that must be among what intake tells, `refusal` the text id
    of the refusal, '' where the file is read. `said` are words of its entry in the study;
    `beside` is the role of shapes that another, good file brings.
    """

    name: str
    group: Group
    role: str
    about: str
    make: Make
    findings: tuple[str, ...] = ()
    refusal: str = ""
    said: Mapping[str, object] = field(default_factory=dict)
    beside: str = ""
    limits: Limits = field(default_factory=Limits)
    path: str = ""

    @property
    def verdict(self) -> Verdict:
        """What must become of the file."""
        if self.refusal:
            return "refused"
        return "read with findings" if self.findings else "read"


def case(
    group: Group,
    role: str,
    *findings: str,
    refusal: str = "",
    beside: str = "",
    limits: Limits = Limits(),  # noqa: B008  (frozen)
    path: str = "",
    **said: object,
) -> Callable[[Make], Case]:
    """Make a case of a function that writes the file; its name is the case's, its docstring says what the file is.

    `path` is what the study says instead of the path of the file that was made.
    """

    def made(make: Make) -> Case:
        texts = tuple(f"intake.{each}" for each in findings)
        text = f"intake.{refusal}" if refusal else ""
        name = make.__name__.replace("_", " ")
        about = (make.__doc__ or "").strip().rstrip(".")
        return Case(name, group, role, about, make, texts, text, said, beside, limits, path)

    return made


def cases_of(modules: Iterable[ModuleType]) -> tuple[Case, ...]:
    """Return the cases of modules in the order they are written in."""
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Case))

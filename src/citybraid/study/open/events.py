"""Typed progress: what the two doors show while a study runs."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class StageStarted:
    """A stage of the work began: intake, an alternative, the effects of measures, the report."""

    stage: str
    cells: int = 0


@dataclass(frozen=True)
class FilesPlanned:
    """So many files of so many bytes are to be read."""

    files: int
    size: int


@dataclass(frozen=True)
class FileStarted:
    """A file is read now."""

    file: str


@dataclass(frozen=True)
class FileRead:
    """A file of so many bytes was read or refused in so many seconds; `known` where an earlier reading was taken."""

    file: str
    size: int
    seconds: float
    known: bool


@dataclass(frozen=True)
class StepsPlanned:
    """So many Steps are to be computed, on so many cells, in about so many seconds."""

    steps: int
    cells: int
    seconds: float


@dataclass(frozen=True)
class StepStarted:
    """A Step began."""

    step: str


@dataclass(frozen=True)
class StepProgress:
    """A running Step told its share done, 0 to 1."""

    step: str
    share: float


@dataclass(frozen=True)
class StepFinished:
    """A Step ended: computed in so many seconds, or found in the store."""

    step: str
    seconds: float
    computed: bool


@dataclass(frozen=True)
class StageFinished:
    """A stage ended."""

    stage: str
    seconds: float
    computed: int


Event = (
    StageStarted
    | FilesPlanned
    | FileStarted
    | FileRead
    | StepsPlanned
    | StepStarted
    | StepProgress
    | StepFinished
    | StageFinished
)
Emit = Callable[[Event], None]


def quiet(_: Event) -> None:
    """Show nothing."""

"""Progress events that the command line and the Python API show while a study runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class StageStarted:
    """A stage began: intake, an alternative, the effects of measures, the report."""

    stage: str
    cells: int = 0


@dataclass(frozen=True)
class FilesPlanned:
    """Number of files to read, and their total size [byte]."""

    files: int
    size: int


@dataclass(frozen=True)
class FileStarted:
    """Reading of a file began."""

    file: str


@dataclass(frozen=True)
class FileRead:
    """A file was read or refused: its size [byte] and time [s]; `known` where a cached reading was used."""

    file: str
    size: int
    seconds: float
    known: bool


@dataclass(frozen=True)
class StepsPlanned:
    """Number of Steps to compute, grid cells, and estimated time [s]."""

    steps: int
    cells: int
    seconds: float


@dataclass(frozen=True)
class StepStarted:
    """A Step began."""

    step: str


@dataclass(frozen=True)
class StepProgress:
    """A running Step reported its progress, 0 to 1."""

    step: str
    share: float


@dataclass(frozen=True)
class StepFinished:
    """A Step ended: computed, with its time [s], or already in the store."""

    step: str
    seconds: float
    computed: bool


@dataclass(frozen=True)
class StageFinished:
    """A stage ended; `computed` counts its Steps, None of stages that have none, as reading files and the report."""

    stage: str
    seconds: float
    computed: int | None = None


@dataclass(frozen=True)
class Noticed:
    """Something that the user should know before the run ends, in each language."""

    said: Mapping[str, str]


Event = (
    StageStarted
    | Noticed
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

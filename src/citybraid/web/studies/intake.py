"""What the last reading of a study's files found, as `citybraid check --record` left it beside the store."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from citybraid.core.model import Params
from citybraid.report.intake.map_record import MapRecord
from citybraid.report.intake.reading_record import ReadingRecord
from citybraid.report.intake.record import IntakeRecord
from citybraid.web.configuration.settings import OWN
from citybraid.web.studies.contents import datasets
from citybraid.web.studies.listing import STUDY
from citybraid.web.studies.study_file import read_text
from citybraid.web.studies.study_text import parsed

FOLDER = "intake"
P = TypeVar("P", bound=Params)


class IntakeState(Params):
    """The last reading: when it was, whether the study file or a file has changed since, and what was found."""

    at: datetime
    """When it ended."""
    outdated: bool
    """Whether the study file or one of its files has changed since."""
    record: IntakeRecord
    """What was found."""


def last_intake(study: Path) -> IntakeState | None:
    """Return the last reading of a study's files, None where there was none."""
    path = _path(study, "record")
    record = _read(path, IntakeRecord)
    if record is None:
        return None
    at = path.stat().st_mtime
    return IntakeState(at=datetime.fromtimestamp(at, UTC), outdated=_newest(study) > at, record=record)


def last_map(study: Path) -> MapRecord | None:
    """Return the map of the last reading, None where there was none."""
    return _read(_path(study, "map"), MapRecord)


def reading(study: Path) -> ReadingRecord | None:
    """Return which files the last check has read so far, None where there was none."""
    return _read(_path(study, "reading"), ReadingRecord)


def _read(path: Path, kind: type[P]) -> P | None:
    """Return a record; None where there is none, or one of another version of the program."""
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None


def _path(study: Path, name: str) -> Path:
    return study / OWN / FOLDER / f"{name}.json"


def _newest(study: Path) -> float:
    """Return when the study file or one of its files was changed last."""
    files = datasets(study, parsed(read_text(study)))
    return max(each.stat().st_mtime for each in (study / STUDY, *(placed.path for placed in files)) if each.exists())

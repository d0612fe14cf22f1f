"""What the last reading of a study's files found, as `citybraid check --record` left it beside the store."""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from citybraid.core.model import Params
from citybraid.report.intake.map_record import MapRecord
from citybraid.report.intake.reading_record import ReadingRecord
from citybraid.report.intake.record import IntakeRecord
from citybraid.web.access.refusals import NotFound
from citybraid.web.base.settings import OWN
from citybraid.web.studies.contents import datasets
from citybraid.web.studies.listing import STUDY
from citybraid.web.studies.study_file import read_text
from citybraid.web.studies.study_text import parsed

FOLDER = "intake"


class IntakeState(Params):
    """The last reading: when it was, whether the study file or a file has changed since, and what was found."""

    at: datetime
    """When it ended."""
    outdated: bool
    """Whether the study file or one of its files has changed since."""
    record: IntakeRecord
    """What was found."""


def last_intake(study: Path) -> IntakeState:
    """Return the last reading of a study's files; raises NotFound where there was none."""
    path = _path(study, "record")
    try:
        record = IntakeRecord.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as fault:
        raise NotFound("web.no_intake") from fault
    at = path.stat().st_mtime
    return IntakeState(at=datetime.fromtimestamp(at, UTC), outdated=_newest(study) > at, record=record)


def last_map(study: Path) -> MapRecord:
    """Return the map of the last reading; raises NotFound where there was none."""
    try:
        return MapRecord.model_validate_json(_path(study, "map").read_text(encoding="utf-8"))
    except (OSError, ValidationError) as fault:
        raise NotFound("web.no_intake") from fault


def reading(study: Path) -> ReadingRecord:
    """Return which files the last check has read so far; raises NotFound where there was none."""
    try:
        return ReadingRecord.model_validate_json(_path(study, "reading").read_text(encoding="utf-8"))
    except (OSError, ValidationError) as fault:
        raise NotFound("web.no_intake") from fault


def _path(study: Path, name: str) -> Path:
    return study / OWN / FOLDER / f"{name}.json"


def _newest(study: Path) -> float:
    """Return when the study file or one of its files was changed last."""
    files = datasets(study, parsed(read_text(study)))
    return max(each.stat().st_mtime for each in (study / STUDY, *(placed.path for placed in files)) if each.exists())

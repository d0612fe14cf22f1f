"""What the last reading of a study's files found: the record, and the map of problems."""

from fastapi import APIRouter

from citybraid.report.intake.map_record import MapRecord
from citybraid.report.intake.reading_record import ReadingRecord
from citybraid.web.access.permits import Viewing
from citybraid.web.studies.intake import IntakeState, last_intake, last_map, reading

router = APIRouter(tags=["intake"])


@router.get("/api/studies/{study}/intake")
def intake(permitted: Viewing) -> IntakeState | None:
    """Return what the last reading of the files found, and whether anything has changed since; null before it."""
    return last_intake(permitted.folder)


@router.get("/api/studies/{study}/intake/map")
def intake_map(permitted: Viewing) -> MapRecord | None:
    """Return the map of the last reading: outlines in metres from the upper left corner; null before it."""
    return last_map(permitted.folder)


@router.get("/api/studies/{study}/intake/reading")
def reading_now(permitted: Viewing) -> ReadingRecord | None:
    """Return which files the check that runs, or ran last, has read so far; null before it."""
    return reading(permitted.folder)

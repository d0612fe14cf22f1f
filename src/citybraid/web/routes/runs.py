"""The runs of a study: when, how much was computed, what is outside its published range."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from citybraid.web.access.permits import Viewing
from citybraid.web.studies.summaries import summaries

router = APIRouter(tags=["runs"])


class RunState(BaseModel):
    """A run: number, when it ended, Steps computed and all, alternatives, values outside their range, its report."""

    number: str
    ended: datetime
    executed: int
    steps: int
    alternatives: int
    outside: int
    report: bool


@router.get("/api/studies/{study}/runs")
def runs(permitted: Viewing) -> list[RunState]:
    """List the runs of a study, the newest first."""
    return [RunState.model_validate(each, from_attributes=True) for each in summaries(permitted.folder)]

"""What a run found, and what is behind each value."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel

from citybraid.commons.site.pictures import told_by
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.web.access.permits import Permit, Viewing
from citybraid.web.access.refusals import NotFound
from citybraid.web.results.explained import ExplanationState, explained
from citybraid.web.results.indicators import ResultsState, results_of
from citybraid.web.results.opened import opened
from citybraid.web.results.reports import figure_of
from citybraid.web.studies.runs import open_run

router = APIRouter(tags=["results"])


class SeenState(BaseModel):
    """What is seen on a picture; nothing where it does not say."""

    seen: str


@router.get("/api/studies/{study}/runs/{run}/results")
def run_results(run: str, permitted: Viewing) -> ResultsState:
    """Return the question with its answers, every alternative's indicators, and what was not computed."""
    return results_of(permitted.folder, run)


@router.get("/api/studies/{study}/runs/{run}/results/{indicator}")
def explanation(run: str, indicator: str, permitted: Viewing, zone: str = WHOLE_AREA) -> ExplanationState:
    """Return formula, models, factors, inputs and instrument of an indicator, in the whole area or a unit."""
    return explained(opened(permitted.folder, run), indicator, zone)


@router.get("/api/studies/{study}/runs/{run}/figures/{name}/{language}", response_class=FileResponse)
def figure(run: str, name: str, language: str, permitted: Viewing) -> FileResponse:
    """Return a picture of the run's report by its name."""
    return FileResponse(_picture(permitted, run, name, language), media_type="image/png")


@router.get("/api/studies/{study}/runs/{run}/figures/{name}/{language}/seen")
def seen_on_figure(run: str, name: str, language: str, permitted: Viewing) -> SeenState:
    """Return what is seen on a picture of the run's report, as the picture itself says it."""
    return SeenState(seen=told_by(_picture(permitted, run, name, language)))


def _picture(permitted: Permit, run: str, name: str, language: str) -> Path:
    if language not in LANGUAGES:
        raise NotFound("web.no_language", code=language, known=LANGUAGES)
    return figure_of(open_run(permitted.folder, run), name, language)

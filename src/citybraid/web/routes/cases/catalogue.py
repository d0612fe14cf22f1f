"""The library of cases: searched, narrowed by facets, one case told, its file taken, cases like another one."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import StringConstraints

from citybraid.commons.packing.features import features
from citybraid.web.access.permits import Asker, Shared, Viewing
from citybraid.web.cases.alike import AlikeState, ComparedState, TransferState, alike, compared, transfer
from citybraid.web.cases.catalogue import (
    CaseState,
    CatalogueState,
    case_state,
    catalogue,
    published,
    report_page,
    told_of,
    wanted_facets,
)
from citybraid.web.cases.packed import case_of
from citybraid.web.cases.words_table import words_in
from citybraid.web.routes.cases.packed import FILE_POLICY, ZIP
from citybraid.web.routes.reports import PAGE_POLICY
from citybraid.web.studies.runs import open_run

router = APIRouter(tags=["cases"])

Words = Annotated[str, Query(max_length=400)]
Many = Annotated[list[Annotated[str, StringConstraints(max_length=120)]] | None, Query(max_length=50)]
Measure = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]


@router.get("/api/cases")
def cases(
    *, _user: Asker, shared: Shared, words: Words = "", climate: Many = None, form: Many = None, hazard: Many = None,
    measure: Many = None, level: Many = None, cost: Many = None,
) -> CatalogueState:  # fmt: skip
    """Find published cases that hold every word, Chinese or English, and one of the values wanted of every facet."""
    wanted = wanted_facets(
        climate=climate or (), form=form or (), hazard=hazard or (), measure=measure or (), level=level or (),
        cost=cost or (),
    )  # fmt: skip
    return catalogue(shared.settings.cases, words, wanted, opened=words_in(shared.sessions))


@router.get("/api/cases/{name}")
def one_case(name: str, _user: Asker, shared: Shared) -> CaseState:
    """Return a published case: lessons, place, indicators, effects, and what its file holds."""
    return case_state(shared.settings.cases, name)


@router.get("/api/cases/{name}/file", response_class=FileResponse)
def published_file(name: str, _user: Asker, shared: Shared) -> FileResponse:
    """Take the file of a published case."""
    _, _, file = published(shared.settings.cases, name)
    return FileResponse(file, media_type=ZIP, filename=file.name, headers={"Content-Security-Policy": FILE_POLICY})


@router.get("/api/cases/{name}/report", response_class=HTMLResponse)
def published_report(name: str, _user: Asker, shared: Shared) -> HTMLResponse:
    """Show the report's page of a published case: it may show what it holds, and ask nothing of any host."""
    headers = {"Content-Security-Policy": PAGE_POLICY}
    return HTMLResponse(report_page(shared.settings.cases, name), headers=headers)


@router.get("/api/cases/{name}/alike")
def cases_like_case(name: str, _user: Asker, shared: Shared) -> list[AlikeState]:
    """Return published cases like a published one, with their distance term by term."""
    _, card = told_of(shared.settings.cases, name)
    return alike(shared.settings.cases, card.features, without=name)


@router.get("/api/cases/{name}/compared/{other}")
def cases_compared(name: str, other: str, _user: Asker, shared: Shared) -> ComparedState:
    """Compare two published cases."""
    return compared(told_of(shared.settings.cases, name)[1], told_of(shared.settings.cases, other)[1])


@router.get("/api/case-effects/{measure}")
def measure_effects(measure: Measure, _user: Asker, shared: Shared) -> TransferState:
    """Return what a measure did across published cases, and what limits carrying it over."""
    return transfer(shared.settings.cases, measure)


@router.get("/api/studies/{study}/runs/{run}/alike")
def cases_like_run(run: str, permitted: Viewing, shared: Shared) -> list[AlikeState]:
    """Return published cases like the place of a run, with their distance term by term."""
    return alike(shared.settings.cases, features(open_run(permitted.folder, run)))


@router.get("/api/studies/{study}/runs/{run}/case/compared/{other}")
def run_and_case(run: str, other: str, permitted: Viewing, shared: Shared) -> ComparedState:
    """Compare the case packed from a run with a published one."""
    mine = case_of(open_run(permitted.folder, run)).card
    return compared(mine, told_of(shared.settings.cases, other)[1])


@router.get("/api/studies/{study}/runs/{run}/case-effects/{measure}")
def measure_effects_here(run: str, measure: Measure, permitted: Viewing, shared: Shared) -> TransferState:
    """Return what a measure did across cases, and where the place of a run lies outside of them."""
    return transfer(shared.settings.cases, measure, features(open_run(permitted.folder, run)))

"""Two runs side by side, years of a run side by side, and its portfolios."""

from fastapi import APIRouter

from citybraid.web.access.permits import Viewing
from citybraid.web.results.comparisons import ComparisonState, compared
from citybraid.web.results.opened import opened
from citybraid.web.results.portfolios import PortfolioState, portfolio
from citybraid.web.results.years import YearsState, years

router = APIRouter(tags=["results"])


@router.get("/api/studies/{study}/runs/{run}/comparison/{other}")
def comparison(run: str, other: str, permitted: Viewing) -> ComparisonState:
    """Compare two runs of a study, the earlier first: what moved, what left its band, what lies behind it."""
    return compared(opened(permitted.folder, run), opened(permitted.folder, other))


@router.get("/api/studies/{study}/runs/{run}/portfolio")
def run_portfolio(run: str, permitted: Viewing) -> PortfolioState | None:
    """Return budget, prices, the front and what measures bring; null where no portfolio was asked for."""
    return portfolio(opened(permitted.folder, run))


@router.get("/api/studies/{study}/runs/{run}/years")
def run_years(run: str, permitted: Viewing) -> YearsState:
    """Return what a run says by year: of its pathways, and of its events by the horizon of their climate."""
    return years(opened(permitted.folder, run))

"""What a study asks beside the existing state, added here: its plan built, and a portfolio within a budget."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from citybraid.web.access.permits import Database, Editing, Viewing
from citybraid.web.plans.wanted import WantedState, require_buyable, wanted, with_plan, with_portfolio
from citybraid.web.routes.plans import MOST_VERSION, Body
from citybraid.web.studies.study_file import Seen, rewrite
from citybraid.web.studies.study_text import Line

router = APIRouter(prefix="/api/studies/{study}/wanted", tags=["plans"])

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]


class SeenFile(Body):
    """The version of the study file that was seen, and the digest of its text."""

    version: int = Field(ge=1, le=MOST_VERSION)
    digest: str = Field(max_length=64)


class PlanAsked(SeenFile):
    """The year in which planned buildings are completed."""

    year: int = Field(ge=1900, le=2200)


class PortfolioAsked(SeenFile):
    """What the portfolio improves most, its target, the capital and its currency, and the measures to choose from."""

    indicator: Name
    target: float
    total: float = Field(gt=0)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    candidates: list[Name] = Field(default_factory=list, max_length=100)
    pairs: bool = True


@router.get("")
def study_wanted(permitted: Viewing) -> WantedState:
    """Tell whether the study builds its plan and asks for a portfolio, and what a portfolio can be asked for."""
    return wanted(permitted.folder)


@router.post("/plan", status_code=201)
def ask_for_plan(wanted: PlanAsked, permitted: Editing, session: Database) -> list[Line]:
    """Add an alternative that builds what parcels state; the answer are the lines that were written."""

    def change(text: str) -> str:
        return with_plan(text, year=wanted.year)

    return rewrite(session, permitted, Seen(wanted.version, wanted.digest), change, about=["alternatives"])


@router.post("/portfolio", status_code=201)
def ask_for_portfolio(wanted: PortfolioAsked, permitted: Editing, session: Database) -> list[Line]:
    """Add an objective, a budget and the alternative that applies the chosen portfolio."""

    def change(text: str) -> str:
        return with_portfolio(
            text, indicator=wanted.indicator, target=wanted.target, total=wanted.total, currency=wanted.currency,
            candidates=wanted.candidates, pairs=wanted.pairs,
        )  # fmt: skip

    require_buyable(permitted.folder, wanted.candidates)
    about = ["alternatives", "budget", "objectives"]
    return rewrite(session, permitted, Seen(wanted.version, wanted.digest), change, about=about)

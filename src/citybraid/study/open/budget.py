"""Schema of the budget: money, objectives, equity floors, years, what could turn the choice, who pays."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from citybraid.study.open.scenario import ClimateScenario
from citybraid.study.open.study_part import Seed, StudyPart

Share = Annotated[float, Field(ge=0, le=1)]
Party = Literal["public", "owner", "developer", "enterprise", "operator"]
SHARES_OFF = 1e-6
"""Rounding of shares that make up a whole [-]."""


def _whole(payers: Mapping[str, Mapping[str, float]]) -> Mapping[str, Mapping[str, float]]:
    """Refuse shares of a measure that do not make up 1."""
    for name, shares in payers.items():
        if abs(sum(shares.values()) - 1.0) > SHARES_OFF:
            raise PydanticCustomError("payers", "shares of {measure} must make up 1", {"measure": name})
    return payers


class Floor(StudyPart):
    """Equity floor: a least share of the spending, or of an objective's gain, for units with vulnerable people."""

    share: float = Field(ge=0, le=1)
    """Least share [-]."""
    units: Mapping[str, Annotated[float, Field(ge=0, le=1)]] = Field(min_length=1)
    """Share of people who are vulnerable, by planning unit [-]; 1 for a unit that counts as a whole."""
    objective: str = ""
    """Objective whose gain is shared; empty: the spending."""


class Phases(StudyPart):
    """Years over which the portfolio is built."""

    first: int = Field(ge=1900, le=2200)
    """First year."""
    budgets: Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=1, max_length=60)]
    """Money of each year [the study's currency]."""
    build_years: Mapping[str, Annotated[int, Field(ge=1, le=30)]]
    """Years to build each measure."""
    growing_years: Mapping[str, Annotated[int, Field(ge=0, le=60)]] = Field(default_factory=dict)
    """Years until a measure works in full once it is built, as trees; others at once."""
    carried: bool = True
    """Whether money left in a year may be spent later."""
    growth: float = Field(0.0, gt=-1, le=1)
    """Growth of what measures gain, each year [-]."""


class Flips(StudyPart):
    """Search for the inputs whose plausible change alters the portfolio, and for the value of knowing them.

    Prices range as their rows state; those without a range are not varied.
    """

    effect_low: float = Field(1.0, ge=0, le=1)
    """Least effect of a measure, as a multiple of the screened one [-]; 1: not varied."""
    effect_high: float = Field(1.0, ge=1, le=10)
    """Largest effect of a measure, as a multiple of the screened one [-]; 1: not varied."""
    draws: int = Field(64, ge=8, le=1000)
    """Draws of all inputs together."""
    seed: Seed = 1
    """Seed of the draws: the same seed, the same result."""


class Robustness(StudyPart):
    """Choice over several climates: that of the study itself and those stated here."""

    rule: Literal["min_max_regret", "max_min"] = "min_max_regret"
    """What is made the best: the largest regret small, or the least gain large."""
    scenarios: Annotated[tuple[ClimateScenario, ...], Field(min_length=1, max_length=12)]
    """Climates beside the study's own."""


class Budget(StudyPart):
    """Budget, and objectives of the trade-off."""

    total: float = Field(gt=0)
    """Capital that may be spent [the study's currency]."""
    maximise: str
    """Objective whose indicator the portfolio improves most."""
    trade_off: Annotated[tuple[str, ...], Field(min_length=2, max_length=3)] | None = None
    """Two or three objectives of the Pareto front, that of two being exact; one of them may be "cost"."""
    candidates: tuple[str, ...] = ()
    """Measures to choose from; default: all that have a price and can be built here."""
    pairs: bool = True
    """False skips the runs of pairs of measures."""
    meet: tuple[str, ...] = ()
    """Objectives whose targets the portfolio must meet; where it cannot, the limits in conflict are told."""
    floors: tuple[Floor, ...] = ()
    """Equity floors that every portfolio keeps."""
    phases: Phases | None = None
    """Years over which the portfolio is built; none: all at once."""
    robust: Robustness | None = None
    """Climates over which a robust portfolio is sought beside the chosen one; none: no search."""
    flips: Flips | None = None
    """Search for the inputs that turn the decision; none: no search."""
    down_to: Literal["unit", "parcel"] = "unit"
    """Level that the money is handed down to: with "parcel", each unit's money is shared out over its parcels."""
    payers: Annotated[Mapping[str, Mapping[Party, Share]], AfterValidator(_whole)] = Field(default_factory=dict)
    """Who pays for a measure, as shares of 1 by party, where it is not the first of its responsible parties."""
    next_amount: float | None = Field(None, gt=0)
    """Money beyond the budget of which the report tells what it would buy; default: a round tenth of the budget."""
    full: tuple[str, ...] = ()
    """Measures that are run alone on the full grid too, so that their effects need no correction."""
    rounds: int = Field(2, ge=1, le=10)
    """Portfolios that are run on the full grid at most: a further one where the re-run is not as predicted."""

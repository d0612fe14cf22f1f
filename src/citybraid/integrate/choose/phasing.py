"""Phasing: the year in which each measure of a portfolio starts, within yearly budgets, so that most is gained."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.integrate.choose.city.grouped import GroupedChoice
from citybraid.integrate.choose.city.levels import GAP, city_portfolio
from citybraid.integrate.choose.portfolio import LEAST, Chosen
from citybraid.integrate.choose.programme import Programme

Floats = NDArray[np.float64]
CLOSE = 1e-9
"""Share of all money that is rounding."""


@dataclass(frozen=True)
class Work:
    """A measure in a planning unit to be built: cost, spread evenly over the years of building, and what it gains.

    `gain` is that of a full year, in the goal's good direction. After `build_years` it grows by equal steps over
    `growing_years`, in the last of which it is full, as of trees; 0 or 1: at once.
    """

    measure: str
    unit: str
    cost: float
    gain: float
    build_years: int
    growing_years: int = 0


@dataclass(frozen=True)
class Years:
    """Money by year from the first on.

    `carried`: what is left of a year may be spent later. Gains grow by `growth` a year with the city, and are
    discounted at `rate` to the first year. `milestones` are what the gains of a year must reach, by year.
    """

    first: int
    budgets: tuple[float, ...]
    carried: bool = True
    growth: float = 0.0
    rate: float = 0.0
    milestones: Mapping[int, float] | None = None

    def __post_init__(self) -> None:
        """Refuse years without money, rates that are none, and milestones outside; raises StudyError."""
        budgets = np.array(self.budgets, dtype=float)
        if not budgets.size or not np.isfinite(budgets).all() or (budgets < 0.0).any():
            raise StudyError("choose.phase_budgets", got=list(self.budgets))
        if min(self.growth, self.rate) <= -1.0 or not math.isfinite(self.growth + self.rate):
            raise StudyError("choose.phase_rates", growth=self.growth, rate=self.rate)
        outside = sorted(set(self.milestones or {}) - set(self.all))
        if outside:
            raise StudyError("choose.phase_milestone", years=outside, first=self.first, last=self.all[-1])

    @property
    def all(self) -> range:
        """Every year."""
        return range(self.first, self.first + len(self.budgets))


@dataclass(frozen=True)
class Milestone:
    """What an indicator must change by in a year, in its good direction, and what each work changes it by when full."""

    indicator: str
    year: int
    least: float
    gains: tuple[float, ...]


@dataclass(frozen=True)
class Phased:
    """When each work starts, None where the money of the years does not pay it, with what is spent and gained by year.

    `value` is the discounted gain over the years of the works whose gain sets their year, which no other order exceeds
    by more than the `gap` [-]; `later` tells the works that were set into the money they left.
    """

    works: tuple[Work, ...]
    start: tuple[int | None, ...]
    later: tuple[bool, ...]
    spent: tuple[float, ...]
    gained: tuple[float, ...]
    value: float
    bound: float
    gap: float


def phases(works: Sequence[Work], years: Years, *, gap: float = GAP, milestones: Sequence[Milestone] = ()) -> Phased:
    """Return the start of each work that gains most over the years, within the budgets and with the milestones reached.

    A work gains from the year after it is built. Each work is a group, no start and each year of start its levels;
    yearly budgets are the shared limits, so that the gap is certified as for a city's portfolio. Works that gain in
    none of the years (built in the last one, or for what is not counted here) are then set into the money that is
    left, each in the first year that it can be built from. `milestones` are those of other indicators than the
    gain's. Raises StudyError where no order reaches the milestones, and for one outside the years.
    """
    if not works:
        raise StudyError("choose.phase_none")
    count = len(years.budgets)
    spending = np.array([_spending(work, count) for work in works])
    gains = np.array([_gains(work, years) for work in works])
    discounted = gains @ (1.0 + years.rate) ** -np.arange(count)
    late = np.array([[start + work.build_years >= count for start in range(-1, count)] for work in works])
    late[:, 0] = False
    money = np.cumsum(spending, axis=2) if years.carried else spending
    limits = np.cumsum(years.budgets) if years.carried else np.array(years.budgets)
    needs = [(year - years.first, least) for year, least in sorted((years.milestones or {}).items())]
    others = [_milestone(works, years, each) for each in milestones]
    use = np.concatenate([
        money.transpose(2, 0, 1), *(-gains[None, :, :, at] for at, _ in needs), *(-each[None] for each in others)
    ])  # fmt: skip
    least = [-each for _, each in needs] + [-each.least for each in milestones]
    problem = GroupedChoice(np.where(late, -np.inf, discounted), use, np.append(limits, least))
    portfolio = city_portfolio(problem, gap=gap)
    if portfolio is None:
        milestones_met = dict(years.milestones or {}) | {each.year: each.least for each in milestones}
        raise StudyError("choose.phase_unreached", milestones=milestones_met)
    each = np.arange(len(works))
    level = _filled(portfolio.level, works, spending, years)
    return Phased(
        works=tuple(works),
        start=tuple(None if at == 0 else years.first + int(at) - 1 for at in level),
        later=tuple(bool(before == 0 and at > 0) for before, at in zip(portfolio.level, level, strict=True)),
        spent=tuple(float(value) for value in spending[each, level].sum(axis=0)),
        gained=tuple(float(value) for value in gains[each, level].sum(axis=0)),
        value=portfolio.value,
        bound=portfolio.bound,
        gap=portfolio.gap,
    )


def _filled(level: NDArray[np.int64], works: Sequence[Work], spending: Floats, years: Years) -> NDArray[np.int64]:
    """Return the levels with each work that has no year set into the first years whose money is left.

    What gains most for its money comes first; a work is built within the years or has none.
    """
    filled = level.copy()
    left = np.array(years.budgets) - spending[np.arange(len(works)), level].sum(axis=0)
    room = CLOSE * max(float(np.sum(years.budgets)), 1.0)
    waiting = [at for at in np.flatnonzero(level == 0).tolist() if works[at].cost > 0.0]
    for at in sorted(waiting, key=lambda each: -works[each].gain / works[each].cost):
        for start in range(len(years.budgets) - works[at].build_years + 1):
            after = left - spending[at, start + 1]
            if (np.cumsum(after) if years.carried else after).min() >= -room:
                filled[at], left = start + 1, after
                break
    return filled


def works_of(
    programme: Programme, selection: Chosen, gain: Floats, *, build_years: Mapping[str, int],
    growing_years: Mapping[str, int],
) -> tuple[Work, ...]:  # fmt: skip
    """Return the works of a portfolio, with what full adoption of each cell of the programme gains in a year.

    Raises StudyError for a measure without years to build.
    """
    works = []
    for at, (measure, unit) in enumerate(programme.cells):
        share = float(selection.adoption[measure][unit])
        if share < LEAST:
            continue
        if build_years.get(measure, 0) < 1:
            raise StudyError("choose.phase_build", measure=measure)
        grown = growing_years.get(measure, 0)
        cost = share * float(programme.cost[at])
        works.append(Work(measure, unit, cost, share * float(gain[at]), build_years[measure], grown))
    return tuple(works)


def _milestone(works: Sequence[Work], years: Years, milestone: Milestone) -> Floats:
    """Return what each work, by its year of start, changes a milestone's indicator by in its year."""
    if milestone.year not in years.all:
        raise StudyError("choose.phase_milestone", years=[milestone.year], first=years.first, last=years.all[-1])
    at = milestone.year - years.first
    rows = [_gains(replace(work, gain=full), years)[:, at] for work, full in zip(works, milestone.gains, strict=True)]
    return np.array(rows, dtype=np.float64).reshape(len(works), len(years.budgets) + 1)


def grown(phased: Phased, years: Years, year: int) -> Floats:
    """Return the share of each work's full effect that there is in a year [-]: 0 before it is built."""
    count = len(years.budgets)
    plain = replace(years, growth=0.0)
    table = np.array([_gains(replace(work, gain=1.0), plain)[:, year - years.first] for work in phased.works])
    level = [0 if start is None else start - years.first + 1 for start in phased.start]
    return np.asarray(table.reshape(len(level), count + 1)[np.arange(len(level)), level], dtype=np.float64)


def reached(phased: Phased, years: Years, milestone: Milestone) -> float:
    """Return what an order of works changes a milestone's indicator by in its year."""
    table = _milestone(phased.works, years, milestone)
    level = [0 if start is None else start - years.first + 1 for start in phased.start]
    return float(table[np.arange(len(level)), level].sum())


def _spending(work: Work, count: int) -> Floats:
    """Return what is spent in each year, a row for no start at all and one for a start in each year."""
    table = np.zeros((count + 1, count))
    for start in range(count):
        table[start + 1, start : start + work.build_years] = work.cost / work.build_years
    return table


def _gains(work: Work, years: Years) -> Floats:
    """Return what is gained in each year, a row for no start at all and one for a start in each year."""
    at = np.arange(len(years.budgets))
    since = at[None, :] - np.append(at[-1] + 1, at)[:, None] - work.build_years + 1
    grown = np.clip(since / max(1, work.growing_years), 0.0, 1.0)
    return np.asarray(work.gain * grown * (1.0 + years.growth) ** at[None, :], dtype=np.float64)

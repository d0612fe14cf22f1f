"""Years of the chosen portfolio: when works start, and whether the objectives' milestones are reached, as tables."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.phasing import Milestone, Phased, Work, Years, phases, reached, works_of
from citybraid.integrate.choose.programme import Programme
from citybraid.integrate.choose.why_tables import phase_tables
from citybraid.planning.rows import indicators
from citybraid.study.open.budget import Phases
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.run.choosing import Choice

MILESTONES = ("objective", "indicator", "year", "asked", "before", "reached", "met", "held")
CLOSE = 1e-9
"""Share of a change that is rounding."""


def phased(study: OpenStudy, choice: Choice, gain: NDArray[np.float64], asked: Phases) -> Mapping[str, pd.DataFrame]:
    """Return `phases`, `phase_years` and, where objectives have milestones, `milestones`.

    Works start so that most is gained and every milestone is reached; where no order reaches them all, those are held
    that can be, in the order of years and objectives (`held`), and the others are told as missed. `reached` is the
    value before plus what the works built by then change, without interactions.
    """
    programme = choice.settled.programme
    rate = next(iter(choice.prices.known.values())).discount_rate
    years = Years(asked.first, asked.budgets, asked.carried, asked.growth, rate)
    works = works_of(programme, choice.chosen, gain, build_years=asked.build_years, growing_years=asked.growing_years)
    if not works:
        return {}
    wanted = sorted(_milestones(study, programme, works, choice), key=lambda each: (each[1].year, each[0]))
    kept: list[Milestone] = []
    found = phases(works, years)
    for _, milestone in wanted:
        try:
            found = phases(works, years, milestones=[*kept, milestone])
        except StudyError as fault:
            if fault.text != "choose.phase_unreached":
                raise
        else:
            kept.append(milestone)
    tables = dict(phase_tables(found, years))
    if wanted:
        rows = [_told(programme, found, years, name, each, held=each in kept) for name, each in wanted]
        tables["milestones"] = pd.DataFrame(rows, columns=list(MILESTONES))
    return tables


def _milestones(
    study: OpenStudy, programme: Programme, works: Sequence[Work], choice: Choice
) -> list[tuple[str, Milestone]]:
    """Return the milestones of the objectives that the portfolio's effects are known for."""
    found = []
    cells = {cell: at for at, cell in enumerate(programme.cells)}
    for objective in study.asked.objectives:
        name = objective.indicator
        if not objective.milestones or name not in programme.effects.base:
            continue
        sign = _sign(name)
        change = sign * programme.coefficients(name)
        adoption = choice.chosen.adoption
        gains = tuple(
            float(adoption[work.measure][work.unit]) * float(change[cells[work.measure, work.unit]]) for work in works
        )
        before = float(programme.effects.base[name][WHOLE_AREA])
        found += [
            (objective.id, Milestone(name, year, sign * (value - before), gains))
            for year, value in objective.milestones.items()
        ]
    return found


def _sign(indicator: str) -> float:
    return -1.0 if indicators()[indicator].direction == "lower" else 1.0


def _told(
    programme: Programme, found: Phased, years: Years, objective: str, asked: Milestone, *, held: bool
) -> tuple[object, ...]:
    before, sign = float(programme.effects.base[asked.indicator][WHOLE_AREA]), _sign(asked.indicator)
    gained = reached(found, years, asked)
    met = gained >= asked.least - CLOSE * max(abs(asked.least), abs(before))
    value = before + sign * gained
    return objective, asked.indicator, asked.year, before + sign * asked.least, before, value, met, held

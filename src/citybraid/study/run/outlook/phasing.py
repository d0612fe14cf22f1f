"""Years of the chosen portfolio: when works start, and whether the objectives' milestones are reached, as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.phasing import Milestone, Phased, Work, Years, grown, phases, reached, works_of
from citybraid.integrate.choose.programme import Programme
from citybraid.integrate.choose.why_tables import phase_tables
from citybraid.planning.rows import indicators
from citybraid.study.open.budget import Phases
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.run.choosing import Choice

Floats = NDArray[np.float64]
MILESTONES = ("objective", "indicator", "year", "asked", "before", "alone", "reached", "met", "held")
ROUNDS = 4
"""Orders that are sought at most until a milestone is reached with interactions."""
CLOSE = 1e-9
"""Share of a change that is rounding."""


def phased(study: OpenStudy, choice: Choice, gain: Floats, phase_settings: Phases) -> Mapping[str, pd.DataFrame]:
    """Return `phases`, `phase_years` and, where objectives have milestones, `milestones`.

    `gain` is what full adoption of each variable of the programme gains in a year, pairs after cells. Works start so
    that most is gained and every milestone is reached, each with half of what it and the others of its planning unit do
    to each other; `phase_years` tells what is gained with the pairs of what is built by then (`gained`) and by adding
    up what each does `alone`. Where no order reaches all milestones, those are held
    that can be, in the order of years and objectives (`held`), and the others are told as missed. `alone` is the value
    before plus what the works built by then change each by itself; `reached` has the interactions of those that meet in
    a planning unit too, of the pairs that were run: an order is sought anew where they take a milestone away.
    """
    programme = choice.settled.programme
    rate = next(iter(choice.prices.known.values())).discount_rate
    years = Years(phase_settings.first, phase_settings.budgets, phase_settings.carried, phase_settings.growth, rate)
    works = works_of(
        programme,
        choice.chosen,
        gain,
        build_years=phase_settings.build_years,
        growing_years=phase_settings.growing_years,
    )
    if not works:
        return {}
    meet = _Meeting(programme, choice, years)
    works = tuple(replace(work, gain=value) for work, value in zip(works, meet.shared(works, gain), strict=True))
    wanted = sorted(_milestones(study, programme, works, choice), key=lambda each: (each[1].year, each[0]))
    kept: list[Milestone] = []
    schedule = phases(works, years)
    for _, milestone in wanted:
        order = _ordered(works, years, [*kept, milestone], meet)
        if order is not None:
            schedule = order
            kept.append(milestone)
    tables = dict(phase_tables(schedule, years))
    tables["phase_years"] = tables["phase_years"].assign(**meet.by_year(schedule, gain))
    if wanted:
        rows = [_milestone_row(meet, schedule, name, each, held=each in kept) for name, each in wanted]
        tables["milestones"] = pd.DataFrame(rows, columns=list(MILESTONES))
    return tables


def _ordered(works: Sequence[Work], years: Years, milestones: Sequence[Milestone], meet: "_Meeting") -> Phased | None:
    """Return the best order that reaches milestones with the interactions of what is built by then, None for none."""
    needs = list(milestones)
    for _ in range(ROUNDS):
        try:
            schedule = phases(works, years, milestones=needs)
        except StudyError as fault:
            if fault.text != "choose.phase_unreached":
                raise
            return None
        if all(meet.met(schedule, each) for each in milestones):
            return schedule
        # What the works of this order take from each other, they must gain beside it.
        needs = [
            replace(each, least=each.least - min(0.0, meet.interactions(schedule, each))) for each in milestones
        ]  # fmt: skip
    return None


@dataclass(frozen=True)
class _Meeting:
    """What the works of an order do together in a year: each by itself, and by the pairs that were run."""

    programme: Programme
    choice: Choice
    years: Years

    def interactions(self, schedule: Phased, milestone: Milestone) -> float:
        """Return what pairs of works in a planning unit change together, in the milestone's good direction."""
        change = self.programme.coefficients(milestone.indicator)
        return _sign(milestone.indicator) * self._changed(schedule, change, milestone.year)[1]

    def shared(self, works: Sequence[Work], gain: Floats) -> list[float]:
        """Return what each work gains in a full year beside all others: alone, and half of what each pair does."""
        x = self._adopted(works, np.ones(len(works)))
        count = len(self.programme.cells)
        own = gain[:count] * x
        for (one, other), value in zip(self.programme.couples, gain[count:], strict=True):
            half = 0.5 * float(value) * x[one] * x[other]
            own[one] += half
            own[other] += half
        return [float(own[self._cells[work.measure, work.unit]]) for work in works]

    def by_year(self, schedule: Phased, gain: Floats) -> dict[str, list[float]]:
        """Return what is gained by year: each alone, added up, and with the pairs of what is built by then."""
        amounts = [self._changed(schedule, gain, year) for year in self.years.all]
        return {"alone": [alone for alone, _ in amounts], "gained": [alone + pairs for alone, pairs in amounts]}

    def _changed(self, schedule: Phased, change: Floats, year: int) -> tuple[float, float]:
        """Return what works built by a year change, alone and by pairs, of what full adoption of each changes."""
        count = len(self.programme.cells)
        x = self.programme.products(self._adopted(schedule.works, grown(schedule, self.years, year)))
        growth = (1.0 + self.years.growth) ** (year - self.years.first)
        return growth * float(change[:count] @ x[:count]), growth * float(change[count:] @ x[count:])

    @cached_property
    def _cells(self) -> Mapping[tuple[str, str], int]:
        """Position of each measure in a planning unit."""
        return {cell: at for at, cell in enumerate(self.programme.cells)}

    def _adopted(self, works: Sequence[Work], parts: Floats) -> Floats:
        """Return the adoption of every cell, of which some part of each work is there."""
        shares, adoption = np.zeros(len(self.programme.cells)), self.choice.chosen.adoption
        for work, part in zip(works, parts, strict=True):
            shares[self._cells[work.measure, work.unit]] = part * float(adoption[work.measure][work.unit])
        return shares

    def gained(self, schedule: Phased, milestone: Milestone) -> float:
        """Return what the order changes by the milestone's year, with interactions."""
        return reached(schedule, self.years, milestone) + self.interactions(schedule, milestone)

    def met(self, schedule: Phased, milestone: Milestone) -> bool:
        """Tell whether the order reaches the milestone, but for rounding."""
        before = float(self.programme.effects.base[milestone.indicator][WHOLE_AREA])
        return self.gained(schedule, milestone) >= milestone.least - CLOSE * max(abs(milestone.least), abs(before))


def _milestones(
    study: OpenStudy, programme: Programme, works: Sequence[Work], choice: Choice
) -> list[tuple[str, Milestone]]:
    """Return the milestones of the objectives that the portfolio's effects are known for."""
    milestones_found = []
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
        milestones_found += [
            (objective.id, Milestone(name, year, sign * (value - before), gains))
            for year, value in objective.milestones.items()
        ]
    return milestones_found


def _sign(indicator: str) -> float:
    return -1.0 if indicators()[indicator].direction == "lower" else 1.0


def _milestone_row(
    meet: _Meeting, schedule: Phased, objective: str, milestone: Milestone, *, held: bool
) -> tuple[object, ...]:
    before, sign = float(meet.programme.effects.base[milestone.indicator][WHOLE_AREA]), _sign(milestone.indicator)
    alone, together = (
        before + sign * gain for gain in (reached(schedule, meet.years, milestone), meet.gained(schedule, milestone))
    )
    wanted = before + sign * milestone.least
    return (
        objective,
        milestone.indicator,
        milestone.year,
        wanted,
        before,
        alone,
        together,
        meet.met(schedule, milestone),
        held,
    )

"""A made-up town that answers otherwise on the screening grid than on the full one, both written down."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA, GridRole, Portfolio
from citybraid.integrate.choose.loop import Ground, Proposal, Propose, Settled, settle
from citybraid.integrate.choose.portfolio import portfolio, uses
from citybraid.integrate.choose.prediction import Bases
from citybraid.integrate.choose.programme import Goal, Programme
from citybraid.integrate.learn.effects import effects
from citybraid.integrate.learn.two_grids import Sample
from tests.integrate.town import BASE, CLASH, MEASURES, RESPONSE, UNITS, Town, amounts, price_list

DAMAGE = Goal("damage", -1)
AREAS = pd.Series(1.0, index=list(UNITS))
ALIKE = ("emissions", "cooling")
"""Indicators that no flood stands behind: the full grid gives them at once."""
Response = Mapping[str, float]
Shape = Callable[[pd.Series], pd.Series]


def straight(change: pd.Series) -> pd.Series:
    """Return a sum of effects as it is."""
    return change


@dataclass
class TwoTowns(Town):
    """Damage avoided per unit of each measure, on both grids; `shape` bends the full grid's sum, `clash` is its own."""

    coarse: Response = field(default_factory=lambda: RESPONSE["damage"])
    full: Response = field(default_factory=lambda: RESPONSE["damage"])
    shape: Shape = straight
    clash: float = CLASH
    at_once_known: bool = True
    fails_at: int = 0
    """Which full run of measures fails, from 1; 0: none."""
    empty: str = ""
    """An indicator without value in the north."""
    full_runs: int = 0

    def __call__(self, portfolio: Portfolio, *, grid: GridRole = "screening") -> pd.DataFrame:
        """Return the indicators on a grid."""
        table = super().__call__(portfolio, grid=grid).drop(WHOLE_AREA)
        if grid == "full" and portfolio:
            self.full_runs += 1
            if self.full_runs == self.fails_at:
                message = "the flood of this portfolio failed"
                raise RuntimeError(message)
        amount = amounts(portfolio)
        response = self.full if grid == "full" else self.coarse
        change = sum((response.get(name, 0.0) * each for name, each in amount.items()), pd.Series(0.0, index=UNITS))
        clash = self.clash if grid == "full" else CLASH
        change = change + clash * amount["detention_wetland"] * amount["rain_garden"]
        table["damage"] = pd.Series(BASE["damage"], index=UNITS) + (self.shape(change) if grid == "full" else change)
        table.loc[WHOLE_AREA] = table.sum()
        if self.empty:
            table.loc["north", self.empty] = np.nan
        return table

    def part(self, portfolio: Portfolio, names: Collection[str], *, grid: GridRole) -> pd.DataFrame:
        """Return some indicators."""
        return self(portfolio, grid=grid)[list(names)]

    def at_once(self, portfolio: Portfolio, names: Collection[str] | None = None) -> pd.DataFrame:
        """Return the indicators that no flood stands behind."""
        runs = self.full_runs, self.fails_at
        self.fails_at = 0
        table = self(portfolio, grid="full")
        self.full_runs, self.fails_at = runs
        wanted = ALIKE if self.at_once_known else ()
        return table[[name for name in wanted if names is None or name in names]]


def ground(town: TwoTowns, *, alone: Collection[str] = (), samples: tuple[Sample, ...] = ()) -> Ground:
    """Return what the loop starts from; measures `alone` ran on the full grid."""
    table = effects(town, list(MEASURES.values()), UNITS)
    base = town((), grid="full")
    lone = {name: town((MEASURES[name],), grid="full") - base for name in alone}
    town.full_runs = 0
    return Ground(Bases(base, table.base), table, samples, price_list(), AREAS, lone)


def proposer(budget: float, *, whole: bool = True, goal: Goal = DAMAGE) -> Propose:
    """Return a choice of the portfolio that serves a goal best."""

    def propose(programme: Programme) -> Proposal:
        found = portfolio(programme, goal, budget=budget, whole=whole)
        return Proposal(found, uses(programme, found, MEASURES), None)

    return propose


def settled(town: TwoTowns, budget: float, *, rounds: int = 4, alone: Collection[str] = ()) -> Settled:
    """Return where the loop ends on a town."""
    return settle(town, ground(town, alone=alone), proposer(budget), [DAMAGE], rounds=rounds)

"""Money of a portfolio handed down from planning units to parcels: what each parcel builds, and what one more costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.city.grouped import GroupedChoice
from citybraid.integrate.choose.city.levels import city_portfolio
from citybraid.integrate.choose.margins import Margins
from citybraid.integrate.choose.portfolio import Chosen
from citybraid.integrate.choose.programme import Programme

Floats = NDArray[np.float64]
OUTSIDE = "*outside*"
"""Name of the ground of a unit that lies in no parcel, such as streets."""
STEPS = (0.25, 0.5, 0.75, 1.0)
"""Shares of a package that a parcel may build [-]."""
MOST = 6
"""Measures of a unit that packages are made of at most: those of the portfolio first, then the best for their money."""
SMALL = 1e-9
PARCELS = ("parcel", "unit", "measures", "share", "cost", "worth", "gain", "next_cost", "left")
UNITS = ("unit", "parcels", "money", "spent", "gain", "worth", "unit_worth", "per_money", "gap")


class ParcelShares(NamedTuple):
    """How the quantities and effects of measures in a unit are spread over its parcels.

    `parents` has the unit of each parcel. `amount` is, by measure, each parcel's share of its unit's quantity;
    `effect`, by measure and indicator, its share of the unit's effect where that stays where the measure is built.
    Without it effects follow quantities.
    """

    parents: pd.Series
    amount: Mapping[str, pd.Series]
    effect: Mapping[tuple[str, str], pd.Series]

    def of(self, measure: str, indicator: str) -> pd.Series:
        """Return the shares that an effect follows."""
        return self.effect.get((measure, indicator), self.amount[measure])


class ParcelMoney(NamedTuple):
    """What parcels build, a row each and one per unit for the ground outside, and a row per unit and for the whole.

    `worth` counts the goal in its good direction with targets at their price, `gain` the goal alone. `next_cost` is
    money for one more of that worth in the parcel, `left` what it could still give. `per_money` is what one more unit
    of money is worth in a unit, `unit_worth` what the portfolio's shares of measures, alike in all parcels, are worth.
    """

    parcels: pd.DataFrame
    units: pd.DataFrame


@dataclass(frozen=True)
class _Measure:
    """A measure in a unit: present cost, gain of the goal and worth at full adoption, by parcel."""

    name: str
    cell: int
    cost: Floats
    gain: Floats
    worth: Floats


def parcel_money(programme: Programme, edge: Margins, selection: Chosen, shares: ParcelShares) -> ParcelMoney:
    """Return the best use of each unit's money over its parcels and the ground outside them.

    A parcel builds one package of measures, in quarters; each unit spends at most what the portfolio spends there.
    What parcels and the ground outside cost and gain in full is what the unit's measures cost and gain: the levels
    close. Choices are those of `city_portfolio`, a unit's money being the limit.
    """
    parcels, units = [], []
    for unit in programme.effects.units:
        rows, works = _unit(programme, edge, selection, shares, unit)
        parcels += rows
        units += [works] if works else []
    table = pd.DataFrame(units, columns=list(UNITS))
    if len(table):
        sums = table[["parcels", "money", "spent", "gain", "worth", "unit_worth"]].sum()
        gap = float((table["gap"] * table["worth"]).sum() / sums["worth"]) if sums["worth"] > 0.0 else 0.0
        table.loc[len(table)] = {"unit": WHOLE_AREA, **sums, "per_money": edge.per_money, "gap": gap}
    return ParcelMoney(pd.DataFrame(parcels, columns=list(PARCELS)), table)


def _unit(
    programme: Programme, edge: Margins, selection: Chosen, shares: ParcelShares, unit: str
) -> tuple[list[tuple[object, ...]], tuple[object, ...] | None]:
    cells = [at for at, (_, home) in enumerate(programme.cells) if home == unit]
    adopted = {at: float(selection.adoption[programme.cells[at][0]][unit]) for at in cells}
    order = sorted(cells, key=lambda at: (adopted[at] <= 0.0, -edge.cells[at].per_money, programme.cells[at][0]))
    useful = [at for at in order if adopted[at] > 0.0 or edge.cells[at].gain + edge.cells[at].kept > 0.0][:MOST]
    names = [str(name) for name in shares.parents.index[shares.parents == unit]]
    measures = [_spread(programme, edge, shares, at, names) for at in useful]
    if not measures:
        return [], None
    levels = list(_packages(programme, measures))
    cost = np.array([level.cost for level in levels]).T
    worth = np.array([level.worth for level in levels]).T
    money = float(sum(adopted[at] * programme.cost[at] for at in cells))
    portfolio = city_portfolio(GroupedChoice(worth, cost[None], np.array([money])))
    if portfolio is None:
        raise StudyError("choose.solver", status="infeasible")
    zones = [*names, OUTSIDE]
    each = np.arange(len(zones))
    rows: list[tuple[object, ...]] = []
    for at, zone in enumerate(zones):
        level = levels[portfolio.level[at]]
        left, price = _next(worth[at], cost[at], int(portfolio.level[at]))
        built = [one for one in level.members if measures[one].cost[at] > 0.0 or measures[one].worth[at] != 0.0]
        works = " ".join(measures[one].name for one in built)
        rows.append((zone, unit, works, level.share if built else 0.0, float(level.cost[at]), float(level.worth[at]),
                     float(level.gain[at]), price, left))  # fmt: skip
    gain = float(sum(levels[level].gain[at] for at, level in enumerate(portfolio.level)))
    alike = _alike(edge, adopted)
    spent = float(cost[each, portfolio.level].sum())
    return rows, (
        unit,
        len(names),
        money,
        spent,
        gain,
        portfolio.value,
        alike,
        float(portfolio.price[0]),
        portfolio.gap,
    )


def _spread(programme: Programme, edge: Margins, shares: ParcelShares, at: int, names: list[str]) -> _Measure:
    """Return a measure's cost, gain and worth by parcel and, last, outside them; parts that are rounding are none."""
    name = programme.cells[at][0]

    def parts(column: pd.Series) -> Floats:
        inside = column.reindex(names).fillna(0.0).to_numpy(np.float64)
        inside = np.where(np.abs(inside) > SMALL, inside, 0.0)
        rest = 1.0 - float(inside.sum())
        return np.append(inside, rest if rest > SMALL else 0.0)

    goal = edge.goal
    gain = edge.cells[at].gain * parts(shares.of(name, goal.indicator))
    worth = gain.copy()
    for target, price in edge.per_target.items():
        if price > 0.0:
            worth += price * float(programme.need(target)[0][at]) * parts(shares.of(name, target.indicator))
    return _Measure(name, at, float(programme.cost[at]) * parts(shares.amount[name]), gain, worth)


class _Level(NamedTuple):
    """A package that a parcel can build: its measures and share; cost, gain and worth by parcel."""

    members: tuple[int, ...]
    share: float
    cost: Floats
    gain: Floats
    worth: Floats


def _packages(programme: Programme, measures: Sequence[_Measure]) -> Iterator[_Level]:
    """Yield nothing, then every set of the measures in quarters; later ones take the room that earlier ones leave."""
    nothing = np.zeros(measures[0].cost.size)
    yield _Level((), 0.0, nothing, nothing, nothing)
    for count in range(1, len(measures) + 1):
        for members in combinations(range(len(measures)), count):
            for share in STEPS:
                taken: dict[int, float] = {}
                for one in members:
                    own = measures[one].cell
                    room = [1.0 - (1.0 - programme.room_beside(own, other)) * part for other, part in taken.items()]
                    taken[own] = share * min([1.0, *room])
                cost, gain, worth = nothing.copy(), nothing.copy(), nothing.copy()
                for one in members:
                    part = taken[measures[one].cell]
                    cost += part * measures[one].cost
                    gain += part * measures[one].gain
                    worth += part * measures[one].worth
                yield _Level(members, share, cost, gain, worth)


def _alike(edge: Margins, adopted: Mapping[int, float]) -> float:
    """Return the worth of the portfolio's shares in a unit, alike in all its parcels and without interactions."""
    return float(sum(share * (edge.cells[at].gain + edge.cells[at].kept) for at, share in adopted.items()))


def _next(worth: Floats, cost: Floats, chosen: int) -> tuple[float, float]:
    """Return what a parcel could still give and the money for one more of it; NaN where it can give nothing more."""
    more, dearer = worth - worth[chosen], cost - cost[chosen]
    size = SMALL * max(float(np.abs(worth).max()), SMALL)
    better = more > size
    if not better.any():
        return 0.0, float("nan")
    return float(more.max()), float((np.maximum(dearer[better], 0.0) / more[better]).min())

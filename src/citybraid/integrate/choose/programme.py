"""The programme: adoption of each measure in each unit, its costs and its effects as linear coefficients."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from citybraid.core.errors import InputError, StudyError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.choose.equity import EquityFloor
from citybraid.integrate.choose.prices import Price
from citybraid.integrate.choose.solver import Rows
from citybraid.integrate.learn.effects import EffectTable, Pair

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
NOTHING = "choose.nothing"
"""Text of the error of a choice among measures of which none can be built."""
COST = "cost"
"""Name of the present cost as an objective."""
EXTENSIVE = 0.01
"""Unit changes that sum to the whole area's change within this share count as its parts [-]."""
NEAR = 0.3
"""Unit changes whose mean weighted by area is this close to the whole area's change share it out [-]."""


@dataclass(frozen=True)
class Goal:
    """Direction of an indicator (or of COST) as an objective: +1 to maximise, -1 to minimise."""

    indicator: str
    direction: Literal[1, -1]


@dataclass(frozen=True)
class Target:
    """A value that an indicator must reach, in a planning unit or in the whole area (WHOLE)."""

    indicator: str
    direction: Literal[1, -1]
    value: float
    unit: str = WHOLE_AREA


class Refit(NamedTuple):
    """What runs of whole portfolios add to the changes per variable: in its own unit, and in the whole area."""

    own: Floats
    overall: Floats


@dataclass(frozen=True)
class Programme:
    """Variables x: adoption 0 to 1 of a measure in a unit, then w for each pair in a unit.

    w stands for the product of two adoptions and is bounded by McCormick's (1976)
    planes: exact where adoptions are 0 or 1, an optimistic bound in between. An
    indicator's change is the sum of lone changes times x and interactions times w.
    """

    effects: EffectTable
    prices: Mapping[str, Price]
    cells: tuple[tuple[str, str], ...]
    couples: tuple[tuple[int, int], ...]
    floors: tuple[EquityFloor, ...] = ()
    changes: tuple[Floats, Floats] | None = None
    """`own` and `overall`, where they are not those of the effects but of a scenario."""
    refit: Refit | None = None

    @classmethod
    def of(cls, effects: EffectTable, prices: Mapping[str, Price], floors: tuple[EquityFloor, ...] = ()) -> "Programme":
        """Set up the programme from the screening effects; raises StudyError where nothing can be chosen.

        Equity floors hold for every portfolio of it. One that names an unknown unit is refused.
        """
        unknown = sorted({unit for floor in floors for unit in floor.weight} - set(effects.units))
        if unknown:
            raise StudyError("choose.floor_unit", units=unknown, known=list(effects.units))
        cells = tuple(
            (name, unit)
            for name, single in effects.single.items()
            if name in prices
            for unit in effects.units
            if single.installed[unit] > 0.0
        )
        if not cells:
            raise StudyError(NOTHING)
        at = {cell: number for number, cell in enumerate(cells)}
        couples = tuple(
            (at[first, unit], at[second, unit])
            for (first, second), pair in effects.pair.items()
            for unit in effects.units
            if (first, unit) in at and (second, unit) in at and _coupled(pair, unit)
        )
        return cls(effects, prices, cells, couples, floors)

    @property
    def size(self) -> int:
        """Number of variables."""
        return len(self.cells) + len(self.couples)

    @cached_property
    def installed(self) -> Floats:
        """Quantity of each cell at full adoption."""
        return np.array([self.effects.single[name].installed[unit] for name, unit in self.cells])

    @cached_property
    def cost(self) -> Floats:
        """Present cost of each variable at full adoption [currency of the study]."""
        present = np.array([self.prices[name].present for name, _ in self.cells])
        return np.append(present * self.installed, np.zeros(len(self.couples)))

    @property
    def used(self) -> tuple[str, ...]:
        """Names of the measures that have variables."""
        return tuple(dict.fromkeys(name for name, _ in self.cells))

    @cached_property
    def place(self) -> Indices:
        """Position of each variable's unit among the units."""
        at = {unit: number for number, unit in enumerate(self.effects.units)}
        lone = [at[unit] for _, unit in self.cells]
        return np.array([*lone, *(lone[first] for first, _ in self.couples)], dtype=np.int64)

    @cached_property
    def own(self) -> Floats:
        """Change of each indicator in the variable's own unit, a row per variable; no value counts as no change."""
        if self.changes is not None:
            return self.changes[0]
        changes = self._changes(lambda _, change: change.drop(WHOLE_AREA).fillna(0.0).to_numpy())
        return changes if self.refit is None else changes + self.refit.own

    @cached_property
    def overall(self) -> Floats:
        """Change of each indicator in the whole area, a row per variable.

        Where the unit changes of a measure sum to the whole area's change, they are its
        parts; where their mean weighted by area is near it, as of a share of the ground or of land
        alone, it is shared out like the weighted changes; else by installed quantity, and so too where the measure is
        built in a unit without a value.
        """
        if self.changes is not None:
            return self.changes[1]
        changes = self._changes(self._parts)
        return changes if self.refit is None else changes + self.refit.overall

    def coefficients(self, indicator: str, unit: str = WHOLE_AREA) -> Floats:
        """Return the change of an indicator per variable, in one unit or in the whole area."""
        if indicator == COST:
            return self.cost
        if indicator not in self.effects.base:
            raise InputError("effects.indicator_missing", indicator=indicator, known=list(self.effects.indicators))
        column = self.effects.indicators.index(indicator)
        if unit == WHOLE_AREA:
            return self.overall[:, column]
        return np.where(self.place == self.effects.units.index(unit), self.own[:, column], 0.0)

    def need(self, target: Target) -> tuple[Floats, float]:
        """Return a target as a constraint row and its lower bound."""
        base = float(self.effects.base[target.indicator][target.unit])
        row = target.direction * self.coefficients(target.indicator, target.unit)
        return row, target.direction * (target.value - base)

    def _changes(self, parts: Callable[[str, pd.DataFrame], Floats]) -> Floats:
        lone = {name: parts(name, self.effects.single[name].change) for name in self.used}
        both = {names: parts(names[0], pair.interaction) for names, pair in self.effects.pair.items()}
        gain = np.zeros((self.size, len(self.effects.indicators)))
        for number, (name, _) in enumerate(self.cells):
            gain[number] = lone[name][self.place[number]]
        for number, (first, second) in enumerate(self.couples, len(self.cells)):
            names = self.cells[first][0], self.cells[second][0]
            room = self._room(first, second)
            gain[number] = both[names][self.place[number]] / (room[0] * room[1])
        return gain

    def _room(self, first: int, second: int) -> tuple[float, float]:
        (one, unit), (other, _) = self.cells[first], self.cells[second]
        pair = self.effects.pair[one, other]
        return float(pair.first[unit]), float(pair.second[unit])

    def _parts(self, measure: str, change: pd.DataFrame) -> Floats:
        units = change.drop(WHOLE_AREA).fillna(0.0).to_numpy()
        total = change.loc[WHOLE_AREA].fillna(0.0).to_numpy(dtype=float)
        installed = self.effects.single[measure].installed.reindex(list(self.effects.units)).to_numpy(dtype=float)
        weighted = units * self.effects.weights()[:, None]
        mean = weighted.sum(axis=0)
        summed = np.abs(units.sum(axis=0) - total) <= EXTENSIVE * np.abs(total)
        # A unit without a value, as one without residents, has its part of the whole too.
        blank = (change.drop(WHOLE_AREA).isna().to_numpy() & (installed > 0.0)[:, None]).any(axis=0)
        averaged = (np.abs(mean - total) <= NEAR * np.abs(total)) & ~blank
        shared = weighted * (total / np.where(mean != 0.0, mean, 1.0))
        spread = installed[:, None] / installed.sum() * total
        return np.asarray(np.select([summed, averaged], [units, shared], spread), dtype=np.float64)

    @cached_property
    def crowded(self) -> frozenset[frozenset[str]]:
        """Pairs of measures of which one leaves the other less room in some unit."""
        return frozenset(
            frozenset((self.cells[first][0], self.cells[second][0]))
            for first, second in self.couples
            if min(self._room(first, second)) < 1.0
        )

    def room_left(self, lone: Floats) -> Floats:
        """Return the share of each cell's lone quantity that the other measures' adoptions leave room for."""
        left = np.ones(len(self.cells))
        for first, second in self.couples:
            room = self._room(first, second)
            left[first] = min(left[first], 1.0 - (1.0 - room[0]) * lone[second])
            left[second] = min(left[second], 1.0 - (1.0 - room[1]) * lone[first])
        return left

    def room_beside(self, cell: int, other: int) -> float:
        """Return the share of a cell's lone quantity that full adoption of another in the same unit leaves room for."""
        for first, second in self.couples:
            if {first, second} == {cell, other}:
                room = self._room(first, second)
                return room[0] if cell == first else room[1]
        return 1.0

    def rows(self, *, floored: bool = True) -> Rows:
        """Return the constraints between variables: products of pairs, shared space, and equity floors at the end."""
        count = len(self.cells)
        data: list[tuple[int, int, float]] = []
        high: list[float] = []
        for number, (first, second) in enumerate(self.couples, count):
            room = self._room(first, second)
            planes = [
                ({number: 1.0, first: -1.0}, 0.0),
                ({number: 1.0, second: -1.0}, 0.0),
                ({first: 1.0, second: 1.0, number: -1.0}, 1.0),
                ({second: 1.0, first: 1.0 - room[1]}, 1.0),
                ({first: 1.0, second: 1.0 - room[0]}, 1.0),
            ]
            for terms, bound in planes:
                data += [(len(high), column, value) for column, value in terms.items()]
                high.append(bound)
        row, column, value = (np.array(part) for part in zip(*data, strict=True)) if data else (np.zeros(0),) * 3
        matrix = sparse.csr_array((value, (row.astype(int), column.astype(int))), shape=(len(high), self.size))
        rows = Rows(matrix, np.full(len(high), -np.inf), np.array(high))
        for floor in self.floors if floored else ():
            part, whole = self.served(floor)
            rows = rows.with_row(floor.share * whole - part, high=0.0)
        return rows

    def served(self, floor: EquityFloor) -> tuple[Floats, Floats]:
        """Return the spending or gain of each variable that goes to vulnerable people, and all of it."""
        whole = floor.direction * self.coefficients(floor.indicator) if floor.indicator else self.cost
        weight = np.array([floor.weight.get(unit, 0.0) for unit in self.effects.units])
        return weight[self.place] * whole, whole

    def share_served(self, floor: EquityFloor, x: Floats) -> float:
        """Return the share of the spending or gain that goes to vulnerable people; NaN where there is none."""
        part, whole = (float(row @ self.products(x)) for row in self.served(floor))
        return part / whole if whole > 0.0 else float("nan")

    def products(self, x: Floats) -> Floats:
        """Return the variables with every w set to the true product of its two adoptions."""
        lone = x[: len(self.cells)]
        return np.append(lone, [lone[first] * lone[second] for first, second in self.couples])


def _coupled(pair: Pair, unit: str) -> bool:
    """Tell whether two measures interact in a unit, by effect or by shared space."""
    if pair.first[unit] <= 0.0 or pair.second[unit] <= 0.0:
        return False
    touches = pair.interaction.loc[[unit, WHOLE_AREA]].fillna(0.0).to_numpy()
    return bool((touches != 0.0).any()) or min(pair.first[unit], pair.second[unit]) < 1.0

"""Runs of the models: under a portfolio, with indicators per zone (integrate's Evaluate), and for single values."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA, GridRole, Portfolio
from citybraid.core.layer import Layer, digest
from citybraid.core.place import Place
from citybraid.core.step import Step
from citybraid.integrate.couplings.heat_loop import HeatLoop
from citybraid.planning.read_layers import control_layers, indicator_layers, unread_events
from citybraid.planning.rows import Reading, controls, indicators, quantities_of, with_parts
from citybraid.planning.unit_table import IndicatorTable, unit_table
from citybraid.planning.zones import Value, Zones
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.plan.planner import Plan, Settings, plan
from citybraid.study.plan.required import behind_long_steps, required_steps
from citybraid.study.run.engine import Engine
from citybraid.study.run.loops.heat_loop import closed

PLANS = 64
"""Plans that are kept: a choice of measures asks for the same portfolios again and again [-]."""


@dataclass
class Evaluator:
    """Plans and runs a study's models on its base Place with measures added, and reads zones.

    `zones` names the table whose rows the indicators are read for: units or parcels.
    """

    study: OpenStudy
    place: Place
    base: Portfolio
    engine: Engine
    grid: GeoBox
    zones: str = "units"
    ran: int = 0
    loops: dict[GridRole, dict[str, HeatLoop]] = field(default_factory=dict)
    """Closed loops by grid and portfolio ('' for none), where the study asks for them."""
    _plans: dict[str, Plan] = field(default_factory=dict)
    _drafts: dict[str, Plan] = field(default_factory=dict)
    """The last plans, whether run or not."""

    def __call__(self, portfolio: Portfolio, *, grid: GridRole = "screening") -> pd.DataFrame:
        """Return the indicators per zone."""
        return self.indicators(self.planned(portfolio, grid=grid, whole=False), grid=grid).by_zone

    def part(self, portfolio: Portfolio, names: Collection[str], *, grid: GridRole) -> pd.DataFrame:
        """Return some indicators per zone; only what they are read from is computed."""
        return self._part(self.plan(portfolio, grid=grid, coupled=True), names, grid=grid)

    def at_once(self, portfolio: Portfolio, names: Collection[str] | None = None) -> pd.DataFrame:
        """Return the indicators per zone on the full grid that no simulation of events stands behind but the base's.

        All of them, or those named. One that is combined of others is left out where any of them takes such a run.
        """
        planned = self.plan(portfolio, grid="full", coupled=True)
        hidden, wanted = self.behind_events(planned), indicators() if names is None else names
        return self._part(planned, [name for name in wanted if name not in hidden], grid="full")

    def behind_events(self, planned: Plan) -> frozenset[str]:
        """Return the indicators of a full plan that only new simulations of events, such as floods, give."""
        known = frozenset(step.key for step in self.planned((), grid="full").steps)
        keys = behind_long_steps(planned.steps, known, of_events=True)
        names = {name for name, each in planned.place.layers.items() if any(layer.key in keys for layer in each)}
        return frozenset(name for name in indicators() if quantities_of(name) & names)

    def plan(self, portfolio: Portfolio, *, grid: GridRole, coupled: bool = False) -> Plan:
        """Return the plan under a portfolio; nothing is run but the loops that the study closes, where `coupled`."""
        looped = coupled and self.study.asked.couplings.heat_loop
        key = digest(grid, looped, _identity(portfolio))
        if key not in self._drafts:
            settings = self.study.settings(self.on(grid))
            place = self._coupled(portfolio, grid, settings) if looped else self.place
            self._drafts[key] = plan(place, self.study.models, (*self.base, *portfolio), settings)
            while len(self._drafts) > PLANS:
                self._drafts.pop(next(iter(self._drafts)))
        return self._drafts[key]

    def _part(self, planned: Plan, names: Collection[str], *, grid: GridRole) -> pd.DataFrame:
        rows = {row.id: row for name in names for row in with_parts(name)}
        ordered = [row for row in indicators().values() if row.id in rows]
        layers = indicator_layers(planned.place, names)
        self.ran += len(self.engine.run(required_steps(planned.steps, *(layer.key for layer in layers))))
        table = unit_table(self.read(planned, grid=grid), ordered).by_zone
        return table[[name for name in table if name in names]]

    def installed(self, portfolio: Portfolio) -> pd.DataFrame:
        """Return the quantity of each measure per planning unit and in all, placed on the full grid.

        Only what the measures read is computed: no floods, unless a measure reads one. The built form of a plan is
        not a measure.
        """
        planned = self.plan(portfolio, grid="full")
        layers = {name: planned.homes.layers.get(name, ()) for name in self._quantities()}
        self.ran += len(self.engine.run(self._placing_steps(planned)))
        rows = self.engine.memory.get(planned.place.one("units").key).index
        amounts = {name: self.engine.memory.get(each[0].key) for name, each in layers.items() if each}
        table = pd.DataFrame({name: amounts.get(name, 0.0) for name in layers}, index=rows)
        table = table.astype(float).fillna(0.0)
        table.loc[WHOLE_AREA] = table.sum()
        return table

    def planned(self, portfolio: Portfolio, *, grid: GridRole, whole: bool | None = None) -> Plan:
        """Return the Place under a portfolio, run.

        Only what indicators and controls are read from is computed, or the `whole` plan: where not said, on the full
        grid.
        """
        whole = grid == "full" if whole is None else whole
        key = _run_key(portfolio, grid, whole=whole)
        if key not in self._plans:
            planned = self.plan(portfolio, grid=grid, coupled=True)
            steps = planned.steps if whole else self.read_steps(planned)
            self.ran += len(self.engine.run(steps))
            self._plans[key] = planned
        return self._plans[key]

    def read_steps(self, planned: Plan) -> tuple[Step, ...]:
        """Return the Steps of a plan behind the layers that indicators and controls are read from."""
        return read_steps(planned, self._value)

    def _value(self, layer: Layer) -> Any:
        return self.engine.memory.get(layer.key)

    def ahead(self, portfolios: Iterable[Portfolio], *, grid: GridRole) -> None:
        """Run at once what indicators, and quantities of measures, are read from under all these portfolios.

        One portfolio after another would leave threads idle at the end of each, and most of a cluster. Loops are closed
        portfolio by portfolio.
        """
        if self.study.asked.couplings.heat_loop:
            return
        steps: dict[str, Step] = {}
        plans: dict[str, Plan] = {}
        for each in portfolios:
            planned = plans[_run_key(each, grid, whole=False)] = self.plan(each, grid=grid)
            placed = self._placing_steps(self.plan(each, grid="full"))
            steps |= {step.key: step for step in (*self.read_steps(planned), *placed)}
        self.ran += len(self.engine.run(tuple(steps.values())))
        self._plans |= plans

    def _placing_steps(self, planned: Plan) -> tuple[Step, ...]:
        """Return the Steps of a plan behind the quantities that its measures install."""
        layers = (planned.homes.layers.get(name, ()) for name in self._quantities())
        return required_steps(planned.steps, *(each[0].key for each in layers if each))

    def _coupled(self, portfolio: Portfolio, grid: GridRole, settings: Settings) -> Place:
        """Return the Place with the loops that the study closes."""
        place, loop_steps, ran = closed(self.place, (*self.base, *portfolio), self.study, self.engine, settings)
        self.ran += ran
        if loop_steps is not None:
            self.loops.setdefault(grid, {})[" ".join(use.model.name for use in portfolio)] = loop_steps
        return place

    def on(self, grid: GridRole) -> GeoBox:
        """Return the grid of a role."""
        return self.grid if grid == "full" else self.study.screening(self.grid)

    def indicators(self, planned: Plan, *, grid: GridRole) -> IndicatorTable:
        """Return the indicators of a Place."""
        return unit_table(self.read(planned, grid=grid), indicators().values())

    def read(self, planned: Plan, *, grid: GridRole) -> Zones:
        """Return the zones over a Place."""
        if self.zones not in planned.place.layers:
            raise StudyError("study.no_zones", table=self.zones)
        shapes: gpd.GeoSeries = self.engine.memory.get(planned.place.one(self.zones).key)
        return Zones(shapes.rename(self.zones), planned.place, self._value, self.on(grid))

    def _quantities(self) -> tuple[str, ...]:
        """Return the quantities that the measures of the study install."""
        measures = self.study.measures.values()
        return tuple(each.quantity.name for each in measures if each.quantity is not None and each.stage != "build")


def _identity(portfolio: Portfolio) -> list[tuple[str, str]]:
    """Return what tells portfolios apart, whatever their order."""
    return sorted((use.model.id, digest(use.params)) for use in portfolio)


def _run_key(portfolio: Portfolio, grid: GridRole, *, whole: bool) -> str:
    """Return the key of a portfolio's plan that was run on a grid, as a whole or what is read of it."""
    return digest(grid, whole, _identity(portfolio))


def read_steps(planned: Plan, value: Value, *, of_parcels: bool = True) -> tuple[Step, ...]:
    """Return the Steps behind the layers that indicators, and controls of parcels, are read from.

    Of events that no number is read of, nothing: `value` gives their return periods, unless a Step is to make them.
    """
    place, readings = planned.place, [*indicators().values(), *(controls().values() if of_parcels else ())]
    unread = never_read(planned, value, [each.reading for each in readings if each.reading is not None])
    layers = {*indicator_layers(place), *(control_layers(place) if of_parcels else ())}
    return required_steps(planned.steps, *(layer.key for layer in layers if layer.key not in unread))


def never_read(planned: Plan, value: Value, readings: Iterable[Reading]) -> frozenset[str]:
    """Return the keys of the layers of events that no reading is of; none where a Step is to make return periods."""
    made = {out.key for step in planned.steps for out in step.outs}
    if any(period.key in made for period in planned.place.layers.get("return_period", ())):
        return frozenset()
    return unread_events(planned.place, value, readings)


@dataclass
class ValueRuns:
    """Computes plans together for one value of each, on an engine of its own: one that met an error is stopped."""

    engine: Engine
    ran: int = 0

    def __call__(self, plans: Sequence[Plan], name: str) -> list[Any]:
        """Return the value of a Var in each plan."""
        engine = self.engine.anew()
        keys = [each.place.one(name).key for each in plans]
        pairs = zip(plans, keys, strict=True)
        steps = {step.key: step for each, key in pairs for step in required_steps(each.steps, key)}
        self.ran += len(engine.run(tuple(steps.values())))
        return [engine.memory.get(key) for key in keys]

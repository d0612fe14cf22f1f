"""The loop of waste heat, air and cooling in a study: both strands run in turns until the air stands still."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from citybraid.core.evaluate import Portfolio
from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.core.var import Var
from citybraid.integrate.couplings.heat_loop import DAY, HEAT_LOOP, Cooled, HeatLoop, heat_loop, over_summer
from citybraid.kernels.climate.summer import summer_days
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.plan.homes import content_key
from citybraid.study.plan.planner import Plan, Settings, plan
from citybraid.study.plan.required import required_steps
from citybraid.study.run.engine import Engine

F64 = NDArray[np.float64]


@dataclass
class Halves:
    """Both halves of the loop over one state of the plan area: measures applied, nothing of the loop cut yet."""

    study: OpenStudy
    engine: Engine
    settings: Settings
    homes: Place
    ran: int = 0

    def cooling(self, warming: F64) -> Cooled:
        """Return the heat that buildings reject, and their cooling, in air so much warmer by hour of a summer day."""
        planned = self.planned(self.homes.put([warmer(warming, self.season, self.engine)]))
        released, demand = (
            self._value(planned, each.name).to_numpy(np.float64) for each in (HEAT_LOOP.released, HEAT_LOOP.demand)
        )
        return Cooled(released, float(demand.sum()))

    def warming(self, released: F64, before: xr.DataArray) -> F64:
        """Return how much warmer the air at the buildings is than `before`, by hour, mean by their floor area [K]."""
        planned = self.planned(self.homes)
        shapes: gpd.GeoSeries = self._value(planned, HEAT_LOOP.released.on)
        weight = self._value(planned, HEAT_LOOP.weight.name).to_numpy(np.float64)
        return _at_buildings(self.air(released) - before, shapes, weight)

    def air(self, released: F64 | float = 0.0) -> xr.DataArray:
        """Return the air between buildings by hour and block, with heat rejected by each building [W] or by all."""
        planned = self.planned(self.homes)
        if HEAT_LOOP.released.name in planned.place.layers:
            shapes: gpd.GeoSeries = self._value(planned, HEAT_LOOP.released.on)
            column = pd.Series(released, index=shapes.index, name=HEAT_LOOP.released.name, dtype=np.float64)
            planned = self.planned(self.homes.put([_stored(HEAT_LOOP.released, column, self.engine)]))
        field: xr.DataArray = self._value(planned, HEAT_LOOP.air.name)
        return field

    @cached_property
    def season(self) -> NDArray[np.int64]:
        """The days of the hot season, 0 being 1 January."""
        planned = self.planned(self.homes)
        air = self._value(planned, HEAT_LOOP.weather.name).to_numpy(np.float64)
        return summer_days(air, float(self._value(planned, HEAT_LOOP.latitude.name)))

    def planned(self, place: Place) -> Plan:
        """Return the plan of all models on a Place."""
        return plan(place, self.study.models, (), self.settings)

    def _value(self, planned: Plan, name: str) -> Any:
        layer = planned.place.one(name)
        self.ran += len(self.engine.run(required_steps(planned.steps, layer.key)))
        return self.engine.memory.get(layer.key)


def closed(
    place: Place, portfolio: Portfolio, study: OpenStudy, engine: Engine, settings: Settings
) -> tuple[Place, HeatLoop | None, int]:
    """Return a Place with the warming of its summer air, the loop's record, and how many Steps ran.

    The weather file's air is that of the Place without measures and without waste heat: warming is by the portfolio's
    waste heat, and by what its measures change of ground, crowns and form. Where the Place alone has no air that can
    be computed, by waste heat alone. The Place is as it was, and the record None, where one of the halves cannot be
    computed, or nobody cools. Raises InputError where the air does not come to rest.
    """
    opened = plan(place, study.models, portfolio, settings)
    if any(each.name not in opened.place.layers for each in HEAT_LOOP[1:]):
        return place, None, 0
    placed = [layer.key for layers in opened.homes.layers.values() for layer in layers]
    halves = Halves(
        study, engine, settings, opened.homes, len(engine.run(required_steps(opened.steps, *placed)))
    )  # fmt: skip
    bare = plan(place, study.models, (), settings)
    without = Halves(study, engine, settings, bare.homes if HEAT_LOOP.air.name in bare.place.layers else halves.homes)
    before = without.air()
    loop = heat_loop(halves.cooling, lambda released: halves.warming(released, before), start=np.zeros(DAY))
    return place.put([warmer(loop.warming, halves.season, engine)]), loop, halves.ran + without.ran


def warmer(warming: F64, days: NDArray[np.int64], engine: Engine) -> Layer:
    """Return the handle to the warming of every hour of the year by that of a summer day."""
    return _stored(HEAT_LOOP.cut, pd.Series(over_summer(warming, days), name=HEAT_LOOP.cut.name), engine)


def _stored(var: Var, value: pd.Series, engine: Engine) -> Layer:
    layer = Layer(var, content_key(var, value, None))
    engine.memory.put(layer.key, value)
    return layer


def _at_buildings(air: xr.DataArray, shapes: gpd.GeoSeries, weight: F64) -> F64:
    """Return the mean over buildings of the air of the block that each stands in, by hour of the day."""
    middles = shapes.centroid
    x, y = (xr.DataArray(values.to_numpy(), dims="building") for values in (middles.x, middles.y))
    hours = air.isel(time=slice(0, DAY)).sel(x=x, y=y, method="nearest").transpose("time", "building").to_numpy()
    counts = np.where(np.isfinite(hours), np.nan_to_num(weight), 0.0)
    return np.asarray((np.nan_to_num(hours) * counts).sum(axis=1) / np.maximum(counts.sum(axis=1), 1e-9), np.float64)

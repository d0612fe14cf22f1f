"""Keep, retrofit or rebuild: cumulative emissions of each building's three options to a horizon."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.embodied import (
    DEMOLITION_CARBON,
    HERITAGE,
    KEEP_CARBON,
    LOWEST_CARBON,
    REBUILD_CARBON,
    REBUILD_EMBODIED,
    REBUILD_PAYBACK,
    RETROFIT_CARBON,
    RETROFIT_EMBODIED,
    RETROFIT_PAYBACK,
)
from citybraid.core.vocabulary.lowcarbon.emissions import ELECTRICITY_EMISSIONS, HEAT_EMISSIONS
from citybraid.core.vocabulary.place import BUILDING_USE, FLOOR_AREA, YEAR_BUILT
from citybraid.lowcarbon.grid_path import grid_index, years_from
from citybraid.lowcarbon.new_buildings import new_intensity, saving

Array = NDArray[np.float64]
OPTIONS = ("keep", "retrofit", "rebuild")
NEEDED = (
    BUILDING_USE, FLOOR_AREA, YEAR_BUILT, ELECTRICITY_EMISSIONS, HEAT_EMISSIONS, REBUILD_EMBODIED, RETROFIT_EMBODIED,
    DEMOLITION_CARBON,
)  # fmt: skip


class LifeCycleParams(Params):
    start: int = Field(ge=1990, le=2100)
    """Year in which the building is retrofitted or replaced; the accounts stand for that year [year]."""
    scenario: str = Field(min_length=1, max_length=40)
    """Scenario of the grid factor: a key of the rows grid_path, as iea_announced."""
    horizon: int = Field(2060, ge=1991, le=2200)
    """Last year that counts [year]."""


class LifeCycle(NamedTuple):
    keep_carbon: KEEP_CARBON
    retrofit_carbon: RETROFIT_CARBON
    rebuild_carbon: REBUILD_CARBON
    retrofit_payback: RETROFIT_PAYBACK
    rebuild_payback: REBUILD_PAYBACK
    lowest_carbon: LOWEST_CARBON


@model(
    version=1,
    cite="EN 15978:2011 (whole life of a building); GB/T 51366-2019, ch. 4 to 6; GB 55015-2021, 2.0.1 (new buildings)",
    validity=(
        "Same floor area and use before and after; the plan's new buildings are kept. Carbon already embodied is spent "
        "and counts for no option. Heat keeps its present factor."
    ),
)
def life_cycle(
    buildings: Annotated[View, Table("buildings", NEEDED, optional=(HERITAGE,))],
    grid_path: Annotated[Factors, Fact("grid_path")],
    retrofit_saving: Annotated[Factors, Fact("retrofit_saving")],
    new_building_saving: Annotated[Factors, Fact("new_building_saving")],
    p: LifeCycleParams,
) -> LifeCycle:
    """Embodied carbon of an option and the operation that follows it, from the start to the horizon [kg CO2e].

    Retrofit lowers operation by a share of its use; a new building operates like the newest of its use. A building
    cannot be rebuilt where it is protected, not yet built at the start, or no building tells how a new one would
    operate: its rebuild_carbon is then absent.
    """
    years = years_from(p.start, p.horizon)
    grid = np.cumsum(grid_index(grid_path, p.scenario, years))
    count = np.arange(1.0, years.size + 1.0)
    power, heat, area = (
        _amounts(buildings, name) for name in ("electricity_emissions", "heat_emissions", "floor_area")
    )
    uses = buildings["building_use"].astype(str)
    kept = power[:, None] * grid + heat[:, None] * count
    cut = np.array([saving(retrofit_saving, use, factor="retrofit_saving") for use in uses]).reshape(-1, 1)
    anew = [
        uses.map(new_intensity(buildings[name], buildings, new_building_saving)).to_numpy(dtype=np.float64) * area
        for name in ("electricity_emissions", "heat_emissions")
    ]
    rebuilt = np.where(_fixed(buildings, p.start), np.nan, anew[0])[:, None] * grid + anew[1][:, None] * count
    spent = [np.zeros(len(buildings)), _amounts(buildings, "retrofit_embodied"),
             _amounts(buildings, "rebuild_embodied") + _amounts(buildings, "demolition_carbon")]  # fmt: skip
    courses = [kept, kept * (1.0 - cut), rebuilt]
    totals = np.column_stack([course[:, -1] + once for course, once in zip(courses, spent, strict=True)])
    best = np.argmin(np.where(np.isnan(totals), np.inf, totals), axis=1)

    def column(values: NDArray[np.float64]) -> pd.Series:
        return pd.Series(values, index=buildings.index, dtype=np.float64)

    return LifeCycle(
        keep_carbon=column(totals[:, 0]),
        retrofit_carbon=column(totals[:, 1]),
        rebuild_carbon=column(totals[:, 2]),
        retrofit_payback=column(payback(kept - courses[1], spent[1])),
        rebuild_payback=column(payback(kept - rebuilt, spent[2])),
        lowest_carbon=pd.Series([OPTIONS[at] for at in best], index=buildings.index, dtype=object),
    )


def payback(saved: Array, spent: Array) -> Array:
    """Return the years until a cumulative saving (a column for each year) reaches what was spent, linear within a year.

    0 where nothing was spent and nothing is lost, NaN where the saving never reaches it.
    """
    course = np.column_stack([np.zeros(len(spent)), saved])
    reached = course >= spent[:, None]
    ever, first = reached.any(axis=1), reached.argmax(axis=1)
    before = np.maximum(first - 1, 0)
    rows = np.arange(len(spent))
    low, high = course[rows, before], course[rows, first]
    step = np.where(high > low, high - low, 1.0)
    return np.where(ever, np.where(first == 0, 0.0, before + (spent - low) / step), np.nan)


def _amounts(buildings: View, name: str) -> Array:
    values: Array = buildings[name].to_numpy(dtype=np.float64)
    if (unknown := ~np.isfinite(values)).any():
        raise InputError("embodied.attribute", column=name, count=int(unknown.sum()))
    return values


def _fixed(buildings: View, start: int) -> NDArray[np.bool_]:
    """Tell which buildings cannot be rebuilt: protected ones, and the plan's own."""
    planned = buildings["year_built"].to_numpy(dtype=np.float64) > start
    if "heritage" not in buildings:
        return np.asarray(planned)
    return np.asarray(planned | (buildings["heritage"].to_numpy(dtype=np.float64) > 0.0))

"""Keep, retrofit or rebuild: cumulative emissions of each building's three options to a horizon."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, Tick, View
from citybraid.core.vocabulary.energy import DISTRICT_HEAT, ELECTRICITY, GAS
from citybraid.core.vocabulary.lowcarbon.embodied import (
    DEMOLITION_CARBON,
    HERITAGE,
    KEEP_CARBON,
    LOWEST_CARBON,
    REBUILD_CARBON,
    REBUILD_EMBODIED,
    REBUILD_PAYBACK,
    RENEWED_ELECTRICITY_SAVING,
    RENEWED_GAS_SAVING,
    RENEWED_HEAT_SAVING,
    RENEWED_SAVING,
    RETROFIT_CARBON,
    RETROFIT_EMBODIED,
    RETROFIT_PAYBACK,
)
from citybraid.core.vocabulary.lowcarbon.emissions import ELECTRICITY_EMISSIONS, GAS_EMISSIONS, HEAT_EMISSIONS
from citybraid.core.vocabulary.lowcarbon.park import NETWORK_HEAT_FACTOR
from citybraid.core.vocabulary.lowcarbon.windows import WINDOWS
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.weather import DRY_BULB, RELATIVE_HUMIDITY
from citybraid.lowcarbon.building_energy import TABLE, BuildingEnergy, BuildingEnergyParams, building_energy
from citybraid.lowcarbon.climate import Irradiance, Location
from citybraid.lowcarbon.embodied.renewed import Conditioning, FactorsOfCarriers, to_standard
from citybraid.lowcarbon.equipment import RENEWED, Standards
from citybraid.lowcarbon.grid_path import grid_index, years_from
from citybraid.lowcarbon.landscape import LEVEL, Landscape
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.services import Services
from citybraid.lowcarbon.stock import Fabric

Array = NDArray[np.float64]
OPTIONS = ("keep", "retrofit", "rebuild")
NEEDED = (
    ELECTRICITY, DISTRICT_HEAT, GAS, ELECTRICITY_EMISSIONS, HEAT_EMISSIONS, GAS_EMISSIONS, REBUILD_EMBODIED,
    RETROFIT_EMBODIED, DEMOLITION_CARBON,
)  # fmt: skip


class LifeCycleParams(BuildingEnergyParams):
    """Those of the energy of buildings, which both should share, and the years and the grid."""

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
    renewed_saving: RENEWED_SAVING
    renewed_electricity_saving: RENEWED_ELECTRICITY_SAVING
    renewed_heat_saving: RENEWED_HEAT_SAVING
    renewed_gas_saving: RENEWED_GAS_SAVING
    retrofit_payback: RETROFIT_PAYBACK
    rebuild_payback: REBUILD_PAYBACK
    lowest_carbon: LOWEST_CARBON


@model(
    version=6,
    cite="EN 15978:2011 (whole life of a building); GB/T 51366-2019, ch. 4 to 6; GB 55015-2021 (new envelopes)",
    validity=(
        "Same floor area, form, use and plant before and after; the plan's new buildings are kept. Carbon already "
        "embodied is spent and counts for no option. Heat and gas keep their present factors. Where energy is measured "
        "rather than simulated, what a renewed envelope saves is not known."
    ),
)
def life_cycle(
    buildings: Annotated[
        View, Table("buildings", (*TABLE, *NEEDED), optional=(RESIDENTS, *WINDOWS, *RENEWED, HERITAGE))
    ],
    dry_bulb: DRY_BULB,
    relative_humidity: RELATIVE_HUMIDITY,
    irradiance: Irradiance,
    location: Location,
    fabric: Fabric,
    loads: Loads,
    services: Services,
    standards: Standards,
    conditioning: Conditioning,
    factors: FactorsOfCarriers,
    grid_path: Annotated[Factors, Fact("grid_path")],
    p: LifeCycleParams,
    tick: Tick,
    landscape: Landscape = LEVEL,
    network_heat_factor: NETWORK_HEAT_FACTOR | None = None,
) -> LifeCycle:
    """Embodied carbon of an option and the operation that follows it, from the start to the horizon [kg CO2e].

    Retrofit brings the envelope to the standard in force at the start, and a new building of the same form has it
    too: both operate as the building simulated once more with that envelope, beside what it uses as it stands. A
    building cannot be rebuilt where it is protected or not yet built at the start: rebuild_carbon is then absent.
    """
    years = years_from(p.start, p.horizon)
    grid = np.cumsum(grid_index(grid_path, p.scenario, years))
    count = np.arange(1.0, years.size + 1.0)
    spent = [np.zeros(len(buildings)), _amounts(buildings, "retrofit_embodied"),
             _amounts(buildings, "rebuild_embodied") + _amounts(buildings, "demolition_carbon")]  # fmt: skip
    now = _Yearly(*(_amounts(buildings, f"{carrier}_emissions") for carrier in _Yearly._fields))
    renewed = building_energy(
        buildings=to_standard(buildings, p.start), dry_bulb=dry_bulb, relative_humidity=relative_humidity,
        irradiance=irradiance, location=location, fabric=fabric, loads=loads, services=services, standards=standards,
        **conditioning._asdict(), tick=tick, landscape=landscape,
        p=BuildingEnergyParams(climate_zone=p.climate_zone, calendar_year=p.calendar_year, warm_up=p.warm_up),
    )  # fmt: skip
    anew = _renewed(buildings, now, renewed, factors, heat=network_heat_factor)
    kept, same = (each.electricity[:, None] * grid + (each.heat + each.gas)[:, None] * count for each in (now, anew))
    courses = [kept, same, np.where(_fixed(buildings, p.start)[:, None], np.nan, same)]
    totals = np.column_stack([course[:, -1] + once for course, once in zip(courses, spent, strict=True)])
    best = np.argmin(np.where(np.isnan(totals), np.inf, totals), axis=1)

    def column(values: NDArray[np.float64]) -> pd.Series:
        return pd.Series(values, index=buildings.index, dtype=np.float64)

    return LifeCycle(
        keep_carbon=column(totals[:, 0]),
        retrofit_carbon=column(totals[:, 1]),
        rebuild_carbon=column(totals[:, 2]),
        renewed_saving=column(now.whole - anew.whole),
        **{f"renewed_{name}_saving": column(getattr(now, name) - getattr(anew, name)) for name in _Yearly._fields},
        retrofit_payback=column(payback(kept - courses[1], spent[1])),
        rebuild_payback=column(payback(kept - courses[2], spent[2])),
        lowest_carbon=pd.Series([OPTIONS[at] for at in best], index=buildings.index, dtype=object),
    )


class _Yearly(NamedTuple):
    """Emissions of operation in the year of the accounts by carrier [kg a year]."""

    electricity: Array
    heat: Array
    gas: Array

    @property
    def whole(self) -> Array:
        """All carriers together."""
        return np.asarray(self.electricity + self.heat + self.gas)


def _renewed(
    buildings: View, now: _Yearly, renewed: BuildingEnergy, factors: FactorsOfCarriers, *, heat: float | None
) -> _Yearly:
    """Return the emissions with the renewed envelope: those that stand, changed by what it changes of the energy.

    Photovoltaics on the roof stay, so that what the building takes from the grid changes by the whole difference.
    """

    def changed(emissions: Array, energy: str, factor: float) -> Array:
        used: Array = getattr(renewed, energy).to_numpy(dtype=np.float64)
        return np.asarray(np.maximum(emissions + (used - _amounts(buildings, energy)) * factor, 0.0))

    return _Yearly(
        changed(now.electricity, "electricity", factors.grid_emission_factor[""]),
        changed(now.heat, "district_heat", factors.heat_emission_factor[""] if heat is None else heat),
        changed(now.gas, "gas", factors.gas_emission_factor["CO2"]),
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

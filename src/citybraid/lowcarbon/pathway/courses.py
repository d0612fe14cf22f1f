"""Courses of the study's emissions, from its buildings, its inventory and the levers that it states."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.kernels.carbon.paths import logistic
from citybraid.lowcarbon.pathway.carried_out import TRAVEL_BY_GRID, carried_out, from_what_stands
from citybraid.lowcarbon.pathway.electrification import (
    GAS,
    Inventory,
    electrified_ratio,
    gas_equivalent,
    gas_factor,
    line_of,
)
from citybraid.lowcarbon.pathway.floor_area import FloorArea
from citybraid.lowcarbon.pathway.levers import GROUPS, Courses
from citybraid.lowcarbon.pathway.renewal import Renewal
from citybraid.lowcarbon.pathway.settings import PathwayFactors, PathwayParams

Array = NDArray[np.float64]
AMOUNTS = {"electricity": "electricity_emissions", "heat": "heat_emissions", "gas": GAS}


def courses_of(
    buildings: gpd.GeoDataFrame,
    inventory: Inventory,
    floors: FloorArea,
    renewal: Renewal,
    grid: Array,
    factors: PathwayFactors,
    p: PathwayParams,
) -> Courses:
    """Return the courses; raises InputError where a lever is stated without what it needs."""
    buildings = buildings.assign(**{GAS: gas_equivalent(buildings, inventory)})
    years = renewal.years
    planned = buildings["year_built"].to_numpy(dtype=np.float64) > years[0]
    parts, unreplaced, retrofitted = {}, {}, {}
    for name, column in AMOUNTS.items():
        amount = _column(buildings, column)
        old = np.where(planned, 0.0, amount)
        saving = _saving(buildings, name)
        parts[name] = {
            "kept": old @ floors.kept,
            "replacing": (old - saving) @ (1.0 - floors.kept),
            "planned": np.where(planned, amount, 0.0) @ floors.added,
        }
        unreplaced[name] = np.full(years.size, old.sum())
        retrofitted[name] = np.where(renewal.open, saving, 0.0) @ floors.kept * renewal.reached
    driven = sum(_column(buildings, name) for name in TRAVEL_BY_GRID) @ floors.added
    whole = Courses(
        electricity=parts["electricity"], heat=parts["heat"], gas=parts["gas"], unreplaced=unreplaced,
        retrofitted=retrofitted, vehicles=_vehicles(buildings, floors, factors), driven=driven,
        other=_others(buildings, inventory.equivalent, floors),
        avoided=_column(buildings, "pv_avoided") @ floors.added,
        own=_column(buildings, "pv_self_used") @ floors.added, grid=grid,
        pumped=p.heat_pump_share * _adoption(years, p), pump_ratio=_pump_ratio(factors, p),
        electrified=p.gas_electrified_share * _adoption(years, p),
        electrified_ratio=electrified_ratio(buildings, factors, p), gas_factor=gas_factor(buildings, factors),
        electric=p.electric_vehicle_share * _adoption(years, p), electric_ratio=_electric_ratios(buildings, factors),
        modules=_modules(buildings, floors, factors.grid_emission_factor[""], p) * _adoption(years, p),
    )  # fmt: skip
    if inventory.former is None:
        return whole
    done = carried_out(buildings, floors, years, by=p.measures_year, period=factors.plan_period["near_term"])
    return from_what_stands(
        whole, buildings, start=float(years[0]), now=inventory.equivalent, former=inventory.former, done=done
    )


def _saving(buildings: gpd.GeoDataFrame, name: str) -> Array:
    """Return what the envelope of today's standard saves of a carrier's emissions, as keep, retrofit or rebuild has it.

    That of gas takes the other gases of burning along.
    """
    saved = _column(buildings, f"renewed_{name}_saving")
    if name != "gas":
        return saved
    burnt, all_gases = _column(buildings, "gas_emissions"), _column(buildings, GAS)
    return saved * np.divide(all_gases, burnt, out=np.ones_like(burnt), where=burnt > 0.0)


def _column(buildings: gpd.GeoDataFrame, name: str) -> Array:
    if name not in buildings:
        return np.zeros(len(buildings))
    return np.asarray(buildings[name].to_numpy(dtype=np.float64))


def _others(buildings: gpd.GeoDataFrame, inventory: pd.Series, floors: FloorArea) -> dict[str, Array]:
    """Return the lines that no lever touches by group: they grow with the floor area that stands, land is constant."""
    sums = dict.fromkeys(GROUPS, 0.0)
    for line, value in inventory.items():
        named = line_of(str(line))
        if named.kind != "avoided":
            sums[named.group] += float(value)
    for group, column in (
        ("stationary", "electricity_emissions"),
        ("stationary", "heat_emissions"),
        ("stationary", GAS),
        ("transport", "transport_emissions"),
        *(("transport", name) for name in TRAVEL_BY_GRID),
    ):
        sums[group] -= float(_column(buildings, column).sum())
    whole = float(buildings["floor_area"].sum())
    size = floors.stock / whole if whole > 0.0 else np.ones_like(floors.stock)
    return {
        name: np.full_like(size, total) if name == "land" else max(total, 0.0) * size for name, total in sums.items()
    }


def _adoption(years: Array, p: PathwayParams) -> Array:
    return logistic(years, midpoint=p.adoption_midpoint, takeover=p.adoption_takeover)


def _pump_ratio(factors: PathwayFactors, p: PathwayParams) -> float:
    if p.heat_pump_share == 0.0:
        return 0.0
    if p.heat_pump_cop is None:
        raise InputError("pathway.lever_needs", lever="heat_pump_share", needs="heat_pump_cop")
    if factors.heat_emission_factor[""] == 0.0:
        raise InputError("pathway.clean_heat")
    return factors.grid_emission_factor[""] / factors.heat_emission_factor[""] / p.heat_pump_cop


def _electric_ratios(buildings: gpd.GeoDataFrame, factors: PathwayFactors) -> dict[str, float]:
    """Return the emissions of electric vehicles over those of the engines replaced, whose fuel follows their speed."""
    vehicle, grid = factors.vehicle_energy, factors.grid_emission_factor[""]
    driven = _column(buildings, "car_distance")
    burnt = float(driven @ _fuel_ratio(buildings) / driven.sum()) if driven.sum() > 0.0 else 1.0
    return {
        "car": vehicle["electric"] * grid / (vehicle["engine"] * burnt),
        "bus": vehicle["bus_electric"] * grid / vehicle["bus_engine"],
    }


def _fuel_ratio(buildings: gpd.GeoDataFrame) -> Array:
    """Return the fuel of each building's cars a kilometre over the average factor; 1 where nothing tells."""
    if "car_fuel_ratio" not in buildings:
        return np.ones(len(buildings))
    return np.asarray(buildings["car_fuel_ratio"].fillna(1.0).to_numpy(dtype=np.float64))


def _vehicles(buildings: gpd.GeoDataFrame, floors: FloorArea, factors: PathwayFactors) -> dict[str, Array]:
    """Return the emissions of fuels by class: cars by the distance that they drive, where it is known, else all."""
    fuel = _column(buildings, "transport_emissions")
    if "car_distance" not in buildings:
        return {"car": fuel @ floors.added}
    engines = (1.0 - factors.electric_share["car"]) * (1.0 - _column(buildings, "charged_cars"))
    burnt = _column(buildings, "car_distance") * _fuel_ratio(buildings) * engines * factors.vehicle_energy["engine"]
    cars = np.minimum(burnt, fuel)
    return {"car": cars @ floors.added, "bus": (fuel - cars) @ floors.added}


def _modules(buildings: gpd.GeoDataFrame, floors: FloorArea, grid_factor: float, p: PathwayParams) -> Array:
    """Return what further modules on the roofs of each year would avoid at the start's grid [kg a year]."""
    if p.pv_roof_share == 0.0:
        return np.zeros_like(floors.stock)
    if p.pv_yield is None:
        raise InputError("pathway.lever_needs", lever="pv_roof_share", needs="pv_yield")
    free = np.maximum(p.pv_roof_share - _column(buildings, "pv_roof"), 0.0)
    return np.asarray((buildings.geometry.area.to_numpy() * free) @ floors.added * p.pv_yield * grid_factor)

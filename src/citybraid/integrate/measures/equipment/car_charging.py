"""Charging points at homes: residents' cars become electric."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.equipment import CHARGED_CARS, CHARGING_POINTS
from citybraid.core.vocabulary.place import LAND_USE, RESIDENTS
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units


class CarChargingParams(MeasureParams):
    pass


class CarCharging(NamedTuple):
    charged_cars: CHARGED_CARS
    charging_points: CHARGING_POINTS


@measure(
    version=1,
    cite="Ministry of Public Security (2025): cars in China at the end of 2024; ASIF identity (Schipper et al. 2000)",
    validity="One point a car; that a charged car drives as far as one with an engine; parking and grid not checked.",
    stage="equipment",
    quantity=CHARGING_POINTS,
    responsible="property management; grid company",
    build_years=0.5,
)
def car_charging(
    buildings: Annotated[View, Table("buildings", (RESIDENTS, CHARGED_CARS))],
    units: Annotated[View, Table("units", (CHARGING_POINTS,))],
    ownership: Annotated[Factors, Fact("car_ownership")],
    site: Annotated[Factors, Fact("measure_site")],
    p: CarChargingParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> CarCharging:
    """Give residents' cars that still have engines a charging point each, so that they become electric.

    Raises the share of each building's cars by a share of what is left, on land where the measure may go. Points are
    residents times cars a person times the share gained.
    """
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    allowed = building_share(buildings, parcels, site=site, measure="car_charging")
    adopted = np.where(selected_units(units, p.where)[unit], allowed, 0.0) * p.share
    before = buildings["charged_cars"].to_numpy(dtype=np.float64)
    gained = (1.0 - before) * adopted
    residents = np.nan_to_num(buildings["residents"].to_numpy(dtype=np.float64))
    return CarCharging(
        pd.Series(np.clip(before + gained, 0.0, 1.0), index=buildings.index),
        units["charging_points"] + per_unit(units, unit, residents * ownership[""] * gained),
    )

"""Residents of buildings from the population of planning units."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.measures import RESIDENTS_ERROR, UNPLACED_POPULATION
from citybraid.core.vocabulary.place import (
    BUILDING_USE,
    FLOOR_AREA,
    LIVING_WEIGHT,
    PLANNED_RESIDENTS,
    POPULATION,
    RESIDENTS,
)


class BuildingResidents(NamedTuple):
    residents: RESIDENTS
    unplaced_population: UNPLACED_POPULATION
    residents_error: RESIDENTS_ERROR


@model(
    version=3,
    cite="Mennis (2003), Prof. Geogr. 55(1), pp. 31-42: dasymetric mapping; weight: residential floor area",
    validity="One floor area per person in a unit unless homes are weighed; vacant homes, institutions not told apart.",
)
def building_residents(
    buildings: Annotated[
        View, Table("buildings", (BUILDING_USE, FLOOR_AREA), optional=(LIVING_WEIGHT, PLANNED_RESIDENTS))
    ],
    units: Annotated[View, Table("units", (POPULATION,))],
) -> BuildingResidents:
    """People in each building [person]: the unit's population by residential floor area.

    Where files state more finely where people live, intake weighs the floor area of homes
    (`living_weight`); the total of the unit stays. New buildings have the people that the plan
    gives them (`planned_residents`), and the unit's other people are spread over its other homes, so that
    a plan changes nobody's neighbours. A building belongs to the unit that
    holds its centroid. People of a unit without residential floor area are returned as
    unplaced; buildings outside every unit get none. A unit whose population is unknown
    leaves its homes without a value, those of the plan excepted.
    """
    home = unit_of_buildings(buildings, units)
    planned = _planned(buildings, home)
    living = buildings["floor_area"].fillna(0.0).where(buildings["building_use"] == "residential", 0.0).astype(float)
    if "living_weight" in buildings:
        living = living * buildings["living_weight"].astype(float).fillna(1.0)
    living = living.where(planned.isna(), 0.0)
    population = units["population"].astype(float)
    in_plan = planned.groupby(home).sum().reindex(units.index, fill_value=0.0)
    others = (population - in_plan).clip(lower=0.0)
    total = living.groupby(home).sum().reindex(units.index, fill_value=0.0)
    density = (others / total.where(total > 0.0)).where(total > 0.0, 0.0)
    residents = (living * home.map(density).astype(float)).where(home.notna() & (living > 0.0), 0.0)
    residents = planned.fillna(residents)
    unplaced = others.where(total <= 0.0, 0.0).where(population.notna())
    known = home.map(population.notna()).fillna(value=False).astype(bool)
    placed = float(residents.where(known, 0.0).sum()) + float(unplaced.sum())
    people = float(population.sum())
    return BuildingResidents(residents, unplaced, (placed - people) / people if people > 0.0 else 0.0)


def _planned(buildings: gpd.GeoDataFrame, home: pd.Series) -> pd.Series:
    """Return the people that the plan gives each building of a unit, no value where it gives none."""
    if "planned_residents" not in buildings:
        return pd.Series(np.nan, index=buildings.index)
    planned: pd.Series = buildings["planned_residents"].astype(float).where(home.notna())
    return planned


def unit_of_buildings(buildings: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> pd.Series:
    """Return for each building the id of the first unit that holds its centroid; none outside all."""
    building, unit = units.sindex.query(buildings.geometry.centroid, predicate="intersects", sort=True)
    unit_ids = pd.Series(units.index.to_numpy()[unit], index=buildings.index[building], dtype=object)
    return unit_ids.groupby(level=0, sort=False).first().reindex(buildings.index)

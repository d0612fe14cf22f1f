"""Earthquake screening: how likely buildings of a height and age are heavily damaged by a stated shaking."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.special import ndtr

from citybraid.core.model import Params, model
from citybraid.core.spread import stated_or_of_use
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.place import FLOORS, RESIDENTS, YEAR_BUILT
from citybraid.core.vocabulary.resilience.earthquake import (
    GROUND_ACCELERATION,
    QUAKE_COMPLETE_CHANCE,
    QUAKE_DEBRIS,
    QUAKE_DISPLACED,
    QUAKE_HEAVY_CHANCE,
)

Floats = NDArray[np.float64]
LOW_MOST, MIDDLE_MOST = 3, 7
"""Most storeys of low and of middle buildings (Hazus)."""


class EarthquakeParams(Params):
    """No parameters."""


class Earthquake(NamedTuple):
    """Chances of heavy damage, and what follows from them."""

    quake_heavy_chance: QUAKE_HEAVY_CHANCE
    quake_complete_chance: QUAKE_COMPLETE_CHANCE
    quake_displaced: QUAKE_DISPLACED
    quake_debris: QUAKE_DEBRIS


@model(
    version=1,
    cite="FEMA, Hazus Earthquake Model Technical Manual, 5.4.4 (equivalent-PGA fragility), as in the USGS ShakeCast "
    "manual, appendix E, tables 2 to 4",
    validity="Screening of many buildings by height and age: no single building is judged; soil, shape and retrofits "
    "of a building are not seen.",
)
def earthquake(
    *,
    ground_acceleration: GROUND_ACCELERATION,
    buildings: Annotated[View, Table("buildings", (FLOORS, RESIDENTS), (YEAR_BUILT,))],
    quake_extensive: Annotated[Factors, Fact("quake_extensive")],
    quake_complete: Annotated[Factors, Fact("quake_complete")],
    quake_spread: Annotated[Factors, Fact("quake_spread")],
    building_waste: Annotated[Factors, Fact("building_waste")],
    grid: GeoBox,
    p: EarthquakeParams,
) -> Earthquake:
    """Return the chance of heavy damage to each building, and expected displaced residents and debris.

    P(damage of a state or worse) = Φ(ln(a / θ) / β): a the peak ground acceleration of the building's cell, θ the
    median of the state for its height (low to 3 storeys, middle to 7, high) and year of completion, the oldest where
    the year is unknown. Heavy is extensive or complete. Displaced are residents times the chance of heavy damage;
    debris is floor area times `building_waste` of demolition times that of complete damage. A building off the grid
    has no value.
    """
    del p
    acceleration = shaking_at(ground_acceleration.to_numpy().astype(np.float64), buildings, grid)
    storeys = np.maximum(np.nan_to_num(np.ceil(buildings["floors"].to_numpy(np.float64)), nan=1.0), 1.0)
    height = np.where(storeys <= LOW_MOST, "low", np.where(storeys <= MIDDLE_MOST, "middle", "high"))
    year = (
        buildings["year_built"].to_numpy(np.float64) if "year_built" in buildings else np.full(len(buildings), np.nan)
    )

    def chance(medians: Factors, factor: str) -> Floats:
        nothing = np.full(len(buildings), np.nan)
        median = stated_or_of_use(nothing, medians, factor=factor, uses=height.tolist(), years=year)
        with np.errstate(divide="ignore"):
            return np.asarray(ndtr(np.log(acceleration / median) / quake_spread[""]), np.float64)

    complete = chance(quake_complete, "quake_complete")
    heavy = np.maximum(chance(quake_extensive, "quake_extensive"), complete)
    area = buildings.geometry.area.to_numpy(np.float64) * storeys

    def column(values: Floats) -> pd.Series:
        return pd.Series(np.where(np.isfinite(acceleration), values, np.nan), index=buildings.index)

    return Earthquake(
        column(heavy), column(complete), column(buildings["residents"].to_numpy(np.float64) * heavy),
        column(area * building_waste["demolished"] * complete),
    )  # fmt: skip


def shaking_at(values: Floats, shapes: View, grid: GeoBox) -> Floats:
    """Return the value of the cell of each shape's representative point, NaN off the grid."""
    points = shapes.geometry.representative_point()
    column, row = (np.floor(part) for part in ~grid.affine * (points.x.to_numpy(), points.y.to_numpy()))
    inside = (column >= 0) & (row >= 0) & (column < grid.shape[1]) & (row < grid.shape[0])
    at = np.where(inside, row, 0.0).astype(np.int64), np.where(inside, column, 0.0).astype(np.int64)
    return np.where(inside, values[at], np.nan)

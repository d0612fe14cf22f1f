"""Profiles of planning units where no column states one: the use that a unit has most of against the whole area."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from citybraid.core.finding import Finding
from citybraid.core.rows.levels import UnitProfileLand
from citybraid.core.tables import read_table
from citybraid.sources.protocol.layers import Layers, fill_missing, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "ground"
VERSION = 1
READS = ("units", "parcels", "ground")
Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Give each unit without a stated profile the one whose land it has most of.

    A use stands out in a unit by its location quotient: its share of the unit over its share of all units. The
    profile with the largest quotient is taken, if it reaches `use_stands_out` and its share the row's `least`; else
    the unit is of the profile without uses (mixed). Land is that of parcels, else of polygons of the ground. Ground
    that no polygon describes counts for the profile that says so where no polygon tells any land of that profile.
    """
    units = layers.table("units")
    land = next((table for name in ("parcels", "ground") if (table := layers.table(name)) is not None), None)
    if units is None or land is None or "land_use" not in land:
        return RepairResult(layers)
    var = vocabulary()["unit_profile"]
    column = layers.get(var.name, on="units")
    gap = missing_mask(column, units.index)
    if not gap.any():
        return RepairResult(layers)
    rows = read_table(UnitProfileLand)
    described = layers.table("parcels") is None
    areas = profile_areas(units.geometry.to_numpy(), land, rows, undescribed=described)
    profiles = pd.Series(
        outstanding(areas, units.area.to_numpy(), rows, least=rules.choices.use_stands_out), index=units.index
    )
    ratio = rules.choices.use_stands_out
    finding = Finding("guessed", "intake.unit_profiles", "units", int(gap.sum()), {"ratio": ratio})
    return RepairResult(layers.put(fill_missing(column, var, profiles)), (finding,))


def profile_areas(
    units: Shapes, land: gpd.GeoDataFrame, rows: Sequence[UnitProfileLand], *, undescribed: bool
) -> Mapping[str, Floats]:
    """Return the area of each profile's land in each unit [m2].

    `undescribed` counts ground that no polygon covers; polygons of the ground then count once where they overlap.
    Parcels count each for itself: where they overlap, intake tells.
    """
    codes, shapes = land["land_use"].fillna("").astype(str), shapely.make_valid(land.geometry.to_numpy())
    area_in = _covered if undescribed else _summed
    areas: dict[str, Floats] = {}
    for row in rows:
        if row.uses:
            areas[row.profile] = area_in(units, shapes[codes.str.startswith(tuple(row.uses.split())).to_numpy()])
    without = [row.profile for row in rows if undescribed and row.rest and not areas[row.profile].any()]
    if without:
        rest = np.clip(shapely.area(units) - _covered(units, shapes), 0.0, None)
        areas |= dict.fromkeys(without, rest)
    return areas


def outstanding(
    areas: Mapping[str, Floats], units: Floats, rows: Sequence[UnitProfileLand], *, least: float
) -> list[str]:
    """Return the profile of each unit by location quotients; the profile without uses where none reaches `least`."""
    other = next(row.profile for row in rows if not row.uses)
    names = [row.profile for row in rows if row.uses]
    smallest = np.array([[row.least or 0.0] for row in rows if row.uses])
    share = np.stack([areas[name] for name in names]) / units
    whole = np.stack([areas[name] for name in names]).sum(axis=1, keepdims=True) / units.sum()
    quotient = np.divide(share, whole, out=np.zeros_like(share), where=whole > 0.0)
    quotient = np.where(share >= smallest, quotient, 0.0)
    best = quotient.argmax(axis=0)
    return [names[at] if value >= least else other for at, value in zip(best, quotient.max(axis=0), strict=True)]


def _covered(units: Shapes, shapes: Shapes) -> Floats:
    """Return the area of each unit that shapes cover, overlaps of shapes counted once [m2]."""
    if not len(shapes):
        return np.zeros(len(units))
    return np.asarray(shapely.area(shapely.intersection(units, shapely.union_all(shapes))), np.float64)


def _summed(units: Shapes, shapes: Shapes) -> Floats:
    """Return the sum of the areas of shapes in each unit [m2]."""
    shape, unit = shapely.STRtree(units).query(shapes, predicate="intersects")
    areas = shapely.area(shapely.intersection(shapes[shape], units[unit]))
    return np.asarray(np.bincount(unit, weights=areas, minlength=len(units)), np.float64)

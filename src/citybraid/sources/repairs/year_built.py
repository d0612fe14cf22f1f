"""Year of completion where no column states it: the median of like buildings near by, else of all like, else of all."""

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from citybraid.core.finding import Finding
from citybraid.sources.layers import Layers, filled, missing
from citybraid.sources.quantities import vocabulary
from citybraid.sources.rules import Near, Repaired, Rules, Stage

STAGE: Stage = "age"
READS = ("buildings", "parcels")
FEWEST = 3
"""Neighbours of the same use from which their median counts."""


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Fill missing years; where no year is stated at all, none is invented."""
    buildings = layers.table("buildings")
    var = vocabulary()["year_built"]
    found = layers.get(var.name, on="buildings")
    if buildings is None:
        return Repaired(layers)
    if found is None:
        return Repaired(layers, (Finding("advice", "intake.year_missing", "buildings", len(buildings)),))
    gap = missing(found, buildings.index)
    if not gap.any():
        return Repaired(layers)
    uses = buildings["building_use"] if "building_use" in buildings else pd.Series("", index=buildings.index)
    centres = shapely.get_coordinates(buildings.geometry.centroid.to_numpy())
    near = neighbours_median(centres, found.value, uses, gap, rules.choices.near)
    like = uses.map(found.value.groupby(uses).median())
    values = near.fillna(like).fillna(float(found.value.median())).round()
    told = {"near": int(near[gap].notna().sum()), "radius": rules.choices.neighbourhood}
    return Repaired(
        layers.put(filled(found, var, values)),
        (Finding("guessed", "intake.year_filled", "buildings", int(gap.sum()), told),),
    )


def neighbours_median(centres: np.ndarray, years: pd.Series, uses: pd.Series, gap: pd.Series, near: Near) -> pd.Series:
    """Return the median year of the nearest buildings of the same use; NaN where fewer than three are near."""
    known, kinds, stated = (~gap).to_numpy(), uses.to_numpy(), years.to_numpy(dtype=float)
    answer = np.full(len(years), np.nan)
    for use in np.unique(kinds[~known].astype(str)):
        here, there = np.flatnonzero((kinds == use) & ~known), np.flatnonzero((kinds == use) & known)
        if len(there) < FEWEST:
            continue
        _, found = cKDTree(centres[there]).query(centres[here], k=near.most, distance_upper_bound=near.radius)
        seen = np.append(stated[there], np.nan)[found.reshape(len(here), -1)]
        enough = np.isfinite(seen).sum(axis=1) >= FEWEST
        answer[here[enough]] = np.nanmedian(seen[enough], axis=1)
    return pd.Series(answer, index=years.index)

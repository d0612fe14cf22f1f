"""Year of completion where no column states it: the median of like buildings near by, else of all like, else of all."""

import numpy as np
import pandas as pd
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.layers import Layers, filled, missing
from citybraid.sources.quantities import vocabulary
from citybraid.sources.rules import Repaired, Rules, Stage

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
    near = neighbours_median(
        buildings.geometry.centroid.to_numpy(), found.value, uses, gap, rules.choices.neighbourhood
    )
    like = uses.map(found.value.groupby(uses).median())
    values = near.fillna(like).fillna(float(found.value.median())).round()
    told = {"near": int(near[gap].notna().sum()), "radius": rules.choices.neighbourhood}
    return Repaired(
        layers.put(filled(found, var, values)),
        (Finding("guessed", "intake.year_filled", "buildings", int(gap.sum()), told),),
    )


def neighbours_median(
    centres: np.ndarray, years: pd.Series, uses: pd.Series, gap: pd.Series, radius: float
) -> pd.Series:
    """Return the median year of buildings of the same use within a radius [m]; NaN where they are fewer than three."""
    known = (~gap).to_numpy()
    at, near = shapely.STRtree(centres[known]).query(centres[gap.to_numpy()], predicate="dwithin", distance=radius)
    same = uses.to_numpy()[gap.to_numpy()][at] == uses.to_numpy()[known][near]
    pairs = pd.DataFrame({"at": at[same], "year": years.to_numpy()[known][near[same]]})
    grouped = pairs.groupby("at")["year"].agg(["median", "size"])
    enough = grouped.loc[grouped["size"] >= FEWEST, "median"]
    rows = np.flatnonzero(gap.to_numpy())[enough.index.to_numpy(dtype=int)]
    answer = np.full(len(years), np.nan)
    answer[rows] = enough.to_numpy()
    return pd.Series(answer, index=years.index)

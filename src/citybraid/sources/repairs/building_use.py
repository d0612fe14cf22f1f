"""Building use where no column states it: the parcel's land use, else the neighbours', else 'other'."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from citybraid.core.finding import Finding
from citybraid.sources.land_use import building_use
from citybraid.sources.layers import Layers, filled, missing
from citybraid.sources.quantities import vocabulary
from citybraid.sources.rules import Near, Repaired, Rules, Stage

STAGE: Stage = "use"
READS = ("buildings", "parcels")


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Fill missing uses; where nothing at all is known of any building's use, none is invented."""
    buildings = layers.table("buildings")
    if buildings is None:
        return Repaired(layers)
    var = vocabulary()["building_use"]
    found = layers.get(var.name, on="buildings")
    gap = missing(found, buildings.index)
    if not gap.any():
        return Repaired(layers)
    findings: list[Finding] = []
    parcels = layers.table("parcels")
    if parcels is not None and "land_use" in parcels:
        by_parcel = of_parcels(buildings[gap], parcels)
        if (known := by_parcel[by_parcel != ""]).size:
            found = filled(found, var, known.reindex(buildings.index, fill_value=""))
            findings.append(Finding("guessed", "intake.use_from_parcel", "buildings", len(known)))
    gap = missing(found, buildings.index)
    if found is not None and gap.any() and not gap.all():
        near = of_neighbours(buildings.geometry, found.value, gap, rules.choices.near)
        count = int((near[gap] != "").sum())
        found = filled(found, var, near.where(near != "", "other"))
        values = {"radius": rules.choices.neighbourhood, "rest": int(gap.sum()) - count}
        findings.append(Finding("guessed", "intake.use_from_neighbours", "buildings", int(gap.sum()), values))
    if found is None:
        return Repaired(layers, (Finding("advice", "intake.use_missing", "buildings", len(buildings)),))
    return Repaired(layers.put(found), tuple(findings))


def of_parcels(buildings: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame) -> pd.Series:
    """Return the use that the land use of the parcel under each building carries, '' where none does."""
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    at, parcel = shapely.STRtree(parcels.geometry.to_numpy()).query(points, predicate="intersects")
    uses = [building_use(code) for code in parcels["land_use"].iloc[parcel]]
    held = np.full(len(buildings), "", dtype=object)
    held[at[::-1]] = uses[::-1]
    return pd.Series(held, index=buildings.index, dtype=object)


def of_neighbours(shapes: gpd.GeoSeries, uses: pd.Series, gap: pd.Series, near: Near) -> pd.Series:
    """Return the commonest use among the nearest buildings of each one without, '' where nobody is near.

    Ties go to the use that comes first in the alphabet.
    """
    known = (~gap).to_numpy()
    centres = shapely.get_coordinates(shapes.centroid.to_numpy())
    names, codes = np.unique(uses.to_numpy(dtype=str)[known], return_inverse=True)
    _, found = cKDTree(centres[known]).query(centres[~known], k=near.most, distance_upper_bound=near.radius)
    found = found.reshape(len(centres) - int(known.sum()), -1)
    votes = np.stack([(np.append(codes, -1)[found] == code).sum(axis=1) for code in range(len(names))])
    best = np.where(votes.max(axis=0) > 0, names[votes.argmax(axis=0)].astype(object), "")
    answer = np.full(len(shapes), "", dtype=object)
    answer[~known] = best
    return pd.Series(answer, index=shapes.index, dtype=object)

"""Building use where no column states it: the parcel's land use, else the neighbours', else 'other'."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.land_use import building_use
from citybraid.sources.layers import Layers, filled, missing
from citybraid.sources.quantities import vocabulary
from citybraid.sources.rules import Repaired, Rules, Stage

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
        near = of_neighbours(buildings.geometry, found.value, gap, rules.choices.neighbourhood)
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


def of_neighbours(shapes: gpd.GeoSeries, uses: pd.Series, gap: pd.Series, radius: float) -> pd.Series:
    """Return the commonest use within a radius [m] of each building without one, '' where nobody is near."""
    known = (~gap).to_numpy()
    centres = shapes.centroid.to_numpy()
    at, near = shapely.STRtree(centres[known]).query(centres[gap.to_numpy()], predicate="dwithin", distance=radius)
    pairs = pd.DataFrame({"at": at, "use": uses.to_numpy()[known][near]})
    counted = (
        pairs.groupby(["at", "use"])
        .size()
        .rename("n")
        .reset_index()
        .sort_values(["at", "n", "use"], ascending=[True, False, True])
    )
    first = counted.drop_duplicates("at")
    rows = np.flatnonzero(gap.to_numpy())[first["at"].to_numpy(dtype=int)]
    answer = np.full(len(shapes), "", dtype=object)
    answer[rows] = first["use"].to_numpy()
    return pd.Series(answer, index=shapes.index, dtype=object)

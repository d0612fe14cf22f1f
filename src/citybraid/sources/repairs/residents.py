"""Residents of buildings from the population of units, shared out by residential floor area."""

import numpy as np
import pandas as pd
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.layers import Layers
from citybraid.sources.quantities import vocabulary
from citybraid.sources.reading import Found
from citybraid.sources.rules import Repaired, Rules, Stage

STAGE: Stage = "people"
READS = ("buildings", "parcels", "units")


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Share each unit's population out over the residential floor area that stands in it.

    Units without residential floors keep their people: those are told, not moved. Only
    where no file states residents of buildings; the units' totals are kept exactly.
    """
    del rules
    buildings, units = layers.table("buildings"), layers.table("units")
    stated = layers.get("residents", on="buildings")
    if buildings is None or units is None or "population" not in units or stated is not None:
        return Repaired(layers)
    if not {"floors", "building_use"} <= set(buildings.columns):
        return Repaired(layers, (Finding("advice", "intake.residents_missing", "buildings", len(buildings)),))
    floor_area = (buildings.geometry.area * buildings["floors"]).where(buildings["building_use"] == "residential", 0.0)
    at, unit = shapely.STRtree(units.geometry.to_numpy()).query(
        shapely.point_on_surface(buildings.geometry.to_numpy()), predicate="intersects"
    )
    inside = np.full(len(buildings), np.nan)
    inside[at[::-1]] = unit[::-1]
    homes = pd.Series(inside, index=buildings.index)
    totals = floor_area.groupby(homes).sum()
    population = units["population"].reset_index(drop=True).fillna(0.0)
    rate = (population.reindex(totals.index) / totals).where(totals > 0, 0.0)
    residents = (floor_area * homes.map(rate)).fillna(0.0)
    placed = float(residents.sum())
    told = {"placed": placed, "lost": float(population.sum()) - placed}
    found = Found(
        vocabulary()["residents"], residents.rename("residents"), stated=pd.Series(data=False, index=buildings.index)
    )
    return Repaired(
        layers.put(found),
        (Finding("guessed", "intake.residents_shared", "buildings", int((residents > 0).sum()), told),),
    )

"""Parcels or units that lie on one another: told, not moved, because only the planner knows which is right."""

import geopandas as gpd
import numpy as np
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.layers import Layers
from citybraid.sources.rules import Repaired, Rules, Stage

STAGE: Stage = "area"
READS: tuple[str, ...] = ()
PARTITIONS = ("parcels", "units")
LEAST = 1.0
"""Overlaps below this are rounding of coordinates [m2]."""


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Tell how many shapes of a table that should part the ground overlap, by how much, and where most."""
    del rules
    told: list[Finding] = []
    for table in PARTITIONS:
        shapes = layers.get(table, on=table)
        if shapes is not None:
            told += overlapping(shapes.value, table)
    return Repaired(layers, tuple(told))


def overlapping(shapes: gpd.GeoSeries, table: str) -> list[Finding]:
    """Return a finding on the shapes that share more than 1 m2, none where none do."""
    plain = shapes.to_numpy()
    one, other = shapely.STRtree(plain).query(plain, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shared = shapely.area(shapely.intersection(plain[one], plain[other]))
    worst = int(np.argmax(shared)) if len(shared) else -1
    if worst < 0 or shared[worst] <= LEAST:
        return []
    over = shared > LEAST
    involved = len(set(one[over]) | set(other[over]))
    values = {
        "area": float(shared[over].sum()),
        "first": shapes.index[one[worst]],
        "second": shapes.index[other[worst]],
    }
    return [Finding("advice", "intake.shapes_overlap", table, involved, values)]

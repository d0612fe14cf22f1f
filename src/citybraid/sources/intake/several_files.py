"""Rows of one table that come from several files: both are used, and that is told, with how far they lie on each other.

Two surveys of the same buildings under unlike names would otherwise count twice without a word.
"""

from collections.abc import Sequence
from itertools import combinations

import geopandas as gpd
import numpy as np
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.protocol.reading import Reading

NEAR = 1.0
"""Distance up to which the middle of a line, or a point, lies on another shape [m]."""
SAMPLE = 1000
"""Most shapes of a file that are looked for in another, evenly drawn."""


def several_files(read: Sequence[tuple[str, Reading]]) -> tuple[Finding, ...]:
    """Return a finding for each table whose shapes come from several files, by name of the file.

    A warning where files share an area; `shared` is the part of the shapes of the smaller file whose middle lies on one
    of the other's, the largest of all pairs [%].
    """
    tables: dict[str, list[tuple[str, gpd.GeoSeries]]] = {}
    for name, reading in read:
        for layer in reading.layers:
            if layer.var.kind == "geometry" and len(layer.value):
                tables.setdefault(layer.var.on, []).append((name, layer.value))
    return tuple(_finding(table, parts) for table, parts in tables.items() if len(parts) > 1)


def _finding(table: str, parts: Sequence[tuple[str, gpd.GeoSeries]]) -> Finding:
    pairs = [(one, other) for (_, one), (_, other) in combinations(parts, 2)]
    shared = max(_shared(one, other) for one, other in pairs)
    beside = not any(_meet(one, other) for one, other in pairs)
    names = [f"{name} ({len(shapes)})" for name, shapes in parts]
    text = "intake.several_files_beside" if beside else "intake.several_files"
    values = {"names": names, "shared": shared}
    return Finding("found" if beside else "warning", text, table, sum(len(shapes) for _, shapes in parts), values)


def _meet(one: gpd.GeoSeries, other: gpd.GeoSeries) -> bool:
    first, second = (shapely.box(*shapes.total_bounds) for shapes in (one, other))
    return bool(first.intersects(second)) and not first.touches(second)


def _shared(one: gpd.GeoSeries, other: gpd.GeoSeries) -> int:
    """Return how many of a hundred shapes of the smaller file lie on a shape of the larger one, of a sample."""
    few, many = sorted((one, other), key=len)
    shapes = many.to_numpy()
    tree = shapely.STRtree(shapes[np.isfinite(shapely.bounds(shapes)).all(axis=1)])
    sample = few.to_numpy()[:: -(-len(few) // SAMPLE)]
    middles = shapely.centroid(sample)
    middles = middles[np.isfinite(shapely.bounds(middles)).all(axis=1)]
    hits = tree.query(middles, predicate="dwithin", distance=NEAR)
    return round(100 * len(np.unique(hits[0])) / len(sample))

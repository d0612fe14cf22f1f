"""Ground that two rules of a plan, or a rule and a hazard, claim at once: areas of conflict by pair."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from rasterio.features import shapes as vectorised

from citybraid.core.rows.levels import ZoneConflict
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.boundaries import coded
from citybraid.planning.zones import MissingQuantity, Zones

LEAST = 1.0
"""Area below which an overlap is rounding of coordinates [m2]."""
COLUMNS = ("conflict", "feature", "area", "shape")
Shapes = NDArray[np.object_]


class Conflicts(NamedTuple):
    """Overlaps: the pair, the feature of its first side, the area [m2] and the shape (WKB in hexadecimal).

    `lacking` names, for each pair that could not be checked, the quantity that the plan lacks.
    """

    overlaps: pd.DataFrame
    lacking: dict[str, str]


@cached_with_tables
def zone_conflicts() -> tuple[ZoneConflict, ...]:
    """Return the pairs that are checked."""
    return read_table(ZoneConflict)


def conflicts(zones: Zones) -> Conflicts:
    """Return where the pairs of the table overlap in a Place.

    A raster counts as the outlines of its cells, so areas of conflict with it are as fine as its cells. What two
    features of the other side cover both is counted once.
    """
    rows: list[tuple[str, str, float, str]] = []
    lacking: dict[str, str] = {}
    for pair in zone_conflicts():
        try:
            rows += [(pair.conflict, *each) for each in _overlaps(zones, pair)]
        except MissingQuantity as fault:
            lacking[pair.conflict] = str(fault.args[0])
    return Conflicts(pd.DataFrame(rows, columns=list(COLUMNS)), lacking)


def _overlaps(zones: Zones, pair: ZoneConflict) -> Iterator[tuple[str, float, str]]:
    names, own = _chosen(zones, pair.one, pair.one_codes)
    other = shapely.make_valid(_other(zones, pair))
    if not len(own) or not len(other):
        return
    tree = shapely.STRtree(other)
    for name, shape in zip(names, shapely.make_valid(own), strict=True):
        near = other[tree.query(shape, predicate="intersects")]
        if not len(near):
            continue
        shared = shapely.union_all(shapely.intersection(near, shape))
        area = float(shapely.area(shared))
        if area > LEAST:
            yield name, area, str(shapely.to_wkb(shared, hex=True))


def _chosen(zones: Zones, column: str, codes: str) -> tuple[list[str], Shapes]:
    """Return the features of a table whose code, or name that stands for one, begins with one of those named."""
    values = zones.column(column, "")
    texts = values.fillna("").astype(str).str.strip()
    known = coded(values)
    texts = texts.where(known == "", known)
    chosen = texts.str.startswith(tuple(codes.split())).to_numpy()
    shapes = zones.geometry(zones.table_of(column))
    return [str(name) for name in shapes.index[chosen]], shapes.to_numpy()[chosen]


def _other(zones: Zones, pair: ZoneConflict) -> Shapes:
    layers = zones.place.layers.get(pair.other, ())
    if not layers:
        raise MissingQuantity(pair.other)
    var = layers[0].var
    if var.kind == "geometry":
        return np.asarray(zones.geometry(pair.other).to_numpy(), dtype=object)
    if var.on != "grid":
        return _chosen(zones, pair.other, pair.other_codes)[1]
    values = zones.raster(pair.other, pair.event)
    if pair.above is not None:
        return _outlines(zones, np.asarray(np.nan_to_num(values.astype(np.float64), nan=-np.inf) > pair.above))
    return _outlines(zones, np.isin(values, [int(code) for code in pair.other_codes.split()]))


def _outlines(zones: Zones, flags: NDArray[np.bool_]) -> Shapes:
    """Return the outlines of flagged cells of the whole area, one polygon for cells that share a side."""
    cells = (flags & zones.inside).astype(np.uint8)
    polygons = vectorised(cells, mask=cells > 0, connectivity=4, transform=zones.grid.affine)
    parts = [shapely.Polygon(shape["coordinates"][0], shape["coordinates"][1:]) for shape, _ in polygons]
    outlines = np.empty(len(parts), dtype=object)
    outlines[:] = parts
    return outlines


def summed(overlaps: pd.DataFrame) -> pd.DataFrame:
    """Return the area [m2] and the number of features of each pair that has any, in the order of the table."""
    grouped = overlaps.groupby("conflict", sort=False)["area"]
    return pd.DataFrame({"area": grouped.sum(), "features": grouped.size()}).reset_index()

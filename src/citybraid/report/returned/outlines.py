"""Outlines of parcels that come back moved: how far, with the area before and after."""

from collections.abc import Iterator

import geopandas as gpd
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from citybraid.core.text import say
from citybraid.report.returned.changes import OUTLINE, Change

SAME = 0.01
"""Distance up to which outlines are the same: a projection there and back keeps it [m]."""


def moved_outlines(before: gpd.GeoSeries, after: gpd.GeoSeries, parts: gpd.GeoSeries) -> Iterator[Change]:
    """Yield a change for each parcel whose outline lies elsewhere, with both areas [m2] and how far it moved [m].

    Both by plot number, in one projected CRS; numbers that stand twice are not compared. `parts` are outlines without
    a number: those within a parcel of several parts are its other parts.
    """
    for number in before.index.intersection(after.index):
        old, new = before[number], after[number]
        if not isinstance(old, BaseGeometry) or not isinstance(new, BaseGeometry):
            continue
        if isinstance(old, MultiPolygon) and isinstance(new, Polygon):
            new = shapely.union_all([new, *(each for each in parts if old.contains(each.representative_point()))])
        moved = 0.0 if old.equals_exact(new) else shapely.hausdorff_distance(old.boundary, new.boundary)
        if moved > SAME:
            title = say("returned.outline", "zh")
            yield Change(
                str(number), OUTLINE, title, float(old.area), float(new.area), "m²", fault=OUTLINE, moved=float(moved)
            )


def once(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return the shapes whose number stands once."""
    return shapes[~shapes.index.duplicated(keep=False)]

"""Shapes burned into rasters, in a time that grows with their vertices also where a polygon has very many holes.

GDAL copies the list of a polygon's rings for every ring it adds: 90 000 holes take 10 s each time they are burned.
Of such polygons, holes are joined to few rings by bridges that are passed there and back: under the even-odd rule of
scan lines both passages cancel, and the cells are the same.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from rasterio import features

from citybraid.core.remembered import remembered

MOST_RINGS = 2_000
"""Rings of a polygon up to which it is burned as it is: 2 000 take 5 ms."""
KEPT, MOST_CELLS = 8, 2_000_000
"""Results that are remembered, and the cells up to which one is: 8 of them take 64 MB of int32 [-]."""
PLAIN = frozenset(("out_shape", "transform", "fill", "dtype"))
"""Options of what is remembered."""
NUMBERS = (int, float, np.integer, np.floating)
POLYGON, MULTIPOLYGON = "Polygon", "MultiPolygon"
POLYGON_TYPE = 3
"""Number of polygons among the types of shapely [-]."""
Points = Sequence[Sequence[float]]


def rasterize(shapes: Iterable[Any], *, all_touched: bool = False, **options: Any) -> npt.NDArray[Any]:
    """Return what `rasterio.features.rasterize` does for shapes or pairs of a shape and its value.

    With `all_touched`, bridges would touch cells of their own: such shapes are burned as they are. Models burn the same
    parcels again and again: the last results are remembered, of grids that are not large.
    """
    given, size = list(shapes), tuple(options.get("out_shape", ()))
    small = bool(size) and math.prod(size) <= MOST_CELLS and options.keys() <= PLAIN
    if not small or not all(map(_is_plain_pair, given)):
        return _burned(given, all_touched=all_touched, **options)
    outlines = np.empty(len(given), object)
    outlines[:] = [shape for shape, _ in given]
    options_used = {**options, "out_shape": size, "all_touched": all_touched}
    if "dtype" in options_used:
        options_used["dtype"] = np.dtype(options_used["dtype"]).name
    return _known(outlines, [value for _, value in given], options_used).copy()


@remembered(KEPT)
def _known(outlines: npt.NDArray[np.object_], values: list[Any], options: dict[str, Any]) -> npt.NDArray[Any]:
    return _burned(zip(outlines, values, strict=True), **options)


def _burned(shapes: Iterable[Any], *, all_touched: bool, **options: Any) -> npt.NDArray[Any]:
    listed = [each if isinstance(each, list | tuple) else (each,) for each in shapes]
    outlines = _outlines([shape for shape, *_ in listed])
    burned = outlines if all_touched else map(bridged, outlines)
    pairs = [(outline, *value) if value else outline for outline, (_, *value) in zip(burned, listed, strict=True)]
    return np.asarray(features.rasterize(pairs, all_touched=all_touched, **options))


def _outlines(shapes: Sequence[Any]) -> list[Any]:
    """Return shapes with polygons as lists of their rings' points, all made at once: one by one takes 20 times as long.

    Other shapes, and what is empty, stay as they are.
    """
    shapes_left = list(shapes)
    geometries = np.array([shape if isinstance(shape, shapely.Geometry) else None for shape in shapes], dtype=object)
    plain = np.flatnonzero((shapely.get_type_id(geometries) == POLYGON_TYPE) & ~shapely.is_empty(geometries))
    rings, owner = shapely.get_rings(geometries[plain], return_index=True)
    points = shapely.get_coordinates(rings).tolist()
    ends = np.cumsum(shapely.get_num_coordinates(rings)).tolist()
    of: list[list[Points]] = [[] for _ in plain]
    for place, first, last in zip(owner.tolist(), [0, *ends][:-1], ends, strict=True):
        of[place].append(points[first:last])
    for place, coordinates in zip(plain.tolist(), of, strict=True):
        shapes_left[place] = {"type": POLYGON, "coordinates": coordinates}
    return shapes_left


def _is_plain_pair(pair: Any) -> bool:
    return isinstance(pair, tuple) and isinstance(pair[0], shapely.Geometry) and isinstance(pair[1], NUMBERS)


def geometry_mask(shapes: Iterable[Any], **options: Any) -> npt.NDArray[np.bool_]:
    """Return what `rasterio.features.geometry_mask` does: false where a cell's middle lies in a shape."""
    return np.asarray(features.geometry_mask([bridged(shape) for shape in shapes], **options))


def bridged(shape: Any) -> Any:
    """Return a shape that covers the same cells and has few rings; the shape itself where it has few already."""
    if max(map(len, _polygons(shape)), default=0) <= MOST_RINGS:
        return shape
    geometry = shape if isinstance(shape, dict) else shape.__geo_interface__
    polygons = [_joined(each) if len(each) > MOST_RINGS else each for each in _rings(geometry)]
    return {"type": MULTIPOLYGON, "coordinates": polygons}


def _polygons(shape: Any) -> Iterable[Sequence[Any]]:
    """Return each polygon's holes, without making a coordinate list of a shape that is burned as it is."""
    if isinstance(shape, dict):
        return _rings(shape)
    if shape.geom_type == POLYGON:
        return [shape.interiors]
    return [part.interiors for part in shape.geoms] if shape.geom_type == MULTIPOLYGON else []


def _rings(geometry: dict[str, Any]) -> Sequence[Sequence[Points]]:
    content: dict[str, Sequence[Any]] = {
        POLYGON: [geometry.get("coordinates", ())], MULTIPOLYGON: geometry.get("coordinates", ()),
    }  # fmt: skip
    return content.get(geometry["type"], ())


def _joined(rings: Sequence[Points]) -> list[Points]:
    """Return a polygon's shell and its holes, joined to as many rings as each then has of them."""
    shell, *holes = rings
    size = math.isqrt(len(holes)) + 1
    return [shell, *(_path(holes[first : first + size]) for first in range(0, len(holes), size))]


def _path(rings: Sequence[Points]) -> list[Sequence[float]]:
    """Return closed rings as one closed path: along all of them, and back over their first points."""
    return [*chain.from_iterable(rings), *(ring[0] for ring in reversed(rings[:-1]))]

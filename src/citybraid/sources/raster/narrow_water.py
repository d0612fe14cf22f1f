"""Water of a raster of covers that is narrower than a cell: how long it is, how wide, and which share of all water."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio import features
from rasterio.transform import Affine

from citybraid.core.finding import Finding
from citybraid.sources.geometry.narrow_parts import narrow_parts

Floats = NDArray[np.float64]

STAIRCASE = 1.5
"""Tolerance over a sample's side within which the steps of a slanting bank are one line [-]."""
MOST_SHAPES = 20_000
"""Waters beyond which they are not measured: a raster of scattered pixels has no waterways."""


def water_shapes(samples: NDArray[np.uint8], affine: Affine, codes: Iterable[int]) -> list[shapely.Geometry]:
    """Return the outlines of water among samples of classes."""
    water = np.isin(samples, list(codes))
    if not water.any():
        return []
    shapes_found = features.shapes(water.astype(np.uint8), mask=water, connectivity=8, transform=affine)
    return [shapely.geometry.shape(outline) for outline, _ in shapes_found]


def narrow_water(shapes: list[shapely.Geometry], *, cell: float, sample: float, name: str) -> list[Finding]:
    """Tell how much water of a raster is narrower than a cell [m]; nothing where none is.

    Lengths are along banks whose steps of a `sample` [m] are taken out, within 1 %; areas are those of the samples.
    """
    if not shapes or len(shapes) > MOST_SHAPES:
        return []
    drawn = np.array(shapes, object)
    plain = shapely.make_valid(shapely.simplify(drawn, STAIRCASE * sample))
    narrow, whole = narrow_parts(plain, cell), float(shapely.area(shapely.union_all(plain)))
    if not narrow.length or not whole:
        return []
    width = narrow.width * float(shapely.area(shapely.union_all(shapely.make_valid(drawn)))) / whole
    share = min(100.0 * narrow.length * narrow.width / whole, 100.0)
    details = {"name": name, "length": round(narrow.length), "width": round(width, 1), "cell": cell,
               "share": round(share)}  # fmt: skip
    return [Finding("warning", "intake.water_narrow_raster", "land_cover", len(shapes), details)]


def lengths_of(outlines: Iterable[dict[str, Any]], *, sample: float) -> tuple[Floats, Floats]:
    """Return lengths [m] and areas [m²] of strips of samples from outlines as GeoJSON: half of each, less a width.

    Lengths are along banks whose steps of a `sample` [m] are taken out.
    """
    drawn = shapely.make_valid(np.array([shapely.geometry.shape(outline) for outline in outlines], object))
    plain = shapely.make_valid(shapely.simplify(drawn, STAIRCASE * sample))
    around, area = shapely.length(plain), shapely.area(drawn)
    width = np.divide(2.0 * area, around, out=np.zeros(len(drawn)), where=around > 0.0)
    return 0.5 * around - width, area

"""Labelled cells as polygons: one for each label, sorted by size."""

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from rasterio.features import shapes
from scipy import ndimage

from citybraid.core.burning import rasterize
from citybraid.core.errors import InputError
from citybraid.core.land_cover import water_covers
from citybraid.core.var import View

Labels = NDArray[np.int32]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

TOUCHING = np.ones((3, 3), dtype=np.int8)
"""Structuring element of 8-connectivity: cells that share an edge or a corner are connected."""


class Areas(NamedTuple):
    """Polygons with ids, the largest first, the label of each on the cells, and its area [m2]."""

    shapes: gpd.GeoSeries
    number: Labels
    area: pd.Series

    def column(self, values: Floats) -> pd.Series:
        """Return values, one for each polygon, as a column indexed by id."""
        return pd.Series(values, index=self.shapes.index, dtype=np.float64)


def label_components(flags: Flags) -> Labels:
    """Label the connected components of flagged cells, 0 elsewhere."""
    labels: Labels = ndimage.label(flags, structure=TOUCHING)[0].astype(np.int32)
    return labels


def drop_small(labels: Labels, *, least: float, cell: float) -> Labels:
    """Remove labels that cover less than `least` [m2] with cells of `cell` [m2]."""
    counts = np.bincount(labels.ravel())
    large = counts * cell >= least * (1.0 - 1e-9)
    large[0] = False
    return np.where(large[labels], labels, 0).astype(np.int32)


def polygonize(labels: Labels, grid: GeoBox, *, prefix: str) -> Areas:
    """Vectorise each label above 0 to a polygon, with ids `prefix`-1, -2 … in descending order of area."""
    parts: dict[int, list[shapely.Polygon]] = {}
    for shape, value in shapes(labels, mask=labels > 0, connectivity=4, transform=grid.affine):
        parts.setdefault(int(value), []).append(shapely.Polygon(shape["coordinates"][0], shape["coordinates"][1:]))
    counts = np.bincount(labels.ravel())
    numbers = sorted(parts, key=lambda each: (-int(counts[each]), each))
    geometries = [parts[each][0] if len(parts[each]) == 1 else shapely.MultiPolygon(parts[each]) for each in numbers]
    series = gpd.GeoSeries(
        geometries, index=[f"{prefix}-{at}" for at in range(1, len(geometries) + 1)], crs=str(grid.crs)
    )
    number = np.array(numbers, dtype=np.int32)
    area = counts[number] * cell_area(grid)
    return Areas(series, number, pd.Series(area, index=series.index, dtype=np.float64))


def label_maximum(values: Floats, labels: Labels, number: Labels) -> Floats:
    """Return the largest value on the cells of each label; NaN where it has none."""
    finite = np.where(np.isfinite(values), values, -np.inf)
    maxima = np.asarray(ndimage.maximum(finite, labels, number), dtype=np.float64) if number.size else np.zeros(0)
    return np.where(np.isfinite(maxima), maxima, np.nan)


def study_area_mask(study_area: View | None, grid: GeoBox) -> Flags:
    """Return the cells whose centre lies in the study area; all where none is given."""
    if study_area is None:
        return np.ones(grid.shape, dtype=np.bool_)
    pairs = [(shape, 1) for shape in study_area.geometry if shape is not None and not shape.is_empty]
    if not pairs:
        return np.zeros(grid.shape, dtype=np.bool_)
    mask = rasterize(pairs, out_shape=grid.shape, transform=grid.affine, fill=0, dtype="uint8")
    return np.asarray(mask == 1, dtype=np.bool_)


def water_mask(land_cover: xr.DataArray | None, grid: GeoBox) -> Flags:
    """Return the cells of water and wetland; none where no land cover is given."""
    if land_cover is None:
        return np.zeros(grid.shape, dtype=np.bool_)
    return np.isin(land_cover.to_numpy(), water_covers())


def holding_water(land_cover: xr.DataArray | None, water_body: xr.DataArray | None, grid: GeoBox) -> Flags:
    """Return the cells of water and wetland, and of channels under streets where they are told."""
    wet = water_mask(land_cover, grid)
    return wet if water_body is None else np.asarray(wet | (water_body.to_numpy() > 0), np.bool_)


def cell_sides(grid: GeoBox) -> Floats:
    """Return width and height of a cell [m]; raises InputError where the grid is not in metres."""
    crs = grid.crs
    if crs is not None and (crs.geographic or any(unit not in ("metre", "meter", "m") for unit in crs.units)):
        raise InputError("areas.not_metric", crs=str(crs))
    return np.array([abs(grid.resolution.x), abs(grid.resolution.y)], dtype=np.float64)


def cell_area(grid: GeoBox) -> float:
    """Return the area of a cell [m2]."""
    return float(abs(grid.resolution.x * grid.resolution.y))


def events_of(periods: Mapping[str, float], return_period: float | None, *, model: str) -> list[str]:
    """Return the events of a return period [year], or of the longest one where none is given.

    Raises InputError, naming the calling `model`, where no event has it.
    """
    period = max(periods.values(), default=0.0) if return_period is None else return_period
    events = sorted(event for event, years in periods.items() if years == period)
    if not events:
        raise InputError("areas.no_event", model=model, wanted=period, there=sorted(set(periods.values())) or ["-"])
    return events

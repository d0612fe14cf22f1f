"""Siting of measures: units, parcels and cells by their centres, slopes, and siting rules by land use."""

from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.burning import rasterize
from citybraid.core.errors import InputError
from citybraid.core.remembered import remembered
from citybraid.core.vocabulary.surface import COVER

Cells = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CODE: Mapping[str, int] = {name: code for code, name in COVER}
OUTSIDE = "outside"
"""Key of the siting rule for ground outside every parcel."""


def cell_area(grid: GeoBox) -> float:
    """Return the area of a cell [m2]."""
    return abs(float(grid.affine.a * grid.affine.e))


@remembered(16)
def area_of_cells(cells: gpd.GeoSeries, *, grid: GeoBox) -> Cells:
    """Return for each cell the position of the area that holds its centre; -1 outside all."""
    shapes = [(shape, at) for at, shape in enumerate(cells) if shape is not None and not shape.is_empty]
    if not shapes:
        return np.full(grid.shape, -1, dtype=np.int64)
    # Later shapes overwrite earlier ones: reversed, the first area that holds a centre wins.
    labels = rasterize(shapes[::-1], out_shape=tuple(grid.shape), transform=grid.affine, fill=-1, dtype="int32")
    return np.asarray(labels, dtype=np.int64)


def area_of_points(points: gpd.GeoSeries, areas: gpd.GeoSeries) -> Cells:
    """Return for each point the position of the first area that holds it; -1 outside all."""
    positions = np.full(len(points), -1, dtype=np.int64)
    point, area = areas.sindex.query(points, predicate="intersects", sort=True)
    first, at = np.unique(point, return_index=True)
    positions[first] = area[at]
    return positions


def selected_units(units: gpd.GeoDataFrame, where: Iterable[str] | None) -> Mask:
    """Return which planning units apply the measure, with a last False at index -1 for 'outside all units'.

    Raises InputError for an id that is no planning unit.
    """
    if where is None:
        return np.append(np.ones(len(units), dtype=np.bool_), False)
    selected = set(where)
    if unknown := sorted(selected - set(units.index)):
        raise InputError("measure.unit_unknown", units=unknown)
    return np.append(np.asarray(units.index.isin(list(selected)), dtype=np.bool_), False)


def rule(site: Mapping[str, float], measure: str, code: str) -> float:
    """Return the largest share of a measure under a land-use code: the row with the longest prefix applies."""
    for length in range(len(code), -1, -1):
        key = f"{measure}/{code[:length]}"
        if key in site:
            return site[key]
    raise InputError("measure.rule_missing", measure=measure, code=code)


def share_of(at: Cells, parcels: gpd.GeoDataFrame | None, *, site: Mapping[str, float], measure: str) -> Floats:
    """Return the largest share of a measure by the parcel at position `at` (-1: outside every parcel)."""
    codes = [] if parcels is None else [str(code) if isinstance(code, str) else "" for code in parcels["land_use"]]
    shares = np.array([*(rule(site, measure, code) for code in codes), site[f"{measure}/{OUTSIDE}"]])
    return np.asarray(shares[at], dtype=np.float64)


def cell_share(parcels: gpd.GeoDataFrame | None, *, grid: GeoBox, site: Mapping[str, float], measure: str) -> Floats:
    """Return the largest share of each cell for a measure, by the land use at its centre."""
    at = np.full(grid.shape, -1, dtype=np.int64) if parcels is None else area_of_cells(parcels.geometry, grid=grid)
    return share_of(at, parcels, site=site, measure=measure)


def building_share(
    buildings: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame | None, *, site: Mapping[str, float], measure: str
) -> Floats:
    """Return the largest share of each building for a measure, by the land use at its centroid."""
    at = np.full(len(buildings), -1, dtype=np.int64)
    if parcels is not None:
        at = area_of_points(buildings.geometry.centroid, parcels.geometry)
    return share_of(at, parcels, site=site, measure=measure)


def use_share(use: pd.Series, table: Mapping[str, float]) -> Floats:
    """Return each building's share by its use; 0 where the use is unknown or has no row."""
    return np.array([table[name] if isinstance(name, str) and name in table else 0.0 for name in use], dtype=np.float64)


def slope(terrain: xr.DataArray, *, grid: GeoBox) -> Floats:
    """Return the ground's slope [-] by central differences; NaN where a neighbour has no height."""
    height = np.asarray(terrain.values, dtype=np.float64)
    if min(height.shape) < 2:  # noqa: PLR2004  (a difference needs two cells)
        return np.zeros_like(height)
    down, right = np.gradient(height, abs(float(grid.affine.e)), abs(float(grid.affine.a)))
    return np.asarray(np.hypot(down, right), dtype=np.float64)


def per_unit(units: gpd.GeoDataFrame, at: Cells, amount: Floats) -> pd.Series:
    """Return the sum of an amount over each planning unit; `at` is the unit's position, -1 outside all."""
    inside = (at >= 0) & np.isfinite(amount)
    total = np.bincount(at[inside], weights=amount[inside], minlength=len(units))
    return pd.Series(total, index=units.index)


def like(raster: xr.DataArray, values: NDArray[np.generic]) -> xr.DataArray:
    """Return values as a raster on the same cells."""
    return raster.copy(data=values)

"""Biotope area factor and green plot ratio of each parcel."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.burning import rasterize
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.biodiversity.ecology import BIOTOPE_AREA_FACTOR, GREEN_PLOT_RATIO
from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER, GREEN_ROOF_COVER, LAND_COVER, PERMEABLE_PAVING

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TREES = 10
SEALED = (50, 51)
"""Covers that permeable paving replaces: other paving and roads."""


class PlotGreenery(NamedTuple):
    biotope_area_factor: BIOTOPE_AREA_FACTOR
    green_plot_ratio: GREEN_PLOT_RATIO


@model(
    version=1,
    cite="Becker Giseke Mohren Richard and Landschaft Planen & Bauen (1990), The Biotope Area Factor as an Ecological "
    "Parameter; Ong (2003), Landsc. Urban Plan. 63: 197-211, eq. of sect. 4 (green plot ratio: mean leaf area index)",
    validity="By land cover: soil over garages, greened walls and roof water led into planted ground are not seen. "
    "Leaf area index by kind of plant, not by species or age. Parcels by the centres of their cells; a parcel without "
    "one takes the cell in its middle.",
)
def plot_greenery(
    *,
    land_cover: LAND_COVER,
    parcels: Annotated[View, Table("parcels")],
    biotope_weight: Annotated[Factors, Fact("biotope_weight")],
    leaf_area_index: Annotated[Factors, Fact("leaf_area_index")],
    grid: GeoBox,
    canopy_cover: CANOPY_COVER | None = None,
    permeable_paving: PERMEABLE_PAVING | None = None,
    green_roof_cover: GREEN_ROOF_COVER | None = None,
) -> PlotGreenery:
    """Return each parcel's ecologically effective area, and its leaf area, over its area [-].

    Surfaces count by the weights of Berlin's biotope area factor; permeable paving and green roofs by their own over
    their share of a cell. Leaves count by layer: crowns over what grows below them. Cells without cover are left out;
    a parcel without any cover has no value.
    """
    cover = land_cover.to_numpy()
    weight, leaves = _by_cover(cover, biotope_weight), _by_cover(cover, leaf_area_index)
    paved = np.where(np.isin(cover, SEALED), _share(permeable_paving, cover.shape), 0.0)
    roof = _share(green_roof_cover, cover.shape)
    weight = weight + paved * (biotope_weight["permeable_paving"] - weight)
    weight = weight + roof * (biotope_weight["green_roof"] - weight)
    crowns = np.where(cover == TREES, 1.0, 0.0)
    if canopy_cover is not None:
        known = canopy_cover.to_numpy().astype(np.float64)
        crowns = np.where(np.isfinite(known), np.clip(known, 0.0, 1.0), crowns)
    below = np.where(cover == TREES, 0.0, leaves)
    leaves = crowns * leaf_area_index["trees"] + below + roof * (leaf_area_index["green_roof"] - below)
    at = _parcel_of_cells(parcels.geometry, grid)
    leaves = np.where(np.isfinite(below), leaves, np.nan)
    return PlotGreenery(_means(np.clip(weight, 0.0, 1.0), at, parcels, grid), _means(leaves, at, parcels, grid))


def _by_cover(cover: NDArray[np.integer], values: Mapping[str, float]) -> Floats:
    """Return the value of each cell's cover; none where there is no cover."""
    rates = np.full(cover.shape, np.nan)
    for code, name in COVER:
        rates[cover == code] = values[name]
    return rates


def _share(layer: xr.DataArray | None, shape: tuple[int, ...]) -> Floats:
    return np.zeros(shape) if layer is None else np.nan_to_num(layer.to_numpy().astype(np.float64))


def _parcel_of_cells(parcels: gpd.GeoSeries, grid: GeoBox) -> Ints:
    """Return the position of the parcel that holds each cell's centre, -1 outside all; the first of several."""
    shapes = [(shape, at) for at, shape in enumerate(parcels) if shape is not None and not shape.is_empty]
    if not shapes:
        return np.full(grid.shape, -1, dtype=np.int64)
    burned = rasterize(shapes[::-1], out_shape=tuple(grid.shape), transform=grid.affine, fill=-1, dtype="int32")
    return np.asarray(burned, dtype=np.int64)


def _means(values: Floats, at: Ints, parcels: gpd.GeoDataFrame, grid: GeoBox) -> pd.Series:
    """Return the mean over the known cells of each parcel; a parcel without a cell takes the one in its middle."""
    known = (at >= 0) & np.isfinite(values)
    sums = np.bincount(at[known], weights=values[known], minlength=len(parcels))
    cells = np.bincount(at[known], minlength=len(parcels))
    means = np.divide(sums, cells, out=np.full(len(parcels), np.nan), where=cells > 0)
    held = np.bincount(at[at >= 0], minlength=len(parcels)) > 0
    middle = parcels.geometry.representative_point()
    column, row = ~grid.affine * (middle.x.to_numpy(), middle.y.to_numpy())
    rows, columns = grid.shape
    inside = ~held & (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    means[inside] = values[np.floor(row[inside]).astype(np.int64), np.floor(column[inside]).astype(np.int64)]
    return pd.Series(means, index=parcels.index)

"""A made-up plain of 60 × 80 cells of 10 m: a canal, a hollow beside it, a deep and a shallow pool apart."""

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox

CELL = 10.0
LEFT, TOP = 500_000.0, 3_400_000.0
SHAPE = (60, 80)
GRID = GeoBox(SHAPE, Affine(CELL, 0, LEFT, 0, -CELL, TOP), "EPSG:4549")
PERIODS = {"p5": 5.0, "p50": 50.0, "user": 20.0}


class Plain(NamedTuple):
    """What the plain is and how it floods."""

    terrain: xr.DataArray
    land_cover: xr.DataArray
    depths: Mapping[str, xr.DataArray]
    durations: Mapping[str, xr.DataArray]
    study_area: gpd.GeoDataFrame


def raster(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, dims=("y", "x"))


def plain() -> Plain:
    """Return the plain; its ground falls to the canal in column 40 from both sides."""
    row, column = np.mgrid[: SHAPE[0], : SHAPE[1]]
    ground = 3.0 + 0.02 * np.abs(column - 40) + 0.001 * row
    cover = np.full(SHAPE, 50, dtype=np.int32)
    cover[:, 40:42] = 80
    deep = np.zeros(SHAPE)
    deep[10:20, 42:50] = 0.6
    deep[13:15, 44:46] = 0.0
    deep[40:44, 10:16] = 0.3
    deep[50:54, 60:64] = 0.2
    deep[:, 40:42] = 2.0
    deep[55, 5] = 1.0
    hours = np.where(deep > 0.25, 2.0, 0.25)
    area = shapely.box(LEFT, TOP - 540.0, LEFT + 780.0, TOP)
    return Plain(
        raster(ground),
        raster(cover),
        {"p5": raster(deep * 0.4), "p50": raster(deep), "user": raster(deep * 0.7)},
        {"p5": raster(hours * 0.5), "p50": raster(hours), "user": raster(hours)},
        gpd.GeoDataFrame(geometry=gpd.GeoSeries([area], index=["plan"], crs="EPSG:4549")),
    )

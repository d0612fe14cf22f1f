"""A made-up district for tests and figures: blocks, streets with trees, a park, a canal, woods at the edge."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import xarray as xr
from matplotlib.colors import BoundaryNorm, ListedColormap
from odc.geo.geobox import GeoBox
from shapely.geometry import box

COLOURS = {
    10: "#2e7d32", 20: "#8bc34a", 30: "#c5e1a5", 40: "#f0e68c", 50: "#bdbdbd",
    51: "#757575", 52: "#c0665a", 60: "#d7c4a3", 80: "#64a6d9", 90: "#80cbc4",
}  # fmt: skip


class District(NamedTuple):
    """Its grid, ground, crowns and houses."""

    grid: GeoBox
    land_cover: xr.DataArray
    canopy_cover: xr.DataArray
    buildings: gpd.GeoDataFrame


def district(*, size: int = 160, cell: float = 10.0) -> District:
    """Return the district, 1.6 km wide at 10 m unless told otherwise."""
    grid = GeoBox.from_bbox((0, 0, size * cell, size * cell), crs="EPSG:32651", resolution=cell)
    y, x = ((np.arange(size) + 0.5) * cell for _ in range(2))
    up, right = np.meshgrid(y[::-1], x, indexing="ij")
    cover = np.full(grid.shape, 50)
    houses = []
    for column in range(int(size * cell // 200)):
        for row in range(int(size * cell // 200)):
            west, south = 200.0 * column + 40, 200.0 * row + 40
            cover[(right > west - 20) & (right < west + 140) & (up > south - 20) & (up < south + 140)] = 30
            houses += [box(west + 60 * i, south + 60 * j, west + 60 * i + 40, south + 60 * j + 30) for i, j in PLOTS]
    cover[(right % 200 < 20) | (up % 200 < 20)] = 51
    park = (abs(right - 700) < 180) & (abs(up - 900) < 180)
    cover[park] = np.where(np.hypot(right - 700, up - 900)[park] < 90, 80, 10)
    canal = abs(up - 0.15 * right - 420) < 18
    cover[canal] = 80
    cover[(right > 1300) & (up > 1100)] = 10
    cover[(right > 1340) & (up < 300)] = 90
    cover[(right < 120) & (up < 160)] = 10
    kept = [house for house in houses if _inside(house, np.isin(cover, (30, 50)), grid)]
    table = gpd.GeoDataFrame(geometry=kept, index=[f"b{i}" for i in range(len(kept))], crs="EPSG:32651")
    for house in kept:
        west, south, east, north = house.bounds
        cover[(right > west) & (right < east) & (up > south) & (up < north)] = 52
    canopy = np.select([cover == 10, (cover == 51) & (right < 800), cover == 30], [0.9, 0.35, 0.1], 0.0)
    return District(grid, raster(cover), raster(canopy), table)


PLOTS = ((0, 0), (1, 0), (0, 1), (1, 1))


def raster(values: np.ndarray) -> xr.DataArray:
    """Return values as a raster."""
    return xr.DataArray(values, dims=("y", "x"))


def cover_colours() -> tuple[ListedColormap, BoundaryNorm]:
    """Return the colours of land cover and the norm that goes with them."""
    codes = sorted(COLOURS)
    edges = [codes[0] - 0.5, *(code + 0.5 for code in codes)]
    return ListedColormap([COLOURS[code] for code in codes]), BoundaryNorm(edges, len(codes))


def _inside(house: object, free: np.ndarray, grid: GeoBox) -> bool:
    west, south, east, north = house.bounds  # type: ignore[attr-defined]
    left, top = ~grid.affine * (west, north)
    last, bottom = ~grid.affine * (east, south)
    return bool(free[int(top) : int(bottom) + 1, int(left) : int(last) + 1].all())

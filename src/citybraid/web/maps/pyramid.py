"""Classes of a raster in Web Mercator on disk, one file for each zoom, so that a tile is read and not computed."""

import math
from pathlib import Path

import numpy as np
import rasterio
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from rasterio.warp import Resampling, reproject, transform_bounds

from citybraid.core.var import Coarsen, Var
from citybraid.study.plan.regrid import coarsen
from citybraid.web.maps.cells import Cells
from citybraid.web.maps.classes import NONE, Classes

SIDE = 512
"""Pixels along a tile's side."""
WORLD = 2 * math.pi * 6378137.0
"""Width of the world in Web Mercator [m]."""
MERCATOR, DEGREES = "EPSG:3857", "EPSG:4326"
FINE = 2.0
"""Pixels along a cell at the closest zoom, where MOST allows it; one at least."""
MOST = 64_000_000
"""Pixels of the closest zoom."""
STRIP = 512
"""Rows of cells that are made coarser at once, an even number."""


def zoom_file(folder: Path, zoom: int) -> Path:
    """Return the file of a zoom."""
    return folder / f"{zoom}.tif"


def zooms(folder: Path) -> list[int]:
    """Return the zooms that there are files of, ascending."""
    return sorted(int(path.stem) for path in folder.glob("*.tif"))


def closest_zoom(place: Affine, shape: tuple[int, int], crs: str) -> int:
    """Return the closest zoom that shows anything more: its pixels are no wider than a cell."""
    cell = abs(place.a)
    shrunk = math.cos(math.radians(_middle(place, shape, crs)))
    one = math.ceil(math.log2(WORLD * shrunk / SIDE / cell))
    fine = math.ceil(math.log2(WORLD * shrunk / SIDE / cell * FINE))
    pixels = shape[0] * shape[1] * (cell / (WORLD * shrunk / SIDE / 2**fine)) ** 2
    return fine if pixels <= MOST else one


def write_pyramid(folder: Path, cells: Cells, classes: Classes, crs: str) -> None:
    """Write the class of the cell under the middle of each pixel, zoom by zoom.

    Where pixels are wider than cells, cells are first aggregated as the quantity is, by their mean, maximum, minimum
    or most frequent code, until they are as wide: no cell is passed over. A sum is shown as the mean of its cells, so
    that a class means the same at every zoom.
    """
    folder.mkdir()
    values, place = cells
    shrunk = math.cos(math.radians(_middle(place, values.shape, crs)))
    codes = classes.of(values)
    for zoom in range(closest_zoom(place, values.shape, crs), -1, -1):
        while abs(place.a) < WORLD * shrunk / SIDE / 2**zoom:
            values, place = _halved(values, classes.quantity.var), place * Affine.scale(2.0)
            codes = classes.of(values)
        if max(_write(zoom_file(folder, zoom), codes, place, crs, zoom)) <= SIDE:
            return


def _middle(place: Affine, shape: tuple[int, int], crs: str) -> float:
    """Return the latitude in the middle of a grid [degree]."""
    x, y = place * (shape[1] / 2, shape[0] / 2)
    _, south, _, north = transform_bounds(crs, DEGREES, x, y, x, y)
    return float(south + north) / 2


def _halved(values: NDArray[np.float64], var: Var) -> NDArray[np.float64]:
    how: Coarsen = "majority" if var.kind == "int" else "mean" if var.coarsen == "sum" else var.coarsen
    return np.concatenate([_coarser(values[top : top + STRIP], how) for top in range(0, len(values), STRIP)])


def _coarser(strip: NDArray[np.float64], how: Coarsen) -> NDArray[np.float64]:
    if how != "majority":
        return np.asarray(coarsen(xr.DataArray(strip, dims=("y", "x")), factor=2, how=how))
    most = np.asarray(coarsen(xr.DataArray(np.nan_to_num(strip), dims=("y", "x")), factor=2, how=how))
    return np.where(most == 0, np.nan, most)


def _write(path: Path, codes: NDArray[np.uint8], place: Affine, crs: str, zoom: int) -> tuple[int, int]:
    """Write the pixels of a zoom, whole pixels of its tiles; returns rows and columns."""
    rows, columns = codes.shape
    left, top = place * (0, 0)
    right, bottom = place * (columns, rows)
    west, south, east, north = transform_bounds(crs, MERCATOR, left, bottom, right, top)
    pixel = WORLD / SIDE / 2**zoom
    first, last = math.floor((west + WORLD / 2) / pixel), math.ceil((east + WORLD / 2) / pixel)
    upper, lower = math.floor((WORLD / 2 - north) / pixel), math.ceil((WORLD / 2 - south) / pixel)
    drawn = np.full((max(lower - upper, 1), max(last - first, 1)), NONE, dtype=np.uint8)
    onto = Affine(pixel, 0.0, first * pixel - WORLD / 2, 0.0, -pixel, WORLD / 2 - upper * pixel)
    reproject(
        codes, drawn, src_transform=place, src_crs=crs, src_nodata=NONE, dst_transform=onto, dst_crs=MERCATOR,
        dst_nodata=NONE, resampling=Resampling.nearest,
    )  # fmt: skip
    with rasterio.open(
        path, "w", driver="GTiff", width=drawn.shape[1], height=drawn.shape[0], count=1, dtype="uint8", crs=MERCATOR,
        transform=onto, nodata=NONE, tiled=True, blockxsize=SIDE, blockysize=SIDE, compress="deflate", zlevel=1,
    ) as file:  # fmt: skip
        file.write(drawn, 1)
        if min(drawn.shape) > SIDE:
            file.build_overviews([2], Resampling.nearest)  # rio-tiler warns of a file that has none
    return drawn.shape[0], drawn.shape[1]

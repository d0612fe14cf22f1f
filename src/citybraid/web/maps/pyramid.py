"""Classes of a raster in halved resolutions on disk, so that a tile of any zoom reads few cells."""

from itertools import count
from pathlib import Path

import numpy as np
import rasterio
import xarray as xr
from affine import Affine
from numpy.typing import NDArray

from citybraid.core.var import Coarsen, Var
from citybraid.study.plan.regrid import coarsen
from citybraid.web.maps.cells import Cells
from citybraid.web.maps.classes import NONE, Classes

SMALLEST = 256
"""Cells along the longer side below which no coarser level is made."""
BLOCK = 256
STRIP = 512
"""Rows of cells that are made coarser at once, an even number."""


def level_file(folder: Path, level: int) -> Path:
    """Return the file of a level, whose cells are 2 to its power times as wide as the raster's."""
    return folder / f"{level}.tif"


def write_pyramid(folder: Path, cells: Cells, classes: Classes, crs: str) -> None:
    """Write the levels of a raster: the class of each cell, coarser levels by the quantity's own aggregation.

    A sum is shown as the mean of its cells, so that a class means the same at every zoom.
    """
    folder.mkdir()
    values, place = cells
    for level in count():
        _write(level_file(folder, level), classes.of(values), place, crs)
        if max(values.shape) <= SMALLEST:
            return
        values, place = _halved(values, classes.quantity.var), place * Affine.scale(2.0)


def _halved(values: NDArray[np.float64], var: Var) -> NDArray[np.float64]:
    how: Coarsen = "majority" if var.kind == "int" else "mean" if var.coarsen == "sum" else var.coarsen
    return np.concatenate([_coarser(values[top : top + STRIP], how) for top in range(0, len(values), STRIP)])


def _coarser(strip: NDArray[np.float64], how: Coarsen) -> NDArray[np.float64]:
    if how != "majority":
        return np.asarray(coarsen(xr.DataArray(strip, dims=("y", "x")), factor=2, how=how))
    whole = np.nan_to_num(strip)
    most = np.asarray(coarsen(xr.DataArray(whole, dims=("y", "x")), factor=2, how=how))
    return np.where(most == 0, np.nan, most)


def _write(path: Path, codes: NDArray[np.uint8], place: Affine, crs: str) -> None:
    rows, columns = codes.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype="uint8", crs=crs, transform=place,
        nodata=NONE, tiled=True, blockxsize=BLOCK, blockysize=BLOCK, compress="deflate", zlevel=1,
    ) as file:  # fmt: skip
        file.write(codes, 1)

"""Blocks of cells as the coarser grid of a rain field."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError

F64 = NDArray[np.float64]
MOST = 200_000_000
"""Maximum number of values of a rain field."""
HOUR = 3600.0


class Blocks(NamedTuple):
    """Centre coordinates of the blocks' columns and rows in the grid's CRS [m]; rows run north to south."""

    x: F64
    y: F64

    def field(self, times: F64, values: NDArray[np.float32]) -> xr.DataArray:
        """Return rain [mm h⁻¹] by time, row and column as a field; `times` are hours from the start."""
        coords = {"time": times, "y": self.y, "x": self.x}
        return xr.DataArray(values, dims=("time", "y", "x"), coords=coords)


def blocks(grid: GeoBox, size: float, *, steps: int, model: str) -> Blocks:
    """Return blocks of whole cells of about `size` [m] that cover a grid.

    Raises InputError where a field of `steps` steps would be too large.
    """
    across, down = (max(1, round(size / abs(cell))) for cell in (grid.resolution.x, grid.resolution.y))
    columns, rows = -(-grid.shape[1] // across), -(-grid.shape[0] // down)
    if steps * columns * rows > MOST:
        raise InputError("rain.field_large", model=model, got=steps * columns * rows, limit=MOST, cell=size)
    x, _ = grid.affine * ((np.arange(columns) + 0.5) * across, np.zeros(columns))
    _, y = grid.affine * (np.zeros(rows), (np.arange(rows) + 0.5) * down)
    return Blocks(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))

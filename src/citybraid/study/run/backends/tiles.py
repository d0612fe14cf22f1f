"""Large grids tile by tile: a local model sees a tile and as much ground around it as its results depend on.

So what a model holds beside its inputs and outputs is that of a few tiles, whatever the grid, and one Step uses many
threads. Whether a Step is cut depends on its model and grid alone: results are the same on every machine. On a cluster
such a Step is divided into bands, each a row of tiles, which several workers take: see bands.py.
"""

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.model import Model
from citybraid.core.step import Band, Step

WHOLE_CELLS = 2**22
"""Cells up to which a grid is computed as a whole [-]."""
SIDE = 1024
"""Side of a tile [cell]."""
PLANE = ("y", "x")
Window = tuple[slice, slice]


@dataclass(frozen=True)
class Tiling:
    """Tiles of a grid, and the cells around each that its results depend on, in rows and columns."""

    shape: tuple[int, int]
    halo: tuple[int, int]
    side: int

    @property
    def bands(self) -> list[Band]:
        """The rows of tiles, from north to south."""
        rows = self.shape[0]
        return [Band(first, min(first + self.side, rows)) for first in range(0, rows, self.side)]

    def around(self, band: Band) -> slice:
        """Return the rows that a band's results depend on."""
        return slice(max(band.first - self.halo[0], 0), min(band.end + self.halo[0], self.shape[0]))

    def windows(self, band: Band | None = None) -> list[tuple[Window, Window]]:
        """Return each tile, of a band or of all, with the ground around it: that first, then the tile."""
        rows = range(band.first, band.end) if band else range(self.shape[0])
        pairs = []
        for corner in product(rows[:: self.side], range(0, self.shape[1], self.side)):
            ends = [min(start + self.side, size) for start, size in zip(corner, self.shape, strict=True)]
            outer = [
                (max(start - far, 0), min(end + far, size))
                for start, end, far, size in zip(corner, ends, self.halo, self.shape, strict=True)
            ]
            tile = tuple(slice(start, end) for start, end in zip(corner, ends, strict=True))
            around = tuple(slice(*each) for each in outer)
            pairs.append((around, tile))
        return pairs  # type: ignore[return-value]  # (a grid has two sides)


def results(step: Step, arguments: Mapping[str, Any], threads: int) -> dict[str, Any]:
    """Compute a Step's outputs by name: tile by tile where its grid is large and its model local.

    The rasters among the arguments of a band's Step are those of the rows around it.
    """
    tiling = tiling_of(step, arguments)
    if tiling is None and step.band is None:
        return step.model.run(arguments)
    if tiling is None:
        raise ValueError(step.name)
    return tiled(step.model, arguments, tiling, threads, band=step.band)


def tiling_of(step: Step, arguments: Mapping[str, Any]) -> Tiling | None:
    """Return how a Step is cut, None where it is computed as a whole."""
    tiling = local_tiling(step)
    if tiling is None:
        return None
    rows = tiling.around(step.band) if step.band else slice(0, tiling.shape[0])
    shape = (rows.stop - rows.start, tiling.shape[1])
    return tiling if all(_cuttable(each, shape) for each in arguments.values()) else None


def local_tiling(step: Step) -> Tiling | None:
    """Return the tiles of a Step whose model is local and whose grid is large, as far as its layers tell."""
    grid = step.outs[0].grid
    if step.model.reach is None or grid is None or math.prod(grid.shape) <= WHOLE_CELLS:
        return None
    reach = step.model.reach_with(step.extra)
    if reach is None or not all(out.grid == grid for out in step.outs):
        return None
    rows, columns = (math.ceil(reach / abs(float(size))) for size in (grid.resolution.y, grid.resolution.x))
    return Tiling((int(grid.shape[0]), int(grid.shape[1])), (rows, columns), SIDE)


def tiled(
    model: Model[Any, Any], arguments: Mapping[str, Any], tiling: Tiling, threads: int, *, band: Band | None = None
) -> dict[str, Any]:
    """Compute a model's outputs by name, of a band or of all rows, tile by tile, several at once."""
    whole: dict[str, np.ndarray[Any, Any]] = {}
    made_from, read_from = (band.first, tiling.around(band).start) if band else (0, 0)
    height = band.end - band.first if band else tiling.shape[0]

    def compute(around: Window, tile: Window) -> None:
        made = model.run({name: _cut(value, around, read_from) for name, value in arguments.items()})
        inner = tuple(
            slice(part.start - outer.start, part.stop - outer.start) for part, outer in zip(tile, around, strict=True)
        )
        for name, value in made.items():
            if name not in whole:
                whole[name] = np.empty((height, tiling.shape[1]), value.dtype)
            whole[name][_shifted(tile[0], made_from), tile[1]] = value.to_numpy()[inner]

    first, *others = tiling.windows(band)
    compute(*first)
    with ThreadPoolExecutor(max_workers=max(threads, 1)) as pool:
        for done in [pool.submit(compute, *each) for each in others]:
            done.result()
    return {name: xr.DataArray(values, dims=PLANE) for name, values in whole.items()}


def _cuttable(value: Any, shape: tuple[int, int]) -> bool:
    """Tell whether an argument is the same for every tile, or a raster of this shape."""
    if isinstance(value, xr.DataArray):
        return value.dims == PLANE and value.shape == shape
    if isinstance(value, Mapping):
        return all(_cuttable(each, shape) for each in value.values())
    return not isinstance(value, pd.DataFrame)


def _cut(value: Any, window: Window, read_from: int) -> Any:
    """Return the part of an argument within a window: of rasters, read from a row on, and grids; others as they are."""
    if isinstance(value, xr.DataArray):
        return value.isel(y=_shifted(window[0], read_from), x=window[1])
    if isinstance(value, GeoBox):
        return value[window]
    if isinstance(value, Mapping) and any(isinstance(each, xr.DataArray) for each in value.values()):
        return {name: _cut(each, window, read_from) for name, each in value.items()}
    return value


def _shifted(part: slice, start: int) -> slice:
    return slice(part.start - start, part.stop - start)

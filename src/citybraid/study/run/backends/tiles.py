"""Large grids tile by tile: a local model sees a tile and as much ground around it as its results depend on.

So what a model holds beside its inputs and outputs is that of a few tiles, whatever the grid, and one Step uses many
threads. Whether a Step is cut depends on its model and grid alone: results are the same on every machine.
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
from citybraid.core.step import Step

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
    side: int = SIDE

    def windows(self) -> list[tuple[Window, Window]]:
        """Return each tile with the ground around it, and the tile's place within that."""
        pairs = []
        for corner in product(*(range(0, size, self.side) for size in self.shape)):
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
    """Compute a Step's outputs by name: tile by tile where its grid is large and its model local."""
    tiling = tiling_of(step, arguments)
    return step.model.run(arguments) if tiling is None else tiled(step.model, arguments, tiling, threads)


def tiling_of(step: Step, arguments: Mapping[str, Any]) -> Tiling | None:
    """Return how a Step is cut, None where it is computed as a whole."""
    grid = step.outs[0].grid
    if step.model.reach is None or grid is None or math.prod(grid.shape) <= WHOLE_CELLS:
        return None
    reach = step.model.reach_with(step.extra)
    alike = all(out.grid == grid for out in step.outs) and all(_cuttable(each, grid) for each in arguments.values())
    if reach is None or not alike:
        return None
    rows, columns = (math.ceil(reach / abs(float(size))) for size in (grid.resolution.y, grid.resolution.x))
    return Tiling((int(grid.shape[0]), int(grid.shape[1])), (rows, columns))


def tiled(model: Model[Any, Any], arguments: Mapping[str, Any], tiling: Tiling, threads: int) -> dict[str, Any]:
    """Compute a model's outputs by name, tile by tile, several at once."""
    whole: dict[str, np.ndarray[Any, Any]] = {}

    def compute(around: Window, tile: Window) -> None:
        made = model.run({name: _cut(value, around) for name, value in arguments.items()})
        inner = tuple(
            slice(part.start - outer.start, part.stop - outer.start) for part, outer in zip(tile, around, strict=True)
        )
        for name, value in made.items():
            if name not in whole:
                whole[name] = np.empty(tiling.shape, value.dtype)
            whole[name][tile] = value.to_numpy()[inner]

    first, *others = tiling.windows()
    compute(*first)
    with ThreadPoolExecutor(max_workers=max(threads, 1)) as pool:
        for done in [pool.submit(compute, *each) for each in others]:
            done.result()
    return {name: xr.DataArray(values, dims=PLANE) for name, values in whole.items()}


def _cuttable(value: Any, grid: GeoBox) -> bool:
    """Tell whether an argument is the same for every tile, or a raster of the grid."""
    if isinstance(value, xr.DataArray):
        return value.dims == PLANE and value.shape == tuple(grid.shape)
    if isinstance(value, Mapping):
        return all(_cuttable(each, grid) for each in value.values())
    return not isinstance(value, pd.DataFrame)


def _cut(value: Any, window: Window) -> Any:
    """Return the part of an argument within a window: of rasters and grids; others are as they are."""
    if isinstance(value, xr.DataArray):
        return value.isel(y=window[0], x=window[1])
    if isinstance(value, GeoBox):
        return value[window]
    if isinstance(value, Mapping) and any(isinstance(each, xr.DataArray) for each in value.values()):
        return {name: _cut(each, window) for name, each in value.items()}
    return value

"""A Step on a large grid as several: bands of rows that workers make apart, and one that joins them.

A worker holds the rows of its bands, not the grid. A band is a Step like others, stored under a key of its own: one
that is lost is made again, one that is stored is not, and the engine removes them once they are joined.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from citybraid.core.layer import digest
from citybraid.core.step import Band, Step
from citybraid.core.var import Table
from citybraid.study.run.backends.tiles import PLANE, local_tiling

SAME_EVERYWHERE = ("", "time")
"""Where a quantity is that all tiles read alike: a number, or a series."""


def divided(steps: Iterable[Step]) -> list[Step]:
    """Return Steps with those on large grids in bands, each followed by itself as the one that joins them."""
    parts: list[Step] = []
    for step in steps:
        bands = bands_of(step)
        parts += [*bands, replace(step, bands=tuple(replace(band, reads={}, extra={}) for band in bands))]
    return parts


def bands_of(step: Step) -> tuple[Step, ...]:
    """Return the bands that a Step is divided into, none where it is computed as a whole."""
    tiling = local_tiling(step)
    if tiling is None or len(tiling.bands) == 1 or not _alike(step):
        return ()
    return tuple(_band(step, band) for band in tiling.bands)


def rows_read(step: Step) -> slice | None:
    """Return the rows of its rasters that a band's Step reads, None of a whole Step."""
    tiling = local_tiling(step) if step.band else None
    return tiling.around(step.band) if tiling and step.band else None


def read_by(step: Step) -> set[str]:
    """Return the keys of what has to be stored before a Step runs."""
    if step.bands:
        return {out.key for band in step.bands for out in band.outs}
    return {layer.key for layers in step.reads.values() for layer in layers.values()}


def joined(step: Step, value: Callable[[str], xr.DataArray]) -> dict[str, xr.DataArray]:
    """Return the outputs of a Step by name from those of its bands; `value` reads one by its key."""
    whole: dict[str, xr.DataArray] = {}
    end = _rows(step.bands[-1]).stop
    for number, out in enumerate(step.outs):
        values: NDArray[Any] | None = None
        for band in step.bands:
            part = value(band.outs[number].key).to_numpy()
            if values is None:
                values = np.empty((end, part.shape[1]), part.dtype)
            values[_rows(band)] = part
        whole[out.var.name] = xr.DataArray(values, dims=PLANE)
    return whole


def _rows(step: Step) -> slice:
    return slice(*step.band) if step.band else slice(0)


def _alike(step: Step) -> bool:
    """Tell whether a Step reads rasters of its own grid alone, and what is the same for all cells."""
    grid = step.outs[0].grid
    if any(isinstance(need.what, Table) for need in step.model.needs.values()):
        return False
    layers = (layer for layers in step.reads.values() for layer in layers.values())
    return all(layer.grid == grid if layer.var.on == "grid" else layer.var.on in SAME_EVERYWHERE for layer in layers)


def _band(step: Step, band: Band) -> Step:
    key = digest(step.key, "band", *band)
    outs = tuple(replace(out, key=digest(out.key, "band", *band)) for out in step.outs)
    return replace(step, key=key, outs=outs, band=band)

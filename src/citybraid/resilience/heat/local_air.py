"""Air temperature of each cell by hour, from a field of blocks, and how it is felt."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import map_coordinates

from citybraid.core.errors import InputError
from citybraid.core.remembered import remembered
from citybraid.kernels.outdoor import utci as index
from citybraid.kernels.outdoor.pet import person, pet_table
from citybraid.resilience.heat.hot_day import HotDay

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

HOURS = 24
LEVEL = 0.25
"""Step of air temperature between which indices are linear [K]."""


def air_of_cells(field: xr.DataArray, day: int, grid: GeoBox, known: NDArray[np.bool_]) -> F32:
    """Return the air of the known cells (cells, 24) [degC] of a day of the year, 0 being 1 January.

    Linear between the middles of the field's cells, beyond the last of them as there. Raises InputError where the field
    does not hold the day.
    """
    times = field["time"].to_numpy()
    first = int(np.searchsorted(times, 24.0 * day))
    wanted = 24.0 * day + np.arange(HOURS)
    if times.size < first + HOURS or not np.array_equal(times[first : first + HOURS], wanted):
        raise InputError("heat.other_day", first=int(times[0]), last=int(times[-1]), day=day + 1)
    rows, columns = np.nonzero(known)
    x, y = grid.affine * (columns + 0.5, rows + 0.5)
    place = [_places(field[name].to_numpy(), at) for name, at in (("y", y), ("x", x))]
    values = field.to_numpy()[first : first + HOURS]
    values = np.where(np.isfinite(values), values, np.nanmean(values, axis=(1, 2), keepdims=True))
    hours = [map_coordinates(plane, place, order=1, mode="nearest") for plane in values]
    return np.stack(hours, axis=-1).astype(np.float32)


def mean_of_blocks(values: F32, known: NDArray[np.bool_], grid: GeoBox, *, side: float, start: float) -> xr.DataArray:
    """Return hourly values (cells, hours) of the known cells as a field: means of blocks of whole cells.

    Blocks start at the grid's north-west corner; the last ones reach beyond it. A block without a known cell has no
    value. Times are hours of the year, `start` the first.
    """
    rows, columns = known.shape
    size = [max(round(side / abs(float(step))), 1) for step in (grid.resolution.y, grid.resolution.x)]
    down, across = -(-rows // size[0]), -(-columns // size[1])
    row, column = np.nonzero(known)
    block = row // size[0] * across + column // size[1]
    count = np.bincount(block, minlength=down * across).astype(np.float64)
    planes = [np.bincount(block, hour, minlength=down * across) for hour in values.T.astype(np.float64)]
    whole = np.full((values.shape[1], down * across), np.nan)
    np.divide(np.asarray(planes), count, out=whole, where=count > 0.0)
    x, _ = grid.affine * ((np.arange(across) + 0.5) * size[1], np.zeros(across))
    _, y = grid.affine * (np.zeros(down), (np.arange(down) + 0.5) * size[0])
    hours = start + np.arange(values.shape[1], dtype=np.float64)
    cells = whole.reshape(-1, down, across)
    return xr.DataArray(cells, dims=("time", "y", "x"), coords={"time": hours, "y": y, "x": x})


def _places(axis: F64, at: F64) -> F64:
    """Return where points lie along an evenly spaced axis, in its steps from its first value."""
    step = float(axis[1] - axis[0]) if axis.size > 1 else 1.0
    return np.asarray((at - float(axis[0])) / step, np.float64)


def felt_in(air: F32, radiant: F32, hot: HotDay) -> F32:
    """Return UTCI (cells, hours) [degC] of cells whose air differs; humidity and wind are those of the day."""
    felt = np.empty_like(radiant)
    if not radiant.size:
        return felt
    lowest, highest = (each.astype(np.float64) for each in (air.min(axis=0), air.max(axis=0)))
    count = int(np.ceil(float((highest - lowest).max()) / LEVEL)) + 2
    wind = np.clip(hot.wind, index.LEAST_WIND, index.MOST_WIND)
    levels = [index.offset_polynomial(lowest + LEVEL * k, wind, hot.vapour) for k in range(count)]
    index.utci_in_air(radiant, air, lowest, LEVEL, np.stack(levels, axis=1), felt)
    felt[~index.defined(air, hot.vapour)] = np.nan
    return felt


def equivalent_in(air: F32, radiant: F32, hot: HotDay, hour: int) -> F64:
    """Return PET [degC] of an hour of cells whose air differs, linear between values at every quarter kelvin of air."""
    if not radiant.size:
        return radiant.astype(np.float64)
    low = float(np.floor(air.min()))
    count = int(np.ceil((float(air.max()) - low) / LEVEL)) + 2
    at = np.arange(np.floor(radiant.min()), np.ceil(radiant.max()) + 1.0, 0.5)
    wind, vapour = float(hot.day.wind[hour]), 10.0 * float(hot.vapour[hour])
    levels = np.stack([_equivalents(low + LEVEL * k, at, wind, vapour) for k in range(count)])
    place = np.stack([(air.astype(np.float64) - low) / LEVEL, (radiant.astype(np.float64) - at[0]) / 0.5])
    return np.asarray(map_coordinates(levels, place, order=1, mode="nearest"), np.float64)


@remembered(1024)
def _equivalents(air: float, radiant: F64, wind: float, vapour: float) -> F64:
    """Return PET [degC] at mean radiant temperatures [degC] in air [degC], wind [m s-1] and vapour pressure [hPa]."""
    body = person()
    return pet_table(air, radiant, wind, vapour, body.activity, body.clothing, body.area, body.height, body.basal)

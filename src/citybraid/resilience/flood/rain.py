"""Rain that differs from cell to cell: fields over time brought onto the grid, and what curve numbers leave of it."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.resilience.flood.grid import M_PER_MM, Cells, filled
from citybraid.resilience.flood.infiltration import Layers
from citybraid.resilience.rain.forcing import HOUR, MM_PER_HOUR, Steps, held, steps

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
AXES = ("time", "y", "x")
EXCESS_STEP = 300.0
"""Longest stretch over which what curve numbers leave of the rain counts as steady [s]."""
EVEN = 1e-3
"""How far labels of a field may lie off even steps [step]."""


class Fall(NamedTuple):
    """Rain of a stretch of time on the cells of the area, 0 outside [m s⁻¹]: all of it, and what of it runs."""

    gross: F32
    net: F32


Falling = Callable[[float, float], Fall]
"""Mean rain between two times [s]."""


class Fallen(NamedTuple):
    """What a run's rain came to [m³]: prescribed, kept by roofs, and taken where it fell by curve numbers."""

    rain: float
    on_roofs: float
    taken: float


def rainfall(
    even: pd.Series, field: xr.DataArray | None, soils: Layers, found: Cells, *, grid: GeoBox, until: float | None
) -> tuple[Steps, Falling | None]:
    """Return the steps of the rain, and how it falls where cells differ: by a field, or by what curve numbers leave."""
    steps_of = steps(even, "rain_intensity", until=until) if field is None else field_steps(field)
    falling = None if field is None else from_field(field, found, grid)
    if (retention := soils["potential_retention"]) is None or (abstraction := soils["initial_abstraction"]) is None:
        return steps_of, falling
    return steps_of, excess(
        falling or everywhere(steps_of, found),
        filled(retention, "potential_retention", found.open, scale=M_PER_MM),
        filled(abstraction, "initial_abstraction", found.open, scale=M_PER_MM),
        found,
    )


def longest(soils: Layers) -> float:
    """Return the longest stretch whose rain counts as steady [s]."""
    return math.inf if soils["potential_retention"] is None else EXCESS_STEP


def field_steps(field: xr.DataArray) -> Steps:
    """Return a field's times as steps with the most rain of each; raises InputError where they are not even hours."""
    if field.dims != AXES:
        raise InputError("flood.rain_axes", got=list(map(str, field.dims)), needs=list(AXES))
    labels = field["time"].to_numpy().astype(np.float64) * HOUR
    gaps = np.diff(labels)
    if not gaps.size or gaps.min() <= 0.0 or not np.allclose(gaps, gaps[0], rtol=EVEN, atol=0.0):
        raise InputError("flood.series_step", name="rain_field")
    most = np.nan_to_num(field.to_numpy()).reshape(len(labels), -1).max(axis=1)
    return Steps(np.append(labels, labels[-1] + gaps[-1]), most.astype(np.float64))


def from_field(field: xr.DataArray, found: Cells, grid: GeoBox) -> Falling:
    """Return rain read from the field's cell under each cell of the area; nothing falls before or after its steps.

    Raises InputError where the field does not reach over the area, or has no value or a negative one on it.
    """
    times = field_steps(field).edges
    x, y = centres(grid)
    columns, rows = _places(field["x"].to_numpy(), x), _places(field["y"].to_numpy(), y)
    reached = (rows >= 0)[:, None] & (columns >= 0)[None, :]
    if missed := int((found.inside & ~reached).sum()):
        raise InputError("flood.rain_cover", cells=missed, of=int(found.inside.sum()))
    values = field.to_numpy()
    _refuse_wrong(values, rows, columns, found)

    def fall(start: float, end: float) -> Fall:
        middle = 0.5 * (start + end)
        if not times[0] <= middle < times[-1]:
            return Fall(np.zeros(grid.shape, np.float32), np.zeros(grid.shape, np.float32))
        plane = values[int(np.searchsorted(times, middle, side="right")) - 1] * MM_PER_HOUR
        rate = np.where(found.inside, plane[rows[:, None], columns[None, :]], 0.0).astype(np.float32)
        return Fall(rate, rate)

    return fall


def centres(grid: GeoBox) -> tuple[F64, F64]:
    """Return the coordinates of a grid's columns and rows at their cells' middles."""
    x, _ = grid.affine * (np.arange(grid.shape[1]) + 0.5, np.float64(0.5))
    _, y = grid.affine * (np.float64(0.5), np.arange(grid.shape[0]) + 0.5)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def everywhere(rain: Steps, found: Cells) -> Falling:
    """Return rain that is the same on all cells of the area."""

    def fall(start: float, end: float) -> Fall:
        rate = np.where(found.inside, held(rain, 0.5 * (start + end)) * MM_PER_HOUR, 0.0).astype(np.float32)
        return Fall(rate, rate)

    return fall


def excess(falling: Falling, retention: F64, abstraction: F64, found: Cells) -> Falling:
    """Return rain less what the curve number method takes of it on open cells, stretch by stretch in order.

    Of the rain P so far, (P - Ia)² / (P - Ia + S) has run off (NEH-630, eq. 10-9); a stretch's excess is what
    that grows by. Retention S and initial abstraction Ia in m. Roofs' rain is left as it is.
    """
    fallen = np.zeros(found.open.shape)
    shed = np.zeros(found.open.shape)

    def fall(start: float, end: float) -> Fall:
        gross = falling(start, end).gross
        np.add(fallen, gross.astype(np.float64) * (end - start), out=fallen)
        beyond = np.clip(fallen - abstraction, 0.0, None)
        run = np.divide(beyond * beyond, beyond + retention, out=np.zeros_like(beyond), where=beyond > 0.0)
        net = np.where(found.open, np.maximum(run - shed, 0.0) / (end - start), gross)
        shed[:] = run
        return Fall(gross, np.minimum(net, gross).astype(np.float32))

    return fall


def _places(centres: NDArray[np.floating], wanted: F64) -> I64:
    """Return the place among evenly spaced cells that each wanted coordinate lies in; -1 beyond their edges."""
    if len(centres) == 1:
        return np.zeros(len(wanted), np.int64)
    step = (float(centres[-1]) - float(centres[0])) / (len(centres) - 1)
    if not step or np.abs(centres - (centres[0] + step * np.arange(len(centres)))).max() > EVEN * abs(step):
        raise InputError("flood.rain_uneven")
    place = np.floor((wanted - float(centres[0])) / step + 0.5).astype(np.int64)
    return np.where((place >= 0) & (place < len(centres)), place, -1)


def _refuse_wrong(values: NDArray[np.floating], rows: I64, columns: I64, found: Cells) -> None:
    used = np.zeros(values.shape[1:], dtype=np.bool_)
    i, j = np.nonzero(found.inside)
    used[rows[i], columns[j]] = True
    here = values[:, used]
    if gaps := int((~np.isfinite(here)).sum()):
        step = int(np.nonzero(~np.isfinite(here).all(axis=1))[0][0])
        raise InputError("flood.rain_gap", cells=gaps, step=step + 1)
    if here.size and here.min() < 0.0:
        raise InputError("flood.rain_negative", got=float(here.min()))

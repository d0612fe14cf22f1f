"""Rain that varies from cell to cell: fields over time on the grid, and rainfall excess by curve numbers."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.resilience.flood.grid import M_PER_MM, Domain, filled
from citybraid.resilience.flood.infiltration import Layers
from citybraid.resilience.rain.forcing import HOUR, MM_PER_HOUR, Steps, steps, value_at

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
AXES = ("time", "y", "x")
EXCESS_STEP = 300.0
"""Longest interval over which curve number excess counts as steady [s]."""
EVEN = 1e-3
"""Tolerance of regular spacing [step]."""


class RainRates(NamedTuple):
    """Rain of an interval on the cells of the model area, 0 outside [m s⁻¹]: gross and net (excess)."""

    gross: F32
    net: F32


RainSource = Callable[[float, float], RainRates]
"""Mean rain between two times [s]."""


class RainTotals(NamedTuple):
    """Rain volumes of a run [m³]: prescribed, stored on roofs, abstracted by curve numbers."""

    rain: float
    on_roofs: float
    abstracted: float


def rainfall(
    even: pd.Series, field: xr.DataArray | None, soils: Layers, domain: Domain, *, grid: GeoBox, until: float | None
) -> tuple[Steps, RainSource | None]:
    """Return the steps of the rain, and its source where cells differ: a field, or curve number excess."""
    steps_of = steps(even, "rain_intensity", until=until) if field is None else field_steps(field)
    rain_source = None if field is None else from_field(field, domain, grid)
    if (retention := soils["potential_retention"]) is None or (abstraction := soils["initial_abstraction"]) is None:
        return steps_of, rain_source
    return steps_of, excess(
        rain_source or uniform_rain(steps_of, domain),
        filled(retention, "potential_retention", domain.open, scale=M_PER_MM),
        filled(abstraction, "initial_abstraction", domain.open, scale=M_PER_MM),
        domain,
    )


def longest_interval(soils: Layers) -> float:
    """Return the longest interval whose rain counts as steady [s]."""
    return math.inf if soils["potential_retention"] is None else EXCESS_STEP


def field_steps(field: xr.DataArray) -> Steps:
    """Return a field's times as steps with the maximum rain of each; raises InputError where they are irregular."""
    if field.dims != AXES:
        raise InputError("flood.rain_axes", got=list(map(str, field.dims)), needs=list(AXES))
    labels = field["time"].to_numpy().astype(np.float64) * HOUR
    gaps = np.diff(labels)
    if not gaps.size or gaps.min() <= 0.0 or not np.allclose(gaps, gaps[0], rtol=EVEN, atol=0.0):
        raise InputError("flood.series_step", name="rain_field")
    most = np.nan_to_num(field.to_numpy()).reshape(len(labels), -1).max(axis=1)
    return Steps(np.append(labels, labels[-1] + gaps[-1]), most.astype(np.float64))


def from_field(field: xr.DataArray, domain: Domain, grid: GeoBox) -> RainSource:
    """Return rain by nearest field cell for each cell of the area; none before or after its steps.

    Raises InputError where the field does not cover the area, or has a missing or negative value on it.
    """
    times = field_steps(field).edges
    x, y = centres(grid)
    columns, rows = _places(field["x"].to_numpy(), x), _places(field["y"].to_numpy(), y)
    covered = (rows >= 0)[:, None] & (columns >= 0)[None, :]
    if uncovered := int((domain.inside & ~covered).sum()):
        raise InputError("flood.rain_cover", cells=uncovered, of=int(domain.inside.sum()))
    values = field.to_numpy()
    _check_values(values, rows, columns, domain)

    def rates(start: float, end: float) -> RainRates:
        middle = 0.5 * (start + end)
        if not times[0] <= middle < times[-1]:
            return RainRates(np.zeros(grid.shape, np.float32), np.zeros(grid.shape, np.float32))
        plane = values[int(np.searchsorted(times, middle, side="right")) - 1] * MM_PER_HOUR
        rate = np.where(domain.inside, plane[rows[:, None], columns[None, :]], 0.0).astype(np.float32)
        return RainRates(rate, rate)

    return rates


def centres(grid: GeoBox) -> tuple[F64, F64]:
    """Return the coordinates of cell centres along a grid's columns and rows."""
    x, _ = grid.affine * (np.arange(grid.shape[1]) + 0.5, np.float64(0.5))
    _, y = grid.affine * (np.float64(0.5), np.arange(grid.shape[0]) + 0.5)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def uniform_rain(rain: Steps, domain: Domain) -> RainSource:
    """Return uniform rain on all cells of the area."""

    def rates(start: float, end: float) -> RainRates:
        rate = np.where(domain.inside, value_at(rain, 0.5 * (start + end)) * MM_PER_HOUR, 0.0).astype(np.float32)
        return RainRates(rate, rate)

    return rates


def excess(rain_source: RainSource, retention: F64, abstraction: F64, domain: Domain) -> RainSource:
    """Return rainfall excess by the curve number method on open cells, for intervals in order of time.

    Cumulative runoff of cumulative rain P is (P - Ia)² / (P - Ia + S) (NEH-630, eq. 10-9); an interval's excess is
    its increase. Retention S and initial abstraction Ia in m. Rain on roofs is not reduced.
    """
    cumulative = np.zeros(domain.open.shape)
    previous_runoff = np.zeros(domain.open.shape)

    def rates(start: float, end: float) -> RainRates:
        gross = rain_source(start, end).gross
        np.add(cumulative, gross.astype(np.float64) * (end - start), out=cumulative)
        effective = np.clip(cumulative - abstraction, 0.0, None)
        cumulative_runoff = np.divide(
            effective * effective, effective + retention, out=np.zeros_like(effective), where=effective > 0.0
        )
        net = np.where(domain.open, np.maximum(cumulative_runoff - previous_runoff, 0.0) / (end - start), gross)
        previous_runoff[:] = cumulative_runoff
        return RainRates(gross, np.minimum(net, gross).astype(np.float32))

    return rates


def _places(centres: NDArray[np.floating], coordinates: F64) -> I64:
    """Return the index of the evenly spaced cell that contains each coordinate; -1 beyond their edges."""
    if len(centres) == 1:
        return np.zeros(len(coordinates), np.int64)
    step = (float(centres[-1]) - float(centres[0])) / (len(centres) - 1)
    if not step or np.abs(centres - (centres[0] + step * np.arange(len(centres)))).max() > EVEN * abs(step):
        raise InputError("flood.rain_uneven")
    place = np.floor((coordinates - float(centres[0])) / step + 0.5).astype(np.int64)
    return np.where((place >= 0) & (place < len(centres)), place, -1)


def _check_values(values: NDArray[np.floating], rows: I64, columns: I64, domain: Domain) -> None:
    used = np.zeros(values.shape[1:], dtype=np.bool_)
    i, j = np.nonzero(domain.inside)
    used[rows[i], columns[j]] = True
    covering = values[:, used]
    if gaps := int((~np.isfinite(covering)).sum()):
        step = int(np.nonzero(~np.isfinite(covering).all(axis=1))[0][0])
        raise InputError("flood.rain_gap", cells=gaps, step=step + 1)
    if covering.size and covering.min() < 0.0:
        raise InputError("flood.rain_negative", got=float(covering.min()))

"""Space-time rain fields from rasters: every band of a file is a time step of one event."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.enums import Resampling

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.placement.outside_plan_area import raster_outside
from citybraid.sources.protocol.filespec import RasterOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer, findings
from citybraid.sources.protocol.target import Target
from citybraid.sources.raster.rasters import crs_of, in_unit, pixel_size
from citybraid.sources.raster.warp import Band, warp
from citybraid.sources.series.rain import no_rain

ROLE = "rain_field"
LEAST = 2
UNEVEN = 1e-3
"""Largest deviation of times from constant steps [step]."""
PER_STEP = "mm"


class FieldOptions(RasterOptions):
    """The study's options for a rain field."""

    event: str = ""
    time: str = ""


class FieldRequest(NamedTuple):
    """The request for a rain field: event, file name, target grid and limits."""

    event: str
    name: str
    target: Target
    limits: Limits


def field_reading(
    hours: Sequence[float], band: Callable[[int], Band], options: RasterOptions, request: FieldRequest
) -> Reading:
    """Return a rain field [mm h-1] on a grid of whole base cells not finer than the file's pixels, and its mean.

    Bands are warped one by one, area-weighted. Rain in mm is per time step. Raises InputError where times are not
    even, rain is negative, the field is too large, or no pixel lies in the plan area.
    """
    step = _step(hours, name=request.name)
    first = band(0)
    crs = crs_of(first, options, name=request.name)
    pixel = pixel_size(first, crs, request.target, name=request.name)
    grid = request.target.grid_for(pixel)
    if len(hours) * grid.shape[0] * grid.shape[1] > request.limits.grid_pixels:
        got = len(hours) * grid.shape[0] * grid.shape[1]
        raise InputError("intake.raster_large", name=request.name, got=got, limit=request.limits.grid_pixels)
    values = np.empty((len(hours), *grid.shape), np.float32)
    notes: list[Finding] = []
    for index in range(len(hours)):
        rate_band, notes = _in_unit(band(index), options, step=step, request=request)
        values[index] = _plane(rate_band, crs, grid, request, step=index)
    if not np.isfinite(values).any():
        position = Position(request.name, crs.to_wkt(), first.bounds, options.crs, "")
        raise raster_outside(position, request.target)
    return _reading(np.asarray(hours, dtype=np.float64) - hours[0], values, grid, request, pixel=pixel, notes=notes)


def _step(hours: Sequence[float], *, name: str) -> float:
    gaps = np.diff(np.asarray(hours, dtype=np.float64))
    if len(hours) < LEAST or gaps.min() <= 0.0 or np.abs(gaps - gaps[0]).max() > UNEVEN * gaps[0]:
        raise InputError("intake.field_times", name=name, count=len(hours))
    return float(gaps[0])


def _in_unit(band: Band, options: RasterOptions, *, step: float, request: FieldRequest) -> tuple[Band, list[Finding]]:
    """Return a band in mm/h; rain per step is divided by the step."""
    unit = (options.unit or band.unit).strip()
    if not unit:
        raise InputError("intake.field_unit", name=request.name, needs=["mm/h", "mm/min", "mm", "kg m-2 s-1"])
    if unit.casefold() in (PER_STEP, "kg m-2", "kg m**-2", "毫米"):
        meaning = band.meaning._replace(scale=band.meaning.scale / step, offset=band.meaning.offset / step)
        return Band(band.shape, band.affine, band.raw, band.crs, meaning, ""), []
    return in_unit(band, vocabulary()[ROLE], options, name=request.name)


def _plane(band: Band, crs: CRS, grid: GeoBox, request: FieldRequest, *, step: int) -> np.ndarray:
    var = vocabulary()[ROLE]
    how = Resampling.average
    plane = warp(band, crs, grid, how=how, low=-var.le, high=var.le, block_pixels=request.limits.block_pixels).values  # noqa: PD011  (no table)
    if (least := float(np.nanmin(plane, initial=0.0))) < 0.0:
        raise InputError("intake.field_negative", name=request.name, step=step + 1, got=least)
    return plane


def _reading(
    hours: np.ndarray,
    values: np.ndarray,
    grid: GeoBox,
    request: FieldRequest,
    *,
    pixel: float,
    notes: Sequence[Finding],
) -> Reading:
    x, _ = grid.affine * (np.arange(grid.shape[1]) + 0.5, np.zeros(grid.shape[1]))
    _, y = grid.affine * (np.zeros(grid.shape[0]), np.arange(grid.shape[0]) + 0.5)
    field = xr.DataArray(values, dims=("time", "y", "x"), coords={"time": hours, "y": y, "x": x}, name=ROLE)
    known = np.isfinite(values)
    count = known.sum(axis=(1, 2))
    sums = np.where(known, values, 0.0).sum(axis=(1, 2), dtype=np.float64)
    mean = pd.Series(sums / np.maximum(count, 1), index=pd.Index(hours, name="hours"), name="rain_intensity")
    share = float(known.mean())
    step = float(hours[1] - hours[0])
    details = {
        "name": request.name, "event": request.event, "minutes": step * 60.0, "pixel": round(pixel),
        "cell": float(grid.resolution.x), "share": share * 100.0, "depth": float(mean.sum() * step),
        "peak": float(np.nanmax(values)),
    }  # fmt: skip
    at = {"event": request.event}
    layers = (
        SourceLayer(vocabulary()[ROLE], field, at=at, stated=share, native_resolution=pixel),
        SourceLayer(vocabulary()["rain_intensity"], mean, at=at, stated=share),
    )
    return Reading(
        layers,
        findings(
            no_rain(details["depth"], ROLE, name=request.name),
            [Finding("found", "intake.field_read", ROLE, len(hours), details)],
            notes,
        ),
    )

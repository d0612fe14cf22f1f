"""Hourly ERA5 data: values of NetCDF files at one cell, and the weather-year table made of them."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pvlib import irradiance, solarposition

from citybraid.core.errors import InputError
from citybraid.kernels.numerics.gravity import GRAVITY
from citybraid.sources.raster.axes import Axis, DataSet, Variable
from citybraid.sources.readers import netcdf

F64 = npt.NDArray[np.float64]
NAMES = ("t2m", "d2m", "u10", "v10", "z", "ssrd", "fdir")
"""Names of the variables in ERA5's files."""
TIMES, LATITUDES, LONGITUDES = ("valid_time", "time"), ("latitude",), ("longitude",)
KELVIN = 273.15
HOUR_SECONDS = 3600.0
LOW_SUN = 88.0
"""Zenith angle above which direct radiation counts as diffuse: dividing by its cosine amplifies errors [degree]."""
MOST_VALUES = 50_000_000


class Hours(NamedTuple):
    """A file's hours: seconds since 1970 (UTC), latitudes, longitudes [degree], and values by variable (time, y, x)."""

    times: npt.NDArray[np.int64]
    latitudes: F64
    longitudes: F64
    cubes: tuple[tuple[str, F64], ...]


def layers(path: Path) -> Hours:
    """Return the hours of a NetCDF file; runs in the sandbox.

    Raises InputError where the file is no NetCDF, or has none of ERA5's variables on time, latitude and longitude.
    """
    with netcdf._opened(path) as data:  # noqa: SLF001  (the reader's own way to open both kinds of NetCDF)
        axes = [_axis(data, names) for names in (TIMES, LATITUDES, LONGITUDES)]
        if any(axis is None for axis in axes):
            raise InputError("fetch.era5_variables", needs=list(NAMES))
        times, latitudes, longitudes = (axis for axis in axes if axis is not None)
        shape = tuple(len(axis.values) for axis in (times, latitudes, longitudes))
        cubes = [(each.name, _values(each)) for each in data.variables if each.name in NAMES and each.shape == shape]
        if not cubes:
            raise InputError("fetch.era5_variables", needs=list(NAMES))
        return Hours(
            _seconds(times), np.asarray(latitudes.values, np.float64), np.asarray(longitudes.values, np.float64),
            tuple(cubes),
        )  # fmt: skip


def _axis(data: DataSet, names: Sequence[str]) -> Axis | None:
    return next((data.axes[name] for name in names if name in data.axes), None)


def _values(variable: Variable) -> F64:
    """A variable's values, decoded: scale, offset and fill values."""
    if np.prod(variable.shape) > MOST_VALUES:
        raise InputError("fetch.era5_large", name=variable.name, limit=MOST_VALUES)
    raw = np.asarray(variable.read((slice(None),) * len(variable.shape)), np.float64)
    for mark in ("_FillValue", "missing_value"):
        number = variable.attrs.get(mark)
        if isinstance(number, int | float):
            raw = np.where(raw == number, np.nan, raw)
    scale, offset = variable.attrs.get("scale_factor", 1.0), variable.attrs.get("add_offset", 0.0)
    if not isinstance(scale, int | float) or not isinstance(offset, int | float):
        raise InputError("fetch.era5_variables", needs=list(NAMES))
    return raw * scale + offset


def _seconds(axis: Axis) -> npt.NDArray[np.int64]:
    """Times as seconds since 1970, by the units that the file states."""
    unit, _, start = str(axis.attrs.get("units", "")).partition(" since ")
    step = {"seconds": 1, "hours": 3600, "minutes": 60, "days": 86400}.get(unit.strip())
    if step is None:
        raise InputError("fetch.era5_variables", needs=list(NAMES))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            origin = pd.Timestamp(start.strip().removesuffix("Z")).tz_localize(None)
    except ValueError as fault:
        raise InputError("fetch.era5_variables", needs=list(NAMES)) from fault
    first = int((origin - pd.Timestamp("1970-01-01")).total_seconds())
    return np.asarray(np.round(np.asarray(axis.values, np.float64) * step), np.int64) + first


def table(parts: Sequence[Hours], place: tuple[float, float], *, year: int, time_zone: float) -> pd.DataFrame:
    """Return a weather year at the cell nearest to a place (longitude, latitude [degree]).

    ERA5's hours are labelled by their end; here they are labelled by their start, in the given time
    zone [h]. Hours that fall into the next year on that clock are moved to the start of
    the year. Direct normal radiation is the direct horizontal part divided by the cosine of
    the solar zenith at the middle of the hour; the rest is diffuse, so that both add up to
    the global radiation. Raises InputError where variables are missing.
    """
    frame = _at_cell(parts, place)
    missing = [name for name in NAMES if name not in frame or frame[name].isna().all()]
    if missing:
        raise InputError("fetch.era5_variables", needs=missing)
    ends = pd.DatetimeIndex(frame.index)
    middle = (ends - pd.Timedelta(minutes=30)).tz_localize("UTC")
    sun = solarposition.get_solarposition(middle, place[1], place[0])
    zenith = sun["zenith"].to_numpy(np.float64)
    global_horizontal = np.maximum(frame["ssrd"].to_numpy(np.float64) / HOUR_SECONDS, 0.0)
    direct = np.clip(frame["fdir"].to_numpy(np.float64) / HOUR_SECONDS, 0.0, global_horizontal)
    normal = np.nan_to_num(
        irradiance.dni(pd.Series(global_horizontal), pd.Series(global_horizontal - direct), pd.Series(zenith),
                       zenith_threshold_for_zero_dni=LOW_SUN).to_numpy(np.float64)
    )  # fmt: skip
    diffuse = np.maximum(global_horizontal - normal * np.maximum(np.cos(np.radians(zenith)), 0.0), 0.0)
    shifted = ends - pd.Timedelta(hours=1) + pd.Timedelta(hours=time_zone)
    clock = pd.DatetimeIndex([each.replace(year=year) for each in shifted])
    year_table = pd.DataFrame(
        {
            "datetime": clock.strftime("%Y-%m-%d %H:%M"),
            "temperature": (frame["t2m"] - KELVIN).round(2).to_numpy(),
            "dewpoint": (frame["d2m"] - KELVIN).round(2).to_numpy(),
            "ghi": global_horizontal.round(1), "dni": normal.round(1), "dhi": diffuse.round(1),
            "wind_speed": np.hypot(frame["u10"].to_numpy(np.float64), frame["v10"].to_numpy(np.float64)).round(2),
            "latitude": place[1], "longitude": place[0], "time_zone": time_zone,
            "elevation": round(float(frame["z"].dropna().iloc[0]) / GRAVITY, 1),
        }
    )  # fmt: skip
    return year_table.sort_values("datetime", kind="stable").drop_duplicates("datetime").reset_index(drop=True)


def _at_cell(parts: Sequence[Hours], place: tuple[float, float]) -> pd.DataFrame:
    """All variables at the cell nearest to a place, by the end of the hour (UTC)."""
    columns: dict[str, list[pd.Series]] = {}
    for part in parts:
        row = int(np.abs(part.latitudes - place[1]).argmin())
        east = (part.longitudes - place[0] + 180.0) % 360.0 - 180.0
        column = int(np.abs(east).argmin())
        index = pd.to_datetime(part.times, unit="s")
        for name, values in part.cubes:
            columns.setdefault(name, []).append(pd.Series(values[:, row, column], index=index))
    joined = {name: pd.concat(series) for name, series in columns.items()}
    return pd.DataFrame({name: series[~series.index.duplicated()] for name, series in joined.items()}).sort_index()

"""Where the sun stands, and how much of the sky a place sees: by themselves, without a study."""

from numbers import Real
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from citybraid.core.errors import InputError
from citybraid.kernels.climate.solar import sun_at
from citybraid.kernels.outdoor.obstruction import sector_horizon
from citybraid.kernels.outdoor.sky import patches

ENDS = {
    "latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "elevation": (-500.0, 9000.0),
    "pressure": (10_000.0, 120_000.0), "temperature": (-90.0, 70.0), "cell": (1e-3, 1e5), "eye": (0.0, 1000.0),
}  # fmt: skip
"""Least and greatest of each argument: degrees, m, Pa, degC."""


class SkyView(NamedTuple):
    """Sky-view factors of each cell [-], as level ground sees the sky; rows and columns as given."""

    cosine: NDArray[np.float64]
    """Weighted by the cosine of the zenith angle, the share of a radiating sky (Steyn 1980)."""
    solid_angle: NDArray[np.float64]
    """Share of the hemisphere's solid angle."""


def sun_position(
    times: object, latitude: float, longitude: float, *, elevation: float = 0.0, pressure: float | None = None,
    temperature: float = 12.0,
) -> pd.DataFrame:  # fmt: skip
    """Return the sun's apparent zenith angle and azimuth in degrees, a row for each time (columns zenith, azimuth).

    `times` state their time zone, as "2003-10-17 12:30:30-07:00". Azimuth is clockwise from north. `pressure` [Pa],
    that of the elevation [m] where not given, and `temperature` [degC] determine refraction (Reda and Andreas 2004).

    Raises:
        PlanError: times have no time zone or are none; a number is out of range.
    """
    place = {"latitude": latitude, "longitude": longitude, "elevation": elevation, "temperature": temperature}
    for name, value in (place | ({} if pressure is None else {"pressure": pressure})).items():
        _within(name, value)
    try:
        moments = pd.DatetimeIndex(np.atleast_1d(np.asarray(times, dtype=object)))
    except (TypeError, ValueError) as fault:
        raise InputError("api.no_times", got=str(times)[:60]) from fault
    if moments.tz is None or moments.hasnans:
        raise InputError("api.no_times", got=str(times)[:60])
    zenith, azimuth = sun_at(
        moments.tz_convert("UTC"), latitude=latitude, longitude=longitude, elevation=elevation, pressure=pressure,
        temperature=temperature,
    )  # fmt: skip
    return pd.DataFrame({"zenith": zenith, "azimuth": azimuth}, index=moments)


def sky_view(surface: ArrayLike, cell: float, *, ground: ArrayLike | float = 0.0, eye: float = 0.0) -> SkyView:
    """Return the sky-view factors of every cell of a raster of heights, in both weightings.

    `surface` is the top of ground and buildings [m], rows from north to south, `cell` the side of a cell [m],
    `ground` the ground below buildings [m], `eye` the height of the point above the surface [m]. Cells 1 m or more
    above the ground stand with upright walls. Around the raster nothing stands; cells without a value (NaN) have none.

    Raises:
        PlanError: the raster has no two dimensions, ground has another shape, or a number is out of range.
    """
    try:
        top, bare = np.asarray(surface, dtype=np.float32), np.asarray(ground, dtype=np.float32)
    except (TypeError, ValueError) as fault:
        raise InputError("api.no_heights", got=str(surface)[:60]) from fault
    if top.ndim != 2 or not top.size or bare.shape not in ((), top.shape) or np.isinf(top).any():  # noqa: PLR2004
        raise InputError("api.no_heights", got=f"{top.shape}, {bare.shape}")
    for name, value in (("cell", cell), ("eye", eye)):
        _within(name, value)
    bare, slope = np.broadcast_to(bare, top.shape).copy(), np.zeros(top.shape, dtype=np.float32)
    directions = patches().azimuth
    sines, squares = np.zeros(top.shape), np.zeros(top.shape)
    for azimuth in directions:
        sector_horizon(top, bare, eye, azimuth, cell, cell, slope)
        sine = np.sin(np.arctan(slope.astype(np.float64)))
        sines, squares = sines + sine, squares + sine**2
    none = np.isnan(top)
    share = (np.where(none, np.nan, 1.0 - each / len(directions)) for each in (squares, sines))
    return SkyView(*share)


def _within(name: str, value: float) -> None:
    """Raise InputError where an argument is no number or out of range."""
    low, high = ENDS[name]
    if not isinstance(value, Real) or not low <= float(value) <= high:
        raise InputError("api.out_of_range", name=name, got=value, low=low, high=high)

"""Sun and sky on tilted surfaces, and through glass; geometry and transposition by pvlib."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

GLASS_INDEX = 1.526
"""Refractive index of window glass (Duffie and Beckman 2013, sec. 5.1)."""


class Sun(NamedTuple):
    """The sun at the middle of each hour."""

    zenith: Array
    """Apparent zenith angle, degrees."""
    azimuth: Array
    """Azimuth, degrees clockwise from north."""
    extraterrestrial: Array
    """Direct normal irradiance above the atmosphere [W m-2]."""
    air_mass: Array
    """Relative air mass; NaN by night [-]."""


class Sky(NamedTuple):
    """Irradiance of the hour on the ground [W m-2]."""

    global_horizontal: Array
    direct_normal: Array
    diffuse_horizontal: Array


class Tilted(NamedTuple):
    """Irradiance of the hour on a tilted surface [W m-2], and the angle of incidence in degrees."""

    beam: Array
    sky: Array
    ground: Array
    incidence: Array
    circumsolar: Array
    """Part of `sky` that comes from around the sun."""

    @property
    def total(self) -> Array:
        """Beam, sky and ground together [W m-2]."""
        return self.beam + self.sky + self.ground


def sun_at(
    moments: pd.DatetimeIndex,
    *,
    latitude: float,
    longitude: float,
    elevation: float,
    pressure: float | None = None,
    temperature: float = 12.0,
) -> tuple[Array, Array]:
    """Return the sun's apparent zenith angle and azimuth in degrees at moments of universal time.

    The solar position algorithm of Reda and Andreas (2004); `pressure` [Pa], that of
    the elevation [m] where not given, and `temperature` [degC] determine refraction.
    """
    import pvlib

    place = pvlib.solarposition.get_solarposition(
        moments, latitude, longitude, altitude=elevation, pressure=pressure, temperature=temperature,
        method="nrel_numpy", delta_t=67.0,
    )  # fmt: skip
    return np.array(place["apparent_zenith"], dtype=np.float64), np.array(place["azimuth"], dtype=np.float64)


def sun_of_year(*, latitude: float, longitude: float, elevation: float, time_zone: float, year: int) -> Sun:
    """Return the sun of 8 760 hours of local standard time, at the middle of each hour.

    Air mass by Kasten and Young (1989). 29 February of leap years is omitted.
    """
    import pvlib

    clock = pd.date_range(f"{year}-01-01 00:30", f"{year}-12-31 23:30", freq="h")
    clock = clock[~((clock.month == 2) & (clock.day == 29))]
    moments = (clock - pd.Timedelta(hours=time_zone)).tz_localize("UTC")
    zenith, azimuth = sun_at(moments, latitude=latitude, longitude=longitude, elevation=elevation)
    return Sun(
        zenith=zenith,
        azimuth=azimuth,
        extraterrestrial=np.asarray(
            pvlib.irradiance.get_extra_radiation(moments.day_of_year.to_numpy()), dtype=np.float64
        ),
        air_mass=np.asarray(pvlib.atmosphere.get_relative_airmass(zenith), dtype=np.float64),
    )


def irradiance_on_tilted(sun: Sun, sky: Sky, *, tilt: float, azimuth: float, ground_albedo: float) -> Tilted:
    """Return the irradiance on a surface with the sky of Perez et al. (1990).

    `tilt` is from the horizontal and `azimuth` from north, in degrees.
    """
    import pvlib

    incidence = np.asarray(pvlib.irradiance.aoi(tilt, azimuth, sun.zenith, sun.azimuth), dtype=np.float64)
    up = sun.zenith < 90.0
    beam = np.where(up, sky.direct_normal * np.maximum(np.cos(np.radians(incidence)), 0.0), 0.0)
    perez = pvlib.irradiance.perez(
        tilt, azimuth, sky.diffuse_horizontal, sky.direct_normal, sun.extraterrestrial, sun.zenith, sun.azimuth,
        sun.air_mass, return_components=True,
    )  # fmt: skip
    isotropic = sky.diffuse_horizontal * (1 + np.cos(np.radians(tilt))) / 2
    whole = np.asarray(perez["poa_sky_diffuse"], dtype=np.float64)
    known = np.isfinite(sun.air_mass) & np.isfinite(whole)
    diffuse = np.where(known, whole, isotropic)
    around = np.where(known, np.clip(np.asarray(perez["poa_circumsolar"], dtype=np.float64), 0.0, diffuse), 0.0)
    ground = sky.global_horizontal * ground_albedo * (1 - np.cos(np.radians(tilt))) / 2
    return Tilted(beam, diffuse, np.asarray(ground, dtype=np.float64), incidence, around)

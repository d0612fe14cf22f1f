"""Light of a year on a tilted plane and through its glass, and a photovoltaic module under it, hour by hour."""

from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from citybraid.api.choices import finite
from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.kernels.climate.solar import Sky, Tilted, irradiance_on_tilted, sun_of_year
from citybraid.kernels.climate.solar_glass import Glazing, diffuse_properties, solar_properties
from citybraid.kernels.climate.solar_module import (
    STANDARD_CELL,
    STANDARD_LIGHT,
    alternating_power,
    cell_temperature,
    transmitted_irradiance,
)

Array = NDArray[np.float64]
HOURS = 8760
ENDS = {
    "latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "time_zone": (-12.0, 14.0), "elevation": (-500.0, 9000.0),
    "tilt": (0.0, 180.0), "azimuth": (0.0, 360.0), "albedo": (0.0, 1.0), "year": (1950.0, 2100.0),
    "power": (0.0, 1e9), "loss": (0.0, 1.0), "temperature_factor": (-0.1, 0.0), "efficiency": (0.01, 1.0),
    "over": (0.1, 10.0),
}  # fmt: skip
"""Least and greatest of each argument: degrees, h, m, shares, kW, K-1."""
GLASS = {
    "transmittance": (0.01, 0.99), "reflectance": (0.001, 0.5), "panes": (1.0, 5.0), "u": (0.01, 20.0),
    "inside": (0.1, 100.0), "outside": (0.1, 200.0),
}  # fmt: skip
"""The same of a glazing: one pane's shares, panes, W m-2 K-1."""
PARTS = ("beam", "sky", "ground", "incidence", "circumsolar")


def plane_light(
    direct_normal: ArrayLike, diffuse_horizontal: ArrayLike, *, latitude: float, longitude: float, time_zone: float,
    tilt: float, azimuth: float, elevation: float = 0.0, albedo: float = 0.2, year: int = 2023,
    global_horizontal: ArrayLike | None = None, glazing: Glazing | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the light on a tilted plane by the hour [W m-2], unshaded; a row for each of the 8 760 hours of a year.

    Series are hourly means of local standard time [W m-2]; the sun stands where it is at the middle of the hour.
    Columns are `total`, its parts `beam`, `sky` (of which `circumsolar` comes from around the sun) and `ground`, and
    `incidence` [degree]. With a `glazing` also `passed`, light behind it, and `absorbed`, what the panes take up and
    give inwards, both by the angle of incidence. Global irradiance follows from the others where it is not given.
    The sky is that of Perez et al. (1990), glass by Fresnel and Bouguer (Duffie and Beckman 2013, ch. 5).

    Raises:
        PlanError: a series has not 8 760 finite values from 0 on; a number is out of range.
    """
    place = {"latitude": latitude, "longitude": longitude, "time_zone": time_zone, "elevation": elevation}
    _within(place | {"tilt": tilt, "azimuth": azimuth, "albedo": albedo, "year": year}, ENDS)
    direct, diffuse = _year(direct_normal, "direct_normal"), _year(diffuse_horizontal, "diffuse_horizontal")
    sun = sun_of_year(**place, year=int(year))
    level = diffuse + direct * np.maximum(np.cos(np.radians(sun.zenith)), 0.0)
    whole = level if global_horizontal is None else _year(global_horizontal, "global_horizontal")
    light = irradiance_on_tilted(
        sun, Sky(whole, direct, diffuse), tilt=tilt, azimuth=azimuth, ground_albedo=albedo
    )  # fmt: skip
    table = pd.DataFrame({"total": light.total, **light._asdict()})
    if glazing is None:
        return table
    _within(glazing._asdict(), GLASS)
    by_angle, even = solar_properties(light.incidence, glazing), diffuse_properties(glazing)
    ahead = light.beam + light.circumsolar
    rest = light.total - ahead
    return table.assign(
        passed=ahead * by_angle.transmittance + rest * even.transmittance,
        absorbed=ahead * by_angle.inward + rest * even.inward,
    )


def module_course(
    light: pd.DataFrame, *, air: ArrayLike, wind: ArrayLike, power: float = 1.0, loss: float | None = None,
    temperature_factor: float | None = None, efficiency: float | None = None, over: float | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return a photovoltaic module's hours by PVWatts version 5, open rack: a row for each row of `plane_light`.

    Columns: `plane` [W m-2], `cell` temperature [degC], `direct` and `alternating` output [kW]. `air` [degC] and
    `wind` [m s-1] are hourly means, `power` the modules' rating [kW]. Losses, temperature coefficient [K-1], nominal
    efficiency of the inverter and module over inverter rating are those of factor `pv_loss` where not given.

    Raises:
        PlanError: light is no table of `plane_light`; a series has not 8 760 finite values; a number is out of range.
    """
    if not isinstance(light, pd.DataFrame) or not {*PARTS} <= {*light.columns}:
        raise InputError("api.no_plane_light", got=str(getattr(light, "columns", type(light).__name__))[:60])
    rows = resolve("pv_loss")
    lost = rows["system"] if loss is None else loss
    cooling = rows["temperature"] if temperature_factor is None else temperature_factor
    inverter = rows["inverter_efficiency"] if efficiency is None else efficiency
    size = rows["dc_over_ac"] if over is None else over
    _within(
        {"power": power, "loss": lost, "temperature_factor": cooling, "efficiency": inverter, "over": size}, ENDS
    )  # fmt: skip
    parts = Tilted(*(_year(light[name], name, least=-np.inf) for name in PARTS))
    cell = cell_temperature(
        parts.total, air=_year(air, "air", least=-90.0), wind=_year(wind, "wind")
    )  # fmt: skip
    direct = transmitted_irradiance(parts) / STANDARD_LIGHT * (1 + cooling * (cell - STANDARD_CELL)) * (1 - lost)
    alternating = alternating_power(direct, over=size, efficiency=inverter)
    return pd.DataFrame({
        "plane": parts.total, "cell": cell, "direct": power * direct, "alternating": power * alternating,
    })  # fmt: skip


def _year(given: ArrayLike, name: str, *, least: float = 0.0) -> Array:
    """Return a year's hourly values; raises InputError unless there are 8 760 finite ones, none below the least."""
    values = finite(given, name)
    if values.shape != (HOURS,) or values.min() < least:
        got = f"{values.shape}, {values.min(initial=np.inf):g}"
        raise InputError("api.no_year", name=name, got=got, hours=HOURS, least=least)
    return values


def _within(given: dict[str, float], ends: dict[str, tuple[float, float]]) -> None:
    """Raise InputError where an argument is no number or out of range."""
    for name, value in given.items():
        low, high = ends[name]
        if not isinstance(value, Real) or not low <= float(value) <= high:
            raise InputError("api.out_of_range", name=name, got=value, low=low, high=high)

"""A street of houses and trees on a made-up hot day, for tests and figures of comfort outdoors."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.kernels.climate.solar import Sun, sun_of_year
from citybraid.resilience.heat.outdoor_comfort import OutdoorComfort, OutdoorComfortParams, outdoor_comfort
from tests.weather_year import weather_year

FACTORS = ("surface_albedo", "surface_emissivity", "thermal_effusivity", "evaporation_share", "tree_crown")
PLACE = {"latitude": 30.7, "longitude": 120.7, "elevation": 5.0, "time_zone": 8.0}


def raster(values: Any) -> xr.DataArray:
    return xr.DataArray(np.asarray(values), dims=("y", "x"))


@cache
def sun(year: int) -> Sun:
    return sun_of_year(**PLACE, year=year)


def hot_year(*, cloud: float = 0.0, wind: float = 3.0) -> dict[str, Any]:
    """Return the inputs that come from the weather file; under whole cloud all light is diffuse."""
    year = weather_year(mean=20.0, wind=wind)
    height = np.maximum(np.cos(np.radians(sun(2023).zenith)), 0.0)
    clear = 1098.0 * height * np.exp(-0.057 / np.maximum(height, 0.02))
    level = clear * (1.0 - 0.75 * cloud)
    share = 0.2 + 0.8 * cloud
    direct = np.where(height > 0.05, (1.0 - share) * level / np.maximum(height, 0.05), 0.0)
    return {
        "dry_bulb": year.dry_bulb, "relative_humidity": year.relative_humidity, "wind_speed": year.wind_speed,
        "direct_normal": pd.Series(direct, name="direct_normal"),
        "diffuse_horizontal": pd.Series(level - direct * height, name="diffuse_horizontal"), **PLACE,
    }  # fmt: skip


def comfort(
    cover: Any, *, cell: float = 2.0, built: Any = None, canopy: Any = None, p: OutdoorComfortParams | None = None,
    **words: Any,
) -> OutdoorComfort:  # fmt: skip
    """Return comfort on level ground; `built` are heights of houses [m]."""
    rows, columns = np.shape(cover)
    given: dict[str, Any] = {"terrain": raster(np.zeros((rows, columns))), **{name: resolve(name) for name in FACTORS}}
    if built is not None:
        given |= {
            "building_height": raster(np.asarray(built, float)),
            "building_fraction": raster((np.asarray(built) > 0).astype(float)),
        }
    if canopy is not None:
        given["canopy_cover"] = raster(np.asarray(canopy, float))
    grid = GeoBox.from_bbox((0, 0, cell * columns, cell * rows), crs="EPSG:32651", resolution=cell)
    values = {"land_cover": raster(cover), "p": p or OutdoorComfortParams(), "grid": grid}
    return outdoor_comfort.of(values | hot_year() | given | words)

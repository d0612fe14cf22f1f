"""A quarter of houses and parks on a made-up hot day, for tests and figures of the air between buildings."""

from typing import Any

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.resilience.heat.canopy_air import CanopyAir, CanopyAirParams, canopy_air
from tests.outdoor_case import hot_year, raster

FACTORS = ("surface_albedo", "surface_emissivity", "thermal_effusivity", "surface_conductance")
CELL = 10.0


def compact(size: int = 40, *, height: float = 18.0, street: int = 2, house: int = 2) -> np.ndarray:
    """Return heights [m] of houses `house` cells wide between streets `street` cells wide."""
    side = np.arange(size) % (street + house) >= street
    return np.where(side[:, None] & side[None, :], height, 0.0)


def air_of(
    cover: Any, *, built: Any = None, canopy: Any = None, heat: float | None = None, cell: float = CELL,
    p: CanopyAirParams | None = None, **words: Any,
) -> CanopyAir:  # fmt: skip
    """Return the air over level ground; `built` are heights of houses [m], `heat` waste heat everywhere [W m-2]."""
    rows, columns = np.shape(cover)
    given: dict[str, Any] = {"terrain": raster(np.zeros((rows, columns))), **{name: resolve(name) for name in FACTORS}}
    if built is not None:
        given |= {
            "building_height": raster(np.asarray(built, float)),
            "building_fraction": raster((np.asarray(built) > 0).astype(float)),
        }
    if canopy is not None:
        given["canopy_cover"] = raster(np.asarray(canopy, float))
    if heat is not None:
        given["waste_heat"] = raster(np.full((rows, columns), heat))
    grid = GeoBox.from_bbox((0, 0, cell * columns, cell * rows), crs="EPSG:32651", resolution=cell)
    values = {"land_cover": raster(cover), "p": p or CanopyAirParams(warm_up=3), "grid": grid}
    return canopy_air.of(values | hot_year() | given | words)

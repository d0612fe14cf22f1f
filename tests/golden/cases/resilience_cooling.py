"""A block of roofs and roads beside a park, street trees on one road, one cell without a canopy value."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.resilience.heat.cooling import CoolingParams


def golden_case() -> Mapping[str, Any]:
    grid = GeoBox.from_bbox((0, 0, 240, 180), crs="EPSG:32651", resolution=30)
    cover = np.full(grid.shape, 52)
    cover[:, 2] = 51
    cover[1:5, 4:] = 10
    cover[5, :] = 80
    canopy = np.where(cover == 10, 0.9, 0.0)
    canopy[:, 2] = 0.4
    canopy[0, 0] = np.nan
    roof = np.where(cover == 52, 0.5, 0.0)

    def raster(values: np.ndarray[Any, Any]) -> xr.DataArray:
        return xr.DataArray(values, dims=("y", "x"))

    return {
        "land_cover": raster(cover),
        "canopy_cover": raster(canopy),
        "reference_evapotranspiration": 4.6,
        "rural_temperature": 27.0,
        "heat_island": 3.5,
        "surface_albedo": resolve("surface_albedo"),
        "crop_coefficient": resolve("crop_coefficient"),
        "dense_quarter": resolve("dense_quarter"),
        "grid": grid,
        "p": CoolingParams(cooling_distance=90.0, large_green=1.0, mixing_radius=120.0),
        "green_roof_cover": raster(roof),
    }

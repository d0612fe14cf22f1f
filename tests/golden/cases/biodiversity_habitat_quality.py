"""A road, a house and a wood, a kilometre across."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.habitat_quality import HabitatQualityParams
from citybraid.core.factor import resolve


def golden_case() -> Mapping[str, Any]:
    grid = GeoBox.from_bbox((0, 0, 12000, 6000), crs="EPSG:32651", resolution=1000)
    cover = np.full(grid.shape, 30)
    cover[:, 0], cover[2, 4], cover[:, 8:] = 51, 52, 10
    cover[0, 11] = 0
    suits = np.select([cover == 10, cover == 30, cover == 0], [1.0, 0.5, np.nan], 0.0)
    return {
        "land_cover": xr.DataArray(cover, dims=("y", "x")),
        "habitat_suitability": xr.DataArray(suits, dims=("y", "x")),
        "threats": resolve("habitat_threat"),
        "sources": resolve("threat_source"),
        "sensitivity": resolve("habitat_sensitivity", region="CN-ZJ"),
        "grid": grid,
        "p": HabitatQualityParams(),
    }

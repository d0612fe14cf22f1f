"""A street between two houses, grass, water and trees at 4 m on the hottest day of a made-up year."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.resilience.heat.outdoor_comfort import OutdoorComfortParams
from tests.outdoor_case import FACTORS, hot_year, raster


def golden_case() -> Mapping[str, Any]:
    cover, built, canopy = np.full((20, 30), 50), np.zeros((20, 30)), np.zeros((20, 30))
    cover[:, 20:], cover[:, 26:] = 30, 80
    built[4:12, 2:7], built[4:12, 11:16] = 20.0, 12.0
    canopy[14:18, 3:8] = 0.8
    ground = np.tile(0.05 * np.arange(30.0), (20, 1))
    ground[0, 0] = np.nan
    return {
        "terrain": raster(ground),
        "land_cover": raster(cover),
        "building_height": raster(built),
        "building_fraction": raster((built > 0.0).astype(float)),
        "canopy_cover": raster(canopy),
        **hot_year(cloud=0.2),
        **{name: resolve(name) for name in FACTORS},
        "grid": GeoBox.from_bbox((0, 0, 120, 80), crs="EPSG:32651", resolution=4),
        "p": OutdoorComfortParams(),
    }

"""Houses, grass and water at 10 m under a clear, calm made-up day, with waste heat."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.resilience.heat.canopy_air import CanopyAirParams
from tests.canopy_case import FACTORS, compact
from tests.outdoor_case import hot_year, raster


def golden_case() -> Mapping[str, Any]:
    cover, built, canopy = np.full((30, 40), 50), compact(40)[:30], np.zeros((30, 40))
    cover[:, 22:], cover[:, 34:], built[:, 22:] = 30, 80, 0.0
    canopy[20:28, 22:30] = 0.7
    ground = np.tile(0.05 * np.arange(40.0), (30, 1))
    ground[0, 0] = np.nan
    return {
        "terrain": raster(ground),
        "land_cover": raster(cover),
        "building_height": raster(built),
        "building_fraction": raster((built > 0.0).astype(float)),
        "canopy_cover": raster(canopy),
        "waste_heat": raster(np.where(built > 0.0, 25.0, 0.0)),
        **hot_year(wind=2.0),
        **{name: resolve(name) for name in FACTORS},
        "grid": GeoBox.from_bbox((0, 0, 400, 300), crs="EPSG:32651", resolution=10),
        "p": CanopyAirParams(warm_up=4),
    }

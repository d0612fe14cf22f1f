"""A substation, a shop and a store in floods of three return periods; one without a value."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from odc.geo.geobox import GeoBox
from shapely.geometry import Point

from citybraid.core.factor import resolve
from citybraid.resilience.damage.asset_damage import AssetDamageParams
from tests.district import raster

GRID = GeoBox.from_bbox((0, 0, 40, 40), crs="EPSG:32651", resolution=10)


def golden_case() -> Mapping[str, Any]:
    row, column = np.indices(GRID.shape)
    assets = gpd.GeoDataFrame(
        {
            "asset_value": [4e6, 5e5, 2e6, np.nan],
            "asset_curve": ["transport", "commercial", "industrial", "residential"],
        },
        geometry=[Point(5 + 10 * place, 25) for place in range(4)],
        index=["s", "h", "w", "u"],
        crs="EPSG:32651",
    )
    deep = np.maximum(2.0 - 0.6 * np.hypot(row - 1, column), 0.0)
    return {
        "max_depths": {"p5": raster(0.2 * deep), "p20": raster(0.6 * deep), "p100": raster(deep)},
        "return_periods": {"p5": 5.0, "p20": 20.0, "p100": 100.0},
        "assets": assets,
        "flood_damage_share": resolve("flood_damage_share", region="CN"),
        "flood_damage_sector": resolve("flood_damage_sector", region="CN"),
        "ground_floor_height": resolve("ground_floor_height", region="CN"),
        "grid": GRID,
        "p": AssetDamageParams(),
    }

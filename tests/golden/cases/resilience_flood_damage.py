"""Three uses at three depths: dry, within the ground floor, up to the third storey."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.resilience.flood_damage import FloodDamageParams


def golden_case() -> Mapping[str, Any]:
    names = ("share", "sector", "value", "price")
    factors = {f"flood_damage_{name}": resolve(f"flood_damage_{name}", region="CN-ZJ") for name in names}
    buildings = gpd.GeoDataFrame(
        {
            "building_depth": [0.0, 0.8, 6.5],
            "building_use": ["residential", "office", "industrial"],
            "floors": [6.0, 1.0, 2.0],
        },
        geometry=[box(0, 0, 10, 10), box(20, 0, 40, 10), box(50, 0, 60, 30)],
        index=["a", "b", "c"],
        crs="EPSG:32651",
    )
    return {"buildings": buildings, **factors, "p": FloodDamageParams()}

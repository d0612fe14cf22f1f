"""Three uses at three depths: dry, within a raised floor, up to the third storey over a low barrier; half warned."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.resilience.damage.flood_damage import FloodDamageParams


def golden_case() -> Mapping[str, Any]:
    names = ("damage_share", "damage_sector", "damage_value", "damage_price", "contents_share", "warning")
    factors = {f"flood_{name}": resolve(f"flood_{name}", region="CN-ZJ") for name in names}
    factors["ground_floor_height"] = resolve("ground_floor_height", region="CN-ZJ")
    buildings = gpd.GeoDataFrame(
        {
            "building_depth": [0.0, 0.8, 6.5],
            "building_use": ["residential", "office", "industrial"],
            "floors": [6.0, 1.0, 2.0],
            "floor_height": [0.3, 0.15, float("nan")],
            "protection_height": [float("nan"), 0.5, 1.0],
            "prepared_share": [1.0, 0.5, float("nan")],
        },
        geometry=[box(0, 0, 10, 10), box(20, 0, 40, 10), box(50, 0, 60, 30)],
        index=["a", "b", "c"],
        crs="EPSG:32651",
    )
    return {"buildings": buildings, **factors, "p": FloodDamageParams(), "warning_time": 2.0}

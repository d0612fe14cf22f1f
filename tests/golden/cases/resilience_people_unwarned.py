"""Three houses: prepared, half prepared, one that does not tell."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
from shapely.geometry import box


def golden_case() -> Mapping[str, Any]:
    buildings = gpd.GeoDataFrame(
        {"people_exposed": [10.0, 20.0, 30.0], "prepared_share": [1.0, 0.5, float("nan")]},
        geometry=[box(0, 0, 1, 1)] * 3,
        index=["a", "b", "c"],
        crs="EPSG:4549",
    )
    return {"buildings": buildings, "flood_warning": {"lead_time": 1.0, "contents_saving": 0.19}, "warning_time": 1.0}

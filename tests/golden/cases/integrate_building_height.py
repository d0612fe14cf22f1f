"""Buildings of two heights at 5 m, two of them in one cell, one without a height."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from odc.geo.geobox import GeoBox
from shapely import box


def golden_case() -> Mapping[str, Any]:
    shapes = [box(2, 2, 12, 17), box(12, 2, 18, 17), box(20, 20, 28, 28)]
    buildings = gpd.GeoDataFrame(
        {"height": [18.0, 6.0, np.nan]}, geometry=shapes, index=["a", "b", "c"], crs="EPSG:32651"
    )
    return {
        "buildings": buildings,
        "grid": GeoBox.from_bbox((0, 0, 30, 30), crs="EPSG:32651", resolution=5),
    }

"""Two streets, one of them partly outside, on currents of a small plan."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import shapely

from tests.movement_case import box, connected, covers, patches, resistances


def golden_case() -> Mapping[str, Any]:
    lines = [shapely.LineString([(150, 0), (150, 90)]), shapely.LineString([(150, 90), (170, 400)])]
    return {
        "current_flow": connected(resistances(covers()), patches()).current_flow,
        "streets": gpd.GeoDataFrame(index=["south", "north"], geometry=lines, crs="EPSG:32651"),
        "grid": box(),
    }

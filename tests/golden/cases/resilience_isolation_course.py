"""Houses that are reached, late and cut off at different times; one that nobody reaches when dry, one off the grid."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry import box

from citybraid.resilience.flood.depth_course import on_axes
from tests.resilience.street_town import CRS, grid


def golden_case() -> Mapping[str, Any]:
    here = grid(40, 10)
    states = np.array([[1, 1, 1, 0], [2, 3, 1, 0], [3, 3, 1, 0], [1, 2, 1, 0], [3, 1, 1, 0]], np.int8)[:, None, :]
    shapes = [box(x + 2, 2, x + 8, 8) for x in range(0, 50, 10)]
    homes = gpd.GeoDataFrame({"residents": [10.0, 25.0, 7.0, 5.0, 3.0]}, geometry=shapes, crs=CRS)
    return {"buildings": homes, "rescue_state": on_axes(states, 0.25 * np.arange(5), here), "grid": here}

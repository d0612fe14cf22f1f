"""A hospital in a puddle, a fire station beside it, a shelter off the grid."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
from odc.geo.geobox import GeoBox
from shapely.geometry import Point, box

from citybraid.resilience.damage.facilities_flooded import FacilitiesFloodedParams
from tests.district import raster

GRID = GeoBox.from_bbox((0, 0, 40, 40), crs="EPSG:32651", resolution=5)


def golden_case() -> Mapping[str, Any]:
    row, column = np.indices(GRID.shape)
    values = np.maximum(0.8 - 0.1 * np.hypot(row - 3, column - 3), 0.0)
    facilities = gpd.GeoDataFrame(
        {"facility_kind": ["hospital", "fire station", "shelter"]},
        geometry=[box(12, 18, 22, 28), Point(33, 7), Point(500, 500)],
        index=["h", "f", "s"],
        crs="EPSG:32651",
    )
    return {
        "max_depth": raster(values), "facilities": facilities, "grid": GRID, "p": FacilitiesFloodedParams(),
    }  # fmt: skip

"""A street through a pond, a bridge over it, a tunnel that it fills, one beside it and one off the grid."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from shapely.geometry import LineString

from citybraid.core.factor import resolve
from tests.resilience.street_town import FACTS, grid, raster, streets


def golden_case() -> Mapping[str, Any]:
    there = grid(200, 100)
    depth = np.clip(np.linspace(-0.4, 0.8, 200).reshape(there.shape), 0, None)
    depth[4, 8:11] = np.nan
    table = streets(
        LineString([(0, 55), (200, 52)]), LineString([(0, 40), (200, 30)]), LineString([(100, 10), (100, 90)]),
        LineString([(0, 95), (150, 95)]), LineString([(0, 300), (90, 300)]),
        bridge=["", "yes", "", "", ""], tunnel=["", "", "yes", "", ""],
    )  # fmt: skip
    return {
        "max_depth": raster(depth),
        "final_depth": raster(0.5 * depth),
        "streets": table,
        "street_water_limit": resolve("street_water_limit"),
        "flooded_road_speed": FACTS["flooded_road_speed"],
        "street_crossing": FACTS["street_crossing"],
        "grid": there,
        "flood_duration": raster(3.0 * depth),
    }

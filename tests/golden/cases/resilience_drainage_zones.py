"""A rough corner of the made-up plain, with its canal."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citybraid.resilience.drains.drainage_zones import DrainageZonesParams
from tests.resilience.flooded_plain import GRID, SHAPE, plain, raster


def golden_case() -> Mapping[str, Any]:
    row, column = np.mgrid[: SHAPE[0], : SHAPE[1]]
    rough = 0.02 * ((row * 7 + column * 13) % 11)
    return {
        "terrain": raster(plain().terrain.to_numpy() + rough),
        "land_cover": plain().land_cover,
        "grid": GRID,
        "p": DrainageZonesParams(least_area=20_000.0, most_area=60_000.0),
    }

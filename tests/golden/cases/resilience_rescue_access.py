"""A few streets of several classes, one-way and with speeds of their own; a hospital and a fire station."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from citybraid.core.streets.street_network import NetworkParams
from tests.resilience.street_town import DRY, raster, small


def golden_case() -> Mapping[str, Any]:
    place = small()
    terrain = np.zeros(place.grid.shape)
    terrain[0, :3] = np.nan
    return {
        "streets": place.streets,
        "facilities": place.facilities,
        "grid": place.grid,
        "terrain": raster(terrain),
        "p": NetworkParams(reach=150.0),
        **DRY,
    }

"""Four patches, the second a stepping stone, one cell too small to count."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.connectivity import ConnectivityParams
from citybraid.core.factor import resolve


def golden_case() -> Mapping[str, Any]:
    grid = GeoBox.from_bbox((0, 0, 1200, 800), crs="EPSG:32651", resolution=100)
    suits = np.full(grid.shape, 0.3)
    suits[0:3, 0:2] = suits[3, 5] = suits[3, 4] = suits[5:8, 9:12] = suits[0, 10:12] = 1.0
    suits[7, 0], suits[7, 1] = 0.9, np.nan
    return {
        "habitat_suitability": xr.DataArray(suits, dims=("y", "x")),
        "dispersal_distance": resolve("dispersal_distance"),
        "grid": grid,
        "p": ConnectivityParams(smallest=2.0),
    }

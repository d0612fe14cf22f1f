"""Two cores, a bridge, an opening within the larger, a branch, an islet, and a cell without a value."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.mspa import MspaParams


def golden_case() -> Mapping[str, Any]:
    grid = GeoBox.from_bbox((0, 0, 200, 120), crs="EPSG:32651", resolution=10)
    suits = np.full(grid.shape, 0.3)
    suits[1:10, 1:10] = suits[2:8, 13:19] = suits[5, 10:13] = suits[10, 2] = suits[10, 12] = 1.0
    suits[5, 5], suits[11, 0] = 0.0, np.nan
    return {"habitat_suitability": xr.DataArray(suits, dims=("y", "x")), "grid": grid, "p": MspaParams()}

"""A rich corner and a poor one on a rough field, and a cell without a value."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.integrate.synergy.service_hot_spots import ServiceHotSpotsParams


def golden_case() -> Mapping[str, Any]:
    grid = GeoBox.from_bbox((0, 0, 160, 120), crs="EPSG:32651", resolution=10)
    row, column = np.indices(grid.shape)
    index = 0.5 + 0.02 * ((7 * row + 5 * column) % 6)
    index[:5, :5], index[8:, 11:], index[6, 8] = 0.95, 0.05, np.nan
    return {"service_index": xr.DataArray(index, dims=("y", "x")), "grid": grid, "p": ServiceHotSpotsParams()}

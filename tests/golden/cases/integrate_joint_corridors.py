"""A valley with a pond, a band of current across it, a patch of habitat, and a cell without terrain."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.integrate.synergy.joint_corridors import JointCorridorsParams


def golden_case() -> Mapping[str, Any]:
    grid = GeoBox.from_bbox((0, 0, 100, 80), crs="EPSG:32651", resolution=10)
    row, column = np.indices(grid.shape)
    ground = 10.0 + 0.7 * abs(column - 4.2) - 0.3 * row
    ground[0, 9] = np.nan
    patch, cover = np.zeros(grid.shape, np.int32), np.full(grid.shape, 30, np.int32)
    patch[3:6, 0], cover[4, 4] = 1, 80
    values = {
        "current_flow": np.exp(-((row - 4.0) ** 2) / 3.0 - 0.01 * column), "habitat_patch": patch, "terrain": ground,
        "land_cover": cover,
    }  # fmt: skip
    rasters = {name: xr.DataArray(each, dims=("y", "x")) for name, each in values.items()}
    return {**rasters, "grid": grid, "p": JointCorridorsParams()}

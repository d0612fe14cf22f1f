"""Farmland that is paved, planted and flooded, woods that are cleared, a lawn that stays."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.lowcarbon.land.land_use_change import LandUseChangeParams


def golden_case() -> Mapping[str, Any]:
    before, after = [[40, 40, 40], [10, 30, 0]], [[51, 10, 80], [52, 30, 10]]
    return {
        "land_cover": xr.DataArray(np.array(after), dims=("y", "x")),
        "former_land_cover": xr.DataArray(np.array(before), dims=("y", "x")),
        "carbon_stock": resolve("carbon_stock", region="CN-ZJ"),
        "grid": GeoBox.from_bbox((0, 0, 30, 20), "EPSG:4549", resolution=10),
        "p": LandUseChangeParams(),
    }

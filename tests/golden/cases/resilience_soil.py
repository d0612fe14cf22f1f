"""Grass and road with some permeable paving, a rain garden, a green roof, and a tank for the upper parcel."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.resilience.ground.soil import SoilParams


def layer(values: Any, dtype: type = float) -> xr.DataArray:
    return xr.DataArray(np.array(values, dtype), dims=("y", "x"))


GRID = GeoBox.from_bbox((0, 0, 20, 20), crs="EPSG:4549", resolution=10)


def golden_case() -> Mapping[str, Any]:
    groups = {
        "conductivity": (10.9, 6.5, 1.5, 0.5),
        "suction": (110, 167, 218, 292),
        "porosity": (0.41, 0.49, 0.33, 0.42),
    }
    return {
        "land_cover": layer([[30, 51], [52, 0]], np.int32),
        "permeable_paving": layer([[0.0, 0.3], [0.0, 0.0]]),
        "rain_garden": layer([[0.2, 0.0], [0.0, 0.0]]),
        "green_roof_cover": layer([[0.0, 0.0], [0.5, 0.0]]),
        "soil_group": layer([[2, 3], [4, 0]], np.int32),
        "green_ampt": {f"{g}/{part}": row[i] for part, row in groups.items() for i, g in enumerate("ABCD")},
        "initial_saturation": {"": 0.5},
        "pervious_share": {"grass": 1.0, "road": 0.0, "roof": 0.0},
        "depression_storage": {"grass": 3.8, "road": 1.9, "roof": 1.9},
        "facility_storage": {"permeable_paving": 105.0, "rain_garden": 250.0, "green_roof": 20.0},
        "paving_run_on": {"": 0.0},
        "parcels": gpd.GeoDataFrame(
            {"detention_storage": [3.0, float("nan")]},
            geometry=[box(0, 10, 20, 20), box(0, 0, 20, 10)],
            index=["upper", "lower"],
            crs=GRID.crs,
        ),
        "grid": GRID,
        "p": SoilParams(soil_group="B"),
    }

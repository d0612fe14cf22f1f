"""Three buildings, two parcels, a sink over all, and a building outside the study area."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.accounts.emission_accounts import EmissionAccountsParams

CRS = "EPSG:32651"


def golden_case() -> Mapping[str, Any]:
    grid = GeoBox.from_bbox((0, 0, 100, 100), crs=CRS, resolution=10)
    table = {"electricity_emissions": [100.0, 200.0, 40.0], "pv_avoided": [10.0, 0.0, 0.0], "transport_emissions": 5.0,
             "building_use": ["residential", "office", "residential"]}  # fmt: skip
    houses = [box(10, 10, 20, 20), box(60, 60, 80, 80), box(200, 10, 210, 20)]
    parcels = [box(0, 0, 50, 50), box(50, 50, 100, 100)]
    return {
        "buildings": gpd.GeoDataFrame(table, geometry=houses, index=["b1", "b2", "b3"], crs=CRS),
        "parcels": gpd.GeoDataFrame(geometry=parcels, index=["p1", "p2"], crs=CRS),
        "study_area": gpd.GeoSeries([box(0, 0, 100, 100)], index=["all"], crs=CRS),
        "green_sink": xr.DataArray(np.linspace(0.0, 0.2, 100).reshape(10, 10), dims=("y", "x")),
        "gwp": resolve("gwp"),
        "p": EmissionAccountsParams(),
        "grid": grid,
    }

"""Four buildings with half a roof of modules and batteries, two of them on a parcel, in a made-up year."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.supply.hourly_balance import HourlyBalanceParams
from tests.energy_year import energy_year, row_of_buildings, stock_factors


def golden_case() -> Mapping[str, Any]:
    buildings = row_of_buildings(("residential", "office", "retail", "industrial")).assign(
        electricity=[80e3, 200e3, 300e3, 150e3], pv_generation=[60e3, 60e3, 0.0, 120e3],
        battery_capacity=[100.0, 0.0, 50.0, 200.0],
    )  # fmt: skip
    return {
        "buildings": buildings,
        "parcels": gpd.GeoDataFrame(geometry=[box(-10, -10, 110, 30)], index=["p"], crs=buildings.crs),
        "study_area": gpd.GeoSeries([box(-50, -50, 170, 200)], index=["a"], crs=buildings.crs),
        "wind_speed": pd.Series(np.full(8760, 3.0)),
        "loss": resolve("pv_loss"),
        "battery": resolve("battery"),
        "plant_shift": resolve("plant_shift"),
        "p": HourlyBalanceParams(climate_zone="3A"),
        "tick": lambda _: None,
        **energy_year(),
        **stock_factors(),
    }

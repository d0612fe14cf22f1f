"""A city's totals, and a plan of two parcels and a house on none, whose shares can be reckoned by hand."""

from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.accounts.downscaled_emissions import DownscaledEmissionsParams

CRS = "EPSG:32651"
AREA = gpd.GeoSeries([box(0, 0, 100, 100)], index=["all"], crs=CRS)
LINES = {
    "2022/residential/2/CO2/electricity": 7e6, "2023/residential/2/CO2/electricity": 4e6,
    "2023/residential/1/CO2/natural_gas": 1e6, "2023/commercial/2/CO2/electricity": 2e6,
    "2023/road/1/CO2/gasoline": 3e6, "2023/aviation/1/CO2/kerosene": 1e6,
    "2023/energy_industry/1/CO2/raw_coal": 9e9,
}  # fmt: skip


def houses() -> gpd.GeoDataFrame:
    """Homes on two parcels and on none, an office, and a house outside the study area."""
    table = {
        "building_use": ["residential", "residential", "residential", "office", "residential"],
        "residents": [30.0, 10.0, 10.0, 0.0, 999.0], "floor_area": [1000.0, 1000.0, 500.0, 400.0, 9e5],
        "car_distance": [1e4, 1e4, 0.0, 0.0, 9e6], "electricity_emissions": [2e4, 1e4, 5e3, 8e3, 9e9],
    }  # fmt: skip
    shapes = [
        box(10, 10, 20, 20), box(60, 60, 70, 70), box(60, 10, 70, 20), box(80, 80, 90, 90), box(300, 0, 310, 10)
    ]  # fmt: skip
    return gpd.GeoDataFrame(table, geometry=shapes, index=["a", "b", "between", "office", "away"], crs=CRS)


def plots() -> gpd.GeoDataFrame:
    shapes = [box(0, 0, 50, 50), box(50, 50, 100, 100)]
    return gpd.GeoDataFrame({"land_use": ["0701", "0901"]}, geometry=shapes, index=["p1", "p2"], crs=CRS)


def town(lines: dict[str, float] | None = None, *, share: float = 0.01, **params: object) -> dict[str, Any]:
    """Return the inputs of the model; one hundredth of the city lies in the plan."""
    return {
        "activity_equivalent": pd.Series(LINES if lines is None else lines, dtype=float), "activity_year": 2023.0,
        "plan_share": share, "buildings": houses(), "parcels": plots(), "study_area": AREA, "gwp": resolve("gwp"),
        "p": DownscaledEmissionsParams.model_validate(params),
    }  # fmt: skip

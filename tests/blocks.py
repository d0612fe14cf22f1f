"""A row of buildings of several vintages, one of the plan, with what embodied carbon and pathways read."""

from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.core.group import flatten
from citybraid.lowcarbon.embodied.structure import MaterialTables
from citybraid.lowcarbon.pathway.pathway import pathway
from citybraid.lowcarbon.pathway.settings import PathwayFactors

CRS = "EPSG:32651"
AREA = gpd.GeoSeries([box(-10, -10, 1000, 100)], index=["all"], crs=CRS)
COLUMNS: dict[str, Any] = {
    "building_use": ["residential", "office", "residential", "residential"],
    "floors": [6.0, 10.0, 18.0, 20.0], "height": [18.0, 35.0, 54.0, 60.0],
    "year_built": [1985.0, 2018.0, 2017.0, 2030.0], "floor_area": [600.0, 4000.0, 9000.0, 8000.0],
    "electricity_emissions": [12e3, 150e3, 120e3, 80e3], "heat_emissions": [9e3, 5e3, 0.0, 0.0],
    "transport_emissions": [5e3, 0.0, 4e4, 4e4], "pv_avoided": [0.0, 1e3, 0.0, 0.0],
    "rebuild_embodied": [180e3, 1200e3, 2800e3, 2500e3], "retrofit_embodied": [55e3, 270e3, 580e3, 530e3],
    "demolition_carbon": [12e3, 80e3, 180e3, 160e3],
    "renewed_electricity_saving": [1500.0, 20e3, 4e3, 0.0], "renewed_heat_saving": [4e3, 1e3, 0.0, 0.0],
    "renewed_gas_saving": 0.0,
}  # fmt: skip


def blocks(**changed: Any) -> gpd.GeoDataFrame:
    """Return the buildings, 20 m by 20 m each, with some columns changed."""
    shapes = [box(50 * at, 0, 50 * at + 20, 20) for at in range(4)]
    return gpd.GeoDataFrame({**COLUMNS, **changed}, geometry=shapes, index=["a", "b", "c", "d"], crs=CRS)


def inventory(buildings: gpd.GeoDataFrame, **other: float) -> pd.Series:
    """Return lines of the inventory as the accounts would, with others by id."""
    stationary = buildings["electricity_emissions"] + buildings["heat_emissions"]
    home = buildings["building_use"] == "residential"
    known = {
        "residential/2/CO2/emission": float(stationary[home].sum()),
        "commercial/2/CO2/emission": float(stationary[~home].sum()),
        "commercial/2/CO2/avoided": -float(buildings["pv_avoided"].sum()),
        "road/1/CO2e/emission": float(buildings["transport_emissions"].sum()),
    }
    return pd.Series({**known, **{name.replace("_in_", "/"): value for name, value in other.items()}})


def materials() -> MaterialTables:
    """Return the shipped tables of materials."""
    return MaterialTables(*(resolve(name) for name in MaterialTables._fields))


def pathway_factors(**changed: Any) -> PathwayFactors:
    """Return the shipped tables of a pathway in Zhejiang, some changed."""
    known = {name: resolve(name, region="CN-ZJ") for name in PathwayFactors._fields}
    return PathwayFactors(**{**known, **changed})


def pathway_of(buildings: gpd.GeoDataFrame, *, life_cycles: bool = True, **given: Any) -> Any:
    """Return a pathway's outputs by name, with what life cycles say of the buildings or without."""
    views = {"operated": buildings, "renewed": buildings if life_cycles else None}
    return SimpleNamespace(**flatten(pathway(buildings=buildings, **views, **given)))

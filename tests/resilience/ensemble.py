"""A made-up street of houses and an ensemble of floods on it whose depth is known for any rain and roughness."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from citybraid.core.factor import Factor, Resolved, resolve

NAMES = (
    "flood_damage_share",
    "flood_damage_sector",
    "flood_damage_value",
    "flood_damage_price",
    "flood_rain_spread",
    "manning_n",
    "ground_floor_height",
)
MORE = ("flood_contents_share", "flood_warning")  # fmt: skip


def houses(count: int = 60) -> gpd.GeoDataFrame:
    """Return houses of three uses and one to six storeys."""
    at = np.arange(count)
    return gpd.GeoDataFrame(
        {
            "building_use": np.array(["residential", "office", "industrial"], dtype=object)[at % 3],
            "floors": 1.0 + at % 6,
        },
        geometry=[box(20 * i, 0, 20 * i + 10, 8 + i % 5) for i in range(count)],
        index=[f"b{i}" for i in range(count)],
        crs="EPSG:32651",
    )


def depth_at(rain: float, roughness: float, table: gpd.GeoDataFrame) -> pd.Series:
    """Return depths that grow with rain and, less, with roughness."""
    place = np.arange(len(table)) / len(table)
    depth = np.maximum(2.0 * place + 4.0 * (rain - 1.0) + 0.2 * (roughness - 0.5) - 0.5, 0.0)
    return pd.Series(depth, index=table.index)


def ensemble(
    table: gpd.GeoDataFrame, rains: tuple[float, ...] = (0.88, 1.0, 1.12), levels: tuple[float, ...] = (0.01, 0.5, 0.99)
) -> Mapping[str, Any]:
    """Return the runs at every rain and level as the model takes them."""
    places = {f"m{number}": place for number, place in enumerate(product(rains, levels))}
    return {
        "member_depths": {name: depth_at(*place, table) for name, place in places.items()},
        "rain_scales": {name: place[0] for name, place in places.items()},
        "roughness_levels": {name: place[1] for name, place in places.items()},
    }


def facts(region: str = "CN-ZJ") -> dict[str, Any]:
    """Return the shipped factors."""
    return {name: resolve(name, region=region) for name in NAMES}


def all_facts() -> dict[str, Any]:
    """Return the shipped factors that draws of damage read."""
    return facts() | {name: resolve(name, region="CN-ZJ") for name in MORE}


def certain(told: Mapping[str, Resolved]) -> dict[str, Any]:
    """Return factors whose rows say nothing of their spread."""
    return {name: Resolved(name, [_bare(row) for row in found.rows.values()], 2025) for name, found in told.items()}


def _bare(row: Factor) -> Factor:
    return Factor(row.factor, row.key, row.value, row.unit, row.status)

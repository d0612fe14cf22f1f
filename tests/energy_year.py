"""A made-up energy year and a row of buildings for tests of the low-carbon strand; no real place."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.kernels.climate.solar import sun_of_year
from citybraid.lowcarbon.building_energy import BuildingEnergy, BuildingEnergyParams, building_energy
from citybraid.lowcarbon.services import Services

PLACE = {"latitude": 31.0, "longitude": 121.0, "time_zone": 8.0, "elevation": 4.0}
FACTORS = {
    "envelope": "envelope", "standard_since": "standard_since", "window_share": "window_share",
    "zone_capacity": "zone_capacity", "physics": "building_physics", "program_share": "program_share",
    "program_load": "program_load", "schedule": "schedule", "set_point": "set_point", "heat_system": "heat_system",
    "working_calendar": "working_calendar", "conditioning_season": "conditioning_season",
    "conditioned_share": "conditioned_share", "household_energy": "household_energy",
    "household_floor_area": "household_floor_area", "household_size": "household_size",
    "service_energy": "service_energy", "lift": "lift", "lighting_power": "lighting_power",
    "equipment_saving": "equipment_saving", "service_efficiency": "service_efficiency",
}  # fmt: skip
USES = ("residential", "office", "retail", "hotel", "school", "hospital", "industrial", "transport", "public", "other")
THREE_A = BuildingEnergyParams(climate_zone="3A")


@cache
def _sky() -> tuple[Any, ...]:
    sun = sun_of_year(**PLACE, year=2023)
    height = np.maximum(np.cos(np.radians(sun.zenith)), 0.0)
    direct = np.where(height > 0.05, 650.0 * np.exp(-0.15 / np.maximum(height, 0.05)), 0.0)
    diffuse = 130.0 * np.sqrt(height)
    return direct, diffuse, direct * height + diffuse


def energy_year(*, warmer: float = 0.0) -> dict[str, Any]:
    """Return the weather of a damp subtropical year with hot summers, clear sky, and its place."""
    hours = np.arange(8760)
    season = np.cos(2 * np.pi * (hours / 24 - 201) / 365)
    clock = 2 * np.pi * (hours % 24 - 15) / 24
    direct, diffuse, whole = _sky()

    def series(values: Any) -> pd.Series:
        return pd.Series(np.broadcast_to(values, 8760).astype(float), hours)

    return {
        "dry_bulb": series(17.0 + warmer + 12 * season + 4 * np.cos(clock)),
        "relative_humidity": series(0.72 - 0.15 * np.cos(clock)),
        "global_horizontal": series(whole),
        "direct_normal": series(direct),
        "diffuse_horizontal": series(diffuse),
    } | PLACE


def factors(*, region: str = "CN") -> dict[str, Mapping[str, float]]:
    """Return the factors of the energy model by parameter."""
    return {name: resolve(factor, region=region) for name, factor in FACTORS.items()}


def stock_factors() -> dict[str, Mapping[str, float]]:
    """Return the factors of the stock as thermal zones by parameter, without those of services such as hot water."""
    return {name: rows for name, rows in factors().items() if name not in (*Services._fields, "service_efficiency")}


def row_of_buildings(uses: tuple[str, ...] = USES, *, year: float = 2008.0, floors: float = 6.0) -> gpd.GeoDataFrame:
    """Return slabs of 40 by 14 m in a row, one a use."""
    count = len(uses)
    return gpd.GeoDataFrame(
        {
            "building_use": list(uses), "floors": floors, "height": 3.2 * floors, "year_built": year,
            "floor_area": 560.0 * floors, "envelope_standard": "as_built",
        },
        geometry=[box(60.0 * at, 0, 60.0 * at + 40, 14) for at in range(count)],
        index=[f"b{at}" for at in range(count)],
        crs="EPSG:32651",
    )  # fmt: skip


def energy(buildings: gpd.GeoDataFrame, *, p: BuildingEnergyParams = THREE_A, **changes: Any) -> BuildingEnergy:
    """Run the energy model on buildings in the made-up year, with what is told otherwise."""
    given = energy_year() | factors() | changes
    result: BuildingEnergy = building_energy.of({"buildings": buildings, "p": p, "tick": lambda _: None, **given})
    return result

"""Speed of the zone model on one thread: prints one JSON line."""

import json
import os
import resource
import sys
import time
from typing import Any

os.environ["NUMBA_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from citybraid.core.factor import resolve
from citybraid.kernels.buildings.zone_inputs import Weather
from citybraid.kernels.climate.solar import sun_of_year
from citybraid.lowcarbon.climate import HOURS, energy_weather, volume_heat
from citybraid.lowcarbon.horizon import surroundings
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.pv_generation import PvGenerationParams, pv_generation
from citybraid.lowcarbon.stock import Fabric, Stock, building_stock, simulate

BUILDINGS = 10_000
ROW = 100
WARM_UP = 20
USES = ("residential", "residential", "residential", "office", "retail", "school", "hotel", "public")
PLACE = {"latitude": 31.0, "longitude": 121.0, "time_zone": 8.0, "elevation": 4.0}


def town() -> gpd.GeoDataFrame:
    """Return 10 000 made-up buildings of mixed use, age and height, 60 by 40 m apart."""
    at = np.arange(BUILDINGS)
    floors = 2.0 + at % 17
    width, depth = 20.0 + at % 31, 10.0 + at % 9
    table = {
        "building_use": [USES[one % len(USES)] for one in at], "year_built": 1975.0 + at % 50, "floors": floors,
        "height": 3.1 * floors, "floor_area": width * depth * floors, "envelope_standard": "as_built",
    }  # fmt: skip
    west, south = 60.0 * (at % ROW), 40.0 * (at // ROW)
    shapes = box(west, south, west + width, south + depth)
    return gpd.GeoDataFrame(table, geometry=shapes, index=[f"b{one}" for one in at], crs="EPSG:32651")


def made_up_year() -> dict[str, Any]:
    """Return a year with a clear sky."""
    hours = np.arange(HOURS)
    season, clock = np.cos(2 * np.pi * (hours / 24 - 201) / 365), np.cos(2 * np.pi * (hours % 24 - 15) / 24)
    height = np.maximum(np.cos(np.radians(sun_of_year(**PLACE, year=2023).zenith)), 0.0)
    direct = np.where(height > 0, 650.0 * np.exp(-0.15 / np.maximum(height, 0.05)), 0.0)
    diffuse = 130.0 * np.sqrt(height)
    year = {
        "dry_bulb": 17 + 12 * season + 4 * clock, "relative_humidity": 0.72 - 0.15 * clock,
        "global_horizontal": direct * height + diffuse, "direct_normal": direct, "diffuse_horizontal": diffuse,
    }  # fmt: skip
    return {name: pd.Series(values) for name, values in year.items()}


def weather(loads: Loads) -> Weather:
    """Return the made-up year for the kernel."""
    return energy_weather(year=made_up_year(), place=PLACE, calendar_year=2023, physics=loads.physics)


def roofs_cpu(buildings: gpd.GeoDataFrame) -> float:
    """Return the CPU seconds of a year of photovoltaics on every roof, horizons included."""
    roofed = buildings.assign(pv_roof=0.3)
    given = {**made_up_year(), **PLACE, "wind_speed": pd.Series(np.full(HOURS, 3.0)), "p": PvGenerationParams()}
    given.pop("relative_humidity")
    given |= {"power_density": resolve("pv_power_density"), "loss": resolve("pv_loss")}
    given |= {"physics": resolve("building_physics")}
    pv_generation.of({"buildings": roofed.iloc[:3], **given})
    start = time.process_time()
    pv_generation.of({"buildings": roofed, **given})
    return time.process_time() - start


def main() -> None:
    """Warm the kernels, shade and run the town, and print the line."""
    loads = Loads(*(resolve("building_physics" if name == "physics" else name, region="CN") for name in Loads._fields))
    fabric = Fabric(*(resolve(name) for name in ("envelope", "standard_since", "window_share", "zone_capacity")))

    def stock_of(part: gpd.GeoDataFrame) -> tuple[Stock, float, float]:
        start = time.process_time()
        around = surroundings(part)
        shaded = time.process_time()
        stock = building_stock(
            part, zone="3A", calendar_year=2023, volume_heat=volume_heat(4.0), fabric=fabric, loads=loads,
            shares=resolve("program_share"), conditioned=resolve("conditioned_share"),
            system=resolve("heat_system"), around=around,
        )  # fmt: skip
        return stock, shaded - start, time.process_time() - shaded

    buildings, year = town(), weather(loads)
    simulate(stock_of(buildings.iloc[:3])[0], year, warm_up=1, tick=lambda _: None)
    stock, horizon_cpu, stock_cpu = stock_of(buildings)
    pv_cpu = roofs_cpu(buildings)
    start = time.process_time()
    simulate(stock, year, warm_up=WARM_UP, tick=lambda _: None)
    cpu = time.process_time() - start
    work = BUILDINGS * HOURS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    line = {
        "name": "energy", "work": work, "cpu_s": round(cpu, 3), "rate": round(work / cpu), "unit": "building-hours/s",
        "peak_mib": round(peak, 1), "threads": 1, "zones": int(stock.parts.owner.size),
        "horizon_cpu_s": round(horizon_cpu, 3), "stock_cpu_s": round(stock_cpu, 3),
        "pv_cpu_s": round(pv_cpu, 3),
    }  # fmt: skip
    print(json.dumps(line))


if __name__ == "__main__":
    main()

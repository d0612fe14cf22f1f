"""Speed of the zone model on one thread: prints one JSON line."""

import json
import os
import resource
import sys
import time

os.environ["NUMBA_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

import geopandas as gpd
import numpy as np
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.kernels.buildings.zone_inputs import Weather
from citybraid.lowcarbon.climate import AZIMUTHS, HOURS, volume_heat
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.stock import Fabric, building_stock, simulate

BUILDINGS = 1500
WARM_UP = 20
USES = ("residential", "residential", "residential", "office", "retail", "school", "hotel", "public")


def town() -> gpd.GeoDataFrame:
    """Return 1 500 made-up buildings of mixed use, age and height."""
    at = np.arange(BUILDINGS)
    floors = 2.0 + at % 17
    width, depth = 20.0 + at % 31, 10.0 + at % 9
    table = {
        "building_use": [USES[one % len(USES)] for one in at], "year_built": 1975.0 + at % 50, "floors": floors,
        "height": 3.1 * floors, "floor_area": width * depth * floors, "envelope_standard": "as_built",
    }  # fmt: skip
    shapes = [box(100.0 * one, 0.0, 100.0 * one + float(width[one]), float(depth[one])) for one in at]
    return gpd.GeoDataFrame(table, geometry=shapes, index=[f"b{one}" for one in at], crs="EPSG:32651")


def weather() -> Weather:
    """Return a made-up year with the light of a sine."""
    hours = np.arange(HOURS)
    season, clock = np.cos(2 * np.pi * (hours / 24 - 201) / 365), np.cos(2 * np.pi * (hours % 24 - 15) / 24)
    light = np.clip(np.cos(2 * np.pi * (hours % 24 - 12) / 24), 0, None)[:, None] * np.full(len(AZIMUTHS) + 1, 400.0)
    air = 17 + 12 * season + 4 * clock
    return Weather(air, np.full(HOURS, 17.0), np.full(HOURS, 11.0), 10 * season, light, 0.85 * light)


def main() -> None:
    """Warm the kernel, run the town and print the line."""
    loads = Loads(*(resolve(name) for name in ("program_load", "schedule", "set_point", "building_physics")))
    fabric = Fabric(*(resolve(name) for name in ("envelope", "standard_since", "window_share", "zone_capacity")))
    buildings, year = town(), weather()
    warm, stock = (
        building_stock(
            part, zone="3A", calendar_year=2023, volume_heat=volume_heat(4.0), fabric=fabric, loads=loads,
            shares=resolve("program_share"), system=resolve("heat_system"),
        )
        for part in (buildings.iloc[:1], buildings)
    )  # fmt: skip
    simulate(warm, year, warm_up=1, tick=lambda _: None)
    start = time.process_time()
    simulate(stock, year, warm_up=WARM_UP, tick=lambda _: None)
    cpu = time.process_time() - start
    work = BUILDINGS * HOURS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    line = {
        "name": "energy", "work": work, "cpu_s": round(cpu, 3), "rate": round(work / cpu), "unit": "building-hours/s",
        "peak_mib": round(peak, 1), "threads": 1, "zones": int(stock.parts.owner.size),
    }  # fmt: skip
    print(json.dumps(line))


if __name__ == "__main__":
    main()

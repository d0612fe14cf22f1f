"""Sky view, radiant temperature and air of a made-up quarter, on one thread: prints one JSON line each.

Houses and trees stand at random on level ground at 2 m. The first run of each kernel, which compiles it, is not
counted; CPU seconds are the median of the others.

    python benchmarks/outdoor.py [--sky 1000] [--cells 500] [--blocks 2500] [--times 3]
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

import numpy as np

from citybraid.kernels.outdoor.canopy_air import Blocks, Forcing, Tiles
from citybraid.kernels.outdoor.canopy_hours import TERMS, courses, over_open_ground
from citybraid.kernels.outdoor.obstruction import sector_horizon
from citybraid.kernels.outdoor.radiant_day import Crowns, Day, Material, Scene, radiant_day
from citybraid.kernels.outdoor.sky import SECTORS, clear_sky_emissivity, patches

CELL = 2.0
TREES = 0.1
"""Share of the open cells under trees."""
LOW_SUN = 0.05
"""Height of the sun below which no beam is taken [rad]."""


def quarter(count: int) -> Scene:
    """Return a scene with houses on about a quarter of the cells and trees on a tenth."""
    draw = np.random.default_rng(7)
    built = np.zeros((count, count), np.float32)
    for _ in range(count * count // 1000):
        y, x = draw.integers(0, count, 2)
        built[y : y + draw.integers(6, 24), x : x + draw.integers(6, 24)] = draw.uniform(4.0, 40.0)
    trees = ((draw.random(built.shape) < TREES) & (built == 0.0)).astype(np.float32)
    ground = np.zeros_like(built)
    return Scene(built, ground, np.full_like(built, 9.0), trees, np.zeros(built.shape, np.uint8), CELL, CELL)


def summer_day() -> Day:
    """Return a clear day of 24 hours at 31 degrees north."""
    hour = np.arange(24) + 0.5
    height = np.radians(80.0) * np.cos(2.0 * np.pi * (hour - 12.0) / 24.0)
    direct = np.where(height > LOW_SUN, 800.0 * np.sin(np.maximum(height, 0.0)) ** 0.3, 0.0)
    air = 30.0 + 5.0 * np.cos(2.0 * np.pi * (hour - 15.0) / 24.0)
    return Day(
        air, np.full(24, 1.5), direct, np.where(height > 0.0, 120.0, 0.0), height,
        np.asarray(2.0 * np.pi * hour / 24.0, np.float64),
        1.0 / np.maximum(np.sin(height), 0.05), np.full(24, 1330.0), clear_sky_emissivity(air, np.full(24, 25.0)),
    )  # fmt: skip


def canopy_air(count: int) -> Callable[[], None]:
    """Return a run of the air of `count` blocks over a clear day: open paving to deep streets."""
    day, draw = summer_day(), np.random.default_rng(7)
    sine = np.maximum(np.sin(day.sun_height), 0.0)
    weather = Forcing(
        day.air, day.wind, np.full(24, 2.5), day.direct * sine, day.diffuse,
        day.sky_emissivity * 5.67e-8 * (day.air + 273.15) ** 4, 0.5 * np.pi - day.sun_height, 0.067, 50.0, 0.0327,
    )  # fmt: skip
    dry = np.full(4, np.inf)
    tiles = Tiles(
        np.array([0.16, 0.2, 0.18, 0.2]), np.full(4, 0.94), np.array([1100.0, 1785.0, 1785.0, 1065.0]),
        np.where(np.arange(4) == 0, 50.0, dry), np.where(np.arange(4) == 0, 200.0, dry),
    )  # fmt: skip
    green, height = draw.random(count), draw.uniform(3.0, 40.0, count)
    ground = np.stack([green, 1.0 - green], axis=1)
    blocks = Blocks(ground, 0.5 * draw.random(count), 3.0 * draw.random(count), height, 0.5 * height, 0.05 * height)
    none = np.zeros(1)
    grass = Blocks(np.array([[1.0, 0.0]]), none, none, none, none, np.full(1, 0.03))
    upper, released = np.zeros(24), np.full((count, 24), 20.0)

    def work() -> None:
        over_open_ground(grass, tiles, weather, upper)
        courses(blocks, tiles, weather, released, upper, np.zeros((count, 24)), np.zeros((count, 24, TERMS)))

    return work


def timed(work: Callable[[], object], times: int) -> float:
    """Return the median CPU seconds of a function after one run that is not counted."""
    work()
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def main() -> None:
    """Time both and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sky", type=int, default=1000)
    parser.add_argument("--cells", type=int, default=500)
    parser.add_argument("--blocks", type=int, default=2500)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    wide, scene, day = quarter(asked.sky), quarter(asked.cells), summer_day()
    slope = np.zeros_like(wide.surface)

    def sky_view() -> None:
        for azimuth in patches().azimuth:
            sector_horizon(wide.surface, wide.ground, 1.1, azimuth, CELL, CELL, slope)

    def radiant() -> None:
        radiant_day(
            scene, day, (Material(0.2, 0.95, 1785.0, 0.0),), Material(0.2, 0.9, 1065.0, 0.0), Crowns(0.25, 0.03, 60.0)
        )

    for name, cells, work in (("sky_view", asked.sky, sky_view), ("radiant_temperature", asked.cells, radiant)):
        result = {"what": name, "cells": cells**2, "directions": SECTORS, "cpu_s": round(timed(work, asked.times), 3)}
        print(json.dumps(result | ({"hours": 24} if name != "sky_view" else {})))
    spent = round(timed(canopy_air(asked.blocks), asked.times), 3)
    print(json.dumps({"what": "canopy_air", "blocks": asked.blocks, "hours": 24, "cpu_s": spent}))


if __name__ == "__main__":
    main()

"""A made town in two bowls: one floods in the storm of today, the other only in a stronger one, and money saves one.

Each bowl has a gently sloping bottom between steep sides. Tanks lower its water by about as much as the bottom rises:
so they dry land where the water stands at the threshold of 0.15 m, and none where it stands far above or below it.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from shapely.geometry import box

from tests.study.made_study import CELL, CRS, SOUTH, WEST, Made

RIDGE = 150.0
"""Where the bowls part, east of the western edge of the parcels [m]."""
BOTTOMS = {"W": (-20.0, 120.0), "E": (170.0, 350.0)}
"""West and east end of each bowl's bottom [m]: the eastern one is wider, so that its water is shallower."""
RISE, SIDE = 0.0003, 0.02
"""Slopes along the bottom, and of the sides [-]."""
ASKED = """
[alternatives.chosen]
title = {{ zh = "组合", en = "Portfolio" }}
portfolio = true
[[objectives]]
id = "dry"
title = {{ zh = "少淹", en = "Dry" }}
strategy = {{ zh = "蓄", en = "Store" }}
indicator = "flooded_area"
target = 0
[budget]
total = {money}
maximise = "dry"
pairs = false
candidates = ["storage_tank"]
robust = {{ rule = "{rule}", scenarios = [
  {{ name = "wet", title = {{ zh = "暴雨增强", en = "Stronger rain" }}, rain_factor = {factor} }}] }}
"""
FACTOR = 1.4
MONEY = 1_021_275.0
"""The price of all tanks of one bowl: 680.85 m3 at 1500 CNY each."""


def write_two_bowls(
    folder: Path, *, rule: str = "min_max_regret", money: float = MONEY, factor: float = FACTOR
) -> Path:
    """Write the town with tanks as the only measure, and return its study file."""
    parameters = {
        "resilience.flood": {**dict.fromkeys(("north", "south", "east", "west"), "closed"), "recession": "0"},
        "integrate.measures.storage_tank": {"rate": "0.8"},
        "resilience.soil": {"soil_group": "D"},
    }
    roles = ("parcels", "buildings", "terrain", "land_cover")
    path = Made(folder, roles, region="CN-SH", storms=(20.0,), parameters=parameters).written()
    with rasterio.open(folder / "terrain.tif", "r+") as terrain:
        terrain.write(_bowls(), 1)
    with rasterio.open(folder / "cover.tif", "r+") as cover:
        cover.write(np.full((40, 40), 50, np.uint8), 1)
    parcels = gpd.read_file(folder / "parcels.gpkg")
    # The parcels of the middle, on the ridge, are water: they have no tanks.
    middle = parcels.geometry.centroid.x.between(WEST + 100.0, WEST + 200.0)
    parcels["land_use"] = ["1701" if each else "0901" for each in middle]
    parcels.to_file(folder / "parcels.gpkg")
    edge, south, north = WEST + RIDGE, SOUTH - 50.0, SOUTH + 350.0
    halves = [box(WEST - 50.0, south, edge, north), box(edge, south, WEST + 350.0, north)]
    gpd.GeoDataFrame({"id": ["W", "E"]}, geometry=halves, crs=CRS).to_file(folder / "units.gpkg")
    text = path.read_text(encoding="utf-8") + '[files.units]\npath = "units.gpkg"\n'
    path.write_text(text + ASKED.format(rule=rule, money=MONEY, factor=FACTOR), encoding="utf-8")
    return path


def _bowls() -> np.ndarray:
    """Return the ground: two valleys from north to south, each with a bottom that rises a little to its sides."""
    east = np.arange(40) * CELL - 50.0 + 0.5 * CELL
    profile = np.full(40, np.inf)
    for left, right in BOTTOMS.values():
        middle, half = 0.5 * (left + right), 0.5 * (right - left)
        away = np.abs(east - middle)
        profile = np.minimum(profile, RISE * np.minimum(away, half) + SIDE * np.maximum(away - half, 0.0))
    return np.broadcast_to(3.0 + profile, (40, 40)).astype(np.float32)

"""A made town whose plan is built, with two planning units: what edits of a parcel are learned and run on."""

from pathlib import Path

import geopandas as gpd
from shapely.geometry import box

from tests.study.made_study import BLOCK, CRS, SIDE, SOUTH, WEST, Made

ROLES = ("parcels", "buildings", "terrain", "land_cover", "storm")
EDITS = 24
UNITS = """
[uniform]
canopy_cover = 0.1
[files.units]
path = "units.gpkg"
[[objectives]]
id = "people"
title = { zh = "人口", en = "People" }
strategy = { zh = "密", en = "Dense" }
indicator = "blue_green_share"
target = 30
"""


def write_what_if_town(folder: Path, *, weather: bool = False) -> Path:
    """Write the town, with parcels stated as planned, and return its study file; with weather its energy is known."""
    parameters = {"integrate.measures.built_form": {"year": "2030"}}
    path = Made(
        folder,
        (*ROLES, *["weather"] * weather),
        alternatives=("as_is", "as_planned"),
        measures=("built_form",),
        parameters=parameters,
    ).written()
    parcels = gpd.read_file(folder / "parcels.gpkg")
    parcels["status"] = ["planned"] * (len(parcels) - 1) + ["built"]
    parcels["far"] = [1.0 + 0.2 * at for at in range(len(parcels))]
    parcels["height"], parcels["green"] = 40.0, 0.3
    parcels.to_file(folder / "parcels.gpkg")
    east, north = WEST + BLOCK * SIDE, SOUTH + BLOCK * SIDE
    middle = WEST + BLOCK * 2
    halves = [box(WEST, SOUTH, middle, north), box(middle, SOUTH, east, north)]
    table = {"id": ["W", "E"], "population": [900.0, 500.0]}
    gpd.GeoDataFrame(table, geometry=halves, crs=CRS).to_file(folder / "units.gpkg")
    text = path.read_text(encoding="utf-8")
    if weather:
        text = text.replace("[study]\n", '[study]\nclimate_zone = "3A"\n', 1)
    path.write_text(text + UNITS, encoding="utf-8")
    return path

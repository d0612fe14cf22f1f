"""A rural study with a table of villages, as a planner's files."""

from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry import Point, box

CRS = "EPSG:4549"
EAST, NORTH = 500_000.0, 3_450_000.0
STUDY = """
[study]
name = "village"
title = { zh = "朱夏会", en = "Village" }
crs = "EPSG:4549"
region = "CN-ZJ-JX"
year = 2023
resolution = 20
synthetic = true

[files.study_area]
path = "area.geojson"
[files.parcels]
path = "parcels.geojson"
[files.buildings]
path = "buildings.geojson"
[files.villages]
path = "农业.geojson"
"""
VILLAGES: dict[str, list[Any]] = {
    "编号": ["east", "west"],
    "单季稻面积(亩)": [1500.0, 750.0],
    "生猪存栏(头)": [1000.0, 200.0],
    "家禽存栏(万羽)": [0.5, None],
    "氮肥折纯量(吨)": [20.0, 10.0],
    "生活用煤(t)": [10.0, 0.0],
    "粪污入沼比例(%)": [50.0, 0.0],
}


def write_village(folder: Path, **changed: list[Any]) -> None:
    """Write the files of a rural study; `changed` replaces columns of the table of villages."""

    def write(name: str, columns: dict[str, list[Any]], shapes: list[Any]) -> None:
        gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(folder / f"{name}.geojson", driver="GeoJSON")

    field, homes = box(EAST, NORTH, EAST + 400, NORTH + 400), box(EAST + 400, NORTH, EAST + 600, NORTH + 400)
    write("area", {"id": ["a"]}, [box(EAST, NORTH, EAST + 600, NORTH + 400)])
    write("parcels", {"id": ["field", "homes"], "land_use": ["0101", "0703"]}, [field, homes])
    home = box(EAST + 450, NORTH + 50, EAST + 462, NORTH + 60)
    write("buildings", {"id": ["b1"], "floors": [2], "year_built": [2005], "building_use": ["residential"]}, [home])
    write("农业", VILLAGES | changed, [Point(EAST + 200, NORTH + 200), Point(EAST + 100, NORTH + 300)])
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")

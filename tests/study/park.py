"""A park of two halls and a dormitory with a table of plants, as a planner's files."""

from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry import Point, box

CRS = "EPSG:4549"
EAST, NORTH = 500_000.0, 3_450_000.0
STUDY = """
[study]
name = "park"
title = { zh = "工业园", en = "Park" }
crs = "EPSG:4549"
region = "CN-SH"
year = 2023
resolution = 20
synthetic = true

[files.study_area]
path = "area.geojson"
[files.parcels]
path = "parcels.geojson"
[files.buildings]
path = "buildings.geojson"
"""
PLANTS: dict[str, list[Any]] = {
    "编号": ["dye", "glass"],
    "行业代码": ["17", "30"],
    "主要产品": ["印染布", "玻璃"],
    "产量(万吨)": [0.5, 2.0],
    "用电量(万kWh)": [200.0, 300.0],
    "天然气用量(万m3)": [100.0, 350.0],
    "外购蒸汽(吨)": [1000.0, None],
    "用热温度(℃)": [95, 1400],
    "余热资源量(GJ)": [0.0, 4000.0],
    "余热温度(℃)": [None, 300],
}


def rectangle(west: float, south: float, east: float, north: float) -> Any:
    return box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def write_park(folder: Path) -> None:
    """Write the files of the park, without plants, into a folder."""

    def write(name: str, columns: dict[str, list[Any]], shapes: list[Any]) -> None:
        gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(folder / f"{name}.geojson", driver="GeoJSON")

    write("area", {"id": ["a"]}, [rectangle(0, 0, 600, 300)])
    write(
        "parcels", {"id": ["p1", "p2", "p3"], "land_use": ["100101", "100101", "070102"]},
        [rectangle(10, 10, 190, 290), rectangle(200, 10, 390, 290), rectangle(400, 10, 590, 290)],
    )  # fmt: skip
    write(
        "buildings",
        {"id": ["b1", "b2", "b3"], "floors": [2, 1, 6], "year_built": [2010, 2010, 2012],
         "building_use": ["industrial", "industrial", "residential"]},
        [rectangle(30, 30, 150, 120), rectangle(220, 30, 350, 200), rectangle(420, 30, 480, 60)],
    )  # fmt: skip


def write_plants(folder: Path, **changed: list[Any]) -> Path:
    """Write the table of plants with Chinese headings; `changed` replaces columns, None leaves one out."""
    columns = {name: values for name, values in (PLANTS | changed).items() if values is not None}
    path = folder / "工厂.geojson"
    shapes = [Point(EAST + 60, NORTH + 60), Point(EAST + 300, NORTH + 100)]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(path, driver="GeoJSON")
    return path


def write_freight(folder: Path, **changed: list[Any]) -> None:
    """Write the table of freight with Chinese headings: 2000 t over 120 km on heavy trucks."""
    columns = {"编号": ["f1"], "年货运量(万吨)": [0.2], "平均运距(km)": [120.0], "车型": ["重型货车"]} | changed
    gpd.GeoDataFrame(columns, geometry=[Point(EAST + 60, NORTH + 60)], crs=CRS).to_file(
        folder / "货运.geojson", driver="GeoJSON"
    )


def write_byproducts(folder: Path, **changed: list[Any]) -> None:
    """Write the table of by-products with Chinese headings: gypsum and ash of one site, two that take them."""
    columns: dict[str, list[Any]] = {
        "编号": ["g1", "g2", "t1", "t2"],
        "副产物名称": ["脱硫石膏", "粉煤灰", "石膏", "粉煤灰"],
        "产生量(万吨)": [0.3, 0.5, None, None],
        "需求量(吨)": [None, None, 2000.0, 1500.0],
    }
    columns |= changed
    at = ((60, 60), (62, 60), (300, 100), (420, 100))
    shapes = [Point(EAST + east, NORTH + north) for east, north in at]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(folder / "副产物.geojson", driver="GeoJSON")

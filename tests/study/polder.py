"""A polder from files as offices keep them: river, levee, gate, culvert, pump, and drains that end in a canal."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.transform import from_origin
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

CRS = "EPSG:4549"
WEST, SOUTH, CELL, ROWS, COLUMNS = 500000.0, 3400000.0, 5.0, 24, 60
CREST, LOW, RIVER_FIRST, RIVER_TOP = 4.2, 3.7, 2.0, 3.85
LOW_LENGTH = 30.0
"""Length of the levee's low stretch [m]."""

STUDY = """
[study]
name = "polder"
title = { zh = "滨河圩区", en = "Riverside polder" }
crs = "EPSG:4549"
region = "CN-SH"
year = 2025
resolution = 5
synthetic = true

[files]
terrain = { path = "地形.tif" }
study_area = { path = "范围.gpkg" }
initial_depth = { path = "初始水深.tif" }
levees = { path = "堤防.gpkg" }
gates = { path = "水闸.gpkg" }
culverts = { path = "涵洞.gpkg" }
pumps = { path = "泵站.gpkg" }
drainage = { path = "管网.inp", crs = "EPSG:4549" }
storm = { path = "雨.csv", event = "cloudburst" }
river = { role = "edge_level", path = "河道水位.csv", side = "west" }

[uniform]
manning = 0.03

[parameters."resilience.flood"]
west = "level"
north = "closed"
south = "closed"
east = "closed"
duration = 5400.0
drains = "coupled"

[alternatives.as_is]
title = { zh = "现状", en = "As it is" }
"""
MODEL = """[TITLE]
圩区雨水

[OPTIONS]
FLOW_UNITS CMS
FLOW_ROUTING DYNWAVE
START_DATE 06/01/2020
END_DATE 06/01/2020
END_TIME 02:00:00
REPORT_STEP 00:05:00
ROUTING_STEP 1

[RAINGAGES]
R1 INTENSITY 0:05 1.0 TIMESERIES T1

[SUBCATCHMENTS]
S1 R1 M1 0.3 60 60 0.3 0

[SUBAREAS]
S1 0.015 0.2 1 3 0 OUTLET

[INFILTRATION]
S1 75 5 4 7 0

[JUNCTIONS]
M1 1.7 0.9 0 0 0
M2 1.5 0.85 0 0 0

[OUTFALLS]
O1 1.0 FREE

[CONDUITS]
C1 M1 M2 60 0.013 0 0
C2 M2 O1 70 0.013 0 0

[XSECTIONS]
C1 CIRCULAR 0.6 0 0 0 1
C2 CIRCULAR 0.8 0 0 0 1

[TIMESERIES]
T1 0:00 60
T1 0:40 0

[COORDINATES]
M1 500232.5 3400062.5
M2 500172.5 3400062.5
O1 500107.5 3400062.5
"""


def ground() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return levels and first depths: river, bank, polder with a canal, a road on a dam, and a ditch behind it."""
    x = (np.arange(COLUMNS) + 0.5) * CELL + np.zeros((ROWS, 1))
    z = np.select([x < 60, x < 70, x < 250, x < 260, x < 270], [0.0, 2.8, 2.35, 4.2, 2.0], 2.5 + 0.01 * (x - 270))
    canal = (x > 100) & (x < 110)
    z[canal] = 0.8
    return z, np.where(x < 60, RIVER_FIRST, np.where(canal, 0.5, 0.0))


def _line(*points: tuple[float, float]) -> BaseGeometry:
    return LineString([(WEST + x, SOUTH + y) for x, y in points])


def _save(path: Path, shapes: list[BaseGeometry], **columns: object) -> None:
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(path)


def _raster(path: Path, values: NDArray[np.float64]) -> None:
    profile = {"driver": "GTiff", "height": ROWS, "width": COLUMNS, "count": 1, "dtype": "float32"}
    place = from_origin(WEST, SOUTH + ROWS * CELL, CELL, CELL)
    with rasterio.open(path, "w", crs=CRS, transform=place, **profile) as file:
        file.write(values.astype(np.float32), 1)


def written(folder: Path, *, text: str = STUDY) -> Path:
    """Write the polder's files and its study, and return the study's path."""
    folder.mkdir(parents=True)
    levels, depth = ground()
    _raster(folder / "地形.tif", levels)
    _raster(folder / "初始水深.tif", depth)
    _save(folder / "范围.gpkg", [box(WEST, SOUTH, WEST + COLUMNS * CELL, SOUTH + ROWS * CELL)])
    _save(
        folder / "堤防.gpkg", [_line((75, -10), (75, 80)), _line((75, 80), (75, 110)), _line((75, 110), (75, 130))],
        编号=["南段", "低洼段", "北段"], 堤顶高程=[CREST, LOW, CREST],
    )  # fmt: skip
    _save(
        folder / "水闸.gpkg", [_line((82, 30), (68, 30))],
        编号=["排涝闸"], 闸孔净宽=[3.0], 闸底高程=[2.3], 拍门闸=[1],
    )  # fmt: skip
    _save(
        folder / "涵洞.gpkg", [_line((265, 60), (245, 60))],
        编号=["路涵"], 管径=["1000mm"], 进口底高程=[2.0], 出口底高程=[1.9],
    )  # fmt: skip
    _save(
        folder / "泵站.gpkg", [_line((105, 40), (50, 40))],
        编号=["泵站"], 排涝流量=[0.4], 起泵水位=[1.5], 停泵水位=[1.1],
    )  # fmt: skip
    (folder / "管网.inp").write_bytes(MODEL.encode("gb18030"))
    rows = "".join(f"{minute},{6 if minute < 40 else 0}\n" for minute in range(0, 90, 5))
    (folder / "雨.csv").write_text(f"time_min,rain_mm\n{rows}", encoding="utf-8")
    hours = np.arange(7) * 0.25
    river = RIVER_FIRST + (RIVER_TOP - RIVER_FIRST) * np.sin(np.pi * hours / 1.5)
    told = "".join(f"{hour},{level:.3f}\n" for hour, level in zip(hours, river, strict=True))
    (folder / "河道水位.csv").write_text(f"时间(h),水位(m)\n{told}", encoding="utf-8")
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path

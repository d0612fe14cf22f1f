"""Files as planners have them, made small: in their encodings, with their gaps and faults."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import xlsxwriter
from ezdxf import filemanagement
from ezdxf.document import Drawing
from rasterio.transform import from_origin
from shapely.geometry import LineString, Polygon, box

from citybraid.sources.protocol.target import Target

CRS = "EPSG:4549"
WEST, SOUTH = 572_000.0, 3_397_000.0
TARGET = Target(CRS, 5.0)
SIDE = 100.0


def square(column: int, row: int, side: float = SIDE) -> Polygon:
    """A square of the test town, `side` metres wide, on a 100 m raster."""
    west, south = WEST + SIDE * column, SOUTH + SIDE * row
    return box(west, south, west + side, south + side)


def parcels() -> gpd.GeoDataFrame:
    """Four parcels with their controls in Chinese columns, one ratio in percent."""
    return gpd.GeoDataFrame(
        {
            "地块编号": ["A-01", "A-02", "B-01", "B-02"],
            "用地代码": ["070102", "0902", "1401", "1701"],
            "容积率": ["2.0", "３．５", "", "-"],
            "建筑密度": ["28", "40", "5", ""],
            "绿地率(%)": ["35", "25", "80", ""],
            "限高": ["≤60米", "80", "12", "/"],
        },
        geometry=[square(0, 0), square(1, 0), square(0, 1), square(1, 1)],
        crs=CRS,
    )


def buildings() -> gpd.GeoDataFrame:
    """Five buildings, some without year, floors or use."""
    return gpd.GeoDataFrame(
        {
            "编号": [f"J{number}" for number in range(1, 6)],
            "用途": ["住宅", "", "办公楼", "住宅", "住宅"],
            "层数": [6, np.nan, np.nan, 11, 18],
            "高度": [np.nan, 18.2, 39.0, np.nan, 54.0],
            "建成年代": ["1998", "", "2010年", "90年代", "0"],
        },
        geometry=[
            square(0, 0, 20),
            box(WEST + 30, SOUTH, WEST + 50, SOUTH + 20),
            square(1, 0, 30),
            box(WEST + 60, SOUTH, WEST + 80, SOUTH + 20),
            box(WEST + 60, SOUTH + 40, WEST + 80, SOUTH + 60),
        ],
        crs=CRS,
    )


def streets() -> gpd.GeoDataFrame:
    """Two streets in Chinese classes."""
    lines = [
        LineString([(WEST, SOUTH + 50), (WEST + 200, SOUTH + 50)]),
        LineString([(WEST + 95, SOUTH), (WEST + 95, SOUTH + 200)]),
    ]
    return gpd.GeoDataFrame({"等级": ["主干路", "支路"]}, geometry=lines, crs=CRS)


def shapefile(path: Path, frame: gpd.GeoDataFrame, *, encoding: str = "gb18030", bare: bool = True) -> Path:
    """Write a shapefile; `bare` takes its .prj and .cpg away."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame.to_file(path, driver="ESRI Shapefile", engine="pyogrio", encoding=encoding)
    if bare:
        path.with_suffix(".prj").unlink(missing_ok=True)
        path.with_suffix(".cpg").unlink(missing_ok=True)
    return path


def driver_byte(path: Path, value: int) -> None:
    """Set the language driver id of a shapefile's .dbf."""
    dbf = path.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[29] = value
    dbf.write_bytes(bytes(content))


def raster(
    path: Path, values: np.ndarray, *, cell: float = 2.5, nodata: float | None = None, crs: str | None = CRS
) -> Path:
    """Write a GeoTIFF whose upper left corner is the town's."""
    top = SOUTH + 200.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(
            path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype=values.dtype,
            crs=crs, transform=from_origin(WEST, top, cell, cell), nodata=nodata,
        ) as target:  # fmt: skip
            target.write(values, 1)
    return path


def drawing(path: Path, *, version: str = "R2000", codepage: str = "gbk") -> Path:
    """Write a drawing of two parcels with texts, an arc, a nearly closed ring and an open line."""
    document = filemanagement.new(version)
    document.encoding = codepage
    document.header["$INSUNITS"] = 6
    document.layers.add("用地边界")
    document.layers.add("文字标注")
    space = document.modelspace()
    first = [(WEST, SOUTH), (WEST + 100, SOUTH), (WEST + 100, SOUTH + 100), (WEST, SOUTH + 100)]
    space.add_lwpolyline(first, close=True, dxfattribs={"layer": "用地边界"})
    space.add_mtext(
        "A-01-01\\P070102 二类城镇住宅用地\\P容积率 2.5\\P建筑密度≤28%\\P绿地率：35%\\P限高60m",
        dxfattribs={"layer": "文字标注", "insert": (WEST + 50, SOUTH + 50)},
    )
    bulged = [
        (WEST + 200, SOUTH, 1.0),
        (WEST + 300, SOUTH, 0.0),
        (WEST + 300, SOUTH + 100, 0.0),
        (WEST + 200, SOUTH + 100, 0.0),
    ]
    space.add_lwpolyline(bulged, format="xyb", close=True, dxfattribs={"layer": "用地边界"})
    for at, text in enumerate(("A-01-02", "0902", "FAR=3.0")):
        space.add_text(text, dxfattribs={"layer": "文字标注", "insert": (WEST + 240, SOUTH + 20 + 10 * at)})
    open_ring = [(WEST + 400, SOUTH), (WEST + 500, SOUTH), (WEST + 500, SOUTH + 100), (WEST + 400.0, SOUTH + 0.2)]
    space.add_lwpolyline(open_ring, dxfattribs={"layer": "用地边界"})
    space.add_lwpolyline(
        [(WEST, SOUTH + 300), (WEST + 50, SOUTH + 300), (WEST + 50, SOUTH + 350)], dxfattribs={"layer": "用地边界"}
    )
    space.add_text("070102", dxfattribs={"layer": "文字标注", "insert": (WEST - 500, SOUTH)})
    document.saveas(path)
    return path


def new_drawing() -> Drawing:
    """An empty drawing in metres."""
    document = filemanagement.new("R2010")
    document.header["$INSUNITS"] = 6
    return document


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write a workbook."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, list(row))
    return path


def weather(path: Path, *, hours: int = 8760, encoding: str = "utf-8", station: str = "Jiaxing") -> Path:
    """Write an EPW file whose temperature is the number of its row modulo 24, so labels can be checked."""
    head = [f"LOCATION,{station},-,CHN,TEST,000000,30.75,120.75,8.0,5.0", *["X"] * 7]
    start = pd.Timestamp("2024-01-01" if hours == 8784 else "2023-01-01")
    times = [start + pd.Timedelta(hours=hour) for hour in range(hours)]
    rest = "5.0,70,101000,0,0,300,100,50,60,0,0,0,0,90,2.5,0,0,9,9"
    rows = [f"{at.year},{at.month},{at.day},{at.hour + 1},0,?,{at.hour}.0,{rest}" for at in times]
    path.write_bytes("\r\n".join([*head, *rows, ""]).encode(encoding))
    return path

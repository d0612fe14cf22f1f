"""The small town of nine parcels as an office would send it: Chinese names, GB 18030, no .prj, a drawing in DWG."""

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

from tests.sources.planner_files import shapefile
from tests.study.made_study import BLOCK, CELL, CRS, SIDE, SOUTH, WEST, Made

FOLDER = "南湖 片区（一）"
CANOPY = "树冠覆盖率.tif"
USES = ("070102", "0804", "1401", "0901")
CONTROLS = {
    "容积率": ("2.0", "３．５", "0.1", "1.5", "2.0", "1.2", "0.1", "1.0", "1.8"),
    "建筑密度": ("28", "30", "5", "40", "28", "30", "5", "40", "28"),
    "绿地率(%)": ("35", "35", "80", "25", "35", "35", "80", "25", "35"),
    "限高": ("≤60米", "24", "12", "80", "60", "24", "12", "80", "60"),
}


def messy_town(home: Path) -> tuple[Path, Path]:
    """Write the files; return their folder, and the file of tree canopy that is brought later."""
    made, folder = home / "made", home / FOLDER
    for each in (made, folder):
        each.mkdir(parents=True)
    Made(made, ("parcels", "buildings", "terrain", "land_cover")).written()
    parcels, buildings = gpd.read_file(made / "parcels.gpkg"), gpd.read_file(made / "buildings.gpkg")
    uses = [USES[at % len(USES)] for at in range(len(parcels))]
    _written(folder / "控规 地块.shp", {"地块编号": parcels["id"], "用地代码": uses, **CONTROLS}, parcels.geometry)
    about = {
        "编号": buildings["id"], "用途": "住宅", "层数": buildings["floors"], "高度": buildings["height"],
        "建成年代": buildings["year"].astype(str),
    }  # fmt: skip
    _written(folder / "现状建筑.shp", about, buildings.geometry)
    east, north, middle = WEST + BLOCK * SIDE, SOUTH + BLOCK * SIDE, WEST + BLOCK * 2
    halves = gpd.GeoSeries([box(WEST, SOUTH, middle, north), box(middle, SOUTH, east, north)], crs=CRS)
    _written(folder / "规划单元.shp", {"单元编号": ["W", "E"], "人口": [900, 500]}, halves)
    for name, to in {"terrain.tif": "地形 DEM.tif", "cover.tif": "地表覆盖.tif"}.items():
        shutil.copy(made / name, folder / to)
    rain = [f"{5 * step},{4.0 * (1 + step % 3)}" for step in range(12)]
    (folder / "设计暴雨.csv").write_text("\n".join(["time_min,rain_mm", *rain, ""]), encoding="utf-8")
    (folder / "底图.dwg").write_bytes(b"AC1032")
    return folder, _canopy(home / CANOPY)


def _written(path: Path, columns: dict[str, object], shapes: gpd.GeoSeries) -> None:
    shapefile(path, gpd.GeoDataFrame(columns, geometry=shapes.to_numpy(), crs=CRS))


def _canopy(path: Path) -> Path:
    """Write a canopy of a tenth everywhere on the town's ground."""
    values = np.full((40, 40), 0.1, np.float32)
    with rasterio.open(
        path, "w", driver="GTiff", height=40, width=40, count=1, dtype="float32", crs=CRS, nodata=-9999.0,
        transform=from_origin(WEST - 50, SOUTH + 350, CELL, CELL),
    ) as target:  # fmt: skip
        target.write(values, 1)
    return path

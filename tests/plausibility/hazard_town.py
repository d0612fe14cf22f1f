"""A town of fourteen homes in files with a hazard of each kind: heat waves, drought, sinking ground, shaking, rain."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import Point, box

from citybraid.core.catalogue import known
from tests.study.made_study import CRS, SOUTH, WEST, Made

CELL, CELLS = 10.0, 40
WAVES = ((2.0, 4.0, 30.0), (10.0, 7.0, 31.5), (50.0, 12.0, 33.0))
"""Return period [year], length [day] and mean temperature [degC] of heat waves that the study states."""
YEARS, RATE = 10, 12.0
"""Years of sinking, and rate at the western edge [mm year-1]; it falls to nothing at the eastern one."""
FIRST, RECORD = 1981, 36
"""First year and years of the record of months."""
USED = (
    "heat_wave", "earthquake", "quake_lifelines", "subsidence", "standardized_balance", "water_balance", "monthly",
    "latitude", "ventilation", "facilities_flooded", "rescue_access", "recovery", "lifeline", "flood", "rain", "storm",
    "soil", "residents", "building", "manning", "roughness", "terrain", "summer",
)  # fmt: skip
SKIPPED = [name for name in known() if not any(each in name for each in USED)]
TEXT = f"""
[numbers]
subsidence_years = {YEARS}
[models]
skip = {SKIPPED}
[parameters."resilience.heat_wave_mortality"]
return_periods = {[each[0] for each in WAVES]}
days = {[each[1] for each in WAVES]}
temperatures = {[each[2] for each in WAVES]}
[parameters."resilience.quake_lifelines"]
runs = 400
"""
OWN = """factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note
repair_time,power,72,,,,h,,,,user,made up for this test,
repair_time,telecom,24,,,,h,,,,user,made up for this test,
repair_time,health,72,,,,h,,,,user,made up for this test,
rescue_time_limit,hospital,1.6,,,,min,,,,user,made up for this test,
"""
"""One duration of repairs, and a limit that the farther half of so small a town does not meet."""
COMPONENTS = {"S0": ("变电站", "", 20.0), "M1": ("通信基站", "S0", 130.0), "Y1": ("医院", "S0", 220.0)}
"""Lifelines: system, supplier and place east of the corner [m]; none has power of its own."""


def written(folder: Path) -> Path:
    """Write the files and return the study file."""
    roles = ("buildings", "terrain", "land_cover", "weather", "streets", "facilities", "storm")
    study = Made(folder, roles, resolution=CELL).written()
    homes = gpd.read_file(folder / "buildings.gpkg")
    count = np.arange(len(homes))
    homes.assign(residents=20.0 + 5.0 * count, year=1970 + 3 * count, floors=2 + count).to_file(
        folder / "buildings.gpkg"
    )
    dig(folder / "terrain.tif", WEST + 220, SOUTH + 198)
    area = box(WEST - 40, SOUTH - 40, WEST + 340, SOUTH + 340)
    gpd.GeoDataFrame({"id": ["U1"], "unit_name": ["甲"]}, geometry=[area], crs=CRS).to_file(folder / "units.gpkg")
    x = np.tile(np.arange(CELLS), (CELLS, 1))
    raster(folder / "加速度.tif", 0.1 + 0.01 * x)
    raster(folder / "沉降速率.tif", RATE * (1.0 - x / (CELLS - 1)))
    parts = pd.DataFrame.from_dict(COMPONENTS, orient="index", columns=["所属系统", "依赖设施", "x"])
    places = [Point(WEST + x, SOUTH + 20) for x in parts.pop("x")]
    table = parts.assign(备用电源时长=0.0, 设备离地高度=5.0, 床位数=[np.nan, np.nan, 100.0])
    gpd.GeoDataFrame(table.rename_axis("编号").reset_index(), geometry=places, crs=CRS).to_file(folder / "生命线.gpkg")
    months().to_csv(folder / "逐月.csv", index=False)
    entries = {"units": "units.gpkg", "ground_acceleration": "加速度.tif", "subsidence_rate": "沉降速率.tif",
               "lifelines": "生命线.gpkg", "monthly_climate": "逐月.csv"}  # fmt: skip
    files = "".join(f'[files.{role}]\npath = "{name}"\n' for role, name in entries.items())
    (folder / "own.csv").write_text(OWN, encoding="utf-8")
    study.write_text(f'factors = "own.csv"\n{study.read_text(encoding="utf-8")}{files}{TEXT}', encoding="utf-8")
    return study


def dig(path: Path, x: float, y: float) -> None:
    """Dig a pit of a metre and of two cells by two under a point, the hospital's yard."""
    with rasterio.open(path, "r+") as file:
        ground = file.read(1)
        column, row = (int(each) for each in ~file.transform * (x, y))
        ground[row - 1 : row + 1, column : column + 2] -= 1.0
        file.write(ground, 1)


def months() -> pd.DataFrame:
    """Return a record of months as a weather bureau hands it out: rain in mm, mean temperature in degC."""
    chance = np.random.default_rng(3)
    count = 12 * RECORD
    season = np.tile([55, 60, 90, 85, 100, 190, 150, 160, 110, 65, 55, 45], RECORD)
    swing = 16.5 - 12.0 * np.cos(2.0 * np.pi * (np.arange(count) % 12 - 0.3) / 12.0)
    stamps = pd.period_range(f"{FIRST}-01", periods=count, freq="M").astype(str)
    return pd.DataFrame({
        "月份": stamps, "月降水量(mm)": np.round(season * chance.gamma(2.5, 0.4, count), 1),
        "月平均气温(℃)": np.round(swing + chance.normal(0.0, 1.2, count), 1),
    })  # fmt: skip


def raster(path: Path, values: np.ndarray) -> None:
    """Write cells of the town's square as a GeoTIFF."""
    profile = {"driver": "GTiff", "height": CELLS, "width": CELLS, "count": 1, "dtype": "float32", "crs": CRS,
               "transform": from_origin(WEST - 50, SOUTH + 350, CELL, CELL), "nodata": -9999.0}  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        target.write(values.astype(np.float32), 1)

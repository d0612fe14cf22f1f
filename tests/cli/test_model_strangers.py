"""citybraid model on files as strangers have them: axes exchanged, two zones in one file, sheets with totals."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import affinity
from shapely.geometry import Polygon, box

from tests.cli.test_model_command import citybraid, dem
from tests.sources.planner_files import shapefile

WEST, SOUTH = 512_000.0, 3_450_000.0
MODEL = ("model", "integrate.bridges.floor_area", "--buildings")


def houses() -> gpd.GeoDataFrame:
    """Six houses in a row, of two storeys."""
    shapes = [box(WEST + 30 * at, SOUTH, WEST + 30 * at + 20, SOUTH + 10) for at in range(6)]
    return gpd.GeoDataFrame({"floors": [2] * 6, "use": ["住宅"] * 6}, geometry=shapes, crs="EPSG:4549")


def exchanged(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The shapes with y before x, under the same coordinate system."""
    turned = [Polygon([(y, x) for x, y in shape.exterior.coords]) for shape in frame.geometry]
    return frame.set_geometry(gpd.GeoSeries(turned, index=frame.index, crs=frame.crs))


@pytest.mark.parametrize("crs", ["EPSG:4549", "EPSG:4490"])
def test_northing_before_easting_is_exchanged_and_told(crs: str, tmp_path: Path) -> None:
    exchanged(houses().to_crs(crs)).to_file(tmp_path / "房屋.gpkg", engine="pyogrio")
    done = citybraid([*MODEL, "房屋.gpkg", "--out", "out"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "fit only in the other order" in done.stderr
    assert "已对调" in done.stderr
    made = gpd.read_file(tmp_path / "out" / "floor_area.gpkg").to_crs("EPSG:4549")
    assert made["floor_area"].to_numpy() == pytest.approx(np.full(6, 400.0), rel=2e-3)
    assert made.total_bounds == pytest.approx(houses().total_bounds, abs=0.01)
    strict = citybraid([*MODEL, "房屋.gpkg", "--strict", "--out", "never"], tmp_path)
    assert strict.returncode == 2


def test_two_zones_in_one_file_are_refused(tmp_path: Path) -> None:
    """The middle of both was nowhere on Earth, which ended in a traceback."""
    here, there = houses().iloc[:3], houses().iloc[3:].to_crs("EPSG:4548")
    shapes = [affinity.translate(each, 40e6) for each in here.geometry]
    shapes += [affinity.translate(each, 39e6) for each in there.geometry]
    shapefile(tmp_path / "houses.shp", gpd.GeoDataFrame({"floors": [2] * 6}, geometry=shapes))
    done = citybraid([*MODEL, "houses.shp", "--crs", "EPSG:4549", "--out", "never"], tmp_path)
    assert done.returncode == 2, done.stderr
    assert "nowhere on Earth" in done.stderr
    assert "按投影带拆分文件" in done.stderr


def test_an_advice_for_the_study_file_says_what_to_do_without_one(tmp_path: Path) -> None:
    frame = houses()
    frame.set_geometry(frame.translate(40e6)).to_file(tmp_path / "houses.gpkg", engine="pyogrio")
    done = citybraid([*MODEL, "houses.gpkg", "--out", "never"], tmp_path)
    assert done.returncode == 2
    assert "EPSG:4528" in done.stderr
    assert "has no study file to write that into" in done.stderr
    assert "单独运行模型时没有项目文件可写" in done.stderr


@pytest.mark.parametrize("more", [(), ("--crs", "EPSG:4549")])
def test_a_sheet_in_place_of_shapes_is_refused_as_such(more: tuple[str, ...], tmp_path: Path) -> None:
    """It was told that the coordinate system, or the plan area, is missing."""
    rows = [["A-01", "住宅", 3], ["小计", "", 3], ["A-02", "住宅", 3], ["合计", "", 6]]
    pd.DataFrame(rows, columns=["编号", "用途", "层数"]).to_excel(tmp_path / "房屋.xlsx", index=False)
    done = citybraid([*MODEL, "房屋.xlsx", *more, "--out", "never"], tmp_path)
    assert done.returncode == 2
    assert "brings no shapes" in done.stderr, done.stderr
    assert "没有图形" in done.stderr


def test_totals_below_points_are_no_points(tmp_path: Path) -> None:
    dem(tmp_path / "depth.tif", np.full((12, 16), 0.5, "float32"))
    rows = [["a", "hospital", 500_020, 3_399_980], ["b", "school", 500_040, 3_399_960], ["合计", "", "", ""]]
    frame = pd.DataFrame(rows, columns=["名称", "facility_kind", "x", "y"])
    frame.to_csv(tmp_path / "设施.csv", index=False, encoding="gb18030")
    done = citybraid(
        ["model", "resilience.facilities_flooded", "--facilities", "设施.csv", "--max-depth", "depth.tif",
         "--crs", "EPSG:4549", "--out", "out"], tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(gpd.read_file(next((tmp_path / "out").glob("*.gpkg")))) == 2

"""Rows without a usable value in a column of numbers: which, where, and what is done with them."""

import math

import geopandas as gpd
import pytest
from shapely.geometry import box

from citybraid.core.finding import Finding
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.quality.value_problems import of_shape
from tests.sources.planner_files import CRS, TARGET

COUNT = 30
HEIGHTS = [9.0 + 3 * (each % 5) for each in range(COUNT)]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Intake:
    """Buildings of which one has a height of NaN and one an infinite one."""
    folder = tmp_path_factory.mktemp("空值")
    heights = [math.nan if each == 7 else math.inf if each == 9 else one for each, one in enumerate(HEIGHTS)]
    footprints = [box(572_000 + 20 * each, 3_397_000, 572_010 + 20 * each, 3_397_012) for each in range(COUNT)]
    table = {
        "编号": [f"B{each:02d}" for each in range(COUNT)], "高度": heights, "用途": ["住宅"] * COUNT,
        "层数": [3 + each % 5 for each in range(COUNT)],
    }  # fmt: skip
    gpd.GeoDataFrame(table, geometry=footprints, crs=CRS).to_file(folder / "buildings.gpkg", engine="pyogrio")
    return take_in({"buildings": FileSpec(path="buildings.gpkg")}, TARGET, root=folder)


def told(read: Intake, text: str) -> Finding:
    (finding,) = (each for each in read.findings if each.text == text and each.values.get("var") == "height")
    return finding


def test_rows_without_a_number_are_told_with_what_is_done(read: Intake) -> None:
    filled = told(read, "intake.cells_filled")
    assert (filled.kind, filled.count, filled.values["row_ids"]) == ("guessed", 2, ["B07", "B09"])
    assert told(read, "intake.cell_no_number").values["row_ids"] == ["B09"]


def test_their_places_are_on_the_map(read: Intake) -> None:
    spots = {each.row: each for each in read.problems if each.text == "intake.value_filled"}
    assert set(spots) == {"B07", "B09"}
    assert spots["B07"].mended
    assert not of_shape(spots["B07"])
    assert spots["B07"].shape.centroid.x == pytest.approx(572_145.0, abs=0.01)
    assert "B07" in spots["B07"].say("zh")

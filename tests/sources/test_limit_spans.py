"""Controls given as spans keep both ends through every door: texts of drawings, workbooks, shapefiles, own columns."""

import math
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from citybraid.sources.cad.plan_texts import is_same_value, stated_values
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.text.limits import limit_ends
from citybraid.sources.text.number_columns import convert_column
from tests.sources.planner_files import CRS, TARGET, new_drawing, shapefile, square
from tests.sources.readers.drawings import draw, ring, saved, write

VARS = vocabulary()
NUMBERS = ["A-01", "A-02", "A-03", "A-04"]
RATIOS = ["1.5-2.5", "≥1.2且≤2.0", "≤2.5", "≥1.0"]
DENSITIES = ["20%-35%", "≤30%", "≥40%", "30%"]
HEIGHTS = ["24～60米", "≤60", "≥24", "18<H≤54"]
GREENS = ["≥30%", "25%~35%", "≤20%", "30%"]
LOW_RATIO, HIGH_RATIO = [1.5, 1.2, None, 1.0], [2.5, 2.0, 2.5, None]
EXPECTED = {
    "floor_area_ratio": HIGH_RATIO, "least_floor_area_ratio": LOW_RATIO,
    "building_density": [0.35, 0.30, None, 0.30], "least_building_density": [0.20, None, 0.40, None],
    "height_limit": [60.0, 60.0, None, 54.0], "least_height": [24.0, None, 24.0, 18.0],
    "green_ratio": [0.30, 0.25, None, 0.30], "most_green_ratio": [None, 0.35, 0.20, None],
}  # fmt: skip
"""By parcel, as a planner reads the texts above."""
COLUMNS = {"地块编号": NUMBERS, "容积率": RATIOS, "建筑密度": DENSITIES, "建筑限高": HEIGHTS, "绿地率": GREENS}


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("1.5-2.5", ("1.5", "2.5")), ("2.0~2.5", ("2.0", "2.5")), ("2.0 ～ 2.5", ("2.0", "2.5")),
        ("2.0—2.5", ("2.0", "2.5")), ("2.0至2.5", ("2.0", "2.5")), ("≤2.5", ("", "2.5")), ("<=2.5", ("", "2.5")),
        ("不大于2.5", ("", "2.5")), ("≥1.2", ("1.2", "")), ("不小于1.2", ("1.2", "")), ("1.2以上", ("1.2", "")),
        ("≥1.2且≤2.0", ("1.2", "2.0")), ("≤2.0且≥1.2", ("1.2", "2.0")), ("≥1.2，≤2.0", ("1.2", "2.0")),
        (">=1.2 and <=2.0", ("1.2", "2.0")), ("不小于1.2且不大于2.0", ("1.2", "2.0")),
        ("1.5<FAR≤2.5", ("1.5", "2.5")), ("1.5≤容积率≤2.5", ("1.5", "2.5")), ("2.5≥FAR≥1.5", ("1.5", "2.5")),
        ("1.2以上2.0以下", ("1.2", "2.0")), ("[1.2,2.5]", ("1.2", "2.5")), ("1.2(含)-2.0", ("1.2", "2.0")),
        ("20-30m", ("20m", "30m")), ("20%-35%", ("20%", "35%")), ("24米至60米", ("24米", "60米")),
    ],
)  # fmt: skip
def test_limits_as_plans_write_them(text: str, ends: tuple[str, str]) -> None:
    assert limit_ends(text) == ends


@pytest.mark.parametrize(
    "text", ["2.5", "2024-03-05", "A-03", "2.5公顷", "≥1.2且≥2.0", "1.5≤FAR≥2.5", "1-2-3", "", "R2"]
)
def test_what_is_no_limit(text: str) -> None:
    assert limit_ends(text) is None


@given(st.floats(0.1, 9.0), st.floats(0.1, 9.0), st.sampled_from(["{}-{}", "{}~{}", "≥{}且≤{}", "{}<FAR≤{}", "{}至{}"]))
def test_both_ends_of_any_increasing_span_are_kept_and_no_other_span(one: float, two: float, form: str) -> None:
    first, second = f"{one:.2f}", f"{two:.2f}"
    column = pd.Series([form.format(first, second)], dtype=object)
    found = convert_column(column, VARS["floor_area_ratio"], layer="parcels", header="容积率")
    increasing = float(first) < float(second)
    assert found.column[0] == (float(second) if increasing else pytest.approx(math.nan, nan_ok=True))
    assert found.other[0] == (float(first) if increasing else pytest.approx(math.nan, nan_ok=True))
    told = [finding.text for finding in found.findings]
    assert told == ["intake.cell_limit_span" if increasing else "intake.cell_no_number"]


def test_percents_without_signs_are_shares_at_both_ends() -> None:
    column = pd.Series(["20-35", "≤30", "≥40"], dtype=object)
    found = convert_column(column, VARS["building_density"], layer="parcels", header="建筑密度")
    assert found.column.tolist() == pytest.approx([0.35, 0.30, math.nan], nan_ok=True)
    assert found.other.tolist() == pytest.approx([0.20, math.nan, 0.40], nan_ok=True)


def test_an_end_out_of_range_is_told_and_the_other_kept() -> None:
    column = pd.Series(["1.5-250"], dtype=object)
    found = convert_column(column, VARS["floor_area_ratio"], layer="parcels", header="容积率")
    assert math.isnan(found.column[0])
    assert found.other[0] == 1.5
    assert "intake.cell_out_of_range" in {finding.text for finding in found.findings}


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("容积率 1.5~2.5", {"floor_area_ratio": "1.5~2.5"}),
        ("容积率：≥1.2且≤2.0", {"floor_area_ratio": "≥1.2且≤2.0"}),
        ("FAR≥1.2，≤2.0", {"floor_area_ratio": "≥1.2，≤2.0"}),
        ("1.5<FAR≤2.5", {"floor_area_ratio": "1.5<≤2.5"}),
        ("容积率≥1.2", {"least_floor_area_ratio": "1.2"}),
        ("容积率不小于1.2", {"least_floor_area_ratio": "1.2"}),
        ("容积率下限 1.2", {"least_floor_area_ratio": "1.2"}),
        ("绿地率≤20%", {"most_green_ratio": "20%"}),
        ("绿地率≥30%", {"green_ratio": "30%"}),
        ("R2 1.5≤FAR≤2.5 H≤60", {"land_use": "R2", "floor_area_ratio": "1.5≤≤2.5", "height_limit": "60"}),
        ("B1/1.5-3.2/80", {"land_use": "B1", "floor_area_ratio": "1.5-3.2", "height_limit": "80"}),
    ],
)
def test_limits_in_the_texts_of_a_drawing(line: str, stated: dict[str, str]) -> None:
    assert stated_values([line], (*EXPECTED, "land_use", "plot_number"))[0] == stated


def test_a_span_written_in_two_ways_does_not_contradict_itself() -> None:
    assert is_same_value("floor_area_ratio", "1.5-2.5", "≥1.5且≤2.50")
    assert not is_same_value("floor_area_ratio", "1.5-2.5", "1.0-2.5")


def plots() -> list[object]:
    return [square(column, 0) for column in range(4)]


def as_drawing(root: Path) -> dict[str, FileSpec]:
    document = new_drawing()
    labels = ("容积率", "建筑密度", "限高", "绿地率")
    for number in range(4):
        draw(document, ring(100.0 * number))
        write(document, NUMBERS[number], 100.0 * number + 20, 80)
        for row, (label, values) in enumerate(zip(labels, (RATIOS, DENSITIES, HEIGHTS, GREENS), strict=True)):
            text = values[number].replace("H", label) if "H" in values[number] else f"{label}{values[number]}"
            write(document, text, 100.0 * number + 20, 60 - 12 * row)
    saved(document, root)
    return {"parcels": FileSpec(path="图.dxf", crs=CRS)}


def as_shapefile(root: Path) -> dict[str, FileSpec]:
    shapefile(root / "地块.shp", gpd.GeoDataFrame(COLUMNS, geometry=plots(), crs=CRS))
    return {"parcels": FileSpec(path="地块.shp", crs=CRS)}


def as_workbook(root: Path) -> dict[str, FileSpec]:
    gpd.GeoDataFrame({"地块编号": NUMBERS}, geometry=plots(), crs=CRS).to_file(root / "地块.gpkg")
    with xlsxwriter.Workbook(root / "指标表.xlsx") as book:
        sheet = book.add_worksheet()
        for column, (header, values) in enumerate(COLUMNS.items()):
            sheet.write_column(0, column, [header, *values])
    controls = FileSpec(path="指标表.xlsx", role="parcels")
    return {"parcels": FileSpec(path="地块.gpkg"), "controls": controls}


def as_columns_of_their_own(root: Path) -> dict[str, FileSpec]:
    names = {
        "floor_area_ratio": "容积率上限", "least_floor_area_ratio": "容积率下限", "building_density": "建筑密度上限",
        "least_building_density": "建筑密度下限", "height_limit": "建筑高度上限", "least_height": "建筑高度下限",
        "green_ratio": "绿地率下限", "most_green_ratio": "绿地率上限",
    }  # fmt: skip
    columns = {names[name]: values for name, values in EXPECTED.items()}
    frame = gpd.GeoDataFrame({"地块编号": NUMBERS, **columns}, geometry=plots(), crs=CRS)
    frame.to_file(root / "地块.gpkg")
    return {"parcels": FileSpec(path="地块.gpkg")}


@pytest.mark.parametrize("door", [as_drawing, as_shapefile, as_workbook, as_columns_of_their_own])
def test_both_ends_come_through_every_door(tmp_path: Path, door: Callable[[Path], dict[str, FileSpec]]) -> None:
    intake = take_in(door(tmp_path), TARGET, root=tmp_path, rules=Rules(TARGET, region="CN"))
    columns = {layer.var.name: layer.value for layer in intake.layers if layer.var.on == "parcels"}
    for name, values in EXPECTED.items():
        expected = [math.nan if value is None else value for value in values]
        assert columns[name].sort_index().tolist() == pytest.approx(expected, nan_ok=True), name
    told = {finding.text for finding in intake.findings if finding.text.startswith("intake.cell_limit")}
    spans = {"intake.cell_limit_span", "intake.cell_limit_span_least"}
    alone = {"intake.cell_limit_other", "intake.cell_limit_other_most"}
    expected_texts = {"as_columns_of_their_own": set[str](), "as_drawing": spans}
    assert told == expected_texts.get(door.__name__, spans | alone)


def test_a_sentence_says_which_end_the_plan_is_computed_with(tmp_path: Path) -> None:
    intake = take_in(as_shapefile(tmp_path), TARGET, root=tmp_path, rules=Rules(TARGET, region="CN"))
    spans = [each for each in intake.findings if each.text == "intake.cell_limit_span"]
    ratio = next(each for each in spans if each.values["var"] == "floor_area_ratio")
    assert ratio.count == 2
    assert "the plan is computed with the upper end" in ratio.say("en")
    assert "规划方案按上限计算" in ratio.say("zh")


def test_an_own_column_outranks_the_end_of_a_span_and_the_difference_is_told(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"地块编号": NUMBERS, "容积率": RATIOS, "容积率下限": [1.5, 1.3, None, None]}, geometry=plots(), crs=CRS
    )
    frame.to_file(tmp_path / "地块.gpkg")
    files = {"parcels": FileSpec(path="地块.gpkg")}
    intake = take_in(files, TARGET, root=tmp_path, rules=Rules(TARGET, region="CN"))
    columns = {layer.var.name: layer.value for layer in intake.layers}
    assert columns["least_floor_area_ratio"].sort_index().tolist() == pytest.approx(
        [1.5, 1.3, math.nan, 1.0], nan_ok=True
    )
    (differs,) = [each for each in intake.findings if each.text == "intake.limit_ends_differ"]
    assert (differs.count, differs.values["examples"]) == (1, ["1.3 / 1.2"])


def test_an_upper_limit_beside_a_ratio_is_never_taken_for_a_lower_one(tmp_path: Path) -> None:
    """容积率上限 and 容积率下限 differ by one letter."""
    frame = gpd.GeoDataFrame(
        {"地块编号": NUMBERS, "容积率": ["2.0"] * 4, "容积率上限": ["2.2"] * 4}, geometry=plots(), crs=CRS
    )
    frame.to_file(tmp_path / "地块.gpkg")
    files = {"parcels": FileSpec(path="地块.gpkg")}
    intake = take_in(files, TARGET, root=tmp_path, rules=Rules(TARGET, region="CN"))
    assert "least_floor_area_ratio" not in {layer.var.name for layer in intake.layers}

"""Rows and shapes that are totals or means of others are told and left out, in every table with named rows."""

import geopandas as gpd
import pytest
from shapely.geometry import box

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.target import Target
from citybraid.sources.roles.sheets.population import read as read_population
from citybraid.sources.tabular.cells import header_names
from citybraid.sources.tabular.sheets import SUMS, Sheet, table
from citybraid.sources.tabular.tables import ColumnOptions, table_reading

WORDS = ["全区", "全市", "全域", "汇总", "合计", "小计", "总 计", "A街坊小计", "Total", "Totals", "Grand Total",
         "Subtotal", "Whole area", "平均", "平均值", "Average"]  # fmt: skip
HEADS = {"parcels": ("地块编号", "容积率"), "units": ("名称", "人口"), "population": ("社区", "常住人口")}


def read(role: str, rows: list[list[object]]) -> Sheet:
    return table([list(HEADS[role]), *rows], role, name="表.csv", words=header_names(role))


@pytest.mark.parametrize("role", HEADS)
@pytest.mark.parametrize("word", WORDS)
def test_a_row_of_a_total_is_told_and_left_out(role: str, word: str) -> None:
    sheet = read(role, [["A-01", 2], ["A-02", 3], [word, 5]])
    assert sheet.frame[HEADS[role][0]].tolist() == ["A-01", "A-02"]
    aside = next(each for each in sheet.findings if each.text == "intake.sheet_asides")
    assert (aside.count, aside.values["examples"]) == (1, [word.replace("  ", " ")])


@pytest.mark.parametrize("word", ["全区", "全市", "平均"])
def test_a_name_of_the_whole_that_stands_alone_or_repeats_is_a_name(word: str) -> None:
    assert len(read("units", [[word, 5]]).frame) == 1
    assert len(read("units", [[word, 5], [word, 6], ["A", 1], ["B", 2]]).frame) == 4
    assert len(read("units", [["A", 5], [word, 5]]).frame) == 2


def test_the_population_of_the_whole_is_the_total_that_the_sheet_states() -> None:
    sheet = read("population", [["东社区", 3000], ["西社区", 2000], ["全区", 5100]])
    assert sheet.frame.attrs[SUMS] == [{"社区": "全区", "常住人口": "5100"}]
    reading = read_population(sheet.frame, CellOptions(), Target("EPSG:4545", 10.0), name="人口.csv")
    assert reading.layers[0].value.to_dict() == {"东社区": 3000.0, "西社区": 2000.0}
    assert reading.layers[0].value.attrs[SUMS] == 5100.0


@pytest.mark.parametrize(("role", "header"), [("units", "名称"), ("parcels", "地块编号"), ("blocks", "街坊名称")])
@pytest.mark.parametrize("word", ["全区", "合计", "Total"])
def test_a_shape_of_the_whole_counts_nothing_twice(role: str, header: str, word: str) -> None:
    shapes = [box(0, 0, 100, 100), box(0, 0, 200, 100), box(100, 0, 200, 100)]
    frame = gpd.GeoDataFrame({header: ["东", word, "西"]}, geometry=shapes, crs="EPSG:4545")
    reading = table_reading(frame, role, ColumnOptions(), Target("EPSG:4545", 10.0), name="图.gpkg")
    assert reading.layers[0].value.area.to_dict() == {"东": 1e4, "西": 1e4}
    told = next(each for each in reading.findings if each.text == "intake.shapes_total")
    assert (told.kind, told.count, told.values["examples"]) == ("rejected", 1, [word])


def test_one_shape_of_the_whole_is_kept() -> None:
    frame = gpd.GeoDataFrame({"名称": ["全区"]}, geometry=[box(0, 0, 100, 100)], crs="EPSG:4545")
    reading = table_reading(frame, "units", ColumnOptions(), Target("EPSG:4545", 10.0), name="图.gpkg")
    assert list(reading.layers[0].value.index) == ["全区"]

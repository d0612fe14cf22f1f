"""From a planner's files, by the command line, to the control table that planners hand over."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from python_calamine import CalamineWorkbook
from shapely.geometry import Point, box

from tests.commands import citybraid
from tests.study.test_flood_plan import CELL, CRS, NORTH, SIDE, WEST, shelled

pytestmark = pytest.mark.slow

CONTROLS: dict[str, list[Any]] = {
    "地块编号": ["乙-01", "甲-01", "甲-02", "乙-02"], "用地代码": ["0901", "070102", "1401", "0804"],
    "容积率": [2.5, 1.8, None, 1.0], "建筑密度": [0.4, 0.28, None, 0.3], "建筑限高": [60.0, 54.0, None, 24.0],
    "绿地率": [0.25, 0.35, 0.8, 0.35], "年径流总量控制率": [0.7, 0.75, 0.85, 0.75],
    "建设状态": ["规划", "现状", "现状", "规划"],
}  # fmt: skip
STATED = {
    "容积率": ("容积率", 1.0), "建筑高度": ("建筑限高", 1.0), "建筑密度": ("建筑密度", 100.0),
    "绿地率": ("绿地率", 100.0),
    "年径流总量控制率": ("年径流总量控制率", 100.0),
}  # fmt: skip
"""By control of the table: the column of the file that states it, and the factor to the table's unit."""
FIRST = [
    "编号",
    "用地代码",
    "用地性质",
    "用地面积",
    "容积率",
    "建筑密度",
    "建筑高度",
    "绿地率",
    "配套设施",
    "年径流总量控制率",
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run of four parcels with stated controls, a fire station on one of them."""
    path = shelled(tmp_path_factory.mktemp("控规") / "片区")
    half = CELL * SIDE / 2
    corners = [(column * half, row * half) for row in (0, 1) for column in (0, 1)]
    plots = [box(WEST + x, NORTH - y - half, WEST + x + half, NORTH - y).buffer(-6.0, join_style="mitre")
             for x, y in corners]  # fmt: skip
    gpd.GeoDataFrame(CONTROLS, geometry=plots, crs=CRS).to_file(path.parent / "地块.gpkg")
    station = {"设施类型": ["消防站"]}
    gpd.GeoDataFrame(station, geometry=[Point(WEST + 120.0, NORTH - 120.0)], crs=CRS).to_file(path.parent / "设施.gpkg")
    text, _, _ = path.read_text(encoding="utf-8").partition("[alternatives.houses]")
    text = text.replace("[[storms]]", '[files.facilities]\npath = "设施.gpkg"\n\n[[storms]]', 1)
    path.write_text(text, encoding="utf-8")
    done = citybraid("run", str(path), "--threads", "1")
    assert done.returncode == 0, done.stderr
    return path.parent / "runs" / "001" / "report"


def rows(report: Path) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(report / "report.zh.xlsx")
    name = next(each for each in book.sheet_names if each.startswith("地块控制指标一览表"))
    return [list(row) for row in book.get_sheet_by_name(name).to_python()]


def test_stated_controls_stand_in_the_row_of_their_parcel(report: Path) -> None:
    table = rows(report)
    heads = [str(head) for head in table[1]]
    assert heads[: len(FIRST)] == FIRST
    assert heads[-1] == "备注"
    by_number = {str(row[0]): dict(zip(heads, row, strict=True)) for row in table[3:7]}
    assert set(by_number) == set(CONTROLS["地块编号"])
    for at, number in enumerate(CONTROLS["地块编号"]):
        row = by_number[number]
        assert row["用地代码"] == CONTROLS["用地代码"][at]
        for name, (stated, scale) in STATED.items():
            value = CONTROLS[stated][at]
            assert row[name] == ("" if value is None else pytest.approx(scale * float(value)))
        assert str(row["备注"]).startswith(CONTROLS["建设状态"][at])
    assert by_number["乙-02"]["配套设施"] == "消防救援站"
    assert by_number["乙-01"]["用地性质"] == "商业用地"


def test_the_layer_holds_the_same_rows_as_the_workbook(report: Path) -> None:
    layer = gpd.read_file(report / "gis" / "plan.gpkg", layer="control_table").set_index("编号")
    table = rows(report)
    heads = [str(head) for head in table[1]]
    for row in table[3:7]:
        told = dict(zip(heads, row, strict=True))
        mine = layer.loc[str(told["编号"])]
        assert float(told["用地面积"]) == pytest.approx(mine["用地面积"])
        assert told["备注"] == mine["备注"]
        far = told["容积率"]
        assert np.isnan(mine["容积率"]) if far == "" else mine["容积率"] == pytest.approx(far)


def test_each_block_has_its_sheet(report: Path) -> None:
    assert {path.name for path in (report / "sheets" / "zh").iterdir()} == {"block_01.png", "block_02.png"}
    assert (report / "control_sheets.zh.docx").exists()

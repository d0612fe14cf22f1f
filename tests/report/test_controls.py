"""The control table as planners write it: one row per parcel in XLSX, DOCX and GPKG, and a sheet for each block."""

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from citybraid.core.text import say
from citybraid.report.chapter import Table, in_words
from citybraid.report.chapters.c80_plan import chapter
from citybraid.report.controls.block_sheets import block_chapters
from citybraid.report.controls.blocks import blocks, number_order
from citybraid.report.controls.control_sheet import control_sheet
from citybraid.report.controls.master_table import master_attributes, master_table
from citybraid.report.view import View
from citybraid.study.run.run import Run

PLANNERS = ["编号", "用地代码", "用地性质", "用地面积", "容积率", "建筑密度", "建筑高度", "绿地率", "配套设施",
            "年径流总量控制率", "备注"]  # fmt: skip


def test_a_row_per_parcel_with_the_columns_of_planners(run: Run) -> None:
    sheet = control_sheet(View(run))
    assert sheet is not None
    assert [in_words(column.title, "zh") for column in sheet.columns] == PLANNERS
    assert len(sheet.frame) == 16
    assert sheet.frame.index.is_unique
    row = sheet.frame.loc["P003"]
    assert row["number"] == "嘉南-03"
    assert row["code"] == "0804"
    assert row["far"] == pytest.approx(1.25)
    assert in_words(sheet.frame["note"]["P003"], "zh") == "规划；计算值突破限值：容积率 1.38"
    assert in_words(sheet.frame["note"]["P009"], "en") == "existing"


def test_areas_are_those_of_the_shapes(run: Run) -> None:
    sheet, shapes = control_sheet(View(run)), View(run).shapes("as_is", "parcels")
    assert sheet is not None
    assert shapes is not None
    np.testing.assert_allclose(sheet.frame["area"], shapes.area)


def test_detailed_plans_have_mandatory_and_indicative_controls_and_master_plans_attributes_of_their_own(
    run: Run,
) -> None:
    sheet = control_sheet(View(run))
    assert sheet is not None
    kinds = in_words(sheet.kinds, "zh")
    assert kinds.startswith("规定性指标：用地性质、用地面积、容积率")
    assert "约束性" not in kinds
    tables = {block.name: block for block in chapter(View(run)).blocks if isinstance(block, Table)}
    long_form = {in_words(kind, "zh") for kind in tables["controls_as_is"].frame["binding"]}
    assert long_form == {"规定性"}
    master = tables["master"]
    assert {in_words(kind, "zh") for kind in master.frame["attribute"]} <= {"约束性", "预期性", "建议性", "–"}
    assert set(master_attributes().values()) <= {"binding", "expected", "advisory"}


def test_what_the_plan_should_state_and_does_not_is_told_apart_from_what_is_indicative(run: Run) -> None:
    sheet = control_sheet(View(run))
    assert sheet is not None
    both = sheet._replace(mandatory=("land_use", "far"), indicative=("population", "setback", "parking"))
    assert in_words(both.kinds, "zh") == (
        "规定性指标：用地性质、容积率。引导性指标（计算值）：人口规模。规划未规定的规定性指标（计算值）：退界、配建停车。"
    )
    alone = sheet._replace(mandatory=("land_use",), indicative=("parking",))
    assert in_words(alone.kinds, "en") == (
        "Mandatory: Land use. Mandatory, but not stated by the plan (computed): Parking."
    )


def test_a_plan_that_states_no_ratio_is_shown_what_stands_on_its_parcels(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run.table("controls/as_is")
    assert whole is not None
    computed = whole[whole["control"] == "far"].set_index("parcel")["computed"]
    silent = whole.copy()
    silent.loc[silent["control"] == "far", ["stated", "opposite", "limit"]] = np.nan
    monkeypatch.setattr(Run, "table", lambda *_, **__: silent)
    sheet = control_sheet(View(run))
    assert sheet is not None
    assert [in_words(column.title, "zh") for column in sheet.columns] == PLANNERS
    assert computed.notna().any()
    np.testing.assert_array_equal(sheet.frame["far"], computed.reindex(sheet.frame.index))
    assert "far" not in sheet.mandatory
    assert in_words(sheet.kinds, "zh").endswith("规划未规定的规定性指标（计算值）：容积率。")


def test_the_master_table_holds_master_indicators_alone(run: Run) -> None:
    table = master_table(View(run))
    assert table is not None
    names = [in_words(name, "en") for name in table.frame["indicator"]]
    assert names == [say(f"indicator.{name}", "en") for name in ("building_emissions", "net_emissions", "flooded_area")]
    assert table.frame["target"].tolist()[-1] == 1.0


@pytest.mark.parametrize(("language", "head"), [("zh", PLANNERS), ("en", None)])
def test_the_workbook_has_every_parcel_in_one_sheet(report: Path, language: str, head: list[str] | None) -> None:
    book = CalamineWorkbook.from_path(report / f"report.{language}.xlsx")
    name = next(each for each in book.sheet_names if each.startswith(("地块控制指标一览表", "Control table by parcel")))
    rows = book.get_sheet_by_name(name).to_python()
    assert head is None or rows[1] == head
    by_number = [f"嘉南-{number:02d}" for number in range(16) if number != 3]
    assert [row[0] for row in rows[3:19]] == [
        "嘉南-03",
        *by_number,
    ]  # the planned parcel that breaches a limit is first


def test_the_geopackage_has_the_same_table_with_described_columns(report: Path) -> None:
    path = report / "gis" / "plan.gpkg"
    layer = gpd.read_file(path, layer="control_table").set_index("id")
    assert list(layer.columns) == [*PLANNERS, "溯源码", "geometry"]
    assert layer.loc["P003", "溯源码"] == "P1-0004"
    assert len(layer) == 16
    np.testing.assert_allclose(layer["用地面积"], layer.area / 1e4, rtol=1e-9)
    assert layer.loc["P003", "容积率"] == pytest.approx(1.25)
    assert layer.loc["P003", "备注"] == "规划；计算值突破限值：容积率 1.38"
    with closing(sqlite3.connect(path)) as connection:
        told = dict(
            connection.execute("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'control_table'")
        )
    assert told["用地面积"] == "用地面积 Plot area [公顷]"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_document_has_a_sheet_for_each_block_with_map_controls_facilities_and_notes(
    report: Path, language: str
) -> None:
    document = Document(str(report / f"control_sheets.{language}.docx"))
    text = "\n".join(each.text for each in document.paragraphs)
    assert len(document.inline_shapes) == len(document.tables) == 1
    assert len(document.tables[0].rows) == 17
    for part in {"zh": ("嘉南街坊", "配套设施：", "共 16 个地块", "通则"),
                 "en": ("Block 嘉南", "Facilities: ", "16 parcels", "General provisions")}[language]:  # fmt: skip
        assert part in text
    assert {"zh": "，1 个街坊", "en": ": 1 block"}[language] in text, "the cover repeated the kind of document"
    assert (report / "sheets" / language / "block_01.png").stat().st_size > 5000


def test_blocks_are_the_first_part_of_plot_numbers_in_order(run: Run) -> None:
    groups = blocks(View(run), "as_is")
    assert list(groups) == ["嘉南"]
    assert groups["嘉南"][:2] == ["P000", "P001"]


class Renumbered:
    """A view whose parcels have other plot numbers."""

    def __init__(self, view: View, numbers: dict[str, str]) -> None:
        self._view, self._numbers = view, numbers

    def __getattr__(self, name: str) -> object:
        return getattr(self._view, name)

    def parcel_name(self, parcel: str) -> str:
        return self._numbers.get(parcel, parcel)


def test_numbers_of_several_blocks_divide_and_numbers_without_blocks_do_not(run: Run) -> None:
    names = [f"P{number:03d}" for number in range(16)]
    two = {name: f"{'A-1' if at < 10 else 'B'}-{at:02d}" for at, name in enumerate(names)}
    assert {block: len(each) for block, each in blocks(Renumbered(View(run), two), "as_is").items()} == {  # type: ignore[arg-type]
        "A-1": 10, "B": 6,
    }  # fmt: skip
    plain = {name: f"{at}" for at, name in enumerate(names)}
    assert list(blocks(Renumbered(View(run), plain), "as_is")) == [""]  # type: ignore[arg-type]
    single = {name: f"{at}-1" for at, name in enumerate(names)}
    assert list(blocks(Renumbered(View(run), single), "as_is")) == [""]  # type: ignore[arg-type]


def test_every_parcel_stands_on_exactly_one_sheet(run: Run) -> None:
    tables = [block for each in block_chapters(View(run)) for block in each.blocks if isinstance(block, Table)]
    numbers = pd.concat([table.frame["number"] for table in tables])
    assert sorted(numbers) == [f"嘉南-{number:02d}" for number in range(16)]


def test_plot_numbers_are_in_the_order_of_their_figures() -> None:
    numbers = ["A-10", "B1", "A-2", "A-2a", "12", "9", "A-02"]
    assert sorted(numbers, key=number_order) == ["9", "12", "A-02", "A-2", "A-2a", "A-10", "B1"]

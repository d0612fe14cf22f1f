"""Sheets of residents without shapes: joined by numbers to units, compounds, parcels or buildings, and none is lost."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely.geometry import box

from citybraid.core.errors import PlanError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.rules import Rules
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.sources.planner_files import TARGET, workbook
from tests.study.made_study import CRS, SOUTH, STORED, WEST, Made

FILES = {"units": "units.gpkg", "population": "小区人口.xlsx"}


def study(folder: Path, rows: Sequence[Sequence[object]], **columns: Any) -> Path:
    """Write fourteen homes in three units and a sheet of people; `columns` go to the buildings."""
    path = Made(folder, ("parcels", "buildings", "terrain", "land_cover", "storm")).written()
    homes = gpd.read_file(folder / "buildings.gpkg")
    homes.assign(**columns).to_file(folder / "buildings.gpkg")
    shapes = [box(WEST + 100 * at, SOUTH - 20, WEST + 100 * (at + 1), SOUTH + 320) for at in range(3)]
    table = {"单元编号": ["001", "002", "A-03"], "单元名称": ["甲", "乙", "丙"]}
    gpd.GeoDataFrame(table, geometry=shapes, crs=CRS).to_file(folder / "units.gpkg")
    workbook(folder / FILES["population"], {"人口": rows})
    entries = "".join(f'[files.{role}]\npath = "{name}"\n' for role, name in FILES.items())
    path.write_text(path.read_text(encoding="utf-8") + entries, encoding="utf-8")
    return path


def taken(path: Path) -> Intake:
    names = {**{role: STORED[role] for role in ("parcels", "buildings")}, **FILES}
    files = {role: FileSpec(path=name) for role, name in names.items()}
    return take_in(files, TARGET, root=path.parent, rules=Rules(TARGET, region="CN"))


def said(intake: Intake) -> str:
    return "\n".join(finding.say("en") for finding in intake.findings)


def values(intake: Intake, name: str) -> dict[str, float]:
    column = next(layer.value for layer in intake.layers if layer.var.name == name)
    return {str(key): float(value) for key, value in column.dropna().items()}


UNITS: list[list[object]] = [
    ["小区人口一览表", ""],
    ["单元编号", "常住人口（人）"],
    [1, 300],
    ["００２ ", 150],
    ["a－３", 50],
    ["合计", 500],
]


def test_from_a_sheet_to_people_an_indicator_and_a_sentence(tmp_path: Path) -> None:
    """1, full-width digits with a blank, a small letter: three spellings of 001, 002 and A-03. None is lost."""
    path = study(tmp_path, UNITS)
    answer = citybraid("run", str(path), "--no-report")
    assert answer.returncode == 0, answer.stderr
    run = Run.open(next((tmp_path / "runs").iterdir()))
    table = run.table("units/as_is")
    assert table is not None
    assert table["residents"].to_dict() == pytest.approx({"001": 300.0, "002": 150.0, "A-03": 50.0, WHOLE_AREA: 500.0})
    told = [finding for finding in run.findings if finding.text == "intake.people_joined_all"]
    assert [each.say("zh") for each in told] == ["人口：表中 3 行全部与 units 对应，共 500 人。"]
    assert citybraid("check", str(path)).returncode == 0
    page = (tmp_path / "intake" / "intake.html").read_text(encoding="utf-8")
    assert "表中 3 行全部与规划单元对应，共 500 人" in page


@pytest.mark.parametrize(
    ("rows", "told", "people"),
    [
        ([["单元编号", "人口"], ["001", 300], ["002", 150], ["009", 70]],
         ("2 of 3 rows of the sheet found a partner", "450 of 520 people; 70 people are left out", "009"), 450),
        ([["单元编号", "人口"], ["001", 300], ["", 150], ["002", 70]],
         ("1 row of '小区人口.xlsx' with 150 people has nothing under '单元编号'",), 370),
        ([["单元编号", "人口"], ["001", 300], ["001", 300], ["002", 70]],
         ("1 row repeats another one in every cell",), 370),
        ([["单元编号", "楼号", "人口"], ["001", 1, 300], ["001", 2, 200], ["002", 1, 70]],
         ("1 name has several rows that another column tells apart", "570 people in all"), 570),
    ],
)  # fmt: skip
def test_what_has_no_single_place_is_told(
    rows: list[list[object]], told: tuple[str, ...], people: float, tmp_path: Path
) -> None:
    intake = taken(study(tmp_path, rows))
    assert all(each in said(intake) for each in told), said(intake)
    found = values(intake, "population")
    assert found["001"] + found["002"] == people


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([["单元编号", "人口"], ["001", 300], ["001", 310], ["002", 70]], "differ in their people alone"),
        ([["单元编号", "人口"], ["x", 300], ["y", 310]], "none of its 2 rows has a partner"),
    ],
)
def test_what_cannot_be_decided_is_refused(rows: list[list[object]], text: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError) as caught:
        taken(study(tmp_path, rows))
    assert text in caught.value.say("en")


def test_people_of_compounds_go_to_their_homes(tmp_path: Path) -> None:
    """Buildings name their compound; the sheet counts it whole. Homes share its people by floor area."""
    compound = ["01" if at < 6 else "02" if at < 10 else "03" for at in range(14)]
    rows: list[list[object]] = [["小区编号", "小区名称", "人口"], [1, "南苑", 600], [2, "北苑", 200], [3, "东苑", 100]]
    intake = taken(study(tmp_path, rows, 小区编号=compound))
    assert "all 3 rows of the sheet found a partner" in said(intake)
    assert "1 = 01" in said(intake)
    assert sum(values(intake, "population").values()) == pytest.approx(900.0)
    weight, area = values(intake, "living_weight"), values(intake, "floor_area")
    per = {f"B{at}": weight[f"B{at}"] * area[f"B{at}"] for at in range(14)}
    assert per["B0"] / per["B1"] == pytest.approx(area["B0"] / area["B1"])


@pytest.mark.parametrize(
    ("header", "names", "column"),
    [("地块编号", ("P00", "P01", "P22"), "parcel_residents"), ("楼栋编号", ("B0", "b01", "B13"), "residents")],
)
def test_numbers_of_parcels_and_buildings_find_their_table(
    header: str, names: tuple[str, ...], column: str, tmp_path: Path
) -> None:
    rows: list[list[object]] = [[header, "居住人口"], *([name, 100] for name in names)]
    intake = taken(study(tmp_path, rows))
    assert "all 3 rows of the sheet found a partner" in said(intake)
    found = values(intake, column)
    assert [found[name.upper().replace("B01", "B1")] for name in names] == [100.0] * 3


def test_units_of_one_name_share_its_people(tmp_path: Path) -> None:
    """A unit in two pieces would have its people twice."""
    path = study(tmp_path, [["单元名称", "人口"], ["甲", 300], ["丙", 50]])
    units = gpd.read_file(tmp_path / "units.gpkg")
    units.assign(单元名称=["甲", "甲", "丙"]).to_file(tmp_path / "units.gpkg")
    intake = taken(path)
    assert values(intake, "population") == pytest.approx({"001": 150.0, "002": 150.0, "A-03": 50.0})
    assert "split by area" in said(intake)

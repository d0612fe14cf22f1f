"""A planner's own table of codes, and the record of what became of every code."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
import xlsxwriter

from citybraid.core.errors import InputErrors
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.code_mappings import MappingRow, validated_mapping, with_code_mappings
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.land_use.building_uses import to_uses
from citybraid.sources.land_use.column import ColumnContext, to_guide
from citybraid.sources.land_use.mapped_values import targets, with_own_values
from citybraid.sources.land_use.mapping import from_cells
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.study_intake import take_in_study

SAID = ("居住A", "R2/B1", "R2", "0701", "9999", "商业用地", "居住A")


def folder(path: Path) -> Path:
    """Seven parcels of 1 ha with codes of the planner's own among others, and two buildings."""
    boxes = [shapely.box(572_000 + 200 * n, 3_397_000, 572_100 + 200 * n, 3_397_100) for n in range(len(SAID))]
    gpd.GeoDataFrame({"用地代码": SAID}, geometry=boxes, crs=4549).to_file(path / "parcels.gpkg")
    houses = gpd.GeoDataFrame(
        {"用途": ["住宅", "综合办公楼"]}, geometry=[box.buffer(-30) for box in boxes[:2]], crs=4549
    )
    houses.to_file(path / "buildings.gpkg")
    return path


def taken(path: Path, mapping: str | dict[str, str]) -> Intake:
    files = {"parcels": FileSpec(path="parcels.gpkg", mapping=mapping), "buildings": FileSpec(path="buildings.gpkg")}
    return take_in(files, Target("EPSG:4549", 5.0), root=path)


def codes(intake: Intake) -> list[str]:
    return list(next(each for each in intake.layers if each.var.name == "land_use").value)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("规划 项目（一）"))


def test_an_inline_table_wins_and_everything_is_recorded(data: Path) -> None:
    intake = taken(data, {"居住A": "070102", "0701": "0703", "没有": "0901"})
    assert codes(intake) == ["070102", "070102", "070102", "0703", "", "0901", "070102"]
    of_parcels = {each.said: each for each in intake.mappings if each.quantity == "land_use"}
    assert set(of_parcels) == set(SAID)
    assert {said: each.confidence for said, each in of_parcels.items()} == {
        "居住A": "own", "R2/B1": "mixed", "R2": "high", "0701": "own", "9999": "unknown", "商业用地": "name",
    }  # fmt: skip
    assert of_parcels["居住A"].rows == 2
    assert of_parcels["居住A"].area == pytest.approx(20_000.0, rel=1e-6)
    assert sum(each.area or 0.0 for each in of_parcels.values()) == pytest.approx(70_000.0, rel=1e-6)
    assert [said for said, each in of_parcels.items() if each.weak] == ["R2/B1", "9999"]
    uses = {each.said: (each.code, each.confidence) for each in intake.mappings if each.quantity == "building_use"}
    assert uses == {"住宅": ("residential", "high"), "综合办公楼": ("office", "name")}
    texts = {each.text for each in intake.findings}
    assert {"intake.code_own", "intake.mapping_idle", "intake.code_mixed", "intake.code_unknown"} <= texts


@pytest.mark.parametrize("kind", ["gbk", "utf-8", "headerless", "xlsx"])
def test_a_table_in_a_file(data: Path, kind: str) -> None:
    lines = [("居住A", "070102"), ("R2/B1", "0901"), ("9999", "70103")]
    head = [] if kind == "headerless" else [("原代码", "新代码")]
    if kind == "xlsx":
        with xlsxwriter.Workbook(data / "对照.xlsx") as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate([*head, *lines[:2]]):
                sheet.write_row(row, 0, cells)
            sheet.write_row(3, 0, ["9999", 70103])
        name = "对照.xlsx"
    else:
        name = f"对照_{kind}.csv"
        text = "".join(f"{said},{code}\n" for said, code in [*head, *lines])
        (data / name).write_bytes(text.encode("gb18030" if kind == "gbk" else "utf-8-sig"))
    assert codes(taken(data, name)) == ["070102", "0901", "070102", "0701", "070103", "0901", "070102"]


def test_targets_that_are_no_codes_are_told_with_their_rows(data: Path) -> None:
    (data / "错.csv").write_text("原代码,新代码\n居住A,0701\nR2,0799\nB1,商业\nB1,0901\n", encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        taken(data, "错.csv")
    assert [(each.text, each.values["row"], each.values["got"]) for each in caught.value.problems] == [
        ("intake.mapping_target", 3, "0799"), ("intake.mapping_target", 4, "商业"),
    ]  # fmt: skip
    with pytest.raises(InputErrors) as caught:
        taken(data, {"居住A": "zzz"})
    assert "zzz" in caught.value.say("zh")


def test_a_table_that_is_absent_outside_or_without_columns_is_told(data: Path) -> None:
    (data / "三列.csv").write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    for name, text in (("没有.csv", "intake.file_missing"), ("三列.csv", "intake.mapping_columns")):
        with pytest.raises(InputErrors) as caught:
            taken(data, name)
        assert [each.text for each in caught.value.problems] == [text]
    with pytest.raises(InputErrors):
        taken(data, "../outside.csv")


def test_a_raster_has_no_use_for_a_table(data: Path) -> None:
    files = {"soil_group": FileSpec(path="a.tif", mapping="没有.csv")}
    with Sandbox(data) as sandbox:
        done, problems = with_code_mappings(
            files, Target("EPSG:4549", 5.0), root=data, sandbox=sandbox, limits=Limits()
        )
    assert not problems
    assert done == files


def test_one_code_leads_to_one() -> None:
    assert validated_mapping([MappingRow(2, "A", "701"), MappingRow(3, "A", "0701")], "parcels", "a.csv") == {
        "A": "0701"
    }
    with pytest.raises(InputErrors) as caught:
        validated_mapping([MappingRow(2, "A", "0701"), MappingRow(3, "A", "0901")], "parcels", "a.csv")
    assert caught.value.problems[0].text == "intake.mapping_repeated"


def test_columns_of_a_mapping_are_found_by_name() -> None:
    table = pd.DataFrame({"备注": ["x"], "用地用海代码": ["0701"], "图例": ["住"]})
    assert dict(from_cells(table, name="a").layers[0].value) == {"住": "0701"}


def test_spellings_of_the_own_table_are_forgiven() -> None:
    column = pd.Series(["ａ１", " A1 ", "a1"], dtype=object)
    read = to_guide(column, layer="parcels", beside=ColumnContext(own={"A1": "0701"}))
    assert list(read.codes) == ["0701"] * 3


def test_names_of_codes_in_both_languages() -> None:
    mapping = CodeMapping("parcels", "land_use", "R2", "070102", "high", 3)
    assert (mapping.name("zh"), mapping.weak) == ("二类城镇住宅用地", False)
    assert mapping.name("en")
    (use,) = to_uses(pd.Series(["办公楼"], dtype=object), layer="buildings").mappings
    assert (use.name("zh"), use.name("en"), use.area) == ("办公", "Office", None)
    assert CodeMapping("parcels", "land_use", "x", "", "unknown", 1).name("en") == ""


STUDY = """
[study]
name = "a"
title = { zh = "甲", en = "A" }
crs = "EPSG:4549"
region = "CN"
year = 2025
resolution = 5
data = '.'
[files.parcels]
path = "parcels.gpkg"
mapping = "own.csv"
"""


def test_a_changed_table_is_a_changed_file_of_the_study(tmp_path: Path) -> None:
    (folder(tmp_path) / "study.toml").write_text(STUDY, encoding="utf-8")
    store = Store(tmp_path / "store")
    taken_as = []
    for code in ("070102", "0901", "0901"):
        (tmp_path / "own.csv").write_text(f"from,to\n居住A,{code}\n", encoding="utf-8")
        study = take_in_study(open_study(tmp_path / "study.toml"), store)
        own = next(each for each in study.mappings if each.said == "居住A")
        taken_as.append((own.code, own.confidence, study.files["parcels:own.csv (mapping)"]))
    assert [each[:2] for each in taken_as] == [("070102", "own"), ("0901", "own"), ("0901", "own")]
    assert taken_as[0][2] != taken_as[1][2] == taken_as[2][2]


def test_targets_may_be_words_of_files_in_every_coded_column() -> None:
    rows = [MappingRow(1, "铺面", "商业"), MappingRow(2, "民宅", "住宅"), MappingRow(3, "门卫", "public")]
    assert validated_mapping(rows, "buildings", "mapping", role="buildings") == {
        "铺面": "retail", "民宅": "residential", "门卫": "public",
    }  # fmt: skip
    assert validated_mapping([MappingRow(1, "辅路", "支路")], "streets", "mapping", role="streets") == {
        "辅路": "tertiary"
    }


def test_two_spellings_of_one_code_lead_to_one() -> None:
    """Of 居住A and 居住a, which are the same in a file, the last had won in silence."""
    rows = [MappingRow(1, "居住A", "0701"), MappingRow(2, "居住a", "0901")]
    with pytest.raises(InputErrors) as caught:
        validated_mapping(rows, "parcels", "mapping", role="parcels")
    assert [each.text for each in caught.value.problems] == ["intake.mapping_repeated"]
    rows[1] = MappingRow(2, "居住a", "0701")
    assert validated_mapping(rows, "parcels", "mapping", role="parcels") == {"居住A": "0701", "居住a": "0701"}


def test_entries_that_occur_in_no_row_are_told() -> None:
    uses = pd.Series(["住宅", "民宅", "民宅"])
    column, findings = with_own_values(uses, "building_use", {"民宅": "residential", "别墅": "residential"}, layer="b")
    assert list(column) == ["住宅", "residential", "residential"]
    assert [(each.text, each.count) for each in findings] == [("intake.code_own", 2), ("intake.mapping_idle", 1)]
    _, findings = with_own_values(uses, "building_use", {"别墅": "residential"}, layer="b")
    assert [each.text for each in findings] == ["intake.mapping_idle"]
    assert len(targets("land_cover")) == len(set(targets("land_cover")))

"""Workbooks and delimited text: Chinese headers, title rows, storms, population, bombs."""

import gzip
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
import xlsxwriter

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.readers import delimited, sheet
from tests.sources.planner_files import CRS, TARGET, square, workbook
from tests.sources.xls_file import xls

LIMITS = Limits()


def csv(path: Path, role: str, **said: object) -> Reading:
    return delimited.read(path, role, delimited.Options.model_validate(said), TARGET, limits=LIMITS)


def xlsx(path: Path, role: str, *, limits: Limits = LIMITS, **said: object) -> Reading:
    return sheet.read(path, role, sheet.Options.model_validate(said), TARGET, limits=limits)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16", "utf-8"])
def test_a_storm_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "暴雨.csv"
    path.write_text("时间（分钟）,降雨量(mm)\n0,1\n5,2\n10,3\n", encoding=encoding)
    found = csv(path, "storm").layers[0]
    assert list(found.value.index) == pytest.approx([0.0, 1 / 12, 1 / 6])
    assert list(found.value) == pytest.approx([12.0, 24.0, 36.0])
    assert dict(found.at) == {"event": "暴雨"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("time,rain (mm/h)\n00:00,10\n00:30,20\n01:00,30\n", [10.0, 20.0, 30.0]),
        ("历时(小时)\t雨强(mm/min)\n0\t0.5\n1\t1.0\n", [30.0, 60.0]),
        ("datetime;rainfall(mm)\n2020-07-01 23:30;1\n2020-07-02 00:30;4\n", [1.0, 4.0]),
    ],
)
def test_units_and_forms_of_time(tmp_path: Path, text: str, values: list[float]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert list(csv(path, "storm", event="大").layers[0].value) == pytest.approx(values)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("时间,降雨量\n0,1\n5,2\n", "intake.rain_unit"),
        ("分钟,降雨量(mm)\n0,1\n5,\n10,2\n", "intake.rain_cell"),
        ("分钟,降雨量(mm)\n0,1\n5,-2\n", "intake.rain_cell"),
        ("时间,降雨量(mm)\n0,1\n5,2\n15,2\n", "intake.time_unit"),
        ("分钟,降雨量(mm)\n5,1\n0,2\n", "intake.time_order"),
        ("时间,降雨量(mm)\n早上,1\n晚上,2\n", "intake.time_cell"),
        ("a,b\n0,1\n5,2\n", "intake.no_rain"),
        ("降雨量(mm)\n1\n2\n", "intake.no_time"),
        ("时间,降雨量(mm)\n", "intake.sheet_empty"),
    ],
)
def test_what_is_wrong_with_a_storm_is_told(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        csv(path, "storm")
    assert caught.value.text == problem
    assert "a.csv" in caught.value.say("zh")


def test_population_below_title_rows_without_totals(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["嘉兴高铁新城人口统计表", "", ""],
        ["序号", "社区", "常住人口（万人）"],
        [1, "幸福社区", 1.25],
        [2, "和平社区", "0.8"],
        ["", "合计", 2.05],
    ]
    reading = xlsx(workbook(tmp_path / "人口.xlsx", {"说明": [["本表为示例"]], "表1": rows}), "population")
    column = reading.layers[0].value
    assert dict(column) == {"幸福社区": 12500.0, "和平社区": 8000.0}
    assert column.index.name == "unit_name"
    assert "intake.sheet_chosen" in {finding.text for finding in reading.findings}


def test_formulas_are_read_as_values_or_text_only(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"表": [["社区", "人口"], ["=1+1", 5], ["乙", "=cmd|' /C calc'!A0"]]})
    reading = xlsx(path, "population")
    assert set(reading.layers[0].value.index) == {"=1+1", "乙"}
    assert reading.layers[0].value.isna().sum() == 1


def test_repeated_names_and_missing_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        xlsx(workbook(tmp_path / "a.xlsx", {"表": [["社区", "人口"], ["甲", 5], ["甲", 6]]}), "population")
    assert caught.value.text == "intake.people_twice"
    with pytest.raises(InputError) as caught:
        xlsx(workbook(tmp_path / "b.xlsx", {"表": [["社区", "面积"], ["甲", 5]]}), "population")
    assert caught.value.text == "intake.no_population"
    with pytest.raises(InputError) as caught:
        xlsx(tmp_path / "b.xlsx", "population", sheet="没有")
    assert caught.value.text == "intake.sheet_absent"


def test_a_bomb_is_refused_while_counting(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(InputError) as caught:
        xlsx(path, "population")
    assert caught.value.text == "intake.packed_large"
    path.write_bytes(b"not a zip")
    with pytest.raises(InputError) as caught:
        xlsx(path, "population")
    assert caught.value.text == "intake.not_this_format"
    with pytest.raises(InputError) as caught:
        xlsx(workbook(path, {"表": [["社区", "人口"], ["甲", 5]]}), "population", limits=Limits(packed_entries=2))
    assert caught.value.text == "intake.packed_entries"


def test_one_far_cell_is_refused_before_the_sheet_is_laid_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["社区", "人口"])
        page.write(1_048_575, 16_383, 1)
    with pytest.raises(InputError) as caught:
        xlsx(path, "population")
    assert caught.value.text == "intake.sheet_large"


def test_columns_of_parcels_come_keyed_by_plot_number(tmp_path: Path) -> None:
    path = tmp_path / "控制指标.csv"
    path.write_bytes("地块编号,容积率,绿地率\nA-01,2.2,35%\nA-02,1.8,30%\n".encode("gb18030"))
    reading = csv(path, "parcels")
    ratio = next(found for found in reading.layers if found.var.name == "green_ratio").value
    assert ratio.index.name == "plot_number"
    assert dict(ratio) == {"A-01": 0.35, "A-02": 0.30}


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n\xff\xff\xff,1\n")
    with pytest.raises(InputError) as caught:
        csv(path, "storm")
    assert caught.value.text == "intake.encoding_lost"
    path.write_bytes(b"a,b\n\x00\x00,1\n")
    with pytest.raises(InputError) as caught:
        csv(path, "storm")
    assert caught.value.text == "intake.not_this_format"


PARCEL_WORDS = ["地块编号", "容积率"]


def notes(reading: Reading) -> dict[str, int]:
    return {finding.text: finding.count for finding in reading.findings}


def in_text(path: Path, content: str | bytes, role: str = "parcels", **options: object) -> Reading:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return delimited.read(path, role, delimited.Options.model_validate(options), TARGET, limits=Limits())


def ratios(reading: Reading) -> list[float]:
    return [float(each) for each in next(f for f in reading.layers if f.var.name == "floor_area_ratio").value]


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("地块编号;容积率\nA;2,5\nB;3,25\n", "intake.commas_decimal"), ("地块编号\t容积率\nA\t2.5\nB\t3.25\n", ""),
        ("地块编号|容积率\nA|2.5\nB|3.25\n", ""), ("sep=;\n地块编号;容积率\nA;2.5\nB;3.25\n", ""),
        ("地块编号,容积率\rA,2.5\rB,3.25\r", ""), ('地块编号,容积率\n"A,2.5\nB,3.25\n', "intake.quotes_broken"),
        ("地块编号，容积率\nA，2.5\nB，3.25\n", ""), ("地块编号   容积率  绿地率\nA  2.5  30\nB   3.25  40\n", ""),
        ("地块编号,容积率\nA,2.5,,x\nB,3.25\n", "intake.cells_nameless"),
    ],
)  # fmt: skip
def test_marks_commas_and_quotes(tmp_path: Path, content: str, note: str) -> None:
    reading = in_text(tmp_path / "a.csv", content)
    assert ratios(reading) == [2.5, 3.25]
    assert not note or note in notes(reading)


@pytest.mark.parametrize(
    ("content", "rows", "column"),
    [
        ("地块编号,容积率\nA,2.5,30\nB,3.25,40\n", [2, 3], 3),
        ("地块编号,,容积率\nA,x,2.5\nB,,3.25\n", [2], 2),
        ("地块编号,容积率,\nA,2.5,\nB,3.25,限高60\n", [3], 3),
        (",地块编号,容积率\n0,A,2.5\n1,B,3.25\n", [], 0),
        ("地块编号,容积率,\nA,2.5,\nB,3.25,\n", [], 0),
    ],
)
def test_cells_without_a_name_are_told(tmp_path: Path, content: str, rows: list[int], column: int) -> None:
    """Where every row is wider than the header, its last column went without a word."""
    reading = in_text(tmp_path / "a.csv", content)
    assert ratios(reading) == [2.5, 3.25]
    found = [each.values for each in reading.findings if each.text == "intake.cells_nameless"]
    assert [(each["sheet_rows"], each["column"]) for each in found] == ([(rows, column)] if rows else [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5"])
def test_every_encoding_of_planners(tmp_path: Path, encoding: str) -> None:
    text = "地塊編號,容積率,建築密度,綠地率,用地性質\nA,2.5,30,35,居住用地\nB,3.25,30,35,商業用地\n"
    plain = "地块编号,容积率,建筑密度,绿地率,用地性质\nA,2.5,30,35,居住用地\nB,3.25,30,35,商业用地\n"
    said = {"far": "容積率", "id": "地塊編號"} if encoding == "big5" else {}
    reading = in_text(tmp_path / "a.csv", (text if encoding == "big5" else plain).encode(encoding), columns=said)
    assert ratios(reading) == [2.5, 3.25]


def test_packed_text_within_limits(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    assert ratios(in_text(path, gzip.compress("地块编号,容积率\nA,2\nB,3\n".encode()))) == [2.0, 3.0]
    with pytest.raises(InputError) as caught:
        in_text(path, gzip.compress(b"0," * 40_000_000))
    assert caught.value.text == "intake.packed_large"
    with pytest.raises(InputError) as caught:
        in_text(path, gzip.compress(b"a,b\n1,2\n")[:-6])
    assert caught.value.text == "intake.unreadable"


def test_shapes_in_a_column_of_text(tmp_path: Path) -> None:
    shapes = [square(0, 0), square(1, 0)]
    rows = "".join(f'J{at},"{shape.wkt}",{at + 2}\n' for at, shape in enumerate(shapes))
    reading = in_text(tmp_path / "a.csv", f"编号,geometry,层数\n{rows}J9,POLYGON EMPTY(,3\n", "buildings", crs=CRS)
    geometry = next(found for found in reading.layers if found.var.name == "buildings")
    assert geometry.value.area.tolist() == [10_000.0, 10_000.0]
    assert notes(reading)["intake.wkt_lost"] == 1
    hexed = "".join(f"J{at},{shapely.to_wkb(shape, hex=True)}\n" for at, shape in enumerate(shapes))
    assert len(in_text(tmp_path / "b.csv", f"编号,geom\n{hexed}", "buildings", crs=CRS).layers[0].value) == 2
    with pytest.raises(InputError) as caught:
        in_text(tmp_path / "c.csv", f"编号,geom\n{hexed}", "buildings")
    assert caught.value.text == "intake.crs_missing"
    assert delimited.peek(tmp_path / "a.csv")[0].kind == "polygon"


def test_columns_of_coordinates(tmp_path: Path) -> None:
    text = "编号,经度,纬度\nA,120.75,30.7\nB,—,30.7\n"
    reading = in_text(tmp_path / "a.csv", text, "inflows", crs="EPSG:4490")
    assert len(reading.layers[0].value) == 1
    assert notes(reading)["intake.points_lost"] == 1
    joined = in_text(tmp_path / "b.csv", "编号,经度,纬度,层数\nA,120.75,30.7,6\n", "buildings")
    assert "intake.points_no_areas" in notes(joined)
    assert [found.var.name for found in joined.layers] == ["floors"]


def test_hidden_sheets_failed_formulas_and_merged_heads(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        hidden, page = book.add_worksheet("旧表"), book.add_worksheet("指标表")
        hidden.hide()
        page.activate()
        hidden.write_row(0, 0, [*PARCEL_WORDS, "绿地率", "建筑密度"])
        hidden.write_row(1, 0, ["A", 9, 9, 9])
        page.merge_range(2, 1, 2, 3, "控制指标")
        page.write_row(3, 1, ["地块编号", "容积率", "绿地率(%)"])
        page.write_row(4, 1, ["A", 2.0, 30])
        page.write(5, 1, "B")
        page.write_formula(5, 2, "=1/0", None, "#DIV/0!")
        page.write(5, 3, 40)
    reading = sheet.read(path, "parcels", sheet.Options(), TARGET, limits=Limits())
    told = {finding.text: finding for finding in reading.findings}
    assert ratios(reading)[0] == 2.0
    assert np.isnan(ratios(reading)[1])
    assert told["intake.cells_failed"].values["cells"] == ["C6"]
    assert told["intake.cells_failed"].values["sheet"] == "指标表"
    assert told["intake.sheets_hidden"].values["sheets"] == ["旧表"]
    assert [each.layer for each in sheet.peek(path)] == ["指标表"]


def test_an_xls_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("<table></table>", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        sheet.read(tmp_path / "a.xls", "parcels", sheet.Options(), TARGET, limits=Limits())
    assert caught.value.text == "intake.not_this_format"


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2"><office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods(path: Path, rows: list[list[str]]) -> Path:
    """Write the least that is an OpenDocument sheet."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = "".join(f"<table:table-row>{''.join(cell.format(each) for each in row)}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", ODS.format(rows=body))
        packed.writestr("META-INF/manifest.xml", MANIFEST)
    return path


MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
</manifest:manifest>"""


def test_an_open_document_sheet(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", [["地块编号", "容积率"], ["A", "2.5"], ["B", "3.25"]])
    assert ratios(sheet.read(path, "parcels", sheet.Options(), TARGET, limits=Limits())) == [2.5, 3.25]


def test_a_workbook_of_the_older_kind(tmp_path: Path) -> None:
    path = xls(tmp_path / "旧.xls", [["某镇地块表", ""], ["地块编号", "容积率"], ["A", 2.5], ["B", 3.25]])
    reading = sheet.read(path, "parcels", sheet.Options(), TARGET, limits=Limits())
    assert ratios(reading) == [2.5, 3.25]
    assert sheet.peek(path)[0].layer == "表"
    renamed = path.rename(tmp_path / "b.xlsx")
    assert ratios(sheet.read(renamed, "parcels", sheet.Options(), TARGET, limits=Limits())) == [2.5, 3.25]
    locked = tmp_path / "锁.xlsx"
    locked.write_bytes(renamed.read_bytes() + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(InputError) as caught:
        sheet.read(locked, "parcels", sheet.Options(), TARGET, limits=Limits())
    assert caught.value.text == "intake.workbook_locked"


def places(reading: Reading) -> dict[str, tuple[str, ...]]:
    return {each.text: each.places for each in reading.findings if each.places}


def test_findings_name_rows_as_the_sheet_numbers_them(tmp_path: Path) -> None:
    """Titles, heads and blank rows count, as a spreadsheet counts them; so do rows that the study does not ask for."""
    rows = [["地块一览", "", ""], ["", "", ""], ["地块编号", "容积率", "区"], ["A1", "高", "东"], ["", "", ""],
            ["A2", "2.0", "西"], ["A3", "90", "东"], ["A4", "未定", "东"]]  # fmt: skip
    text = "\n".join(",".join(row) for row in rows)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    whole = places(csv(tmp_path / "a.csv", "parcels"))
    assert whole == {"intake.cell_no_number": ("4", "8"), "intake.cell_out_of_range": ("7",)}
    workbook(tmp_path / "a.xlsx", {"表": rows})
    assert places(xlsx(tmp_path / "a.xlsx", "parcels")) == whole
    (tmp_path / "b.csv").write_text(text.replace("A1,高,东", "A1,1.0,东"), encoding="utf-8")
    part = places(csv(tmp_path / "b.csv", "parcels", only={"区": ["东"]}))
    assert part == {"intake.cell_no_number": ("8",), "intake.cell_out_of_range": ("7",)}


def test_findings_on_residents_name_the_rows_of_their_sheet(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("人口统计,\n地块编号,人口\nA1,120\nA2,很多\n合计,120\n", encoding="utf-8")
    assert places(csv(tmp_path / "a.csv", "population"))["intake.cell_no_number"] == ("4",)

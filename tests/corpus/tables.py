"""Sheets, weather and rain: heads of several rows, every encoding, workbooks that unfold."""

from pathlib import Path

from citybraid.sources.protocol.limits import Limits
from tests.corpus.case import case
from tests.corpus.content import cut, repacked, written
from tests.sources.planner_files import weather, workbook

HEAD: list[object] = ["地块编号", "容积率", "建筑密度", "绿地率(%)"]
ROWS: list[list[object]] = [
    ["A-01", 2.0, "28", 35],
    ["A-02", "３．５", "40", 25],
    ["B-01", "", "5", 80],
    ["B-02", "-", "", ""],
]
RAIN = "时间,降雨量(mm)\n00:00,1.0\n00:05,2.5\n00:10,6.0\n00:15,3.0\n"


def csv(rows: list[list[object]], mark: str = ",") -> str:
    """Rows as delimited text."""
    return "\r\n".join(mark.join(str(cell) for cell in row) for row in rows) + "\r\n"


@case("good", "parcels", "names_joined", beside="parcels")
def workbook_of_controls(folder: Path) -> Path:
    """Workbook of controls by plot number."""
    return workbook(folder / "指标.xlsx", {"指标": [HEAD, *ROWS]})


@case("odd", "parcels", beside="parcels")
def workbook_with_a_title_and_units(folder: Path) -> Path:
    """Workbook with a title above its head and a row of units below."""
    return workbook(folder / "指标.xlsx", {"指标": [["地块控制指标一览表"], HEAD, ["", "", "%", "%"], *ROWS]})


@case("odd", "parcels", "sheet_chosen", beside="parcels")
def workbook_with_two_sheets(folder: Path) -> Path:
    """Workbook with a cover sheet."""
    return workbook(folder / "指标.xlsx", {"封面": [["某市控规"]], "指标": [HEAD, *ROWS]})


@case("odd", "parcels", refusal="sheet_absent", beside="parcels", sheet="没有")
def workbook_without_the_named_sheet(folder: Path) -> Path:
    """Workbook without the sheet that the study names."""
    return workbook(folder / "指标.xlsx", {"指标": [HEAD, *ROWS]})


@case("odd", "parcels", refusal="key_repeated", beside="parcels")
def workbook_with_repeated_keys(folder: Path) -> Path:
    """Workbook in which plot numbers stand twice."""
    return workbook(folder / "指标.xlsx", {"指标": [HEAD, ROWS[0], ROWS[0]]})


@case("odd", "parcels", "names_lost", beside="parcels")
def workbook_of_other_plots(folder: Path) -> Path:
    """Workbook with plots that the shapes do not have."""
    return workbook(folder / "指标.xlsx", {"指标": [HEAD, *ROWS, ["Z-99", 1, 2, 3]]})


@case("broken", "parcels", refusal="sheet_empty", beside="parcels")
def workbook_without_rows(folder: Path) -> Path:
    """Workbook without a table."""
    return workbook(folder / "指标.xlsx", {"指标": []})


@case("broken", "parcels", refusal="workbook_cut", beside="parcels")
def workbook_cut_off(folder: Path) -> Path:
    """Workbook that breaks off."""
    return cut(workbook_of_controls.make(folder), 0.6)


@case("broken", "parcels", refusal="unreadable", beside="parcels")
def workbook_with_a_torn_sheet(folder: Path) -> Path:
    """Workbook whose sheet is no XML."""
    return repacked(
        workbook_of_controls.make(folder), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row r='1'><c"}
    )


@case("hostile", "parcels", refusal="names_none", beside="parcels")
def workbook_with_cells_that_are_formulas(folder: Path) -> Path:
    """Workbook whose cells are formulas as text."""
    rows: list[list[object]] = [['=HYPERLINK("http://127.0.0.1:9","x")', 1, 2, 3], ["@SUM(1)", "=1+1", "+2", "-3"]]
    return workbook(folder / "指标.xlsx", {"指标": [HEAD, *rows]})


@case("hostile", "parcels", refusal="sheet_large", beside="parcels")
def workbook_with_a_far_cell(folder: Path) -> Path:
    """Workbook with a cell in row 1 048 576 of column XFD."""
    path = workbook_of_controls.make(folder)
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet += b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return repacked(path, {"xl/worksheets/sheet1.xml": sheet + b"</sheetData></worksheet>"})


@case("hostile", "parcels", refusal="packed_large", beside="parcels")
def workbook_bomb(folder: Path) -> Path:
    """Workbook of 200 KiB whose sheet unpacks to 200 MiB."""
    path = workbook_of_controls.make(folder)
    return repacked(path, {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + b" " * (200 << 20)})


@case("hostile", "parcels", refusal="unreadable", beside="parcels")
def workbook_that_laughs(folder: Path) -> Path:
    """Workbook whose shared texts are entities that unfold."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    shared = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "哈">{entities}]><sst><si><t>&l9;</t></si></sst>'
    return repacked(workbook_of_controls.make(folder), {"xl/sharedStrings.xml": shared.encode()})


@case("hostile", "parcels", "names_joined", beside="parcels")
def workbook_with_links_out(folder: Path) -> Path:
    """Workbook with a link to another workbook on a server."""
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
        'Target="http://127.0.0.1:9/a.xlsx" TargetMode="External"/></Relationships>'
    )
    return repacked(
        workbook_of_controls.make(folder), {"xl/externalLinks/_rels/externalLink1.xml.rels": relation.encode()}
    )


@case("hostile", "parcels", refusal="packed_entries", beside="parcels")
def workbook_with_countless_parts(folder: Path) -> Path:
    """Workbook with 3 000 parts."""
    return repacked(workbook_of_controls.make(folder), {f"xl/media/{n}.bin": b"" for n in range(3000)})


@case("broken", "parcels", refusal="not_this_format", beside="parcels")
def workbook_that_is_a_text(folder: Path) -> Path:
    """CSV renamed to .xlsx."""
    return written(folder / "指标.xlsx", csv([HEAD, *ROWS]))


@case("good", "parcels", beside="parcels")
def csv_in_utf8(folder: Path) -> Path:
    """CSV in UTF-8."""
    return written(folder / "指标.csv", csv([HEAD, *ROWS]))


@case("odd", "parcels", "encoding_guessed", beside="parcels")
def csv_in_gbk(folder: Path) -> Path:
    """CSV in GBK."""
    return written(folder / "指标.csv", csv([HEAD, *ROWS]), "gb18030")


@case("odd", "parcels", beside="parcels")
def csv_in_utf16(folder: Path) -> Path:
    """CSV in UTF-16 with tabs, as Excel writes 'Unicode text'."""
    return written(folder / "指标.txt", csv([HEAD, *ROWS], "\t"), "utf-16")


@case("odd", "parcels", beside="parcels")
def csv_with_semicolons(folder: Path) -> Path:
    """CSV with semicolons and a byte-order mark."""
    return written(folder / "指标.csv", csv([HEAD, *ROWS], ";"), "utf-8-sig")


@case("broken", "parcels", refusal="encoding_lost", beside="parcels")
def csv_in_no_encoding(folder: Path) -> Path:
    """CSV of bytes in no encoding."""
    return written(folder / "指标.csv", csv([HEAD, *ROWS]).encode() + b"\xff\xfe\xff\x80\x81")


@case("broken", "parcels", beside="parcels")
def csv_with_ragged_rows(folder: Path) -> Path:
    """CSV whose rows have unlike lengths."""
    return written(folder / "指标.csv", "地块编号,容积率\nA-01,2,3,4\nA-02\n\nB-01,1\n")


@case("broken", "parcels", refusal="not_this_format", beside="parcels")
def csv_that_is_a_program(folder: Path) -> Path:
    """Program renamed to .csv."""
    return written(folder / "指标.csv", b"\x7fELF\x02\x01\x01" + bytes(200))


@case("hostile", "parcels", refusal="names_none", beside="parcels")
def csv_with_one_immense_cell(folder: Path) -> Path:
    """CSV with a cell of 20 million signs."""
    return written(folder / "指标.csv", f'地块编号,容积率\n"{"A" * 20_000_000}",2\n')


@case("hostile", "parcels", refusal="sheet_large", beside="parcels", limits=Limits(cells=100_000))
def csv_with_a_million_columns(folder: Path) -> Path:
    """CSV with a million columns (limit lowered to 100 000 cells)."""
    return written(folder / "指标.csv", "地块编号," + ",".join(["x"] * 1_000_000) + "\nA-01,1\n")


@case("hostile", "parcels", refusal="key_repeated", beside="parcels")
def csv_with_an_open_quote(folder: Path) -> Path:
    """CSV whose first cell never ends."""
    return written(folder / "指标.csv", '"地块编号,容积率\n' + "A-01,2\n" * 50_000)


@case("good", "storm", "storm_read", beside="units", event="甲")
def rain_by_minutes(folder: Path) -> Path:
    """Rain of a storm every five minutes."""
    return written(folder / "雨.csv", RAIN)


@case("odd", "storm", "storm_read", beside="units", unit="mm")
def rain_in_gbk(folder: Path) -> Path:
    """Rain in GBK without a unit in its head."""
    return written(folder / "雨.csv", RAIN.replace("(mm)", ""), "gb18030")


@case("broken", "storm", refusal="rain_unit", beside="units")
def rain_without_unit(folder: Path) -> Path:
    """Rain that does not say its unit."""
    return written(folder / "雨.csv", RAIN.replace("(mm)", ""))


@case("odd", "storm", "time_uneven_read", beside="units")
def rain_with_a_gap(folder: Path) -> Path:
    """Rain with a row missing."""
    return written(folder / "雨.csv", RAIN.replace("00:10,6.0\n", ""))


@case("broken", "storm", refusal="rain_cell", beside="units")
def rain_below_zero(folder: Path) -> Path:
    """Rain below zero."""
    return written(folder / "雨.csv", RAIN.replace("6.0", "-6.0"))


@case("good", "weather", "weather_read", beside="units")
def epw(folder: Path) -> Path:
    """EPW of 8 760 hours."""
    return weather(folder / "a.epw")


@case("odd", "weather", "leap_day", beside="units")
def epw_of_a_leap_year(folder: Path) -> Path:
    """EPW of 8 784 hours."""
    return weather(folder / "a.epw", hours=8784)


@case("odd", "weather", "encoding_guessed", beside="units")
def epw_in_gbk(folder: Path) -> Path:
    """EPW whose station is named in GBK."""
    return weather(folder / "a.epw", encoding="gb18030", station="嘉兴")


@case("odd", "weather", "weather_filled", beside="units")
def epw_with_missing_hours(folder: Path) -> Path:
    """EPW with three hours of temperature missing."""
    lines = weather(folder / "a.epw").read_text(encoding="utf-8").splitlines()
    for row in range(100, 103):
        cells = lines[row].split(",")
        lines[row] = ",".join([*cells[:6], "99.9", *cells[7:]])
    return written(folder / "a.epw", "\n".join(lines) + "\n")


@case("broken", "weather", refusal="weather_hours", beside="units")
def epw_cut_off(folder: Path) -> Path:
    """EPW that ends in autumn."""
    lines = weather(folder / "a.epw").read_text(encoding="utf-8").splitlines()
    return written(folder / "a.epw", "\n".join(lines[:7000]) + "\n")


@case("broken", "weather", refusal="weather_row", beside="units")
def epw_with_a_short_row(folder: Path) -> Path:
    """EPW with a row of three fields."""
    lines = weather(folder / "a.epw").read_text(encoding="utf-8").splitlines()
    return written(folder / "a.epw", "\n".join([*lines[:500], "2023,1,1", *lines[501:]]) + "\n")


@case("broken", "weather", refusal="weather_place", beside="units")
def epw_of_no_place(folder: Path) -> Path:
    """EPW whose station lies at latitude 300."""
    text = weather(folder / "a.epw").read_text(encoding="utf-8")
    return written(folder / "a.epw", text.replace("30.75", "300.75", 1))


@case("hostile", "weather", refusal="weather_gaps", beside="units")
def epw_with_numbers_beyond_numbers(folder: Path) -> Path:
    """EPW with 1e999, NaN and words for temperatures."""
    text = weather(folder / "a.epw").read_text(encoding="utf-8")
    return written(folder / "a.epw", text.replace("?,0.0,", "?,1e999,").replace("?,1.0,", "?,nan,"))


@case("broken", "weather", refusal="not_this_format", beside="units")
def epw_that_is_something_else(folder: Path) -> Path:
    """Text renamed to .epw."""
    return written(folder / "a.epw", "你好\n" * 100)


@case("odd", "population", "population_read", beside="units")
def population_by_units(folder: Path) -> Path:
    """Workbook of residents by unit."""
    rows: list[list[object]] = [["单元名称", "常住人口"], ["A-01", 320], ["A-02", "1,200"], ["B-01", "９０"]]
    return workbook(folder / "人口.xlsx", {"人口": rows})


@case("broken", "population", refusal="no_population", beside="units")
def population_without_columns(folder: Path) -> Path:
    """Workbook without a column of residents."""
    return workbook(folder / "人口.xlsx", {"人口": [["甲", "乙"], ["x", "y"]]})

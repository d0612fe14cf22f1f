"""How a report reads on paper: signs, words of tables that stay whole, and pages that are not left half empty."""

from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt

from citybraid.core.text import catalogue
from citybraid.report.annex.index import origin
from citybraid.report.annex.integration import column_decimals
from citybraid.report.annex.provenance import PARTS
from citybraid.report.chapter import Block, Chapter, Column, Paragraph, Quantity, Table, Unrepeated, in_words
from citybraid.report.document import write_document
from citybraid.report.document_pages import ABOVE, SMALL
from citybraid.report.drawing.font import MISSING, typeface
from citybraid.report.drawing.pdf import PdfFont
from citybraid.report.drawing.units import number, signed
from citybraid.report.page import Cover
from citybraid.report.page_table import cell
from citybraid.report.templating.column_widths import CHARACTER, column_sizes, column_widths, with_unit

ROOM, ACROSS = 5_760_000, 9_000_000
"""Widths of the text on an upright page of A4 and on one across [EMU]."""


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("-12,100 t", "−12,100 t"), ("by -0.5 (-3)", "by −0.5 (−3)"), ("（-3）；-.5", "（−3）；−.5"),
        ("2020-2030, A-01, HC24-12, 1e-5", "2020-2030, A-01, HC24-12, 1e-5"), ("Sino-2", "Sino-2"), ("≥ -2", "≥ −2"),
    ],
)  # fmt: skip
def test_negative_numbers_have_a_minus_and_spans_and_names_a_hyphen(text: str, printed: str) -> None:
    assert signed(text) == printed
    assert in_words(text, "en") == printed


@pytest.mark.parametrize("value", [-12_100, -0.25, -3.14159, -1234.5])
def test_numbers_are_printed_with_the_same_minus_everywhere(value: float) -> None:
    assert number(value).startswith("−")
    assert "-" not in number(value, digits=1)


def test_axes_have_the_minus_of_the_texts() -> None:
    import matplotlib as mpl

    with typeface():
        assert mpl.rcParams["axes.unicode_minus"] is True


def test_every_text_of_the_catalogue_can_be_set_in_the_atlas() -> None:
    """Gases were printed as CO?e: the font of the vector maps has no lowered figures."""
    texts = [row[language] for row in catalogue().values() for language in ("en", "zh")]
    font = PdfFont(texts)
    assert font.hexes("CO₂") == font.hexes("CO2")
    lacking = {char for text in texts for char in text if font.hexes(char) == font.hexes(MISSING)} - {MISSING}
    assert lacking <= {"✕", "\n"}, "only the sign of refused controls, which no map has"


@pytest.mark.parametrize("unit", ["t CO₂e/(person·a)", "kg CO₂/(m²·a)", "m²/person"])
def test_a_unit_is_no_chinese_text_that_may_be_broken_anywhere(unit: str) -> None:
    longest = max(map(len, unit.split()))
    assert column_sizes(["Unit"], [[unit]])[0].least >= 0.9 * longest


def test_chinese_may_be_broken_and_words_only_at_their_hyphens() -> None:
    assert column_sizes(["指标"], [["建筑密度与绿地率以及容积率"]])[0].least < 10
    assert column_sizes(["x"], [["Person-hours"]])[0].least < column_sizes(["x"], [["Personhours"]])[0].least
    assert column_sizes(["x"], [["HC24-12"]])[0].least >= len("HC24-12") + 1


def test_a_long_head_takes_the_room_that_short_names_do_not_need() -> None:
    """The head of flooded land ran down twelve lines beside a column of names that filled half the page."""
    long = "Land flooded deeper than 0.15 m (largest storm; without water bodies and detention areas) [R5-01] (ha)"
    names = [f"{at:02d} 虚舟社区(合成)" for at in range(16)]
    rows = [[name, "1,234", "1.23"] for name in names]
    widths = column_widths(column_sizes(["Planning unit", "a", long], rows), ROOM)
    lines = len(long) * CHARACTER / widths[2]
    assert lines < 4
    assert widths[0] > 16 * CHARACTER, "the names stay on one line"
    assert 0.99 * ROOM < sum(widths) <= ROOM


def test_names_of_rows_keep_to_a_line_beside_several_long_heads() -> None:
    """Sixteen units of two lines each stood below seven heads of six lines; the last was alone on the next page."""
    heads = ["规划单元", "受淹建筑数（水深超过 0.15 m，最大暴雨） [R5-05] (个)",
             "人均净碳排放 [C5-21] (t CO₂e/(人·年))", "树冠覆盖率 [B5-01] (%)", "蓝绿空间占比 [B5-03] (%)",
             "建筑碳排放 [C5-01] (t CO₂e/年)",
             "居民出行碳排放 [C5-02] (t CO₂e/年)",
             "积水超过 0.15 m 的陆地面积（最大暴雨，不含水体与调蓄空间） [R5-01] (公顷)"]  # fmt: skip
    rows = [[f"{at:02d} 虚舟社区(合成)", "50", "0.35", "11.3", "63.6", "18,970", "1,430", "2.26"] for at in range(16)]
    sizes = column_sizes(heads, rows)
    widths = column_widths(sizes, ROOM)
    assert widths[0] > 16 * CHARACTER
    assert 0.99 * ROOM < sum(widths) <= ROOM
    least = [size.least * CHARACTER for size in sizes]
    assert all(width > 0.99 * each for width, each in zip(widths, least, strict=True)), "no word of a head is broken"


def test_remarks_of_two_lines_are_not_made_three_by_columns_of_numbers() -> None:
    heads = ["Code", *(f"Annual volume [{at}] (%)" for at in range(10)), "Remarks"]
    rows = [["P2-0037", *(["75.0"] * 10), "existing; fails [17]"]] * 40
    widths = column_widths(column_sizes(heads, rows), ACROSS)
    assert widths[-1] > 0.6 * len(rows[0][-1]) * CHARACTER


def test_a_unit_is_said_once_for_two_amounts() -> None:
    after = Quantity(7408, "person")
    assert in_words(Unrepeated(Quantity(4506, "person"), after), "en") == "4,506"
    assert in_words(Unrepeated(Quantity(4506, "person"), after), "zh") == "4,506"
    assert in_words(Unrepeated(Quantity(53.0, "%", 0), Quantity(54.0, "%", 0)), "en") == "53%"
    other = Unrepeated(Quantity(2.5, "km"), Quantity(1.2, "h"))
    assert in_words(other, "en") == in_words(other.text, "en"), "another unit"


def test_a_unit_after_a_chinese_head_stands_between_chinese_signs() -> None:
    assert with_unit("居民（现状）", "人") == "居民（现状）（人）"
    assert with_unit("Residents", "people") == "Residents (people)"
    assert with_unit("Code", "") == "Code"


def write(path: Path, chapters: list[Chapter]) -> Path:
    return write_document(path, chapters, cover=Cover("Title"), plates={}, language="en", system="si")


def table(columns: int, rows: int, *, printed: bool = True) -> Table:
    frame = pd.DataFrame([[1_234_567.0] * columns] * rows, columns=[f"n{at}" for at in range(columns)])
    kept = [Column(each, str(each), "", 0, printed=printed or each != frame.columns[-1]) for each in frame]
    return Table("t", "t", frame, kept)


def test_a_column_of_detail_stays_out_of_documents(tmp_path: Path) -> None:
    path = write(tmp_path / "a.docx", [Chapter("a", "A", [table(3, 2, printed=False)])])
    assert [each.text for each in Document(str(path)).tables[0].rows[0].cells] == ["N0", "N1"]


def test_chapters_of_the_body_share_pages_and_appendices_do_not(tmp_path: Path) -> None:
    texts: list[Block] = [Paragraph("a"), Paragraph("b", appendix=True)]
    path = write(tmp_path / "a.docx", [Chapter("a", "A", texts), Chapter("b", "B", texts)])
    headings = [each for each in Document(str(path)).paragraphs if each.style and each.style.name == "Heading 1"]
    assert [each.paragraph_format.page_break_before for each in headings] == [None, False, None, None]


def test_texts_with_a_small_table_leave_the_wide_page_for_what_follows(tmp_path: Path) -> None:
    blocks: list[Block] = [table(14, 1), Paragraph("a few words"), table(2, 3), table(1, 30)]
    document = Document(str(write(tmp_path / "a.docx", [Chapter("a", "A", blocks)])))
    assert [each.orientation for each in document.sections] == [
        *[WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE] * 1,
        WD_ORIENT.PORTRAIT,
    ]
    body = list(document.element.body)
    last = max(
        at for at, each in enumerate(body) if each.tag == qn("w:p") and each.find(f".//{qn('w:sectPr')}") is not None
    )
    assert "a few words" in "".join(text.text or "" for each in body[last:] for text in each.iter(qn("w:t")))


def test_properties_of_tables_stand_in_the_order_of_the_schema(tmp_path: Path) -> None:
    document = Document(str(write(tmp_path / "a.docx", [Chapter("a", "A", [table(3, 2)])])))
    order = [qn(f"w:{name}") for name in ("tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook")]
    tags = [each.tag for each in document.tables[0]._tbl.tblPr]
    assert tags == sorted(tags, key=order.index)


def test_words_fit_between_the_margins_of_their_cells(tmp_path: Path) -> None:
    """The narrowest column holds its longest word and the room beside it."""
    head = ["Indicator", *(f"sequestration {at}" for at in range(8))]
    frame = pd.DataFrame([["x", *range(8)]], columns=[f"c{at}" for at in range(9)])
    blocks: list[Block] = [Table("t", "t", frame, [Column(f"c{at}", name) for at, name in enumerate(head)])]
    document = Document(str(write(tmp_path / "a.docx", [Chapter("a", "A", blocks)])))
    for each in document.tables:
        sides = sum(int(side.get(qn("w:w"))) for side in each._tbl.tblPr.find(qn("w:tblCellMar"))) * 635
        for head_cell in each.rows[0].cells[1:]:
            assert int(head_cell.width or 0) - sides >= 0.9 * len("sequestration") * CHARACTER


def test_measures_in_square_metres_keep_their_amount_in_hectares() -> None:
    """3,425 m² of wetland were printed as 0 hectares."""
    amounts = pd.Series([3425.0, 0.0])
    column = Column("a", "Detention wetland", "m2", column_decimals(amounts, "m2"))
    shown_as = [in_words(cell(value, column, "hectare"), "en") for value in amounts]
    assert shown_as == ["0.34", "0.00"]
    assert column_decimals(pd.Series([29.0, 162.0]), "1") == 0, "trees are whole"


@pytest.mark.parametrize("kind", ["indicator", "control", "count", "installed", "target", "total", *PARTS, "other"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_index_of_codes_tells_where_a_value_stands_in_words(kind: str, language: str) -> None:
    told = in_words(origin(kind), language)
    assert not set(":_@") & set(told)
    assert told.isascii() == (language == "en")


def test_a_unit_stays_whole_between_its_brackets() -> None:
    (column,) = column_sizes(["退界（m）"], [["7.0"]])
    assert column.least >= (2 * 1.65 + 1) * 1.1
    (column,) = column_sizes(["绿色出行比例（一个很长的单位）"], [["7.0"]])
    assert column.least < 8


def test_many_contents_have_a_page_of_their_own_in_the_usual_type(tmp_path: Path) -> None:
    chapters = [Chapter(f"c{at}", f"Chapter {at}", [Paragraph("a")]) for at in range(25)]
    paragraphs = Document(str(write(tmp_path / "a.docx", chapters))).paragraphs
    first = next(at for at, each in enumerate(paragraphs) if each.text.startswith("1 Chapter"))
    assert paragraphs[first - 1].text == "Contents"
    assert paragraphs[first - 1].paragraph_format.page_break_before
    assert paragraphs[first].text.endswith("\t3"), "after the title's page and that of the contents"
    assert all(run.font.size is None for run in paragraphs[first].hyperlinks[0].runs)


def test_long_contents_are_set_closely_so_that_they_fit_beside_the_title(tmp_path: Path) -> None:
    chapters = [Chapter(f"c{at}", f"Chapter {at}", [Paragraph("a")]) for at in range(20)]
    paragraphs = Document(str(write(tmp_path / "a.docx", chapters))).paragraphs
    first = next(at for at, each in enumerate(paragraphs) if each.text.startswith("1 Chapter"))
    assert paragraphs[first - 1].text == "Contents"
    assert paragraphs[first - 1].paragraph_format.space_before == Pt(ABOVE)
    assert {paragraphs[at].paragraph_format.line_spacing for at in range(first, first + 20)} == {1.0}
    assert all(run.font.size == Pt(SMALL / 2) for run in paragraphs[first].hyperlinks[0].runs)

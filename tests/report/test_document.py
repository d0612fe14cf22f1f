from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from citybraid.report.chapter import Block, Chapter, Column, Paragraph, Table, TextList, cells
from citybraid.report.document import write_document
from citybraid.report.drawing.units import System
from citybraid.report.page import Cover
from citybraid.report.templating.column_widths import CHARACTER
from tests.report.made import both, made, made_chapters

EMU_PER_TWIP = 635


def written(path: Path) -> str:
    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh", ["示范新城 & <测试>", "合成数据", "结论摘要", "容积率 1.40（应≤1.25）", "假定", "数据导入"]),
        (
            "en",
            ["A made town & <test>", "SYNTHETIC", "Executive summary", "must be ≤ 1.25", "a note <b>"],
        ),
    ],
)
def test_the_document_says_it_all_in_its_language(report: Path, language: str, wanted: list[str]) -> None:
    text = written(report / f"report.{language}.docx")
    for part in wanted:
        assert part in text
    assert "{{" not in text
    assert "{%" not in text


def test_figures_carry_their_text_for_readers_who_cannot_see(report: Path) -> None:
    document = Document(str(report / "report.en.docx"))
    texts = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(texts) > 8
    assert all(texts)


UPRIGHT, ACROSS = WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE


def turned(folder: Path, blocks: list[Block]) -> list[WD_ORIENT]:
    """Return the orientations of the sections of a document with one chapter, its cover first."""
    chapters = [Chapter("first", "First", blocks)]
    path = write_document(folder / "a.docx", chapters, cover=Cover("Title"), plates={}, language="en", system="si")
    return [section.orientation for section in Document(str(path)).sections]


def test_many_texts_between_two_tables_are_each_put_in_words_a_few_times_alone(tmp_path: Path) -> None:
    said: list[str] = []

    class Counted(TextList):
        def say(self, language: str, system: System = "si") -> str:
            said.append(language)
            return super().say(language, system)

    texts = [Paragraph(Counted((f"text {at}",))) for at in range(40)]
    assert turned(tmp_path, [table("a", columns=3, rows=9), *texts]) == [UPRIGHT]
    assert 40 <= len(said) <= 4 * 40


def table(name: str, *, columns: int, rows: int) -> Table:
    frame = pd.DataFrame([[1_234_567.0] * columns] * rows, columns=[f"n{at}" for at in range(columns)])
    return Table(name, name, frame, [Column(str(each), str(each), "", 0) for each in frame])


def test_wide_tables_lie_across_and_long_ones_stand(tmp_path: Path) -> None:
    wide, long = table("wide", columns=14, rows=1), table("long", columns=1, rows=30)
    assert turned(tmp_path, [wide, long, wide]) == [UPRIGHT, ACROSS, UPRIGHT, ACROSS]


def test_short_texts_and_small_tables_turn_no_page(tmp_path: Path) -> None:
    """What a chapter begins with goes with its first table; what lies between two wide tables stays with them."""
    wide, small, text = table("wide", columns=14, rows=1), table("small", columns=2, rows=3), Paragraph("a few words")
    assert turned(tmp_path, [text, wide, text, small, wide, text]) == [UPRIGHT, ACROSS]
    many = [Paragraph("word " * 80, "warning")] * 3
    assert turned(tmp_path, [wide, *many, wide]) == [UPRIGHT, ACROSS, UPRIGHT, ACROSS]


def test_a_heading_stands_with_what_follows_it(tmp_path: Path) -> None:
    wide, long = table("wide", columns=14, rows=1), table("long", columns=1, rows=30)
    heading, text = Paragraph("Parcels", "heading"), Paragraph("a few words")
    chapters = [Chapter("first", "First", [wide, text, heading, text, long])]
    path = write_document(tmp_path / "a.docx", chapters, cover=Cover("Title"), plates={}, language="en", system="si")
    body = Document(str(path)).element.body
    last = list(body.iter(qn("w:sectPr")))[-2]
    said = [node for node in body.iter() if node.tag in (qn("w:sectPr"), qn("w:t"))]
    texts = [node.text for node in said[said.index(last) + 1 :] if node.tag == qn("w:t")]
    assert texts[:2] == ["Parcels", "a few words"]


def test_a_table_that_is_not_printed_is_named_with_the_place_where_it_is(tmp_path: Path) -> None:
    frame = pd.DataFrame({"n": [4711.0]})
    chapters = [Chapter("first", "First", [Table("t", "A long table", frame, [Column("n", "n")], printed=0)])]
    cover = Cover("Title")
    path = write_document(tmp_path / "a.docx", chapters, cover=cover, plates={}, language="en", system="si")
    assert "Table 1-1 A long table: in the workbook report.en.xlsx" in written(path)
    assert "4,711" not in written(path)


def test_markup_in_texts_stays_text_and_long_tables_are_cut(tmp_path: Path) -> None:
    chapters = [Chapter("first", both("标题 {{ x }}", "Title {{ x }}"), made_chapters(made())[0].blocks)]
    cover = Cover(both("甲 <b>&", "A <b>&"))
    path = write_document(tmp_path / "报告.docx", chapters, cover=cover, plates={}, language="zh", system="planning")
    text = written(path)
    assert "甲 <b>&" in text
    assert "标题 {{ x }}" in text
    assert "=1+1 <a> & b" in text
    assert "此处显示 16 行中的 5 行" in text
    assert "P005" not in text
    assert "面积（亩）" in text


def test_a_cell_lists_the_first_of_many_names_and_says_how_many_are_left_out(tmp_path: Path) -> None:
    names = cells([TextList(tuple(f"N{at}" for at in range(100)), ", "), TextList(("N1", "N2"), ", ")])
    table = Table("t", "t", pd.DataFrame({"names": names}), [Column("names", "Names")])
    chapter = Chapter("c", "c", [table])
    path = write_document(tmp_path / "o.docx", [chapter], cover=Cover("t"), plates={}, language="en", system="si")
    first, second = (row.cells[0].text for row in Document(str(path)).tables[0].rows[1:])
    assert first.startswith("N0, N1,")
    assert first.endswith("N11, and 88 more (see the workbook)")
    assert second == "N1, N2"


def test_the_interactive_map_is_not_printed(report: Path) -> None:
    paragraphs = Document(str(report / "report.en.docx")).paragraphs
    headings = [each.text for each in paragraphs if each.style and each.style.name == "Heading 1"]
    assert "1 Executive summary" in headings
    assert "Interactive map" not in headings


def test_tables_and_pictures_lie_within_the_text_of_their_page(report: Path) -> None:
    """Sections of a document differ in width: what is in each fits between its own margins."""
    document = Document(str(report / "report.en.docx"))
    drawn, tables = 0, 0
    for section, part in zip(document.sections, _sections(document), strict=True):
        margins = (section.left_margin or 0) + (section.right_margin or 0)
        width = int(section.page_width or 0) - margins
        height = int(section.page_height or 0) - (section.top_margin or 0) - (section.bottom_margin or 0)
        for grid in (grid for element in part for grid in element.iter(qn("w:tblGrid"))):
            tables += 1
            assert sum(int(column.get(qn("w:w"))) for column in grid) * EMU_PER_TWIP <= width + EMU_PER_TWIP
        for extent in (extent for element in part for extent in element.iter(qn("wp:extent"))):
            drawn += 1
            assert int(extent.get("cx")) <= width
            assert int(extent.get("cy")) <= height
    assert drawn > 0
    assert tables > 0


def _sections(document: Any) -> list[list[Any]]:
    """Return the elements of each section; the paragraph that ends one holds its properties."""
    parts: list[list[Any]] = [[]]
    for element in document.element.body:
        parts[-1].append(element)
        if element.tag == qn("w:p") and element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            parts.append([])
    return parts


def test_a_table_too_wide_for_its_page_is_set_in_parts_and_breaks_no_word(tmp_path: Path) -> None:
    names = ["Mode", *(f"Kilometres travelled {at}" for at in range(17))]
    frame = pd.DataFrame([["on foot", *range(17)]], columns=[f"c{at}" for at in range(18)])
    wide = Table("wide", "A wide table", frame, [Column(f"c{at}", name) for at, name in enumerate(names)])
    chapters = [Chapter("first", "First", [wide])]
    path = write_document(tmp_path / "a.docx", chapters, cover=Cover("Title"), plates={}, language="en", system="si")
    document = Document(str(path))
    parts = [[cell.text for cell in table.rows[0].cells] for table in document.tables]
    assert len(parts) > 1
    assert {heads[0] for heads in parts} == {"Mode"}
    assert [head for heads in parts for head in heads[1:]] == names[1:]
    assert sum(p.text.endswith("A wide table (continued)") for p in document.paragraphs) == len(parts) - 1
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    for table in document.tables:
        for cell in table.rows[0].cells[1:]:
            assert int(cell.width or 0) >= len("Kilometres") * CHARACTER

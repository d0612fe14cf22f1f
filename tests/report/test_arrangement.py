"""Body, appendices and numbers of a report, and the pages of its documents."""

import re
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from matplotlib.figure import Figure as Drawing

from citybraid.report.arrangement import arranged, has_content, letter
from citybraid.report.chapter import Chapter, Column, Figure, Paragraph, Table, in_words
from citybraid.report.document import write_document
from citybraid.report.document_pages import PageEstimate
from citybraid.report.page import Cover
from tests.report.made import made, made_explorer


def figure(name: str, *, appendix: bool = False, printed: bool = True) -> Figure:
    return Figure(name, name, lambda _: Drawing(), appendix=appendix, printed=printed)


def table(name: str, *, rows: int = 1, appendix: bool = False) -> Table:
    return Table(name, name, pd.DataFrame({"a": ["x"] * rows}), [Column("a", "a")], appendix=appendix)


CHAPTERS = [
    Chapter("one", "One", [figure("f1"), figure("f2", appendix=True), table("t1"), figure("f3")]),
    Chapter("map", "Map", [made_explorer(made())]),
    Chapter("empty", "Empty", [Paragraph("only a heading", "heading"), table("none", rows=0)]),
    Chapter("two", "Two", [Paragraph("text"), table("t2", appendix=True)]),
    Chapter("last", "Last", [table("t3"), figure("f4", printed=False)], appendix=True),
]


def test_body_comes_first_and_chapters_without_content_are_not_opened() -> None:
    parts = arranged(CHAPTERS, keep=lambda _: True)
    assert [in_words(part.chapter.title, "en") for part in parts] == [
        "1 One", "Map", "2 Two", "Appendix A One", "Appendix B Two", "Appendix C Last",
    ]  # fmt: skip
    assert [part.onward for part in parts[:3]] == ["A", "", "B"]
    assert not has_content(CHAPTERS[2].blocks)


def test_figures_and_tables_are_numbered_by_chapter_and_the_same_where_some_are_left_out() -> None:
    def captions(keep_printed: bool) -> list[str]:
        parts = arranged(CHAPTERS, keep=lambda block: not keep_printed or getattr(block, "printed", True) is not False)
        blocks = [block for part in parts for block in part.chapter.blocks]
        return [
            in_words(b.caption if isinstance(b, Figure) else b.title, "en")
            for b in blocks
            if isinstance(b, Figure | Table)
        ]

    everything = captions(keep_printed=False)
    assert everything == [
        "Figure 1-1 f1", "Table 1-1 t1", "Figure 1-2 f3", "Figure A-1 f2", "Table B-1 t2", "Table C-1 t3",
        "Figure C-1 f4",
    ]  # fmt: skip
    assert captions(keep_printed=True) == [text for text in everything if not text.endswith("f4")]


@pytest.mark.parametrize(("at", "wanted"), [(0, "A"), (25, "Z"), (26, "AA"), (52, "BA")])
def test_appendices_go_on_after_z(at: int, wanted: str) -> None:
    assert letter(at) == wanted


def contents(path: Path) -> list[tuple[str, str, int]]:
    """Title, bookmark and page of each line of the contents."""
    lines = []
    for paragraph in Document(str(path)).paragraphs:
        for link in paragraph._p.iter(qn("w:hyperlink")):
            texts = [text.text or "" for text in link.iter(qn("w:t"))]
            lines.append((texts[0], str(link.get(qn("w:anchor"))), int(texts[-1])))
    return lines


def test_the_contents_give_each_chapters_page_as_a_field_that_leads_to_its_heading(tmp_path: Path) -> None:
    long = Chapter("long", "Long", [Paragraph("words " * 4000)])
    short = Chapter("short", "Short", [Paragraph("words")])
    path = write_document(
        tmp_path / "a.docx", [short, long, short], cover=Cover("Title"), plates={}, language="en", system="si"
    )
    lines = contents(path)
    assert [title for title, _, _ in lines] == ["1 Short", "2 Long", "3 Short"]
    pages = [page for _, _, page in lines]
    assert pages[:2] == [2, 2], "chapters of the body share a page"
    assert 9 <= pages[2] <= 13, "24 000 letters fill about eight pages"
    xml = Document(str(path)).element.xml
    for _, bookmark, _ in lines:
        assert f'w:name="{bookmark}"' in xml
        assert f"PAGEREF {bookmark} " in xml
    assert xml.count('w:dirty="true"') == len(lines)


def test_a_table_over_several_pages_repeats_its_head() -> None:
    pages = PageEstimate(0)
    document = Document()
    pages.turn(document.sections[0])
    pages.table([["head"], *[["row"]] * 200], [400.0])
    assert 4 <= pages.page <= 8


def test_the_bodies_of_page_and_document_are_short(report: Path) -> None:
    text = (report / "report.html").read_text(encoding="utf-8")
    body = re.sub(r'<section id="appendix-.*?</section>', "", text, flags=re.DOTALL)
    assert body.count("<img ") / 2 <= 12
    assert len(re.findall(r"<details>", text)) == len(re.findall(r'<section id="appendix-', text)) > 3
    for language, first in (("zh", "附录"), ("en", "Appendix")):
        lines = contents(report / f"report.{language}.docx")
        appendix = next(page for title, _, page in lines if title.startswith(first))
        assert appendix - 1 <= 40

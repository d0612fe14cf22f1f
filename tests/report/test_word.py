"""Documents as Word opens them: nothing that it refuses or mends (`word_structure`), and planted faults are found."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from citybraid.report.annex.write import write_annex
from citybraid.report.chapter import Block, Chapter, Column, Paragraph, Table
from citybraid.report.document import write_document
from citybraid.report.page import Cover
from citybraid.report.view import View
from tests.report.made_run import made_run
from tests.report.word_structure import problems


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document with contents, a wide table on a page across and a long one."""
    frame = pd.DataFrame([[1_234_567.0] * 14] * 40, columns=[f"n{at}" for at in range(14)])
    wide = Table("wide", "wide", frame, [Column(str(each), str(each), "", 0) for each in frame])
    long = Table("long", "long", frame[["n0", "n1"]], wide.columns[:2])
    blocks: list[Block] = [Paragraph(" spaces at both ends "), wide, long]
    chapters = [Chapter(f"c{at}", f"Chapter {at}", blocks) for at in range(3)]
    path = tmp_path_factory.mktemp("word") / "a.docx"
    return write_document(path, chapters, cover=Cover("Title"), plates={}, language="en", system="si")


def test_a_small_document_has_nothing_that_word_refuses(small: Path) -> None:
    assert problems(small) == []


def test_the_annex_has_nothing_that_word_refuses(tmp_path: Path) -> None:
    """Tables of its templates had their borders after the look, where the schema has none."""
    paths = write_annex(View(made_run(tmp_path / "run")), tmp_path / "out", languages=("zh", "en"), system="planning")
    documents = [path for path in paths if path.suffix == ".docx"]
    assert len(documents) == 6
    assert {path.name: found for path in documents if (found := problems(path))} == {}


@pytest.mark.slow
def test_the_whole_report_has_nothing_that_word_refuses(report: Path) -> None:
    documents = sorted(report.rglob("*.docx"))
    assert {path.name for path in documents} >= {"report.zh.docx", "report.en.docx", "memorandum.zh.docx"}
    assert {path.name: found for path in documents if (found := problems(path))} == {}


@pytest.mark.parametrize(
    ("part", "old", "new", "found"),
    [
        ("document", "</w:p></w:tc>", "</w:p><w:tbl><w:tblPr/></w:tbl></w:tc>", "does not end with a paragraph"),
        ("document", "<w:gridCol ", '<w:gridCol w:w="9"/><w:gridCol ', "columns on a grid of"),
        ("document", 'w:fldCharType="end"', 'w:fldCharType="separate"', "without end"),
        ("document", "<w:bookmarkEnd ", '<w:bookmarkEnd w:id="999"/><w:bookmarkEnd ', "bookmarks without start or end"),
        ("document", "PAGEREF ", "PAGEREF x", "link to no bookmark"),
        ("document", '<w:pStyle w:val="Heading1"/>', '<w:pStyle w:val="Nothing"/>', "is no paragraph style"),
        ("document", 'xml:space="preserve"', "", "are lost"),
        ("document", 'xml:space="preserve"', 'xml:space="keep"', "xml:space 'keep'"),
        ("document", "<w:tabs>", '<w:jc w:val="left"/><w:tabs>', "out of order"),
        ("document", "<w:sectPr", '<w:sectPr><w:headerReference r:id="rId999"/></w:sectPr><w:sectPr', "is missing"),
        ("document", "<w:pPr>", '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>', "list 77"),
        ("_rels/document", 'Target="styles.xml"', 'Target="style.xml"', "has no part"),
        ("document", "<w:pPr>", "<w:r/><w:pPr>", "does not come first"),
    ],
)
def test_planted_faults_are_found(part: str, old: str, new: str, found: str, small: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "b.docx"
    with zipfile.ZipFile(small) as source, zipfile.ZipFile(spoilt, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.removeprefix("word/").removesuffix(".rels").removesuffix(".xml") == part:
                text = content.decode("utf-8")
                assert old in text
                content = text.replace(old, new, 1 if new else -1).encode("utf-8")
            target.writestr(entry, content)
    assert any(found in each for each in problems(spoilt)), problems(spoilt)

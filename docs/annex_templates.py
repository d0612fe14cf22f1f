"""Make the Word templates of the climate annex from the report's own: `python docs/annex_templates.py`."""

import sys
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Emu, Pt
from docx.table import Table, _Cell

TEMPLATES = Path(__file__).parents[1] / "src" / "citybraid" / "report" / "templates"
KINDS = {"text": False, "memorandum": False, "statement": True}
"""Documents, and whether all of their pages lie across."""
LINE, HEAD_FILL = "C9D1D0", "E4EDEA"


def made(*, across: bool) -> Docx:
    """Return a template: cover, contents, parts, and parts that lie across at the end."""
    document = Document(str(TEMPLATES / "report.docx"))
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    _styles(document)
    if across:
        _turn(document.sections[-1])
        _narrow(document.sections[-1])
        _statement_cover(document)
    else:
        _cover(document)
    _parts(document, "parts")
    if not across:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        _turn(section)
        _narrow(section)
        _parts(document, "appendices")
    return document


def _styles(document: Docx) -> None:
    normal = document.styles["Normal"]
    sizes = {"Clause": (0.0, 0.0, 6.0), "Clause item": (1.2, -0.7, 3.0), "Figure": (0.0, 0.0, 0.0)}
    for name, (left, first, after) in sizes.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.paragraph_format.left_indent, style.paragraph_format.first_line_indent = Cm(left), Cm(first)
        style.paragraph_format.space_after = Pt(after)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(20)
    document.styles["Figure"].paragraph_format.keep_with_next = True
    document.styles["Figure"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _cover(document: Docx) -> None:
    for _ in range(7):
        document.add_paragraph("")
    document.add_paragraph("{{ kind }}")
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ subtitle }}", "Subtitle")
    _optional(document, "synthetic", "{{ synthetic }}", "Warning")
    document.add_paragraph("{{ made_by }}", "Note")
    heading = document.add_paragraph("{{ contents_title }}", "Table title")
    heading.paragraph_format.page_break_before = True
    document.add_paragraph("{%p for entry in contents %}")
    document.add_paragraph("{{ entry }}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _statement_cover(document: Docx) -> None:
    document.add_paragraph("{{ title }}", "Subtitle")
    _optional(document, "synthetic", "{{ synthetic }}", "Warning")


def _optional(document: Docx, name: str, text: str, style: str) -> None:
    document.add_paragraph(f"{{%p if {name} %}}")
    document.add_paragraph(text, style)
    document.add_paragraph("{%p endif %}")


def _parts(document: Docx, name: str) -> None:
    document.add_paragraph(f"{{%p for part in {name} %}}")
    document.add_paragraph("{{ part.title }}", "Heading 1").paragraph_format.page_break_before = False
    document.add_paragraph("{%p for block in part.blocks %}")
    _kind(document, "clause", first=True)
    clause = document.add_paragraph("", "Clause")
    clause.add_run("{{ block.number }}").bold = True
    clause.add_run("　{{ block.heading }}　").bold = True
    clause.add_run("{{ block.text }}")
    for kind, style in (
        ("item", "Clause item"),
        ("bullet", "List Bullet"),
        ("lead", "Lead"),
        ("warning", "Warning"),
        ("heading", "Heading 2"),
    ):
        _kind(document, kind)
        document.add_paragraph("{{ block.number }} {{ block.text }}" if kind == "item" else "{{ block.text }}", style)
    _kind(document, "figure")
    document.add_paragraph("{{ block.picture }}", "Figure")
    document.add_paragraph("{{ block.text }}", "Caption")
    _kind(document, "table")
    document.add_paragraph("{{ block.title }}", "Table title")
    _table(document)
    _optional(document, "block.note", "{{ block.note }}", "Note")
    document.add_paragraph("{%p else %}")
    document.add_paragraph("{{ block.text }}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")


def _kind(document: Docx, kind: str, *, first: bool = False) -> None:
    document.add_paragraph(f'{{%p {"if" if first else "elif"} block.kind == "{kind}" %}}')


def _table(document: Docx) -> None:
    """Add a table whose columns and rows are those of the block: a head that is repeated, rows that stay whole."""
    table = document.add_table(rows=4, cols=3)
    table.autofit = False
    _lines(table)
    _cells(table, 0, "block.heads", "Table head", fill=HEAD_FILL)
    _row_mark(table, 1, "{%tr for row in block.rows %}")
    _cells(table, 2, "row", "Table cell")
    _row_mark(table, 3, "{%tr endfor %}")
    for at, repeated in ((0, True), (2, False)):
        properties = table.rows[at]._tr.get_or_add_trPr()  # noqa: SLF001  (no public way)
        properties.append(OxmlElement("w:cantSplit"))
        if repeated:
            properties.append(OxmlElement("w:tblHeader"))


def _cells(table: Table, at: int, source: str, style: str, *, fill: str = "") -> None:
    before, cell, after = table.rows[at].cells
    before.paragraphs[0].text = f"{{%tc for cell in {source} %}}"
    after.paragraphs[0].text = "{%tc endfor %}"
    _aligned(cell, style)
    if fill:
        shade = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("fill", fill)):
            shade.set(qn(f"w:{key}"), value)
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  (no public way)


def _aligned(cell: _Cell, style: str) -> None:
    """Set numbers to the right and texts to the left."""
    first = cell.paragraphs[0]
    first.text = "{%p if cell.right %}"
    right = cell.add_paragraph("{{ cell.text }}", style)
    right.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    cell.add_paragraph("{%p else %}")
    cell.add_paragraph("{{ cell.text }}", style)
    cell.add_paragraph("{%p endif %}")


def _row_mark(table: Table, at: int, text: str) -> None:
    table.rows[at].cells[0].paragraphs[0].text = text


def _lines(table: Table) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)  # noqa: SLF001  (no public way)


def _narrow(section: Section) -> None:
    """Set small margins, for what shall fit on a page."""
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(1.5))


def _turn(section: Section) -> None:
    wide, tall = section.page_width or 0, section.page_height or 0
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Emu(max(wide, tall)), Emu(min(wide, tall))


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATES
    for name, lies_across in KINDS.items():
        made(across=lies_across).save(str(folder / f"annex_{name}.docx"))
        print(folder / f"annex_{name}.docx")

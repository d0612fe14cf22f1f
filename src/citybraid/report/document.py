"""The report as a Word document from a template that a bureau can replace with its own.

The template (templates/report.docx) holds styles, header, footer and the cover with its
placeholders; chapters are set below it with the template's styles.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import as_file, files
from itertools import count, groupby
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Emu, Pt
from docx.table import Table as DocxTable

from citybraid import __version__
from citybraid.report.arrangement import Arranged, arranged
from citybraid.report.chapter import (
    Block,
    Chapter,
    Explorer,
    Figure,
    Paragraph,
    ProblemMap,
    Table,
    Text,
    TextList,
    in_words,
    words,
)
from citybraid.report.document_pages import Entry, PageEstimate, bookmarked, first_pages, write_contents
from citybraid.report.drawing.rendering import RenderedFigures
from citybraid.report.drawing.units import System, label
from citybraid.report.package import add_picture, save
from citybraid.report.page import Cover
from citybraid.report.page_table import LaidOut, laid_out
from citybraid.report.templating import filling
from citybraid.report.templating.apart import filled_apart
from citybraid.report.templating.column_widths import (
    ColumnSize,
    column_groups,
    column_sizes,
    column_widths,
    text_size,
    with_unit,
)
from citybraid.report.templating.filling import Page

MOST_ROWS = 40
"""Rows of a table in the document; the workbook has all."""
MOST_LISTED = 12
"""Names that a cell of the document lists; the workbook has all."""
PORTRAIT = 85.0
"""A table whose columns need more than this [characters] gets a landscape page."""
MANY_COLUMNS = 10
"""A table of so many columns gets one too: names beside narrow numbers would run down the page letter by letter."""
SHORT_TEXT, FEW_ROWS = 1100, 12
"""Texts between two blocks up to this long [Latin characters], and narrow tables of so few rows, turn no page."""
TALLEST = 0.46
"""Greatest height of a figure as a share of the page's, so that two fit on a page."""
BETWEEN, LEAST_ROOM = 30.0, 90.0
"""Room above a chapter that begins within a page, and what its heading needs below it [pt]."""
STYLES = {"text": "Normal", "lead": "Lead", "warning": "Warning", "item": "List Bullet", "heading": "Heading 2"}
RIGHT = '<w:jc w:val="right"/>'
HEAD_FILL, LINE = "E4EDEA", "C9D1D0"
AFTER_MARGINS = ("w:tblLook", "w:tblCaption", "w:tblDescription", "w:tblPrChange")
AFTER_BORDERS = ("w:shd", "w:tblLayout", "w:tblCellMar", *AFTER_MARGINS)
"""Properties of a table that follow its cells' margins, and its borders (ISO/IEC 29500-1, CT_TblPr)."""
CELL_MARGIN, TIGHT_MARGIN = 80, 45
"""Room to the left and right of a cell's text, and where many columns stand side by side [twentieth of a point]."""


class _Context(NamedTuple):
    """Language, unit system, figures and workbook name of a document."""

    language: str
    system: System
    plates: RenderedFigures
    book: str
    pages: PageEstimate
    styles: Mapping[str, str]
    """Id of each style by its name."""
    numbers: Iterator[int]
    """Numbers of pictures that the template has not used."""

    def render(self, text: Text) -> str:
        return in_words(text, self.language, self.system)


class _Printed(NamedTuple):
    """A table as it is printed: its columns, the texts of its head and rows, and the sizes of its columns."""

    laid: LaidOut
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    sizes: Sequence[ColumnSize]


def write_document(
    path: Path,
    chapters: Sequence[Chapter],
    *,
    cover: Cover,
    plates: RenderedFigures,
    language: str,
    system: System,
    template: Path | None = None,
) -> Path:
    """Write the report in one language as a Word document and return its path.

    A custom template needs the placeholders and the styles of templates/report.docx; it is filled by a process apart.
    Raises InputError where it is broken or does not end.
    """
    parts = printed(chapters)
    with as_file(files("citybraid.report").joinpath("templates", "report.docx")) as default_template:
        document = _covered(template, default_template, _cover(cover, parts, language, system))
    styles = {str(style.name): str(style.style_id) for style in document.styles}
    numbers = count(document.part.next_id)
    pages = PageEstimate(first_pages(len(parts)))
    context = _Context(language, system, plates, cover.book, pages, styles, numbers)
    entries = [_chapter(document, part, at, context) for at, part in enumerate(parts, 1)]
    write_contents(document, entries)
    document.core_properties.title = context.render(cover.title)
    document.core_properties.language = {"zh": "zh-CN"}.get(language, language)
    save(document, path)
    return path


def _covered(own: Path | None, shipped: Path, values: Mapping[str, object]) -> Document:
    if own is not None:
        return filled_apart(own, values, name=own.name, strict=False)
    template = filling.opened(shipped, shipped.name)
    filling.fill(template, values, name=shipped.name, strict=False)
    document: Document = template.docx
    return document


def printed(chapters: Sequence[Chapter]) -> list[Arranged]:
    """Return the body and the appendices of what can be printed: interactive maps cannot."""
    return arranged(chapters, keep=_printable)


def _printable(block: Block) -> bool:
    return not isinstance(block, Explorer | ProblemMap) and (not isinstance(block, Figure) or block.printed)


def _chapter(document: Document, part: Arranged, at: int, context: _Context) -> Entry:
    """Add a chapter and return its line of the contents; those of the body follow each other on pages that both fit.

    Appendices begin on pages of their own.
    """
    tables = [_printed(block, context) for block in part.chapter.blocks]
    turns = _orientations(part.chapter.blocks, tables, context)
    onward = not _orient(document, turns[0]) and at > 1 and not part.appendix
    if not onward:
        context.pages.turn(_last_section(document))
    title, bookmark = context.render(part.chapter.title), f"chapter_{at}"
    heading = document.add_heading(title, 1)
    if onward:
        heading.paragraph_format.page_break_before = False
        heading.paragraph_format.space_before = Pt(BETWEEN)
        context.pages.space(BETWEEN, needs=LEAST_ROOM)
    entry = Entry(title, bookmark, context.pages.page)
    bookmarked(heading, bookmark, at)
    context.pages.text(title, "Heading 1")
    for block, table, to in zip(part.chapter.blocks, tables, turns, strict=True):
        _turn(document, to, context)
        _block(document, block, table, context)
    if part.onward:
        _paragraph(document, context.render(words("arrangement.onward", number=part.onward)), "Note", context)
    return entry


def _cover(cover: Cover, parts: Sequence[Arranged], language: str, system: System) -> Mapping[str, object]:
    def said(text: Text) -> str:
        return in_words(text, language, system)

    return {
        "kind": said(cover.kind), "title": said(cover.title), "subtitle": said(cover.subtitle),
        "synthetic": said(words("page.synthetic")) if cover.synthetic else "",
        "contents_title": said(words("page.contents")), "contents": [said(part.chapter.title) for part in parts],
        "made_by": said(words("page.made_by", version=__version__)),
    }  # fmt: skip


def _block(document: Document, block: Block, table: _Printed | None, context: _Context) -> None:
    if isinstance(block, Table):
        _table(document, block, table, context)
    elif isinstance(block, Paragraph):
        _paragraph(document, context.render(block.text), STYLES[block.kind], context)
    elif isinstance(block, Figure):
        _figure(document, block, context)


def _paragraph(document: Document, text: str, style: str, context: _Context) -> None:
    context.pages.text(text, style)
    paragraph = document.add_paragraph(text)
    paragraph._p.style = _style_id(style, context)  # noqa: SLF001  (a look-up of its default each time takes seconds)


def _style_id(name: str, context: _Context) -> str | None:
    """Return the id of a style; the usual one needs none."""
    return None if name == STYLES["text"] else context.styles[name]


def _figure(document: Document, figure: Figure, context: _Context) -> None:
    section = _last_section(document)
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    paragraph = document.add_paragraph()
    plate = context.plates[figure.name, context.language]
    path = plate.path
    picture = add_picture(document, paragraph, path, width=Emu(room), number=next(context.numbers))
    over = picture.height / (
        TALLEST * ((section.page_height or 0) - (section.top_margin or 0) - (section.bottom_margin or 0))
    )
    if over > 1:
        picture.width, picture.height = Emu(int(picture.width / over)), Emu(int(picture.height / over))
    picture._inline.docPr.set("descr", context.render(figure.alt or plate.alt or figure.caption))  # noqa: SLF001  (no public way to a picture's text)
    paragraph.paragraph_format.keep_with_next = True
    context.pages.picture(picture.height / Pt(1))
    caption = document.add_paragraph(context.render(figure.caption))
    caption._p.style = _style_id("Caption", context)  # noqa: SLF001  (as in _paragraph)


def _last_section(document: Document) -> Section:
    """Return the current section, whose properties are the last element of the body."""
    return Section(document.element.body.get_or_add_sectPr(), document.part)


def _table(document: Document, table: Table, printed: _Printed | None, context: _Context) -> None:
    if table.frame.empty:
        return
    if printed is None:
        in_workbook = words("table.in_workbook", title=table.title, book=context.book)
        _paragraph(document, context.render(in_workbook), "Note", context)
        return
    laid, heads, rows, sizes = printed
    room = room_of(_last_section(document))
    for number, columns in enumerate(column_groups(sizes, room)):
        title = words("table.continued", title=table.title) if number else table.title
        _paragraph(document, context.render(title), "Table title", context)
        part = [[line[at] for at in columns] for line in (heads, *rows)]
        widths = column_widths([sizes[at] for at in columns], room)
        _fill(document, part, widths, [laid.heads[at].numeric for at in columns], context)
    if laid.shown < len(table.frame):
        left_out = words("table.left_out", shown=f"{laid.shown:,}", total=f"{len(table.frame):,}", book=context.book)
        _paragraph(document, context.render(left_out), "Note", context)
    if table.note:
        _paragraph(document, context.render(table.note), "Note", context)


def _printed(block: Block, context: _Context) -> _Printed | None:
    """Return a table as it is printed, None for what is no table or stands in the workbook alone."""
    if not isinstance(block, Table) or block.printed == 0 or block.frame.empty:
        return None
    block = replace(block, columns=[column for column in block.columns if column.printed])
    laid = laid_out(block, context.system, min(block.printed or block.most or MOST_ROWS, MOST_ROWS))
    heads, rows = _texts(laid, context)
    return _Printed(laid, heads, rows, column_sizes(heads, rows))


def _texts(laid: LaidOut, context: _Context) -> tuple[list[str], list[list[str]]]:
    """Return the column headings and the printed rows of a table as text."""
    heads = [with_unit(context.render(head.title), label(head.unit, context.language)) for head in laid.heads]
    return heads, [[context.render(_shortened(text)) for text in row] for row in laid.rows]


def _shortened(text: Text) -> Text:
    """Return a cell that lists many names with the first of them: the workbook has all."""
    if not isinstance(text, TextList) or len(text.parts) <= MOST_LISTED:
        return text
    rest = words("document.more", count=len(text.parts) - MOST_LISTED)
    return TextList((*text.parts[:MOST_LISTED], rest), text.between)


def _orientations(blocks: Sequence[Block], tables: Sequence[_Printed | None], context: _Context) -> list[WD_ORIENT]:
    """Return the page orientation of each block: landscape for wide tables, portrait for figures and long tables.

    What lies between turns no page of its own where it is short: it follows the block before it, a heading, or texts
    with a table, the block after it, as does what a chapter begins with. Long texts are portrait.
    """
    fixed = [_orientation(block, table) for block, table in zip(blocks, tables, strict=True)]
    turns: list[WD_ORIENT] = []
    for _, group in groupby(range(len(blocks)), key=lambda at: fixed[at] is None):
        places = list(group)
        if fixed[places[0]] is not None:
            turns += [each for at in places if (each := fixed[at]) is not None]
            continue
        after = next((each for each in fixed[places[-1] + 1 :] if each is not None), None)
        before = turns[-1] if turns else None
        long = sum(_length(blocks[each], context) for each in places) > SHORT_TEXT
        for at in places:
            headed = any(_is_heading(blocks[each]) for each in places if each <= at) or any(
                isinstance(blocks[each], Table) for each in places
            )
            wanted = () if long else (after, before) if headed else (before, after)
            turns.append(next((each for each in wanted if each is not None), WD_ORIENT.PORTRAIT))
    return turns


def _orientation(block: Block, table: _Printed | None) -> WD_ORIENT | None:
    """Return the page orientation that a block needs, None where both serve it: texts and small narrow tables."""
    if isinstance(block, Figure):
        return WD_ORIENT.PORTRAIT
    if table is None:
        return None
    if sum(size.least for size in table.sizes) > PORTRAIT or len(table.sizes) >= MANY_COLUMNS:
        return WD_ORIENT.LANDSCAPE
    return None if len(table.rows) <= FEW_ROWS else WD_ORIENT.PORTRAIT


def _is_heading(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.kind == "heading"


def _length(block: Block, context: _Context) -> int:
    return text_size(context.render(block.text)) if isinstance(block, Paragraph) else 0


def _fill(
    document: Document, rows: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[bool], context: _Context
) -> None:
    """Add a table, whose first row is its head, with its columns' widths [EMU]."""
    docx_table = document.add_table(rows=0, cols=len(widths))
    docx_table.autofit = False
    context.pages.table(rows, [width / Pt(1) for width in widths])
    _borders(docx_table)
    for column, width in zip(docx_table.columns, widths, strict=True):
        column.width = Emu(width)
    styles = [context.styles[name] for name in ("Table head", "Table cell")]
    twips = [Emu(width).twips for width in widths]
    lines = [_row(line, twips, right, style=styles[bool(at)], head=not at) for at, line in enumerate(rows)]
    for row in parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(lines)}</w:tbl>"):
        docx_table._tbl.append(row)  # noqa: SLF001  (cells made one by one take seconds)


def _row(line: Sequence[str], widths: Sequence[int], right: Sequence[bool], *, style: str, head: bool) -> str:
    """Return a row of a table as WordprocessingML: it stays on one page, a head is repeated on each."""
    shade = f'<w:shd w:val="clear" w:fill="{HEAD_FILL}"/>' if head else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/>{shade}</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>'
        f"{RIGHT if is_right else ''}</w:pPr><w:r>{_run(text)}</w:r></w:p></w:tc>"
        for text, width, is_right in zip(line, widths, right, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{cells}</w:tr>"


def _run(text: str) -> str:
    """Return a text as the content of a run: line breaks and tabs are elements of their own."""
    parts = (escape(part) for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    lines = ("<w:tab/>".join(f'<w:t xml:space="preserve">{word}</w:t>' for word in part.split("\t")) for part in parts)
    return "<w:br/>".join(lines)


def room_of(section: Section | Page) -> int:
    """Return the width of a section's text [EMU]."""
    return (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)


def _borders(table: DocxTable) -> None:
    properties = table._tbl.tblPr  # noqa: SLF001  (no public way to a table's borders and margins)
    set_cell_margins(properties)
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties.insert_element_before(borders, *AFTER_BORDERS)


def set_cell_margins(properties: Any, margin: int = CELL_MARGIN) -> None:
    """Set narrow margins of a table's cells in its properties, in the order of the schema: they leave room to words."""
    for old in properties.findall(qn("w:tblCellMar")):
        properties.remove(old)
    sides = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side in ("left", "right"))
    margins = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")
    properties.insert_element_before(margins, *AFTER_MARGINS)


def _turn(document: Document, to: WD_ORIENT, context: _Context) -> None:
    """Continue with pages of this orientation and count the page that a change begins."""
    if _orient(document, to):
        context.pages.turn(_last_section(document))


def _orient(document: Document, to: WD_ORIENT) -> bool:
    """Continue with pages of this orientation; tell whether a new section had to begin."""
    last = _last_section(document)
    wide, tall = last.page_width or 0, last.page_height or 0
    if (wide > tall) == (to == WD_ORIENT.LANDSCAPE):
        return False
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = to
    section.page_width, section.page_height = Emu(tall), Emu(wide)
    return True

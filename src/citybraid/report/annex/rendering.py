"""Documents of the annex: parts said in a language and set by a Word template, tables by their columns' widths."""

import re
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Emu, Pt

from citybraid.report.annex.content import Block, Clause, Part
from citybraid.report.annex.general import made_by
from citybraid.report.annex.template_files import Kind
from citybraid.report.annex.templates import filled, opened
from citybraid.report.chapter import SENTENCES, Figure, Paragraph, Table, Text, TextList, in_words, words
from citybraid.report.document import (
    AFTER_BORDERS,
    CELL_MARGIN,
    TIGHT_MARGIN,
    room_of,
    set_cell_margins,
)
from citybraid.report.document_pages import Entry, PageEstimate, bookmarked, write_contents
from citybraid.report.drawing.rendering import RenderedFigures
from citybraid.report.drawing.units import System, label
from citybraid.report.package import save
from citybraid.report.page_table import laid_out
from citybraid.report.templating.column_widths import column_groups, column_sizes, column_widths, with_unit
from citybraid.report.templating.filling import Cell, Page, Picture
from citybraid.report.view import View

TALLEST = 0.42
"""Greatest height of a figure as a share of the page's."""
CODE = re.compile(r"\b[A-Z]+\d*(?:-\d+)+(?![\w-])")
"""A provenance code or the number of a parcel."""
FIRST_PAGES = 2
"""Pages before the first chapter: the title's and that of the contents. Each chapter begins a page, as templates do."""
KEPT_HYPHEN = "\N{NON-BREAKING HYPHEN}"
TAGS = {"zh": "zh-CN"}


class Printed(NamedTuple):
    """A table as it is printed: the texts of its head and of its rows."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


class _Said(NamedTuple):
    """A document in a language: the pages of its template, figures and tables, and where clauses have come to."""

    language: str
    system: System
    plates: RenderedFigures
    sheets: Sequence[Page]
    tables: list[tuple[Printed, bool]]
    pages: PageEstimate
    numbers: Iterator[int]

    def render(self, text: Text) -> str:
        return unbroken(in_words(text, self.language, self.system))


def unbroken(text: str) -> str:
    """Return a text whose codes and numbers of parcels are not broken at the end of a line.

    A cell that is a code alone, as in the index, stays as it is typed in a search.
    """
    if CODE.fullmatch(text):
        return text
    return CODE.sub(lambda found: found[0].replace("-", KEPT_HYPHEN), text)


def write_annex_document(
    view: View, path: Path, kind: Kind, parts: Sequence[Part], *, language: str, system: System,
    plates: RenderedFigures | None = None,
) -> Path:  # fmt: skip
    """Write parts in one language as a Word document by the template of its kind, and return its path.

    Raises InputError where the study's own template is missing or broken.
    """
    with opened(view.run, kind) as of_kind:
        before = PageEstimate(0 if kind == "statement" else FIRST_PAGES)
        context_words = _Said(language, system, plates or {}, of_kind.pages, [], before, iter(range(1, 10_000)))
        upright = [_part(part, context_words) for part in parts if not part.across]
        across = [_part(part, context_words) for part in parts if part.across]
        about = {
            "kind": context_words.render(words(f"annex_kind.{kind}")), "title": context_words.render(view.title),
            "subtitle": context_words.render(words("annex.subtitle", year=view.run.about.year)),
            "synthetic": context_words.render(words("page.synthetic")) if view.run.synthetic else "",
            "contents_title": context_words.render(words("page.contents")), "made_by": context_words.render(made_by()),
            "contents": [str(each["title"]) for each in (*upright, *across)],
        }  # fmt: skip
        document = filled(of_kind, {**about, "parts": upright, "appendices": across})
    _set_widths(document, context_words.tables)
    if kind != "statement":
        entries = [(str(each["title"]), int(each["page"])) for each in (*upright, *across)]
        _link_contents(document, entries, turned=range(len(upright) + 1, len(entries)))
    document.core_properties.title = f"{about['title']} {about['kind']}"
    document.core_properties.language = TAGS.get(language, language)
    save(document, path)
    return path


def _part(part: Part, context: _Said) -> dict[str, Any]:
    title = context.render(part.title)
    context.pages.turn(context.sheets[-1 if part.across else 0])
    context.pages.text(title, "Heading 1")
    page = context.pages.page
    return {
        "title": title,
        "page": page,
        "blocks": [each for block in part.blocks for each in _blocks(block, part, context)],
    }


def _blocks(block: Block, part: Part, context: _Said) -> Iterator[dict[str, Any]]:
    """Yield a block as templates see it; its `kind` says how it is set."""
    if isinstance(block, Clause):
        number = context.render(words("annex.clause", number=next(context.numbers)))
        heading, text = context.render(block.heading), context.render(block.text)
        yield _text("clause", text, context, number=number, heading=heading)
        for at, item in enumerate(block.items, 1):
            yield _text(
                "item", context.render(item), context, number=context.render(words("annex.item_number", number=at))
            )
    elif isinstance(block, Paragraph):
        yield _text("bullet" if block.kind == "item" else block.kind, context.render(block.text), context)
    elif isinstance(block, Table):
        yield from _table(block, part, context)
    elif isinstance(block, Figure):
        yield from _figure(block, context)


def _text(kind: str, text: str, context: _Said, *, number: str = "", heading: str = "") -> dict[str, Any]:
    context.pages.text(f"{number} {heading} {text}")
    return {"kind": kind, "number": number, "heading": heading, "text": text}


def _table(table: Table, part: Part, context: _Said) -> Iterator[dict[str, Any]]:
    """Yield a table, upright in parts where its page is too narrow for its words."""
    if table.frame.empty:
        return
    laid = laid_out(table, context.system, most=len(table.frame) if table.printed is None else table.printed)
    heads = [with_unit(context.render(head.title), label(head.unit, context.language)) for head in laid.heads]
    rows = [[context.render(cell) for cell in row] for row in laid.rows]
    right = [head.numeric for head in laid.heads]
    notes: list[Text] = [table.note] if table.note else []
    if laid.shown < len(table.frame):
        notes.insert(0, words("annex.more_rows", shown=f"{laid.shown:,}", total=f"{len(table.frame):,}"))
    section, sizes = context.sheets[-1 if part.across else 0], column_sizes(heads, rows, tight=part.across)
    groups = [list(range(len(heads)))] if part.across else column_groups(sizes, room_of(section))
    for number, group in enumerate(groups):
        printed = Printed([heads[at] for at in group], [[row[at] for at in group] for row in rows])
        context.tables.append((printed, part.across))
        widths = column_widths([sizes[at] for at in group], room_of(section))
        context.pages.table([printed.heads, *printed.rows], [width / Pt(1) for width in widths])
        numeric, last = [right[at] for at in group], number == len(groups) - 1
        title = words("table.continued", title=table.title) if number else table.title
        yield {
            "kind": "table", "title": context.render(title),
            "note": context.render(TextList(tuple(notes), SENTENCES)) if last else "",
            "heads": [Cell(head, flag) for head, flag in zip(printed.heads, numeric, strict=True)],
            "rows": [[Cell(text, flag) for text, flag in zip(row, numeric, strict=True)] for row in printed.rows],
        }  # fmt: skip


def _figure(figure: Figure, context: _Said) -> Iterator[dict[str, Any]]:
    plate = context.plates.get((figure.name, context.language))
    if plate is None:
        return
    section = context.sheets[0]
    room, tall = room_of(section), int(TALLEST * (section.page_height or 0))
    wide = min(room, int(tall * plate.size[0] / plate.size[1]))
    context.pages.picture(wide * plate.size[1] / plate.size[0] / Pt(1))
    picture = Picture(str(plate.path), int(wide))
    yield {"kind": "figure", "picture": picture, "text": context.render(figure.caption)}


def _set_widths(document: Document, tables: Sequence[tuple[Printed, bool]]) -> None:
    """Set the columns of each data table by its texts; tables that the template adds stay as they are."""
    waiting = list(tables)
    for table in document.element.body.iter(qn("w:tbl")):
        _order_borders(table.tblPr)
        if not waiting:
            continue
        lines = table.findall(qn("w:tr"))
        if not lines or [_said_in(cell) for cell in lines[0].findall(qn("w:tc"))] != list(waiting[0][0].heads):
            continue
        printed, across = waiting.pop(0)
        room = room_of(document.sections[-1 if across else 0])
        set_cell_margins(table.tblPr, TIGHT_MARGIN if across else CELL_MARGIN)
        sizes = column_sizes(printed.heads, printed.rows, tight=across)
        widths = [Emu(each).twips for each in column_widths(sizes, room)]
        for column, width in zip(table.iter(qn("w:gridCol")), widths, strict=False):
            column.set(qn("w:w"), str(width))
        for line in lines:
            for cell, width in zip(line.findall(qn("w:tc")), widths, strict=False):
                for size in cell.iter(qn("w:tcW")):
                    size.set(qn("w:w"), str(width))
                    size.set(qn("w:type"), "dxa")


def _order_borders(properties: Any) -> None:
    """Put a table's borders where the schema has them: a template may have them at the end, which Word may refuse."""
    for borders in properties.findall(qn("w:tblBorders")):
        properties.remove(borders)
        properties.insert_element_before(borders, *AFTER_BORDERS)


def _said_in(cell: Any) -> str:
    return "".join(text.text or "" for text in cell.iter(qn("w:t")))


def _link_contents(document: Document, entries: Sequence[tuple[str, int]], *, turned: Container[int]) -> None:
    """Bookmark each part's heading and turn its line of the contents into a link with its page.

    Parts of the numbers `turned` begin on a new page: a long table that begins with its head alone at the foot of one
    loses its rows in some word processors.
    """
    waiting = list(entries)
    links: list[Entry] = []
    headings = {str(style.style_id) for style in document.styles if str(style.name).startswith("Heading")}
    for paragraph in document.paragraphs:
        if waiting and paragraph._p.style in headings and paragraph.text.endswith(waiting[0][0]):  # noqa: SLF001  (its style is looked up in all)
            title, page = waiting.pop(0)
            paragraph.paragraph_format.page_break_before = True if len(links) in turned else None
            bookmark = f"part_{len(links) + 1}"
            bookmarked(paragraph, bookmark, len(links) + 1)
            links.append(Entry(title, bookmark, page))
    write_contents(document, links)

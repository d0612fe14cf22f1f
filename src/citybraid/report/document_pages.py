"""Page numbers of a Word document: fields that Word keeps current, and the pages estimated until it has."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from citybraid.report.templating.filling import Page

LINE = 1.3
"""Height of a line of Chinese over the size of its type at single spacing."""
SPACING = 1.35
"""Line spacing of the template's texts; tables have their own."""
CELL_LINE, CELL_SPACE, CELL_SIDES = 1.15, 3.0, 8.0
"""Line spacing of a table's cells, the room above and below their text, and beside it [pt]."""
CAPTION = 34.0
"""Room of a figure's caption and the space around both [pt]."""
SIZES: Mapping[str, tuple[float, float]] = {
    "Lead": (13.0, 10.0), "Heading 1": (18.0, 8.0), "Heading 2": (13.5, 22.0), "Note": (8.5, 6.0),
    "Table title": (10.5, 14.0),
}  # fmt: skip
MANY, SMALL, ABOVE = 16, 18, 20.0
"""Lines of contents from which they are set close, in so many half points, with less room above [pt]: on one page."""
APART = 21
"""Lines of contents that fit beside a title so; more have a page of their own."""
USUAL, CELL = (10.5, 6.0), 8.5
"""Type and the space around a paragraph by style [pt]; a cell's type."""
AFTER_TABS = (
    "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE",
    "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing",
    "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap",
    "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
"""Properties of a paragraph that follow its tabs (ISO/IEC 29500-1, CT_PPr): Word refuses some that stand before."""


class Entry(NamedTuple):
    """A line of the contents: the chapter's title, its bookmark, and the page that it is estimated to begin on."""

    title: str
    bookmark: str
    page: int


class PageEstimate:
    """Pages filled so far, by the sizes of the template's styles: a page or two off in a long document."""

    def __init__(self, pages: int) -> None:
        self.page = pages
        self._height, self._width, self._used = 1.0, 1.0, 0.0

    def turn(self, section: Section | Page) -> None:
        """Begin a page of a section's size."""
        sides = (section.page_height, section.top_margin, section.bottom_margin)
        across = (section.page_width, section.left_margin, section.right_margin)
        self._height, self._width = (
            (size or 0) / 12_700 - (one or 0) / 12_700 - (other or 0) / 12_700 for size, one, other in (sides, across)
        )
        self.page, self._used = self.page + 1, 0.0

    def text(self, text: str, style: str = "") -> None:
        """Add a paragraph."""
        size, space = SIZES.get(style, USUAL)
        self._used += _lines(text, self._width, size) * size * LINE * SPACING
        while self._used > self._height:
            self.page, self._used = self.page + 1, self._used - self._height
        self._used += space

    def space(self, height: float, *, needs: float) -> None:
        """Leave room above a heading, which stays with some of what follows it: else both begin the next page [pt]."""
        self._used += height
        if self._used + needs > self._height:
            self.page, self._used = self.page + 1, 0.0

    def picture(self, height: float) -> None:
        """Add a picture of a height [pt] with its caption, which stay together."""
        self._add(height + CAPTION)

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """Add a table's rows, the head first and again on each page, of columns of some widths [pt]."""
        tall = [
            max(_lines(text, width, CELL, CELL_SIDES) for text, width in zip(row, widths, strict=True))
            * CELL
            * LINE
            * CELL_LINE
            + CELL_SPACE
            for row in rows
        ]
        for height in tall:
            before = self.page
            self._add(height)
            if self.page > before:
                self._used += tall[0]

    def _add(self, height: float) -> None:
        """Add what stays on one page."""
        if self._used + height > self._height:
            self.page, self._used = self.page + 1, 0.0
        self._used += min(height, self._height)


def _lines(text: str, width: float, size: float, sides: float = 0.0) -> int:
    """Lines that a text takes between sides; a Latin letter is half as wide as a hanzi."""
    room = max(width - sides, size)
    return sum(
        max(1, -(-int(sum(0.52 if char.isascii() else 1.0 for char in part) * size) // int(room)))
        for part in text.split("\n")
    )


def bookmarked(paragraph: Paragraph, name: str, number: int) -> None:
    """Put a bookmark around a heading, for the contents to refer to."""
    start = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>')
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)  # noqa: SLF001  (no public way to bookmarks)
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))  # noqa: SLF001


def first_pages(lines: int) -> int:
    """Return how many pages stand before the first chapter: the title's, and that of contents of many lines."""
    return 2 if lines > APART else 1


def write_contents(document: Document, entries: Sequence[Entry]) -> None:
    """Turn each title in the contents into a link with a dotted line and its page, a field that Word updates."""
    waiting, title = list(entries), None
    close = MANY < len(entries) <= APART
    section = document.sections[0]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    for paragraph in document.paragraphs:
        if not waiting:
            return
        if not paragraph.text.endswith(waiting[0].title):
            title = paragraph if len(waiting) == len(entries) else title
            continue
        if title is not None and close:
            title.paragraph_format.space_before = Pt(ABOVE)
        elif title is not None and len(entries) > APART:
            title.paragraph_format.page_break_before = True
        entry = waiting.pop(0)
        before = paragraph.text
        for run in list(paragraph.runs):
            run._r.getparent().remove(run._r)  # noqa: SLF001  (no public way to remove a run)
        paragraph.paragraph_format.space_after = 0
        if close:
            paragraph.paragraph_format.line_spacing = 1.0
        paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001  (no public way to a dotted right tab)
            parse_xml(f'<w:tabs {nsdecls("w")}><w:tab w:val="right" w:leader="dot" w:pos="{room // 635}"/></w:tabs>'),
            *AFTER_TABS,
        )
        paragraph._p.append(_link(before, entry, small=close))  # noqa: SLF001


def _link(text: str, entry: Entry, *, small: bool) -> object:
    run = f'<w:r><w:rPr><w:sz w:val="{SMALL}"/></w:rPr>' if small else "<w:r>"

    def field(kind: str, extra: str = "") -> str:
        return f'{run}<w:fldChar w:fldCharType="{kind}"{extra}/></w:r>'

    dirty = ' w:dirty="true"'
    code = f'{run}<w:instrText xml:space="preserve"> PAGEREF {entry.bookmark} \\h </w:instrText></w:r>'
    ends = f"{field('separate')}{run}<w:t>{entry.page}</w:t></w:r>{field('end')}"
    return parse_xml(
        f'<w:hyperlink {nsdecls("w")} w:anchor="{entry.bookmark}" w:history="1">'
        f'{run}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>{run}<w:tab/></w:r>'
        f"{field('begin', dirty)}{code}{ends}</w:hyperlink>"
    )

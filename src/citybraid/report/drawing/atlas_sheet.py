"""Sheets of an atlas on A3 paper: map, legend, north arrow, scales and title block, as vectors."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from citybraid.core.text import say
from citybraid.report.drawing.cartography import Entry, Sheet, round_length
from citybraid.report.drawing.font import LETTER, drawable, wrapped
from citybraid.report.drawing.pdf import PdfFile, colour
from citybraid.report.drawing.pdf_scene import DrawingCache, Frame, Page, add_scene
from citybraid.report.drawing.scene import INK, Scene

MM = 72 / 25.4
"""A millimetre [pt]."""
METRE = 1000 * MM
"""A metre on paper [pt]."""
WIDE, TALL = 420.0 * MM, 297.0 * MM
EDGE, SIDE, GAP = 10.0 * MM, 82.0 * MM, 6.0 * MM
"""Margin of the sheet, least width of the column beside the map, and the gap between them [pt]."""
WIDEST, LARGEST = 2.0, 1.25
"""Most that the column, and the type of its legend, grow beside a map that is narrower than its room [-]."""
HEAD, BLOCK = 14.0 * MM, 70.0 * MM
"""Height of the title above the map and of the title block [pt]."""
ROUND = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0, 10.0)
"""Denominators of an atlas' scale, times powers of ten."""
TYPE = (8.0, 7.0, 6.2, 5.6)
"""Type of the title block's fields, largest first [pt]."""
FAINT, WARN, STAMP = "#6b6b6b", "#8a3b12", "#b3261e"
SIGNED = ("drawn", "checked", "approved", "date")
"""Fields of the title block that are left open for signatures."""
COLUMNS, ROWS = 2, 34
"""Columns of the list of sheets, and lines in each."""
LISTED = 166 * MM
"""Room for a line of the list of sheets [pt]."""
LINE = 1.35
"""Line spacing of texts over the size of their type."""
KILOMETRES = 2000.0
"""Length from which a scale bar is labelled in kilometres [m]."""


class Column(NamedTuple):
    """The column beside a map: its left edge and its width [pt]."""

    x: float
    side: float

    @property
    def growth(self) -> float:
        """Its width over the least one, as far as type follows it [-]."""
        return min(LARGEST, self.side / SIDE)


def arranged(map_width: float) -> tuple[float, Column]:
    """Return the left edge of a map of a width and the column beside it, without an empty strip between them [pt].

    A map narrower than its room leaves the rest to the column, up to twice the least; more is spread around the map.
    """
    side = min(max(WIDE - 2 * EDGE - GAP - map_width, SIDE), WIDEST * SIDE)
    spare = max(0.0, WIDE - 2 * EDGE - GAP - side - map_width)
    return EDGE + spare / 2, Column(WIDE - EDGE - side, side)


def add_sheet(file: PdfFile, sheet: Sheet, scene: Scene, cache: DrawingCache) -> None:
    """Add a sheet to an atlas."""
    page, bounds = Page(file.font), scene.bounds
    wide, tall = WIDE - 2 * EDGE - SIDE - GAP, TALL - 2 * EDGE - HEAD
    scale = round_denominator(max(bounds.width / wide, bounds.height / tall) * METRE)
    per_metre, top = METRE / scale, TALL - EDGE - HEAD
    left, column = arranged(bounds.width * per_metre)
    frame = Frame(left, top - bounds.height * per_metre, per_metre, bounds)
    page.text(EDGE, top + 0.38 * HEAD, drawable(sheet.title), 17)
    page.text(WIDE - EDGE, top + 0.38 * HEAD, drawable(sheet.alternative), 12, ink=FAINT, align=1.0)
    add_scene(page, scene, frame, cache)
    if sheet.synthetic:
        _stamp(page, sheet, frame)
    _legend(page, sheet, column)
    _north(page, sheet.language, WIDE - EDGE - 10 * MM)
    _scales(page, sheet, column, scale)
    _title_block(page, sheet, column, scale)
    file.page(WIDE, TALL, "\n".join(page.operators), page.shared)


def add_contents(file: PdfFile, title: str, heading: str, sheets: Sequence[Sheet]) -> None:
    """Add the first pages: the project and the list of sheets, as many in two columns as fit on each page."""
    for first in range(0, len(sheets), COLUMNS * ROWS):
        page, left = Page(file.font), EDGE + 10 * MM
        page.text(left, TALL - EDGE - 22 * MM, drawable(title), 24)
        page.text(left, TALL - EDGE - 34 * MM, drawable(heading), 14, ink=FAINT)
        for at, sheet in enumerate(sheets[first : first + COLUMNS * ROWS]):
            column, row = divmod(at, ROWS)
            x, y = left + column * 185 * MM, TALL - EDGE - 48 * MM - row * 6.6 * MM
            page.text(x, y, sheet.number, 10, ink=FAINT)
            line = drawable(f"{sheet.title}　{sheet.alternative}")
            page.text(x + 14 * MM, y, line, 10 * min(1.0, LISTED / page.font.width(line, 10)))
        file.page(WIDE, TALL, "\n".join(page.operators), page.shared)


def round_denominator(least: float) -> float:
    """Return the smallest round denominator of a scale that is not below one."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in ROUND if step * power >= least * (1 - 1e-9))


def numeric_scale(scale: float) -> str:
    """Return a scale as text: 1:10 000."""
    return f"1:{scale:,.0f}".replace(",", " ")


def _stamp(page: Page, sheet: Sheet, frame: Frame) -> None:
    """Mark a map of synthetic data as such in its lower right corner."""
    text = say("map.synthetic", sheet.language)
    wide = page.font.width(text, 12) + 12
    right, bottom = frame.left + frame.bounds.width * frame.per_metre, frame.bottom
    page.box(right - wide - 8, bottom + 8, wide, 20, fill=STAMP, edge=STAMP)
    page.text(right - wide - 2, bottom + 14, text, 12, ink="#ffffff")


def _legend(page: Page, sheet: Sheet, column: Column) -> None:
    x, top, grown = column.x, TALL - EDGE - HEAD - 4 * MM, column.growth
    page.text(x, top, say("map.legend", sheet.language), 13)
    title = wrapped(drawable(sheet.legend_title), 30) if sheet.legend_title else ""
    page.text(x, top - 7 * MM, title, 9.5)
    notes = "\n".join(wrapped(drawable(note), round(46 * column.side / SIDE)) for note in sheet.notes)
    high = LINE * 7.5 * notes.count("\n")
    low = EDGE + BLOCK + 22 * MM
    page.text(x, low + high, notes, 7.5, ink=WARN)
    start = top - (9 + 5.0 * (title.count("\n") + bool(title))) * MM
    step = min(6.2 * grown * MM, (start - low - high - 10 * MM) / max(len(sheet.legend), 1))
    for row, entry in enumerate(sheet.legend):
        _entry(page, entry, x, start - row * step, min(9.5 * grown, 0.72 * step))


def _entry(page: Page, entry: Entry, x: float, y: float, size: float) -> None:
    middle = y + 0.35 * size
    if entry.kind == "line":
        page.add("1.6 w", colour(entry.colour, stroke=True), f"{x:.2f} {middle:.2f} m {x + 26:.2f} {middle:.2f} l S")
    if entry.marker:
        page.add(colour(entry.colour), f"{x + 10:.2f} {middle - 3:.2f} 6 6 re f")
    if entry.kind == "outline":
        page.box(x, y - 0.1 * size, 26, 0.95 * size, edge=entry.colour)
    elif entry.kind not in ("line", "marker"):
        page.box(x, y - 0.1 * size, 26, 0.95 * size, fill=entry.colour, edge="#777777")
    page.text(x + 33, y, drawable(entry.label), size)


def _north(page: Page, language: str, x: float) -> None:
    y = TALL - EDGE - HEAD - 24 * MM
    for side, fill in ((-4 * MM, INK), (4 * MM, "#ffffff")):
        page.add("0.6 w", colour(fill), colour(INK, stroke=True))
        page.add(f"{x:.2f} {y + 16 * MM:.2f} m {x + side:.2f} {y:.2f} l {x:.2f} {y + 4 * MM:.2f} l h B")
    page.text(x, y + 17.5 * MM, say("map.north", language), 11, align=0.5)


def _scales(page: Page, sheet: Sheet, column: Column, scale: float) -> None:
    """Add the scale bar and the numeric scale."""
    x = column.x
    length, y, parts = round_length(0.7 * SIDE / METRE * scale), EDGE + BLOCK + 6 * MM, 4
    wide = length * METRE / scale
    for part in range(parts):
        page.box(x + part * wide / parts, y, wide / parts, 4, fill="#ffffff" if part % 2 else INK, edge=INK)
    large = length >= KILOMETRES
    unit, over = say("unit.km" if large else "unit.m", sheet.language), 1000.0 if large else 1.0
    for share in (0.0, 0.5, 1.0):
        text = f"{share * length / over:g}" + (f" {unit}" if share == 1 else "")
        page.text(x + share * wide, y + 7, text, 8, align=0.5 if share else 0.0)
    page.text(x, y + 8 * MM, numeric_scale(scale), 12)


def _title_block(page: Page, sheet: Sheet, column: Column, scale: float) -> None:
    """Add the title block: what the sheet is, and open fields for those who sign it."""
    (x, side), y, label = column, EDGE + BLOCK, 19 * MM
    room = side - label - 8
    rows = (
        ("project", *_fitted(sheet.project, room, 9.0 * MM), 9.0),
        ("sheet", *_fitted(sheet.title, room, 9.0 * MM), 9.0),
        ("alternative", *_fitted(sheet.alternative, room, 8.0 * MM), 8.0),
        ("number", f"{sheet.number}　　{numeric_scale(scale)}", TYPE[0], 7.0),
        ("coordinates", *_fitted(sheet.coordinates, room, 8.0 * MM), 8.0),
        ("source", *_fitted(sheet.source, room, 14.0 * MM, TYPE[-1:]), 14.0),
    )
    page.box(x, EDGE, side, BLOCK, line=1.0)
    for name, text, size, high in rows:
        y -= high * MM
        page.box(x, y, side, high * MM)
        page.box(x, y, label, high * MM)
        middle = y + 0.5 * high * MM
        page.text(x + 4, middle - 3, say(f"atlas.{name}", sheet.language), 7.5, ink=FAINT)
        page.text(x + label + 4, middle - 0.35 * size + 0.5 * LINE * size * text.count("\n"), text, size)
    high = (y - EDGE) / 2
    for at, name in enumerate(SIGNED):
        row, second = divmod(at, 2)
        left, low = x + second * side / 2, y - (row + 1) * high
        page.box(left, low, side / 2, high)
        page.text(left + 4, low + 0.5 * high - 3, say(f"atlas.{name}", sheet.language), 7.5, ink=FAINT)


def _fitted(text: str, wide: float, high: float, sizes: Sequence[float] = TYPE) -> tuple[str, float]:
    """Return a text in lines that fit a field, and the largest type that they fit in; the smallest truncates it."""
    for size in sizes:
        lines, most = wrapped(drawable(text), int(wide / (LETTER * size))).split("\n"), int(high / (LINE * size))
        if len(lines) <= most:
            return "\n".join(lines), size
    return "\n".join([*lines[: most - 1], f"{lines[most - 1][:-1]}…"]), size

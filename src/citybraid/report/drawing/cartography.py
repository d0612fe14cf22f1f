"""Map sheets as planning bureaus print them: title block, legend, north arrow, scale bar, units, sources, warnings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.transforms import Bbox, BboxTransformTo

from citybraid.core.text import say
from citybraid.report.drawing.font import LETTER, drawable, typeface, wrapped
from citybraid.report.drawing.palettes import Scale
from citybraid.report.drawing.scene import INK, MARKER, Bounds, Painted, Part, Scene

TALL = 7.8
"""Height of a sheet [inch]: A4 landscape less its margins."""
WIDEST, NARROWEST = 7.7, 4.5
"""Width of the map on it [inch]."""
SIDE, MARGIN = 3.0, 0.28
HEAD, GAP, NAME_OVER = 0.28, 0.12, 4 / 72
"""Room above and between the maps of a sheet that has several [inch]."""
PER_ROW = {2: 2, 3: 3, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4, 9: 3, 10: 4}
"""Maps in a row, by how many a sheet has."""
DPI = 120
FAINT, FRAME = "#6b6b6b", "#333333"
BAR = 2.2
"""Longest scale bar [inch]."""
LEGEND_TYPE, LEAST_TYPE, SET = 12.0, 7.0, 0.78
"""Largest and least type of a legend [pt], and its share of the distance of lines: sheets stand in documents at 0.6."""
NOTE_TYPE, NOTE_LINE = ((9.0, 36), (8.0, 41), (7.0, 47), (6.0, 55)), 1.45
"""Type of the notes below a legend [pt] with the letters of a line, largest first, and the distance of lines [-]."""
LEGEND_TOP = 0.985
"""Height of a legend's first line [share of the column]."""
TEXT_AT = 0.17
"""Where the texts of a legend begin [share of the side's width]."""
BAR_LENGTHS = (1, 2, 5)
INCH = 0.0254
"""An inch [m]."""
COLUMN = 0.77
"""Height of the column beside the maps [share of the sheet's]."""
SCALES = (1.0, 1.2, 1.5, 1.8, 2.0, 2.2, 2.5, 2.8, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0, 9.0, 10.0)
"""Denominators of a numeric scale, times powers of ten."""
SOURCE_TYPE = ((7.5, 3), (5.4, 4))
"""Font size of the sources [pt] and the number of lines that fit the title block, largest first."""
TITLE_TYPE = ((16.0, 1), (14.0, 1), (13.0, 2), (11.0, 2))
"""Font sizes of a sheet's title [pt] and the most lines of each, tried in this order."""
BESIDE, MOST_BESIDE, BOLD = 12.0, 0.4, 1.08
"""Font size of the alternative beside the title [pt], the most of the sheet that it may take from the title [-], and
how much wider bold letters are [-]."""
NAME_TYPE = ((10.0, 1), (8.5, 1), (7.2, 2))
"""Font size of the name above a map [pt] and the number of lines that fit there, largest first."""
FIELD, FIELDS_ACROSS = 0.95, 3
"""Width of a field for a signature [inch] and how many stand side by side."""


class Entry(NamedTuple):
    """One line of a legend."""

    label: str
    colour: str
    kind: str = "area"
    marker: str = ""


@dataclass(frozen=True)
class Sheet:
    """All that is written on a map. Texts are already in the language of the map."""

    title: str
    project: str
    alternative: str
    language: str
    source: str
    legend_title: str = ""
    legend: Sequence[Entry] = ()
    notes: Sequence[str] = ()
    synthetic: bool = False
    number: str = ""
    coordinates: str = ""
    """The CRS and the datum of elevations."""
    signed: Sequence[str] = ()
    """Fields left open for those who sign the sheet."""
    together: bool = False
    """Whether its maps are one series, of which a page shows all at once."""


class Panel(NamedTuple):
    """One of several maps on a sheet, side by side under one legend."""

    name: str
    scene: Scene
    told: str = ""
    """What is seen on the map, for readers who cannot see it."""


class MapFigure(Figure):
    """A map sheet that knows what is on it: pages show its maps and its legend without the sheet around them."""

    def __init__(self, sheet: Sheet, panels: Sequence[Panel], **options: Any) -> None:
        super().__init__(**options)
        self.sheet, self.panels = sheet, panels

    @property
    def whole(self) -> bool:
        """Whether the sheet's texts say all that is around its maps: none has a legend that is drawn."""
        return not self.axes


class Place(NamedTuple):
    """Position and size of an element on a sheet [inch]."""

    left: float
    bottom: float
    wide: float
    tall: float


def draw_map(sheet: Sheet, parts: Iterable[Part], *, bounds: Bounds) -> MapFigure:
    """Return a map sheet; save it with `savefig(path, dpi=DPI)`.

    The map keeps its proportions; what lies beyond the bounds is clipped. A sheet of
    synthetic data is labelled as such on its maps.
    """
    return draw_panels(sheet, [Panel("", Scene(tuple(parts), bounds))], bounds=bounds)


def draw_panels(sheet: Sheet, panels: Sequence[Panel], *, bounds: Bounds) -> MapFigure:
    """Return a sheet of several maps of the same extent side by side; with one scale bar and one legend."""
    panels = [panel._replace(scene=panel.scene.read_in(sheet.language)) for panel in panels]
    columns = 1 if len(panels) == 1 else PER_ROW[min(len(panels), max(PER_ROW))]
    rows = -(-len(panels) // columns)
    with typeface():
        tall = (0.80 * TALL - HEAD * rows * (len(panels) > 1)) / rows
        wide = min(
            max(tall * bounds.width / bounds.height, NARROWEST / columns),
            WIDEST / (1 if columns == 1 else columns / 1.4),
        )
        scale = round_scale(max(bounds.width / wide, bounds.height / tall) / INCH)
        wide = max(bounds.width / scale / INCH, NARROWEST / columns)
        sheet_width = columns * wide + (columns - 1) * GAP + SIDE + 3 * MARGIN
        figure = MapFigure(sheet, panels, figsize=(sheet_width, TALL), facecolor="white")
        drawn: list[Place] = []
        for at, panel in enumerate(panels):
            row, column = divmod(at, columns)
            top = 0.915 * TALL - row * (tall + HEAD) - HEAD * (len(panels) > 1)
            room = Place(MARGIN + column * (wide + GAP), top - tall, wide, tall)
            drawn.append(_map(figure, panel, room, 1.0 / (scale * INCH)))
        _title(figure, sheet)
        _side(figure, sheet)
        _scale_bar(figure, drawn[0].wide / sheet_width / bounds.width, sheet.language)
        numeric = say("map.scale", sheet.language, scale=f"{scale:,.0f}".replace(",", " "))
        figure.text(_side_left(figure), 0.126, numeric, fontsize=8, va="bottom", color=INK)
        _title_block(figure, sheet)
        if sheet.synthetic:
            for place in drawn:
                _synthetic(figure, place, sheet.language, 10 if len(panels) == 1 else 6)
    return figure


def _map(figure: Figure, panel: Panel, room: Place, scale: float) -> Place:
    """Draw one map at a scale [inch m-1] into the upper left of its space; return its position."""
    bounds, sheet_width = panel.scene.bounds, figure.get_figwidth()
    wide, tall = scale * bounds.width, scale * bounds.height
    place = Place(room.left, room.bottom + room.tall - tall, wide, tall)
    figure.add_artist(Painted(panel.scene, place, panel.told))
    corner, size = (place.left / sheet_width, place.bottom / TALL), (wide / sheet_width, tall / TALL)
    figure.add_artist(Rectangle(corner, *size, facecolor="none", edgecolor=FRAME, linewidth=0.9, zorder=2))
    if panel.name:
        over = (place.bottom + tall + NAME_OVER) / TALL
        name, type_size = _in_lines(drawable(panel.name), wide, NAME_TYPE)
        figure.text(
            place.left / sheet_width, over, name, fontsize=type_size, va="bottom", color=INK, linespacing=1.1,
        )  # fmt: skip
    return place


def _in_lines(name: str, inches: float, types: Sequence[tuple[float, int]]) -> tuple[str, float]:
    """Return a text in lines no wider than its room, and its font size [pt]; the smallest truncates it."""
    for size, most in types:
        lines = wrapped(name, int(72.0 * inches / (LETTER * size))).splitlines()
        if len(lines) <= most:
            return "\n".join(lines), size
    return "\n".join([*lines[: most - 1], f"{lines[most - 1][:-1]}…"]), size


def scale_legend(scale: Scale, names: Sequence[str] = ()) -> list[Entry]:
    """Return the legend of a scale, highest class first; named classes in their own order."""
    if names:
        return [Entry(name, colour) for name, colour in zip(names, scale.colours, strict=True)]
    lines = [Entry(text, colour) for text, colour in zip(scale.labels(), scale.colours, strict=True)]
    if scale.floor is not None and scale.bounds[0] <= scale.floor:
        lines = lines[1:]
    return lines[::-1]


def _inset(figure: Figure) -> float:
    return MARGIN / figure.get_figwidth()


def _side_left(figure: Figure) -> float:
    return 1 - (SIDE + MARGIN) / figure.get_figwidth()


def _title(figure: Figure, sheet: Sheet) -> None:
    """Write the title at the left, in the room that the alternative at the right leaves."""
    beside, right = drawable(sheet.alternative), 1 - _inset(figure)
    taken = sum(1 if letter.isascii() else 2 for letter in beside) * LETTER * BESIDE / 72.0
    room = figure.get_figwidth() - 2 * MARGIN - min(taken, MOST_BESIDE * figure.get_figwidth()) - GAP * bool(beside)
    title, size = _in_lines(drawable(sheet.title), room / BOLD, TITLE_TYPE)
    figure.text(_inset(figure), 0.957, title, fontsize=size, weight="bold", va="center", color=INK, linespacing=1.1)
    if beside:
        figure.text(right, 0.957, beside, fontsize=BESIDE, va="center", ha="right", color=FAINT)


class _Side:
    """The column beside the maps, in axes coordinates from 0 to 1 across and up."""

    def __init__(self, figure: Figure) -> None:
        box = Bbox.from_bounds(_side_left(figure), 0.145, SIDE / figure.get_figwidth(), COLUMN)
        self._figure, self._transform = figure, BboxTransformTo(box) + figure.transFigure

    def add(self, artist: Artist) -> None:
        """Add an artist in the column's coordinates."""
        artist.set_transform(self._transform)
        self._figure.add_artist(artist)

    def text(self, x: float, y: float, text: str, **style: Any) -> None:
        """Add a text in the column's coordinates."""
        self._figure.text(x, y, text, transform=self._transform, **style)


def _side(figure: Figure, sheet: Sheet) -> None:
    side = _Side(figure)
    _north(side, sheet.language)
    title = wrapped(drawable(sheet.legend_title), 24)
    start = LEGEND_TOP - 0.085 - 0.036 * (title.count("\n") + 1)
    notes, size, height = _notes(sheet.notes, start - len(sheet.legend) * LEAST_TYPE / (SET * COLUMN * TALL * 72.0))
    _legend(side, sheet, title, start, max(0.19, height))
    if notes:
        side.text(0.0, 0.0, notes, fontsize=size, va="bottom", color="#8a3b12", linespacing=NOTE_LINE)


def _notes(notes: Sequence[str], room: float) -> tuple[str, float, float]:
    """Return the notes in the largest type that leaves the legend its room [share of the column], and their height."""
    text, size, height = "", 0.0, 0.0
    for size, letters in NOTE_TYPE if notes else ():
        text = "\n".join(wrapped(drawable(note), letters) for note in notes)
        height = (text.count("\n") + 2) * size * NOTE_LINE / (COLUMN * TALL * 72.0)
        if height <= room:
            break
    return text, size, height


def _north(side: _Side, language: str) -> None:
    x, y, half, tall = 0.9, 0.91, 0.04, 0.07
    for to, face in ((x - half, INK), (x + half, "white")):
        side.add(Polygon([(x, y + tall), (to, y), (x, y + 0.02)], facecolor=face, edgecolor=INK, linewidth=0.6))
    north, over = say("map.north", language), y + tall + 0.006
    side.text(x, over, north, fontsize=10, weight="bold", ha="center", va="bottom", color=INK)


def _legend(side: _Side, sheet: Sheet, title: str, start: float, floor: float) -> None:
    """Write the legend from its title down, its lines between two heights [share of the column]."""
    if not sheet.legend:
        return
    side.text(0.0, LEGEND_TOP, say("map.legend", sheet.language), fontsize=14, weight="bold", va="top", color=INK)
    side.text(0.0, LEGEND_TOP - 0.055, title, fontsize=11, va="top", color=INK, linespacing=1.3)
    step = min(0.045, (start - floor) / len(sheet.legend))
    size = _legend_type([drawable(entry.label) for entry in sheet.legend], step)
    for row, entry in enumerate(sheet.legend):
        _legend_line(side, entry, y=start - row * step, height=0.62 * step, size=size)


def _legend_type(labels: Sequence[str], step: float) -> float:
    """Return the largest type in which every label of a legend fits its line and the column [pt]."""
    most = max(sum(1 if letter.isascii() else 2 for letter in label) for label in labels)
    across = (1.0 - TEXT_AT) * SIDE * 72.0 / (LETTER * most)
    return max(min(LEGEND_TYPE, SET * step * COLUMN * TALL * 72.0, across), LEAST_TYPE)


def _legend_line(side: _Side, entry: Entry, *, y: float, height: float, size: float) -> None:
    if entry.kind in ("line", "marker"):
        if entry.kind == "line":
            side.add(Line2D([0.0, 0.13], [y, y], color=entry.colour, linewidth=1.6, solid_capstyle="butt"))
        if entry.marker:
            side.add(Line2D([0.065], [y], color=entry.colour, marker=entry.marker, markersize=MARKER**0.5, mew=1.5))
    else:
        face = "none" if entry.kind == "outline" else entry.colour
        edge = entry.colour if entry.kind == "outline" else "#777777"
        side.add(Rectangle((0.0, y - height / 2), 0.13, height, facecolor=face, edgecolor=edge, linewidth=0.6))
    side.text(TEXT_AT, y, drawable(entry.label), fontsize=size, va="center", color=INK)


def _scale_bar(figure: Figure, per_metre: float, language: str) -> None:
    """Draw the scale bar; `per_metre` is the share of the sheet's width that a metre takes."""
    length = round_length(BAR / figure.get_figwidth() / per_metre)
    x, y, tall, parts = _side_left(figure), 0.092, 0.008, 4
    for part in range(parts):
        figure.add_artist(
            Rectangle((x + part * length * per_metre / parts, y), length * per_metre / parts, tall,
                      facecolor=INK if part % 2 == 0 else "white", edgecolor=INK, linewidth=0.6)
        )  # fmt: skip
    for share in (0.0, 0.5, 1.0):
        text = length_name(length, language, share=share)
        figure.text(x + share * length * per_metre, y + 0.013, text, fontsize=8, ha="center", va="bottom", color=INK)


def length_name(length: float, language: str, *, share: float = 1.0) -> str:
    """Return a length of a scale bar in words, or a share of it, which names no unit [m]."""
    unit, over = (say("unit.km", language), 1000.0) if length >= 2000 else (say("unit.m", language), 1.0)  # noqa: PLR2004  (2 km reads better than 2000 m)
    return f"{share * length / over:g}" + (f" {unit}" if share == 1 else "")


def round_scale(least: float) -> float:
    """Return the smallest denominator of a scale in round numbers that is not below one."""
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(step * power for step in SCALES if step * power >= least * (1 - 1e-9)))


def round_length(longest: float) -> float:
    """Return the longest of 1, 2, 5 x 10^n [m] that is not longer."""
    power = 10.0 ** np.floor(np.log10(longest))
    return float(max(step * power for step in BAR_LENGTHS if step * power <= longest * (1 + 1e-9)))


def _title_block(figure: Figure, sheet: Sheet) -> None:
    inset, wide = _inset(figure), figure.get_figwidth()
    figure.add_artist(Rectangle((inset, 0.022), 1 - 2 * inset, 0.052, facecolor="none", edgecolor=FRAME, linewidth=0.9))
    project = drawable(f"{say('map.project', sheet.language)}  {sheet.project}")
    figure.text(inset + 0.1 / wide, 0.048, wrapped(project, 42), fontsize=9, weight="bold", va="center", color=INK)
    fields = FIELD * min(len(sheet.signed), FIELDS_ACROSS)
    source, size = _fitting(drawable(f"{say('map.source', sheet.language)}  {sheet.source}"), wide - 4.6 - fields)
    figure.text(3.3 / wide, 0.048, source, fontsize=size, va="center", color=FAINT, linespacing=1.2)
    maker = f"citybraid  {sheet.number}".rstrip()
    figure.text(1 - inset - 0.1 / wide, 0.048, maker, fontsize=9, va="center", ha="right", color=INK)
    _signatures(figure, sheet.signed, right=1 - inset - 1.05 / wide)


def _signatures(figure: Figure, fields: Sequence[str], *, right: float) -> None:
    """Draw the open fields of the title block for those who sign the sheet, row by row."""
    wide, rows = FIELD / figure.get_figwidth(), -(-len(fields) // FIELDS_ACROSS)
    for at, field in enumerate(fields):
        row, column = divmod(at, FIELDS_ACROSS)
        tall = 0.052 / rows
        left, low = right - (FIELDS_ACROSS - column) * wide, 0.022 + 0.052 - (row + 1) * tall
        figure.add_artist(Rectangle((left, low), wide, tall, facecolor="none", edgecolor=FRAME, linewidth=0.5))
        figure.text(left + 0.12 * wide / FIELD / 2, low + tall / 2, field, fontsize=7, va="center", color=FAINT)


def _fitting(source: str, inches: float) -> tuple[str, float]:
    """Return the sources in lines and the largest font size [pt] that fits; the smallest size truncates the text."""
    for size, most in SOURCE_TYPE:
        lines = wrapped(source, int(127 / size * inches)).splitlines()
        if len(lines) <= most:
            return "\n".join(lines), size
    return "\n".join([*lines[: most - 1], f"{lines[most - 1][:-2]} …"]), size


def _synthetic(figure: Figure, place: Place, language: str, size: int) -> None:
    right = (place.left + 0.985 * place.wide) / figure.get_figwidth()
    figure.text(
        right, (place.bottom + 0.02 * place.tall) / TALL, say("map.synthetic", language), fontsize=size, weight="bold",
        ha="right", va="bottom", color="white", zorder=99,
        bbox={"facecolor": "#b3261e", "edgecolor": "none", "boxstyle": "square,pad=0.35"},
    )  # fmt: skip


def patches(entries: Iterable[Entry]) -> list[Patch]:
    """Return a legend's entries as matplotlib handles, for charts."""
    return [Patch(facecolor=entry.colour, label=drawable(entry.label)) for entry in entries]

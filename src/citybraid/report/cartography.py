"""Maps as planning bureaus print them: title block, legend, north arrow, scale bar, units, sources and warnings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.path import Path as Outline
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point
from shapely.geometry import Polygon as Area
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from citybraid.core.text import say
from citybraid.report.font import drawable, typeface, wrapped
from citybraid.report.palettes import Scale

TALL = 7.8
"""Height of a sheet [inch]: A4 landscape less its margins."""
WIDEST, NARROWEST = 7.7, 4.5
"""Width of the map on it [inch]."""
SIDE, MARGIN = 2.75, 0.28
HEAD, GAP = 0.28, 0.12
"""Room above and between the maps of a sheet that has several [inch]."""
PER_ROW = {2: 2, 3: 3, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4, 9: 3, 10: 4}
"""Maps in a row, by how many a sheet has."""
DPI = 120
INK, FAINT, FRAME = "#222222", "#6b6b6b", "#333333"
MARKER = 34.0
"""Size of a marker [pt²]."""
BAR = 2.2
"""Longest scale bar [inch]."""
TIGHT = 0.03
"""Line spacing below which a legend is set in small type [share of the sheet's height]."""
BAR_LENGTHS = (1, 2, 5)
SOURCE_TYPE = ((7.5, 3), (5.4, 4))
"""Type of the sources [pt] and how many lines of it the title block holds, largest first."""


class Bounds(NamedTuple):
    """An extent in projected metres."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """East-west size [m]."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """North-south size [m]."""
        return self.top - self.bottom


class Entry(NamedTuple):
    """One line of a legend."""

    label: str
    colour: str
    kind: str = "area"
    marker: str = ""


@dataclass(frozen=True)
class RasterPart:
    """Cells to draw: values (rows north to south), their extent and the scale that colours them."""

    values: NDArray[np.float64]
    bounds: Bounds
    scale: Scale
    alpha: float = 1.0


@dataclass(frozen=True)
class Outlines:
    """Shapes made ready to draw, once for many maps: areas with the number of the shape each is of, and lines."""

    areas: Sequence[Outline]
    owner: Sequence[int]
    lines: Sequence[NDArray[np.float64]]
    spots: Sequence[tuple[float, float]]

    @classmethod
    def of(cls, shapes: Iterable[BaseGeometry]) -> "Outlines":
        """Make shapes ready to draw."""
        held = list(shapes)
        areas = [(at, _outline(area)) for at, shape in enumerate(held) for area in _areas(shape)]
        lines = [np.asarray(line.coords, dtype=np.float64)[:, :2] for shape in held for line in _lines(shape)]
        spots = [(spot.x, spot.y) for spot in (_middle(shape) for shape in held if not shape.is_empty)]
        return cls([outline for _, outline in areas], [at for at, _ in areas], lines, spots)


def _middle(shape: BaseGeometry) -> Point:
    """The middle of a line, a point inside an area."""
    return shape.interpolate(0.5, normalized=True) if isinstance(shape, LineString) else shape.representative_point()


@dataclass(frozen=True)
class VectorPart:
    """Shapes to draw: a colour for all or one for each; None is not filled. A marker stands on each, in the edge's."""

    shapes: Sequence[BaseGeometry] | Outlines
    fill: str | Sequence[str | None] | None = None
    edge: str | None = "#8a8a8a"
    width: float = 0.3
    alpha: float = 1.0
    labels: Sequence[str] = ()
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


Part = RasterPart | VectorPart


class Panel(NamedTuple):
    """One of several maps on a sheet, side by side under one legend."""

    name: str
    parts: Sequence[Part]


def draw_map(sheet: Sheet, parts: Iterable[Part], *, bounds: Bounds) -> Figure:
    """Return a map sheet; save it with `savefig(path, dpi=DPI)`.

    The map keeps its proportions; what lies beyond the bounds is cut off. A sheet of
    synthetic data says so across its title block.
    """
    return draw_panels(sheet, [Panel("", tuple(parts))], bounds=bounds)


def draw_panels(sheet: Sheet, panels: Sequence[Panel], *, bounds: Bounds) -> Figure:
    """Return a sheet of several maps of the same extent side by side; one scale bar and one legend hold for all."""
    columns = 1 if len(panels) == 1 else PER_ROW[min(len(panels), max(PER_ROW))]
    rows = -(-len(panels) // columns)
    with typeface():
        tall = (0.80 * TALL - HEAD * rows * (len(panels) > 1)) / rows
        wide = min(
            max(tall * bounds.width / bounds.height, NARROWEST / columns),
            WIDEST / (1 if columns == 1 else columns / 1.4),
        )
        whole = columns * wide + (columns - 1) * GAP + SIDE + 3 * MARGIN
        figure = Figure(figsize=(whole, TALL), facecolor="white")
        drawn: list[Axes] = []
        for at, panel in enumerate(panels):
            row, column = divmod(at, columns)
            top = 0.915 * TALL - row * (tall + HEAD) - HEAD * (len(panels) > 1)
            place = (MARGIN + column * (wide + GAP), top - tall, wide, tall)
            drawn.append(_map(figure, panel, place, bounds))
        _title(figure, sheet)
        _side(figure, sheet)
        _scale_bar(figure, drawn[0], sheet.language)
        _title_block(figure, sheet)
        if sheet.synthetic:
            for axes in drawn:
                _synthetic(axes, sheet.language, 10 if len(panels) == 1 else 6)
    return figure


def _map(figure: Figure, panel: Panel, place: tuple[float, float, float, float], bounds: Bounds) -> Axes:
    """One map; `place` is left, bottom, width and height on the sheet [inch]."""
    whole = figure.get_figwidth()
    left, bottom, wide, tall = place
    axes = figure.add_axes((left / whole, bottom / TALL, wide / whole, tall / TALL))
    for order, part in enumerate(panel.parts, 1):
        _draw(axes, part, order)
    _frame(axes, bounds)
    if panel.name:
        axes.set_title(drawable(panel.name), fontsize=10, loc="left", pad=4, color=INK)
    return axes


def scale_legend(scale: Scale, names: Sequence[str] = ()) -> list[Entry]:
    """Return the legend of a scale, highest class first; named classes in their own order."""
    if names:
        return [Entry(name, colour) for name, colour in zip(names, scale.colours, strict=True)]
    lines = [Entry(text, colour) for text, colour in zip(scale.labels(), scale.colours, strict=True)]
    if scale.floor is not None and scale.bounds[0] <= scale.floor:
        lines = lines[1:]
    return lines[::-1]


def _draw(axes: Axes, part: Part, order: int) -> None:
    if isinstance(part, RasterPart):
        box = part.bounds
        classes = np.ma.masked_less(part.scale.classes(part.values), 0)
        axes.imshow(
            classes, cmap=part.scale.colormap, vmin=-0.5, vmax=len(part.scale.colours) - 0.5, alpha=part.alpha,
            extent=(box.left, box.right, box.bottom, box.top), interpolation="nearest", origin="upper", zorder=order,
        )  # fmt: skip
        return
    shapes = part.shapes if isinstance(part.shapes, Outlines) else Outlines.of(part.shapes)
    _draw_areas(axes, part, shapes, order)
    if shapes.lines and part.width:
        colour = part.fill if isinstance(part.fill, str) else part.edge or INK
        made = LineCollection(shapes.lines, colors=colour, linewidths=part.width, alpha=part.alpha, zorder=order)
        axes.add_collection(made)
    if part.marker and shapes.spots:
        x, y = np.transpose(shapes.spots)
        axes.scatter(
            x, y, s=MARKER, c=part.edge or INK, marker=part.marker, linewidths=0.5, edgecolors="white", zorder=order
        )
    for (x, y), text in zip(shapes.spots, part.labels, strict=False):
        said = drawable(text)
        axes.text(x, y, said, fontsize=5.5, ha="center", va="center", color=INK, clip_on=True, zorder=order + 1)


def _draw_areas(axes: Axes, part: VectorPart, shapes: Outlines, order: int) -> None:
    fill = part.fill
    faces = [fill or "none"] if fill is None or isinstance(fill, str) else [fill[at] or "none" for at in shapes.owner]
    if shapes.areas:
        axes.add_collection(
            PathCollection(shapes.areas, facecolors=faces, edgecolors=part.edge or "none", linewidths=part.width,
                           alpha=part.alpha, zorder=order)
        )  # fmt: skip


def _areas(shape: BaseGeometry) -> list[Area]:
    if isinstance(shape, Area):
        return [] if shape.is_empty else [shape]
    return list(shape.geoms) if isinstance(shape, MultiPolygon) else []


def _lines(shape: BaseGeometry) -> list[LineString]:
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shape]
    return list(shape.geoms) if isinstance(shape, MultiLineString) else []


def _outline(area: Area) -> Outline:
    """The rings as one path; holes run against the outer ring, or they would be filled."""
    turned = orient(area)
    rings = [np.asarray(ring.coords)[:, :2] for ring in (turned.exterior, *turned.interiors)]
    codes = [np.r_[Outline.MOVETO, np.full(len(ring) - 2, Outline.LINETO), Outline.CLOSEPOLY] for ring in rings]
    return Outline(np.concatenate(rings), np.concatenate(codes))


def _frame(axes: Axes, bounds: Bounds) -> None:
    axes.set_xlim(bounds.left, bounds.right)
    axes.set_ylim(bounds.bottom, bounds.top)
    axes.set_aspect("equal", adjustable="box", anchor="NW")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#fbfbf9")
    for spine in axes.spines.values():
        spine.set(linewidth=0.9, color=FRAME)


def _inset(figure: Figure) -> float:
    return MARGIN / figure.get_figwidth()


def _side_left(figure: Figure) -> float:
    return 1 - (SIDE + MARGIN) / figure.get_figwidth()


def _title(figure: Figure, sheet: Sheet) -> None:
    figure.text(_inset(figure), 0.957, drawable(sheet.title), fontsize=16, weight="bold", va="center", color=INK)
    if sheet.alternative:
        right = 1 - _inset(figure)
        figure.text(right, 0.957, drawable(sheet.alternative), fontsize=12, va="center", ha="right", color=FAINT)


def _side(figure: Figure, sheet: Sheet) -> None:
    side = figure.add_axes((_side_left(figure), 0.145, SIDE / figure.get_figwidth(), 0.77))
    side.set_axis_off()
    side.set_xlim(0, 1)
    side.set_ylim(0, 1)
    _north(side, sheet.language)
    _legend(side, sheet)
    notes = [wrapped(drawable(note), 36) for note in sheet.notes]
    if notes:
        side.text(0.0, 0.0, "\n".join(notes), fontsize=8, va="bottom", color="#8a3b12", linespacing=1.45)


def _north(side: Axes, language: str) -> None:
    x, y, half, tall = 0.86, 0.885, 0.045, 0.085
    side.add_patch(Polygon([(x, y + tall), (x - half, y), (x, y + 0.02)], facecolor=INK, edgecolor=INK, linewidth=0.6))
    side.add_patch(
        Polygon([(x, y + tall), (x + half, y), (x, y + 0.02)], facecolor="white", edgecolor=INK, linewidth=0.6)
    )
    side.text(
        x, y + tall + 0.006, say("map.north", language), fontsize=10, weight="bold", ha="center", va="bottom", color=INK
    )


def _legend(side: Axes, sheet: Sheet) -> None:
    if not sheet.legend:
        return
    head = [say("map.legend", sheet.language)]
    if sheet.legend_title:
        head.append(drawable(sheet.legend_title))
    top = 0.985
    side.text(0.0, top, head[0], fontsize=12, weight="bold", va="top", color=INK)
    title = wrapped(head[1], 24) if head[1:] else ""
    side.text(0.0, top - 0.05, title, fontsize=9, va="top", color=INK, linespacing=1.3)
    start = top - 0.075 - 0.033 * (title.count("\n") + 1)
    room = start - 0.19
    step = min(0.045, room / len(sheet.legend))
    size = 9 if step > TIGHT else 7
    for row, entry in enumerate(sheet.legend):
        _legend_line(side, entry, y=start - row * step, height=0.62 * step, size=size)


def _legend_line(side: Axes, entry: Entry, *, y: float, height: float, size: int) -> None:
    if entry.kind in ("line", "marker"):
        if entry.kind == "line":
            side.plot([0.0, 0.13], [y, y], color=entry.colour, linewidth=1.6, solid_capstyle="butt")
        if entry.marker:
            side.scatter([0.065], [y], s=MARKER, c=entry.colour, marker=entry.marker)
    else:
        face = "none" if entry.kind == "outline" else entry.colour
        edge = entry.colour if entry.kind == "outline" else "#777777"
        side.add_patch(Rectangle((0.0, y - height / 2), 0.13, height, facecolor=face, edgecolor=edge, linewidth=0.6))
    side.text(0.17, y, drawable(entry.label), fontsize=size, va="center", color=INK)


def _scale_bar(figure: Figure, axes: Axes, language: str) -> None:
    axes.apply_aspect()
    box = axes.get_position()
    left, right = axes.get_xlim()
    per_metre = box.width / (right - left)
    length = round_length(BAR / figure.get_figwidth() / per_metre)
    x, y, tall, parts = _side_left(figure), 0.092, 0.008, 4
    for part in range(parts):
        figure.add_artist(
            Rectangle((x + part * length * per_metre / parts, y), length * per_metre / parts, tall,
                      facecolor=INK if part % 2 == 0 else "white", edgecolor=INK, linewidth=0.6)
        )  # fmt: skip
    unit, over = (say("unit.km", language), 1000.0) if length >= 2000 else (say("unit.m", language), 1.0)  # noqa: PLR2004  (2 km reads better than 2000 m)
    for share in (0.0, 0.5, 1.0):
        text = f"{share * length / over:g}" + (f" {unit}" if share == 1 else "")
        figure.text(x + share * length * per_metre, y + 0.013, text, fontsize=8, ha="center", va="bottom", color=INK)


def round_length(longest: float) -> float:
    """Return the longest of 1, 2, 5 x 10^n [m] that is not longer."""
    power = 10.0 ** np.floor(np.log10(longest))
    return float(max(step * power for step in BAR_LENGTHS if step * power <= longest * (1 + 1e-9)))


def _title_block(figure: Figure, sheet: Sheet) -> None:
    inset, wide = _inset(figure), figure.get_figwidth()
    figure.add_artist(Rectangle((inset, 0.022), 1 - 2 * inset, 0.052, facecolor="none", edgecolor=FRAME, linewidth=0.9))
    project = drawable(f"{say('map.project', sheet.language)}  {sheet.project}")
    figure.text(inset + 0.1 / wide, 0.048, wrapped(project, 42), fontsize=9, weight="bold", va="center", color=INK)
    source, size = _fitting(drawable(f"{say('map.source', sheet.language)}  {sheet.source}"), wide - 4.6)
    figure.text(3.3 / wide, 0.048, source, fontsize=size, va="center", color=FAINT, linespacing=1.2)
    maker = f"citybraid  {sheet.number}".rstrip()
    figure.text(1 - inset - 0.1 / wide, 0.048, maker, fontsize=9, va="center", ha="right", color=INK)


def _fitting(source: str, inches: float) -> tuple[str, float]:
    """Return the sources in lines, and the largest type in which the title block holds them; at last it leaves out."""
    for size, most in SOURCE_TYPE:
        lines = wrapped(source, int(127 / size * inches)).splitlines()
        if len(lines) <= most:
            return "\n".join(lines), size
    return "\n".join([*lines[: most - 1], f"{lines[most - 1][:-2]} …"]), size


def _synthetic(axes: Axes, language: str, size: int) -> None:
    axes.text(
        0.985, 0.02, say("map.synthetic", language), transform=axes.transAxes, fontsize=size, weight="bold",
        ha="right", va="bottom", color="white", zorder=99,
        bbox={"facecolor": "#b3261e", "edgecolor": "none", "boxstyle": "square,pad=0.35"},
    )  # fmt: skip


def patches(entries: Iterable[Entry]) -> list[Patch]:
    """Return a legend's entries as matplotlib handles, for charts."""
    return [Patch(facecolor=entry.colour, label=drawable(entry.label)) for entry in entries]

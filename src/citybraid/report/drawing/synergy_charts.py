"""Bivariate maps with their square legend, correlation by scale, and frontiers of two gains."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from citybraid.core.text import say
from citybraid.report.drawing.cartography import MARGIN, SIDE, TALL, Sheet, draw_map
from citybraid.report.drawing.charts import LEADING, Labels, canvas
from citybraid.report.drawing.font import drawable, typeface, wrapped
from citybraid.report.drawing.palettes import BAD, SERIES, Scale
from citybraid.report.drawing.scene import INK, Bounds, Part

F64 = NDArray[np.float64]
SQUARE = (
    ("#e8e8e8", "#b4d3e1", "#509dc2"),
    ("#f3e6b3", "#b3b3b3", "#376387"),
    ("#f3b300", "#b36600", "#000000"),
)
"""Colours by third of the first quantity (rows) and of the second (columns): grey to yellow and to blue, black where
both are high (Stevens 2015, *Bivariate choropleth maps*)."""
THIRDS = 3
WIDE = 1.5
"""Side of the square of the legend [inch]."""
ACROSS, UP = 500.0, 255.0
"""Room of the points of two gains [pt], about: axes and their names take the rest."""
MEETING, SIZE = 3.0, 8.0
"""Distance within which points meet, and height of the letters of their names [pt]."""
MOST_NAMES = 12
"""Points with a name that are all named; of more only those on the frontier."""


def bivariate_scale() -> Scale:
    """Return the scale of the nine classes, 3 x the third of the first quantity + that of the second."""
    return Scale((), tuple(colour for row in SQUARE for colour in row), codes=tuple(range(THIRDS * THIRDS)))


def bivariate_map(sheet: Sheet, parts: Sequence[Part], *, bounds: Bounds, axes: tuple[str, str]) -> Figure:
    """Return a map sheet with a legend of 3 x 3 squares: first quantity upward, second across."""
    figure = draw_map(sheet, parts, bounds=bounds)
    wide = figure.get_figwidth()
    left, bottom = (wide - SIDE - MARGIN + 0.55) / wide, 0.6
    with typeface():
        box = figure.add_axes((left, bottom, WIDE / wide, WIDE / TALL))
        _squares(box)
        upward, across = (f"{wrapped(drawable(text), 18)} \N{RIGHTWARDS ARROW}" for text in axes)
        box.set_ylabel(upward, fontsize=12, color=INK)
        box.set_xlabel(across, fontsize=12, color=INK)
        box.set_title(say("map.legend", sheet.language), fontsize=12, weight="bold", loc="left", color=INK, pad=10)
    return figure


def _squares(box: Axes) -> None:
    for row, colours in enumerate(SQUARE):
        for column, colour in enumerate(colours):
            box.add_patch(Rectangle((column, row), 1.0, 1.0, facecolor=colour, edgecolor="white", linewidth=1.0))
    box.set_xlim(0.0, THIRDS)
    box.set_ylim(0.0, THIRDS)
    box.set_xticks([])
    box.set_yticks([])
    box.spines[:].set_visible(False)


def correlation_lines(lines: Mapping[str, tuple[F64, F64]], labels: Labels) -> Figure:
    """Return the correlation of each pair by the size of cells, on a logarithmic axis."""
    styles, marks = ("-", "--", "-.", ":"), ("o", "s", "^", "D", "v", "P")
    with typeface():
        figure, axes = canvas(labels)
        for at, (name, (sizes, values)) in enumerate(lines.items()):
            axes.plot(sizes, values, color=SERIES[at % len(SERIES)], linestyle=styles[at % len(styles)],
                      marker=marks[at % len(marks)], linewidth=1.8, label=drawable(name))  # fmt: skip
        axes.axhline(0.0, color=INK, linewidth=0.8)
        axes.set_xscale("log", base=2)
        every = sorted({float(size) for sizes, _ in lines.values() for size in sizes})
        axes.set_xticks(every, [f"{size:g}" for size in every], minor=False)
        axes.set_ylim(-1.05, 1.05)
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
    return figure


class Dots(NamedTuple):
    """Points of two gains; those on the frontier are joined, and named where they have a name."""

    first: F64
    second: F64
    frontier: NDArray[np.bool_]
    names: Sequence[str] = ()


def frontier_chart(dots: Dots, labels: Labels) -> Figure:
    """Return points of two gains with the frontier: points that none beats in both."""
    with typeface():
        figure, axes = canvas(labels)
        axes.scatter(dots.first, dots.second, s=30, color=SERIES[0], alpha=0.7, edgecolor="none")
        order = np.argsort(dots.first[dots.frontier], kind="stable")
        axes.plot(dots.first[dots.frontier][order], dots.second[dots.frontier][order], color=BAD, linewidth=1.6,
                  marker="o", markersize=6, markerfacecolor="none")  # fmt: skip
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.margins(0.08)
        _name(axes, dots)
    return figure


def _name(axes: Axes, dots: Dots) -> None:
    """Write the names beside the points: points that meet share a label, and labels stand clear of each other."""
    named = range(len(dots.names)) if len(dots.names) <= MOST_NAMES else np.flatnonzero(dots.frontier)[:MOST_NAMES]
    first, second = (_placed(each, room) for each, room in ((dots.first, ACROSS), (dots.second, UP)))
    groups: dict[tuple[int, int], list[int]] = {}
    for at in named if dots.names else ():
        groups.setdefault((round(first[at] / MEETING), round(second[at] / MEETING)), []).append(int(at))
    taken = list[tuple[float, float, float, float]]()
    for each in sorted(groups.values(), key=lambda points: -float(second[points[0]])):
        at, text = each[0], "\n".join(drawable(dots.names[one]) for one in each)
        lines = text.split("\n")
        wide = SIZE * max(sum(0.6 if letter.isascii() else 1.0 for letter in line) for line in lines)
        tall = SIZE * LEADING * len(lines)
        sides = (4.0, -4.0 - wide) if first[at] + wide < ACROSS else (-4.0 - wide,)
        boxes = [
            (x, y, x + wide, y + tall)
            for x in (first[at] + side for side in sides)
            for y in (second[at] + up for up in (4.0, -4.0 - tall, 4.0 + tall, -4.0 - 2.0 * tall))
        ]
        box = next((each for each in boxes if not any(_overlap(each, other) for other in taken)), boxes[0])
        taken.append(box)
        axes.annotate(text, (dots.first[at], dots.second[at]), (box[0] - first[at], box[1] - second[at]),
                      textcoords="offset points", fontsize=SIZE, color=INK, linespacing=LEADING)  # fmt: skip


def _placed(values: F64, room: float) -> F64:
    """Return where values lie on an axis of so many points, with its margins."""
    least, most = float(np.nanmin(values)), float(np.nanmax(values))
    span = (most - least) or 1.0
    return np.asarray((values - least + 0.08 * span) / (1.16 * span) * room, dtype=np.float64)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Tell whether two boxes (left, bottom, right, top) overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

"""Flow charts (Sankey): amounts that pass from one column of nodes to the next, as wide as they are great."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from citybraid.report.drawing.charts import Labels, canvas
from citybraid.report.drawing.font import drawable, typeface, wrapped
from citybraid.report.drawing.palettes import SERIES
from citybraid.report.drawing.scene import INK
from citybraid.report.drawing.units import brief

GAP = 0.025
"""Space between two nodes of a column, as a share of the height."""
WIDTH = 0.035
"""Width of a node, as a share of the distance between columns."""
LINE = 0.042
"""Height of a line of text, as a share of the height."""
AWAY = 0.03
"""Distance of a name from its node's middle from which on a line leads to it, as a share of the height."""


@dataclass(frozen=True)
class Link:
    """An amount that flows from a node of a column to one of the next."""

    column: int
    source: str
    target: str
    amount: float


def flow_chart(links: Sequence[Link], labels: Labels, *, height: float = 5.2) -> Figure:
    """Return a flow chart; nodes are in the order of their links, each with its name and amount."""
    with typeface():
        figure, axes = canvas(labels, height=height)
        axes.set_axis_off()
        columns = 1 + max(link.column for link in links) + 1
        nodes = [_nodes(links, column) for column in range(columns)]
        total = max(sum(column.values()) for column in nodes)
        tops = [_tops(column, total) for column in nodes]
        colours = {name: SERIES[at % len(SERIES)] for at, name in enumerate(nodes[0])}
        _draw_links(axes, links, tops, total=total, colours=colours)
        for at, column in enumerate(nodes):
            _draw_nodes(axes, at, column, tops[at], total=total)
        axes.set_xlim(-0.05, columns - 1 + 0.75)
        ends = [top[name] - column[name] / total for top, column in zip(tops, nodes, strict=True) for name in top]
        names = [float(text.get_position()[1]) - LINE for text in axes.texts]
        axes.set_ylim(min(*ends, *names) - 0.02, 0.02)
    return figure


def _nodes(links: Sequence[Link], column: int) -> dict[str, float]:
    """Return the nodes of a column and what passes through each."""
    amounts: dict[str, float] = {}
    for link in links:
        if link.column == column:
            amounts[link.source] = amounts.get(link.source, 0.0) + link.amount
        elif link.column == column - 1 and not any(each.column == column for each in links):
            amounts[link.target] = amounts.get(link.target, 0.0) + link.amount
    return amounts


def _tops(column: dict[str, float], total: float) -> dict[str, float]:
    """Return the upper end of each node, 0 for the first, down to about -1."""
    tops, at = {}, 0.0
    for name, amount in column.items():
        tops[name] = at
        at -= amount / total + GAP
    return tops


def _draw_nodes(
    axes: Axes, column: int, amounts: Mapping[str, float], tops: Mapping[str, float], *, total: float
) -> None:
    """Draw the nodes of a column, each with its name and amount; names that would overlap stand lower, on a line."""
    below = np.inf
    for name, amount in amounts.items():
        share, top = amount / total, tops[name]
        axes.add_patch(Rectangle((column, top - share), WIDTH, share, color=INK, linewidth=0))
        text = f"{wrapped(drawable(name), 26)}  {brief(amount)}"
        half = LINE * (text.count("\n") + 1) / 2
        middle = top - share / 2
        place = min(middle, below - half)
        below = place - half
        right = column + WIDTH + 0.012
        if middle - place > AWAY:
            right += 0.03
            axes.plot([column + WIDTH, right - 0.006], [middle, place], color=INK, linewidth=0.6)
        axes.text(right, place, text, va="center", ha="left", fontsize=8.5, color=INK)


def _draw_links(
    axes: Axes, links: Sequence[Link], tops: list[dict[str, float]], *, total: float, colours: dict[str, str]
) -> None:
    """Draw links as bands between Bezier curves, in the colour of their source where it is of the first column."""
    leaving = [dict(column) for column in tops]
    arriving = [dict(column) for column in tops]
    for link in links:
        share = link.amount / total
        left, right = leaving[link.column][link.source], arriving[link.column + 1][link.target]
        leaving[link.column][link.source] -= share
        arriving[link.column + 1][link.target] -= share
        start, end = link.column + WIDTH, link.column + 1
        middle = 0.5 * (start + end)
        points = [
            (start, left), (middle, left), (middle, right), (end, right), (end, right - share),
            (middle, right - share), (middle, left - share), (start, left - share), (start, left),
        ]  # fmt: skip
        codes = np.array([Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY], np.uint8)
        colour = colours.get(link.source, "#8a8f98")
        axes.add_patch(PathPatch(Path(points, codes), facecolor=colour, alpha=0.45, linewidth=0))

"""The synergy matrix: pairs of measures against indicators, each cell with its sign, its size and its interval."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from citybraid.core.text import say
from citybraid.report.drawing.charts import Labels, canvas
from citybraid.report.drawing.font import drawable, typeface, wrapped
from citybraid.report.drawing.scene import INK
from citybraid.report.remarks.unseen import percent

COLOURS: Mapping[str, str] = {
    "help": "#9ecae1", "hinder": "#f2a48f", "additive": "#e6e6e6", "unsure": "#ffffff", "none": "#ffffff",
}  # fmt: skip
SIGNS: Mapping[str, str] = {"help": "+", "hinder": "\N{MINUS SIGN}", "additive": "=", "unsure": "?", "none": "·"}
"""Signs beside colours, so that the matrix can be read without them."""
CELL_WIDE, CELL_TALL, NAMES_WIDE = 1.25, 0.5, 3.1
"""Sides of a cell, and the room for names of pairs [inch]."""
EDGE = "#9a9a9a"
PRINTED = 0.005
"""Relative effect below which a cell shows its sign alone [-]."""


class Cell(NamedTuple):
    """A pair's joint effect on an indicator, over both lone effects; positive is a gain [-]."""

    kind: str
    relative: float
    low: float
    high: float


def synergy_matrix(
    pairs: Sequence[str], indicators: Sequence[str], cells: Sequence[Sequence[Cell]], labels: Labels, *, language: str
) -> Figure:
    """Return the matrix: a row per pair, a column per indicator, and the key below."""
    columns, rows = len(indicators), len(pairs)
    heads = [wrapped(drawable(name), 12) for name in indicators]
    head = 0.3 + 0.17 * max(text.count("\n") + 1 for text in heads)
    wide, tall = NAMES_WIDE + CELL_WIDE * columns + 0.2, head + CELL_TALL * (rows + 1.3) + 0.6
    with typeface():
        figure, axes = canvas(labels, width=wide, height=tall)
        axes.set_axis_off()
        axes.set_xlim(-NAMES_WIDE, CELL_WIDE * columns)
        axes.set_ylim(CELL_TALL * (rows + 1.3), -head)
        for at, text in enumerate(heads):
            axes.text(CELL_WIDE * (at + 0.5), -0.08, text, ha="center", va="bottom", fontsize=9, color=INK)
        for row, pair in enumerate(pairs):
            middle = CELL_TALL * (row + 0.5)
            axes.text(-0.12, middle, wrapped(drawable(pair), 34), ha="right", va="center", fontsize=9, color=INK)
            for column in range(columns):
                _cell(axes, CELL_WIDE * column, CELL_TALL * row, cells[row][column], language)
        _key(axes, CELL_TALL * (rows + 0.45), language)
    return figure


def _cell(axes: Axes, left: float, top: float, cell: Cell, language: str) -> None:
    hatch = "////" if cell.kind == "unsure" else None
    axes.add_patch(
        Rectangle((left + 0.03, top + 0.03), CELL_WIDE - 0.06, CELL_TALL - 0.06, facecolor=COLOURS[cell.kind],
                  edgecolor="#d8d8d8" if hatch else "none", linewidth=0.0, hatch=hatch)
    )  # fmt: skip
    centre, middle = left + CELL_WIDE / 2, top + CELL_TALL / 2
    known = np.isfinite([cell.relative, cell.low, cell.high]).all()
    if not known or cell.kind == "none" or (cell.kind == "additive" and abs(cell.relative) < PRINTED):
        axes.text(centre, middle, SIGNS[cell.kind], ha="center", va="center", fontsize=10, color=INK)
        return
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if hatch else None
    sign = f"{SIGNS[cell.kind]} " if cell.kind in ("additive", "unsure") else ""
    low, high = percent(cell.low, signed=True), percent(cell.high, signed=True)
    ends = say("interactions.interval", language, low=low, high=high)
    axes.text(centre, middle - 0.09, f"{sign}{percent(cell.relative, signed=True)}", ha="center", va="center",
              fontsize=9.5, weight="bold", color=INK, bbox=box)  # fmt: skip
    axes.text(centre, middle + 0.11, ends, ha="center", va="center", fontsize=7.5, color=INK, bbox=box)


def _key(axes: Axes, top: float, language: str) -> None:
    left = -NAMES_WIDE + 0.1
    for kind in ("help", "hinder", "additive", "unsure", "none"):
        hatch = "////" if kind == "unsure" else None
        axes.add_patch(
            Rectangle((left, top), 0.26, 0.24, facecolor=COLOURS[kind], edgecolor=EDGE, linewidth=0.6, hatch=hatch)
        )
        axes.text(left + 0.13, top + 0.12, SIGNS[kind], ha="center", va="center", fontsize=9, color=INK)
        text = axes.text(left + 0.34, top + 0.12, drawable(say(f"interactions.{kind}", language)), ha="left",
                         va="center", fontsize=8.5, color=INK)  # fmt: skip
        wide = sum(0.125 if ord(letter) > 0x2E80 else 0.068 for letter in text.get_text())  # noqa: PLR2004  (CJK)
        left += 0.34 + wide + 0.22

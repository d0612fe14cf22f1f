"""Marginal abatement cost curve: numbered bars on an axis that the dearest leave, and a table of what they are."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from citybraid.report.drawing.cartography import FAINT
from citybraid.report.drawing.charts import Labels, canvas
from citybraid.report.drawing.font import drawable, typeface
from citybraid.report.drawing.palettes import SERIES
from citybraid.report.drawing.scene import INK
from citybraid.report.drawing.units import brief, number

F64 = NDArray[np.float64]
WIDE, PLOT, ROW, HEADS = 6.4, 3.3, 0.23, 2.2
"""Width of the chart, height of its bars with their axis and of a row of the key [in]; rows that its heads take."""
SHOWN = 0.9
"""Share of the abatement whose measures the axis of costs shows whole [-]."""
ROOM = 1.2
"""Axis over the cost of the dearest measure that it shows whole [-]."""
STRIP = 0.26
"""Upper part of the plot in which numbers and costs of the bars stand [-]."""
LETTER = 0.0125
"""Width of a letter in the strip over that of the plot [-]."""
BASE = 3.5
"""Width of the line at 0 by which a bar is seen that costs next to nothing [pt]."""
SEEN = 0.02
"""Height of a bar over that of the axis from which it is seen without that line, which would lie on both sides of 0."""
COLUMNS = (0.035, 0.075, 0.76, 0.98)
"""Places in the key of number, name, cost and abatement over its width [-]."""


class Bar(NamedTuple):
    """A measure: what it abates beside those before it, and what a tonne of that costs."""

    name: str
    abatement: float
    cost: float


def abatement_chart(bars: Sequence[Bar], labels: Labels, *, heads: tuple[str, str, str]) -> Figure:
    """Return an abatement curve: a bar for each measure, as wide as it abates, as high as a tonne costs.

    The axis of costs shows the measures whole that make up nine tenths of the abatement; bars of dearer ones are cut
    and marked. Every cost is written above its bar and in the key below, whose columns `heads` names.
    """
    widths, costs = (np.array([getattr(bar, name) for bar in bars]) for name in ("abatement", "cost"))
    ends = np.cumsum([0.0, *widths])
    cap = axis_end(widths, costs)
    with typeface():
        figure, axes = canvas(labels, width=WIDE, height=PLOT + ROW * (len(bars) + HEADS))
        shown = np.clip(costs, -cap, cap)
        low, high = min(ROOM * float(shown.min()), 0.0), cap / (1.0 - STRIP)
        for at, height in enumerate(shown):
            axes.bar(ends[at], height, widths[at], align="edge", color=_colour(at), edgecolor="white", linewidth=0.6)
            if abs(height) < SEEN * (high - low):
                axes.hlines(0.0, ends[at], ends[at + 1], color=_colour(at), linewidth=BASE, zorder=3)
            if height != costs[at]:
                _cut(axes, ends[at], ends[at + 1], height)
        axes.axhline(0.0, color=INK, linewidth=0.8)
        axes.set_xlim(0.0, ends[-1])
        axes.set_ylim(low, high)
        _ticks(axes, cap)
        _strip(axes, (ends[:-1] + ends[1:]) / 2.0 / ends[-1], np.maximum(shown, 0.0), costs)
        _key(figure, axes, bars, heads)
    return figure


def axis_end(widths: F64, costs: F64) -> float:
    """Return where the axis of costs ends, on both sides of 0: above the costs of nine tenths of the abatement."""
    order = np.argsort(np.abs(costs), kind="stable")
    share = np.cumsum(widths[order]) / widths.sum()
    whole = float(np.abs(costs)[order][np.searchsorted(share, SHOWN - 1e-12)])
    return ROOM * whole if whole > 0.0 else 1.0


def spread(places: F64, apart: float) -> F64:
    """Return places from 0 to 1, in their order, moved so far that none is nearer to the next than `apart`."""
    centres = np.clip(places, apart / 2.0, 1.0 - apart / 2.0)
    for at in range(1, centres.size):
        centres[at] = max(centres[at], centres[at - 1] + apart)
    last = 1.0 - apart / 2.0
    for at in reversed(range(centres.size)):
        centres[at] = min(centres[at], last)
        last = centres[at] - apart
    return centres


def _colour(at: int) -> str:
    return SERIES[at % len(SERIES)]


def _cut(axes: Axes, left: float, right: float, height: float) -> None:
    """Mark the end of a bar that goes on beyond the axis: two white strokes across it."""
    for share in (0.9, 0.95):
        axes.plot([left, right], [(share - 0.02) * height, (share + 0.02) * height], color="white", linewidth=1.6,
                  solid_capstyle="butt")  # fmt: skip


def _ticks(axes: Axes, cap: float) -> None:
    """Write ticks of costs up to the end of the axis, none in the strip above, and few of abatement."""
    low = axes.get_ylim()[0]
    axes.set_yticks([tick for tick in MaxNLocator(6).tick_values(low, cap) if low <= tick <= cap])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _at: number(float(value))))
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _at: number(float(value))))


def _strip(axes: Axes, middles: F64, tops: F64, costs: F64) -> None:
    """Write each bar's number, and its cost where all fit, in the strip, with a line down to the bar."""
    written = [_rounded(cost) for cost in costs]
    wide = LETTER * (max(map(len, written)) + 1)
    fit = wide * middles.size <= 1.0
    apart = wide if fit else min(LETTER * (len(str(middles.size)) + 1), 1.0 / middles.size)
    right = axes.get_xlim()[1]
    for at, place in enumerate(spread(middles, apart)):
        cost = f"\n{written[at]}" if fit else ""
        axes.annotate(f"{at + 1}{cost}", (middles[at] * right, tops[at]), (place, 0.99), xycoords="data",
                      textcoords="axes fraction", ha="center", va="top", fontsize=8.5, color=INK, linespacing=1.1,
                      arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.6, "shrinkA": 1.0,
                                  "shrinkB": 0.0, "relpos": (0.5, 0.0)})  # fmt: skip


def _key(figure: Figure, axes: Axes, bars: Sequence[Bar], heads: tuple[str, str, str]) -> None:
    """Write the key under the plot: number, measure, cost of a tonne and abatement of each bar."""
    grid = figure.add_gridspec(2, 1, height_ratios=(PLOT, ROW * (len(bars) + HEADS)))
    axes.set_subplotspec(grid[0])
    key = figure.add_subplot(grid[1])
    key.set_axis_off()
    key.set_xlim(0.0, 1.0)
    key.set_ylim(len(bars) + 0.5, 0.5 - HEADS)
    rows = [("", *heads), *(
        (str(at + 1), bar.name, _rounded(bar.cost), _rounded(bar.abatement)) for at, bar in enumerate(bars)
    )]  # fmt: skip
    for at, row in enumerate(rows):
        head = at == 0
        for place, text, side in zip(COLUMNS, row, ("center", "left", "right", "right"), strict=True):
            colour = "white" if place == COLUMNS[0] else FAINT if head else INK
            key.text(place, at - 0.5 * head, drawable(text), ha=side, va="center", color=colour,
                     fontsize=8.5 if head else 9, zorder=3)  # fmt: skip
        if not head:
            key.barh(at, 0.04, 0.8, left=COLUMNS[0] - 0.02, color=_colour(at - 1), linewidth=0.0)


def _rounded(value: float) -> str:
    """Return a value to three digits."""
    return brief(value)

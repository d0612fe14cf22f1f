"""Charts: emissions by sector, depth exceedance, droughts, Pareto front, interactions, scorecard, monthly energy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from citybraid.report.drawing.cartography import FAINT
from citybraid.report.drawing.font import drawable, typeface, wrapped
from citybraid.report.drawing.palettes import BAD, FAIR, GOOD, NONE, SERIES, ramp
from citybraid.report.drawing.scene import INK
from citybraid.report.drawing.units import PLAIN_DIGITS, brief, number, signed

WIDE, TALL = 8.0, 4.4
MARKS: Mapping[str, tuple[str, str]] = {
    "good": ("●", GOOD),
    "fair": ("▲", FAIR),
    "bad": ("■", BAD),
    "none": ("–", NONE),
}
"""Verdict: sign and colour; the sign alone is sufficient."""
LONGEST_HEAD, HEAD_LETTER = 24, 0.085
"""Letters of a line above a column at most, and room that one takes [inch]."""
DARK = 0.55
"""Share of the scale beyond which text on it is white."""
LEADING = 1.35
"""Line spacing of names over several lines: Chinese letters fill their line."""
CELL = 0.55
"""Side of a cell of a matrix of measures [inch]."""
SMALL = 1e-3
"""Share of the greatest interaction below which one counts as none [-]."""


@dataclass(frozen=True)
class Labels:
    """Title, axis labels and note of a chart, in its language."""

    title: str
    x: str = ""
    y: str = ""
    note: str = ""


def canvas(labels: Labels, *, width: float = WIDE, height: float = TALL) -> tuple[Figure, Axes]:
    """Return an empty figure and its axes, with title, names of the axes and note as every chart has them.

    The title begins at the figure's left edge, by whose width it is broken: beside long names the axes are narrow.
    """
    figure = Figure(figsize=(width, height), facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    figure.suptitle(
        wrapped(drawable(labels.title), int(width * 8)), x=0.01, ha="left", fontsize=13, weight="bold", color=INK
    )
    axes.set_xlabel(drawable(labels.x), color=INK, fontsize=10)
    axes.set_ylabel(wrapped(drawable(labels.y), int(height * 9)), color=INK, fontsize=10, linespacing=LEADING)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.yaxis.set_major_formatter(FuncFormatter(_tick))
    if labels.note:
        figure.supxlabel(wrapped(drawable(labels.note), int(width * 15)), fontsize=8, color=FAINT, x=0.01, ha="left")
    return figure, axes


def stacked_bars(frame: pd.DataFrame, labels: Labels, *, digits: int | None = None) -> Figure:
    """Return stacked bars: a bar for each row, a colour for each column; negative parts go below zero.

    A tick marks each bar's sum, with its number: `digits` decimals, as a table beside it has, else four digits in all.
    """
    with typeface():
        figure, axes = canvas(labels)
        at = np.arange(len(frame))
        above, below = np.zeros(len(frame)), np.zeros(len(frame))
        for colour, column in zip(_colours(len(frame.columns)), frame.columns, strict=True):
            values = frame[column].fillna(0.0).to_numpy(dtype=np.float64)
            base = np.where(values >= 0, above, below)
            axes.bar(
                at, values, 0.56, base, color=colour, label=drawable(str(column)), edgecolor="white", linewidth=0.6
            )
            above, below = above + values.clip(min=0), below + values.clip(max=0)
        totals = above + below
        axes.hlines(totals, at - 0.34, at + 0.34, color=INK, linewidth=1.4)
        reach = max(float(above.max(initial=0.0)), 1e-9)
        for place, total, top in zip(at, totals, above, strict=True):
            axes.text(
                float(place),
                top + 0.02 * reach,
                brief(float(total), PLAIN_DIGITS) if digits is None else number(float(total), digits=digits),
                ha="center",
                va="bottom",
                fontsize=10,
                weight="bold",
            )
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.set_xticks(at, [wrapped(drawable(str(name)), 16) for name in frame.index])
        axes.set_ylim(1.15 * float(below.min(initial=0.0)), 1.15 * reach)
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9, reverse=True)
    return figure


def anomaly(years: NDArray[np.float64], values: NDArray[np.float64], labels: Labels, *, marked: float) -> Figure:
    """Return a series about zero, filled in one colour above and another below, with a line at `marked`."""
    with typeface():
        figure, axes = canvas(labels, height=0.75 * TALL)
        axes.fill_between(years, 0.0, np.maximum(values, 0.0), color=SERIES[0], linewidth=0.0)
        axes.fill_between(years, 0.0, np.minimum(values, 0.0), color=BAD, linewidth=0.0)
        axes.axhline(0.0, color=INK, linewidth=0.8)
        axes.axhline(marked, color=INK, linewidth=0.8, linestyle="--")
        axes.set_xlim(float(years.min()), float(years.max()))
    return figure


def exceedance(
    depths: Mapping[str, NDArray[np.float64]], labels: Labels, *, cell_area: float, least: float = 0.05
) -> Figure:
    """Return the area [ha] that is under water deeper than each depth [m], a line for each name."""
    with typeface():
        figure, axes = canvas(labels)
        for colour, style, (name, depth) in zip(
            _colours(len(depths)), _styles(len(depths)), depths.items(), strict=True
        ):
            wet = np.sort(depth[np.isfinite(depth) & (depth >= least)])
            area = np.arange(wet.size, 0, -1) * cell_area / 1e4
            axes.step(
                np.r_[least, wet],
                np.r_[wet.size * cell_area / 1e4, area],
                where="pre",
                color=colour,
                linestyle=style,
                linewidth=1.8,
                label=drawable(name),
            )
        axes.set_ylim(bottom=0)
        axes.set_xlim(left=least)
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(frameon=False, fontsize=9)
    return figure


def clustered_bars(frame: pd.DataFrame, labels: Labels) -> Figure:
    """Return bars side by side: a cluster for each row, a colour for each column, each bar with its number."""
    with typeface():
        figure, axes = canvas(labels)
        at, count = np.arange(len(frame)), len(frame.columns)
        width = 0.8 / count
        for place, (colour, column) in enumerate(zip(_colours(count), frame.columns, strict=True)):
            values = frame[column].to_numpy(dtype=np.float64)
            left = at + (place - 0.5 * (count - 1)) * width
            axes.bar(
                left, values, 0.92 * width, color=colour, label=drawable(str(column)), edgecolor=INK, linewidth=0.4
            )
            for x, value in zip(left, values, strict=True):
                label = brief(float(value))
                axes.text(float(x), value, label, ha="center", va="bottom" if value >= 0.0 else "top", fontsize=8)
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.margins(y=0.12)
        axes.set_xticks(at, [wrapped(drawable(str(name)), 16) for name in frame.index])
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
    return figure


def pareto(
    front: pd.DataFrame, labels: Labels, *, colour_label: str, chosen: Sequence[bool], joined: bool = False
) -> Figure:
    """Return a front of three objectives: first column across, second up, third as colour; the chosen one is ringed.

    `joined`: an exact front, which runs straight from point to point.
    """
    across, up, depth = (front[column].to_numpy(dtype=np.float64) for column in front.columns[:3])
    with typeface():
        figure, axes = canvas(labels)
        if joined:
            axes.plot(across, up, color=INK, linewidth=1.0, zorder=0)
        dots = axes.scatter(
            across, up, c=depth, cmap=ListedColormap(list(ramp("plain", 64))), s=46, edgecolor=INK, linewidth=0.5
        )
        picked = np.asarray(chosen, dtype=bool)
        axes.scatter(across[picked], up[picked], s=190, facecolor="none", edgecolor=BAD, linewidth=2.2)
        bar = figure.colorbar(dots, ax=axes, pad=0.02)
        bar.ax.set_title(drawable(colour_label), fontsize=8, loc="right")
        bar.ax.yaxis.set_major_formatter(FuncFormatter(_tick))
        bar.outline.set_visible(False)
        axes.xaxis.set_major_formatter(FuncFormatter(_tick))
        axes.grid(color="#dddddd", linewidth=0.6)
    return figure


def interaction_matrix(values: pd.DataFrame, labels: Labels, *, unit: str) -> Figure:
    """Return a square of measures against measures: blue helps, red hinders; each cell carries its number."""
    count = len(values)
    reach = float(np.nanmax(np.abs(values.to_numpy(dtype=np.float64)), initial=0.0)) or 1.0
    with typeface():
        side = max(4.2, CELL * count + 2.2)
        figure, axes = canvas(labels, width=side + 1.6, height=side)
        table = np.ma.masked_invalid(values.to_numpy(dtype=np.float64))
        picture = axes.imshow(
            table, cmap=mpl.colormaps["RdBu"].with_extremes(bad="#f0f0f0"), vmin=-reach, vmax=reach, aspect="equal"
        )
        for row in range(count):
            for column in range(count):
                value = float(table.data[row, column])
                if np.isfinite(value):
                    ink = "white" if abs(value) / reach > DARK else INK
                    text = signed(f"{value:+.3g}") if abs(value) > SMALL * reach else "0"
                    axes.text(column, row, text, ha="center", va="center", fontsize=10, color=ink)
        names = [wrapped(drawable(str(name)), 12) for name in values.columns]
        axes.set_xticks(range(count), names, rotation=40, ha="right", rotation_mode="anchor", linespacing=LEADING)
        axes.set_yticks(range(count), [wrapped(drawable(str(name)), 16) for name in values.index])
        axes.spines[:].set_visible(False)
        bar = figure.colorbar(picture, ax=axes, shrink=0.7, pad=0.03)
        bar.ax.set_title(drawable(unit), fontsize=10, loc="left")
        bar.outline.set_visible(False)
    return figure


def scorecard(verdicts: pd.DataFrame, values: pd.DataFrame, labels: Labels) -> Figure:
    """Return a table of indicators (rows) by alternative (columns): a sign and colour for the verdict, and the value.

    Verdicts are 'good', 'fair', 'bad' or 'none'; values are already texts.
    """
    rows, columns = verdicts.shape
    room = 0.42 * columns + 1.0
    letters = min(LONGEST_HEAD, int(WIDE / (room + columns) / HEAD_LETTER))
    heads = [wrapped(drawable(str(name)), letters) for name in verdicts.columns]
    labels_of_rows = [
        "\n".join(wrapped(drawable(line), 42) for line in str(name).split("\n")) for name in verdicts.index
    ]
    top = 0.3 + 0.28 * max((head.count("\n") + 1 for head in heads), default=1)
    with typeface():
        figure, axes = canvas(labels, height=0.9 + 0.55 * (rows + top))
        axes.set_xlim(-room, columns)
        axes.set_ylim(rows, -top)
        axes.set_axis_off()
        for column, title in enumerate(heads):
            axes.text(column + 0.5, -0.1, title, ha="center", va="bottom", fontsize=9.5, weight="bold", linespacing=1.1)
        for row, indicator in enumerate(labels_of_rows):
            axes.text(0.05 - room, row + 0.5, indicator, va="center", fontsize=9, color=INK)
            axes.plot([-room, columns], [row, row], color="#dddddd", linewidth=0.7)
            for column in range(columns):
                sign, colour = MARKS[str(verdicts.iloc[row, column])]
                axes.add_patch(Rectangle((column + 0.02, row + 0.06), 0.96, 0.88, facecolor=colour, alpha=0.13))
                axes.text(column + 0.1, row + 0.5, sign, va="center", fontsize=10, color=colour)
                axes.text(
                    column + 0.94,
                    row + 0.5,
                    drawable(str(values.iloc[row, column])),
                    va="center",
                    ha="right",
                    fontsize=9.5,
                )
    return figure


def monthly(frame: pd.DataFrame, labels: Labels) -> Figure:
    """Return monthly energy as grouped bars: a group for each of the rows (months), a colour for each column."""
    with typeface():
        figure, axes = canvas(labels)
        width = 0.8 / len(frame.columns)
        at = np.arange(len(frame))
        for place, (colour, column) in enumerate(zip(_colours(len(frame.columns)), frame.columns, strict=True)):
            shift = (place - (len(frame.columns) - 1) / 2) * width
            axes.bar(
                at + shift, frame[column].to_numpy(dtype=np.float64), width, color=colour, label=drawable(str(column))
            )
        axes.set_xticks(at, [drawable(str(name)) for name in frame.index])
        axes.legend(frameon=False, fontsize=9)
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
    return figure


def _tick(value: float, _at: object) -> str:
    return number(float(f"{value:.9g}"))


def _colours(count: int) -> list[str]:
    return [SERIES[at % len(SERIES)] for at in range(count)]


def _styles(count: int) -> list[str]:
    return [("-", "--", "-.", ":")[at % 4] for at in range(count)]

"""Charts of flood risk: loss by return period with a band, loss by depth class, and sensitivity indices."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from citybraid.report.drawing.charts import Labels, canvas
from citybraid.report.drawing.font import drawable, typeface
from citybraid.report.drawing.palettes import SERIES, ramp
from citybraid.report.drawing.scene import INK
from citybraid.report.drawing.units import PLAIN_DIGITS, brief, number

STYLES = ("-", "--", "-.", ":")


def loss_curve(lines: Mapping[str, pd.Series], labels: Labels, *, band: tuple[str, pd.DataFrame] | None) -> Figure:
    """Return losses by return period [year], a line for each name, on a logarithmic axis.

    A line is a series by return period; `band` is a name and a frame by return period: low, high, perhaps median.
    """
    with typeface():
        figure, axes = canvas(labels)
        if band is not None:
            name, frame = band
            years = frame.index.to_numpy(np.float64)
            axes.fill_between(years, frame["low"], frame["high"], color="#b9cfe4", label=drawable(name))
            if "median" in frame:
                axes.plot(years, frame["median"], color="#6f93b5", linewidth=1.2, linestyle=":")
        for at, (title, line) in enumerate(lines.items()):
            axes.plot(
                line.index.to_numpy(np.float64), line.to_numpy(np.float64), "o", linestyle=STYLES[at % len(STYLES)],
                color=SERIES[at % len(SERIES)], linewidth=1.8, markersize=5, label=drawable(title),
            )  # fmt: skip
        _years(axes, sorted({float(year) for line in lines.values() for year in line.index}))
        axes.set_ylim(bottom=0)
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(frameon=False, fontsize=9, loc="upper left")
    return figure


def index_bars(first: pd.Series, total: pd.Series, labels: Labels, *, names: tuple[str, str]) -> Figure:
    """Return bars of first-order and total indices by source, the largest on top."""
    order = total.sort_values(kind="stable").index
    with typeface():
        figure, axes = canvas(labels, height=1.6 + 0.42 * len(order))
        place = np.arange(len(order))
        axes.barh(place + 0.2, total[order].clip(lower=0.0), 0.38, color=SERIES[0], label=drawable(names[1]))
        axes.barh(place - 0.2, first[order].clip(lower=0.0), 0.38, color="#b9cfe4", label=drawable(names[0]))
        axes.set_yticks(place, [drawable(str(name)) for name in order])
        axes.legend(frameon=False, fontsize=9, loc="lower right")
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
    return figure


def class_bars(frame: pd.DataFrame, labels: Labels, *, title: str) -> Figure:
    """Return a bar for each row, the first on top, of the parts of its columns in rising order, with the sum beside it.

    `title` stands over the legend.
    """
    with typeface():
        figure, axes = canvas(labels, height=1.9 + 0.5 * len(frame))
        place = np.arange(len(frame))[::-1]
        left = np.zeros(len(frame))
        for colour, column in zip(ramp("water", len(frame.columns)), frame.columns, strict=True):
            values = frame[column].to_numpy(np.float64)
            axes.barh(place, values, 0.55, left=left, color=colour, edgecolor=INK, linewidth=0.4,
                      label=drawable(str(column)))  # fmt: skip
            left += values
        for at, total in zip(place, left, strict=True):
            axes.text(
                total + 0.01 * max(left.max(), 1e-9), at, brief(float(total), PLAIN_DIGITS), va="center", fontsize=9
            )
        axes.set_yticks(place, [drawable(str(name)) for name in frame.index])
        axes.set_xlim(0.0, 1.14 * max(float(left.max()), 1e-9))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(float(f"{value:.6g}"))))
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        figure.legend(title=drawable(title), frameon=False, fontsize=9, title_fontsize=9, loc="outside lower center",
                      ncols=len(frame.columns))  # fmt: skip
    return figure


def _years(axes: Axes, years: list[float]) -> None:
    axes.set_xscale("log")
    axes.set_xticks(years)
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(float(f"{value:.6g}"))))


def ranges(frame: pd.DataFrame, labels: Labels, *, names: Sequence[str]) -> Figure:
    """Return a bar from low to high for each row, the first on top, with its median and its value as marks.

    `frame` has columns low, median, high and screening; `names` are those of bar, median and value.
    """
    with typeface():
        figure, axes = canvas(labels, height=1.6 + 0.5 * len(frame))
        place = np.arange(len(frame))[::-1]
        axes.barh(
            place, frame["high"] - frame["low"], 0.45, left=frame["low"], color="#b9cfe4", label=drawable(names[0])
        )
        axes.plot(
            frame["median"], place, "|", markersize=14, markeredgewidth=2.0, color=SERIES[0], label=drawable(names[1])
        )
        axes.plot(frame["screening"], place, "o", markersize=5, color=SERIES[1], label=drawable(names[2]))
        axes.set_yticks(place, [drawable(str(name)) for name in frame.index])
        axes.set_xlim(left=0.0)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(float(f"{value:.6g}"))))
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(frameon=False, fontsize=9, loc="upper center", bbox_to_anchor=(0.45, -0.22), ncols=3)
    return figure

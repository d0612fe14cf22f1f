"""Time series charts over the hours of an event."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from citybraid.report.drawing.cartography import FAINT
from citybraid.report.drawing.charts import WIDE, Labels
from citybraid.report.drawing.font import drawable, typeface, wrapped
from citybraid.report.drawing.palettes import SERIES
from citybraid.report.drawing.scene import INK
from citybraid.report.drawing.units import number

HIGH = 2.4
"""Height of a panel [inch]."""
STYLES = ("-", "--", "-.", ":")


class TimeSeriesPanel(NamedTuple):
    """A panel: what it shows with its unit, and a series by hour for each name.

    `goes_on` marks series above 0 at their end with an arrow: what they show has not ended.
    """

    what: str
    lines: Mapping[str, pd.Series]
    goes_on: bool = False


def time_series(panels: Sequence[TimeSeriesPanel], labels: Labels) -> Figure:
    """Return series by hour, stacked panels over one axis of hours, a colour and style for each name."""
    names = list(dict.fromkeys(name for panel in panels for name in panel.lines))
    with typeface():
        figure = Figure(figsize=(WIDE, HIGH * len(panels) + 1.2), facecolor="white", layout="constrained")
        stack = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
        for axes, panel in zip(stack, panels, strict=True):
            for name, line in panel.lines.items():
                at = names.index(name)
                axes.plot(
                    line.index.to_numpy(np.float64), line.to_numpy(np.float64), "o", markersize=2.6, linewidth=1.8,
                    linestyle=STYLES[at % len(STYLES)], color=SERIES[at % len(SERIES)], label=drawable(name),
                )  # fmt: skip
                if panel.goes_on and line.iloc[-1] > 0.0:
                    at_end = (float(line.index[-1]), float(line.iloc[-1]))
                    axes.scatter(*at_end, s=70, marker=">", color=SERIES[at % len(SERIES)], clip_on=False, zorder=3)
            axes.set_title(drawable(panel.what), fontsize=10, loc="left", color=INK)
            axes.tick_params(colors=INK, labelsize=9)
            axes.spines[["top", "right"]].set_visible(False)
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(float(f"{value:.6g}"))))
            axes.grid(color="#dddddd", linewidth=0.6)
            axes.set_ylim(bottom=0)
        hours = [float(line.index[-1]) for panel in panels for line in panel.lines.values()]
        stack[-1].set_xlim(0.0, max(hours))
        stack[-1].set_xlabel(drawable(labels.x), color=INK, fontsize=10)
        figure.suptitle(
            wrapped(drawable(labels.title), int(WIDE * 8)), fontsize=13, weight="bold", x=0.01, ha="left", color=INK
        )
        handles = {line.get_label(): line for axes in stack for line in axes.get_lines()}
        figure.legend(
            list(handles.values()), [str(name) for name in handles], loc="outside lower left", frameon=False,
            fontsize=9, ncols=2,
        )  # fmt: skip
        if labels.note:
            figure.supxlabel(wrapped(drawable(labels.note), int(WIDE * 15)), fontsize=8, color=FAINT, x=0.01, ha="left")
    return figure

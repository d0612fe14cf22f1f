"""Charts of energy by the hour: weeks of load, own generation, import and export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from citybraid.report.drawing.charts import WIDE, Labels
from citybraid.report.drawing.font import drawable, typeface, wrapped
from citybraid.report.drawing.palettes import SERIES
from citybraid.report.drawing.scene import INK

HIGH = 2.7
USED, TAKEN, GIVEN, MADE = SERIES[2], SERIES[6], SERIES[1], SERIES[5]


@dataclass(frozen=True)
class Week:
    """Hours of a week by name: used, taken, given and made; `days` are names of its days."""

    what: str
    hours: Mapping[str, pd.Series]
    days: Sequence[str]


def weeks(panels: Sequence[Week], labels: Labels, *, names: Mapping[str, str]) -> Figure:
    """Return weeks one above the other: own use and import stacked to the load, export below zero, generation a line.

    `names` are those of used, taken, given and made.
    """
    with typeface():
        figure = Figure(figsize=(WIDE, HIGH * len(panels) + 1.0), facecolor="white", layout="constrained")
        stack = figure.subplots(len(panels), 1, squeeze=False, sharey=True)[:, 0]
        for axes, week in zip(stack, panels, strict=True):
            _draw_week(axes, week, names)
        stack[0].set_ylabel(drawable(labels.y), color=INK, fontsize=10)
        figure.suptitle(
            wrapped(drawable(labels.title), int(WIDE * 8)), fontsize=13, weight="bold", x=0.01, ha="left", color=INK
        )
        handles, texts = stack[0].get_legend_handles_labels()
        figure.legend(handles, texts, loc="outside lower left", frameon=False, fontsize=9, ncols=4)
    return figure


def _draw_week(axes: Axes, week: Week, names: Mapping[str, str]) -> None:
    used, taken, given, made = (week.hours[name].to_numpy(np.float64) for name in ("used", "taken", "given", "made"))
    at = np.arange(used.size + 1)

    def stepped(values: np.ndarray) -> np.ndarray:
        return np.append(values, values[-1])

    axes.fill_between(at, 0.0, stepped(used), step="post", color=USED, label=drawable(names["used"]), linewidth=0)
    axes.fill_between(
        at, stepped(used), stepped(used + taken), step="post", color=TAKEN, alpha=0.55, linewidth=0,
        label=drawable(names["taken"]),
    )  # fmt: skip
    axes.fill_between(at, 0.0, -stepped(given), step="post", color=GIVEN, label=drawable(names["given"]), linewidth=0)
    axes.step(at, stepped(made), where="post", color=MADE, linewidth=1.4, label=drawable(names["made"]))
    axes.axhline(0.0, color=INK, linewidth=0.6)
    axes.set_title(drawable(week.what), fontsize=10, loc="left", color=INK)
    axes.set_xlim(0, used.size)
    axes.set_xticks(np.arange(0, used.size + 1, 24))
    axes.set_xticklabels([])
    axes.set_xticks(np.arange(12, used.size, 24), [drawable(day) for day in week.days], minor=True)
    axes.tick_params(axis="x", which="minor", length=0, labelsize=9, colors=INK)
    axes.tick_params(axis="y", colors=INK, labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)

"""Charts of pathways: wedges between reference and pathway, and the marginal abatement cost curve."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from citybraid.report.drawing.cartography import FAINT
from citybraid.report.drawing.charts import Labels, canvas
from citybraid.report.drawing.font import drawable, typeface, wrapped
from citybraid.report.drawing.palettes import SERIES
from citybraid.report.drawing.scene import INK
from citybraid.report.drawing.units import number

ROOM = 1.15


def wedge_chart(
    net: pd.Series, reference: pd.Series, wedges: Mapping[str, pd.Series], labels: Labels, *, names: tuple[str, str]
) -> Figure:
    """Return net emissions by year and, above them up to the reference, what each lever contributes.

    Wedges that are nothing in every year are left out; those below zero in a year are drawn below the pathway.
    """
    years = np.array([int(str(year)) for year in net.index])
    base = net.to_numpy(dtype=np.float64)
    with typeface():
        figure, axes = canvas(labels)
        above, below = base.copy(), base.copy()
        for at, (name, wedge) in enumerate(wedges.items()):
            values = wedge.to_numpy(dtype=np.float64)
            if not (np.abs(values) > 0.0).any():
                continue
            gain, loss = np.maximum(values, 0.0), np.minimum(values, 0.0)
            colour = SERIES[at % len(SERIES)]
            axes.fill_between(years, above, above + gain, color=colour, linewidth=0.0, label=drawable(name))
            axes.fill_between(years, below + loss, below, color=colour, linewidth=0.0)
            above, below = above + gain, below + loss
        axes.plot(years, reference.to_numpy(dtype=np.float64), color=INK, linewidth=1.4, linestyle="--",
                  label=drawable(names[0]))  # fmt: skip
        axes.plot(years, base, color=INK, linewidth=2.2, label=drawable(names[1]))
        axes.axhline(0.0, color=INK, linewidth=0.8)
        axes.set_xlim(years[0], years[-1])
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9, reverse=True)
    return figure


def year_lines(courses: Mapping[str, pd.Series], labels: Labels) -> Figure:
    """Return a line by year for each name."""
    styles = ("-", "--", "-.", ":")
    with typeface():
        figure, axes = canvas(labels)
        for at, (name, course) in enumerate(courses.items()):
            years = [int(str(year)) for year in course.index]
            axes.plot(years, course.to_numpy(dtype=np.float64), color=SERIES[at % len(SERIES)],
                      linestyle=styles[at % len(styles)], linewidth=2.0, label=drawable(name))  # fmt: skip
        axes.axhline(0.0, color=INK, linewidth=0.8)
        axes.margins(x=0.0)
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(frameon=False, fontsize=9)
    return figure


APART = 20.0
"""Ratio of the dearest to the cheapest tonne from which on the axis of costs is logarithmic: else only one is seen."""


def abatement_chart(names: Sequence[str], width: Sequence[float], height: Sequence[float], labels: Labels) -> Figure:
    """Return an abatement curve: a bar for each measure, as wide as it abates, as high as a tonne costs.

    The axis of costs is logarithmic where they lie far apart: on both sides of 0 where some pay for themselves.
    """
    ends = np.cumsum([0.0, *width])
    with typeface():
        figure, axes = canvas(labels)
        for at, name in enumerate(names):
            colour = SERIES[at % len(SERIES)]
            axes.bar(ends[at], height[at], width[at], align="edge", color=colour, edgecolor="white", linewidth=0.6,
                     label=f"{at + 1}  {drawable(name)}")  # fmt: skip
            _number(axes, at, middle=(ends[at] + ends[at + 1]) / 2, top=height[at])
        axes.axhline(0.0, color=INK, linewidth=0.8)
        axes.set_xlim(0.0, ends[-1])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _at: number(float(value))))
        low, high = min(height), max(height)
        if low > 0.0 and high > APART * low:
            axes.set_yscale("log")
            axes.set_ylim(low / 3.0, 6.0 * high)
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _at: number(float(value))))
        elif low < 0.0 and _far_apart(height):
            axes.set_yscale("symlog", linthresh=min(abs(each) for each in height if each != 0.0))
            axes.set_ylim(6.0 * low, 6.0 * max(high, 0.0) or 1.0)
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _at: number(float(value))))
        else:
            axes.set_ylim(ROOM * min(0.0, low), ROOM * high if high > 0.0 else 1.0)
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, fontsize=9)
    return figure


def _far_apart(height: Sequence[float]) -> bool:
    sizes = [abs(each) for each in height if each != 0.0]
    return max(sizes) > APART * min(sizes)


def _number(axes: Axes, at: int, *, middle: float, top: float) -> None:
    text = wrapped(drawable(f"{at + 1}: {number(float(f'{top:.3g}'))}"), 14)
    axes.annotate(text, (middle, max(top, 0.0)), (0, 3 + 11 * (at % 2)), textcoords="offset points", ha="center",
                  va="bottom", fontsize=8, color=FAINT if top == 0.0 else INK, annotation_clip=False)  # fmt: skip

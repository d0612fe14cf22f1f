"""Charts of pathways: wedges between reference and pathway, and courses by year."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from citybraid.report.drawing.charts import Labels, canvas
from citybraid.report.drawing.font import drawable, typeface
from citybraid.report.drawing.palettes import SERIES
from citybraid.report.drawing.scene import INK

THIN = 2e-4
"""Largest height of a wedge, over that of the reference, that is not seen [-]."""


def wedge_chart(
    net: pd.Series, reference: pd.Series, wedges: Mapping[str, pd.Series], labels: Labels, *, names: tuple[str, str]
) -> Figure:
    """Return net emissions by year and, above them up to the reference, what each lever contributes.

    Wedges too thin to be seen in every year are left out; those below zero in a year are drawn below the pathway.
    """
    thin = THIN * float(reference.abs().max())
    years = np.array([int(str(year)) for year in net.index])
    base = net.to_numpy(dtype=np.float64)
    with typeface():
        figure, axes = canvas(labels)
        above, below = base.copy(), base.copy()
        for at, (name, wedge) in enumerate(wedges.items()):
            values = wedge.to_numpy(dtype=np.float64)
            if not (np.abs(values) > thin).any():
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

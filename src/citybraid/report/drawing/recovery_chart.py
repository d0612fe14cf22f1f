"""Chart of recovery: services over days, with bands, and the loss above the curve."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from citybraid.report.drawing.charts import Labels, canvas
from citybraid.report.drawing.font import drawable, typeface
from citybraid.report.drawing.palettes import SERIES

DAY = 24.0
FULL = 100.0
BACK = 99.9
"""Share of services from which on a curve is not shown further [%]."""


class Course(NamedTuple):
    """Services by hour [%]: mean, low and high."""

    mean: pd.Series
    low: pd.Series
    high: pd.Series


def recovery_curves(courses: Mapping[str, Course], labels: Labels) -> Figure:
    """Return curves over days with their bands, until the last has recovered; the loss of the first is shaded."""
    with typeface():
        figure, axes = canvas(labels)
        last = DAY
        for at, (name, course) in enumerate(courses.items()):
            days, colour = course.mean.index.to_numpy(np.float64) / DAY, SERIES[at % len(SERIES)]
            below = np.flatnonzero(course.low.to_numpy() < BACK)
            last = max(last, DAY * float(days[below[-1]]) if below.size else 0.0)
            if at == 0:
                axes.fill_between(days, course.mean, FULL, color=colour, alpha=0.12, linewidth=0.0, step="post")
            axes.fill_between(days, course.low, course.high, color=colour, alpha=0.25, linewidth=0.0, step="post")
            axes.step(days, course.mean, where="post", color=colour, linewidth=1.8, label=drawable(name))
        axes.set_xlim(0.0, 1.1 * last / DAY)
        axes.set_ylim(0.0, FULL + 2.0)
        axes.grid(color="#dddddd", linewidth=0.6)
        axes.legend(frameon=False, fontsize=9, loc="lower right")
    return figure

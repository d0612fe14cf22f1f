"""Charts of heat: people by hour and class of heat stress."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from citybraid.report.drawing.charts import Labels, canvas
from citybraid.report.drawing.font import drawable, typeface
from citybraid.report.drawing.palettes import ramp

DAY = 24


def people_by_hour(classes: Mapping[str, pd.Series], labels: Labels) -> Figure:
    """Return steps of people by hour of the day, the mildest class first, each worse one before it."""
    with typeface():
        figure, axes = canvas(labels)
        colours = ramp("heat", len(classes) + 1)[1:]
        for (name, people), colour in zip(classes.items(), colours, strict=True):
            values = people.to_numpy(np.float64)
            steps = np.append(values, values[-1])
            axes.fill_between(
                np.arange(steps.size), steps, step="post", color=colour, linewidth=0, label=drawable(name)
            )
        axes.set_xlim(0, DAY)
        axes.set_xticks(range(0, DAY + 1, 3))
        axes.set_ylim(bottom=0)
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        figure.legend(loc="outside lower left", frameon=False, fontsize=9, ncols=len(classes))
    return figure

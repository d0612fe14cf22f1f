"""Charts of pathways: wedges fill the space between reference and pathway."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.pathway_charts import wedge_chart, year_lines

YEARS = pd.Index(["2025", "2026", "2027"])
NET = pd.Series([10.0, 8.0, 5.0], index=YEARS)
WEDGES = {
    "grid": pd.Series([0.0, 2.0, 4.0], index=YEARS), "none": pd.Series([0.0, 0.0, -1e-3], index=YEARS),
    "retrofit": pd.Series([0.0, 1.0, 2.0], index=YEARS),
}  # fmt: skip


def drawn(figure: Figure) -> Figure:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(io.BytesIO(), format="png", dpi=40)
    return figure


def test_wedges_stack_from_the_pathway_to_the_reference_and_nothing_is_left_out_but_nothing() -> None:
    figure = drawn(
        wedge_chart(NET, pd.Series([10.0, 11.0, 11.0], index=YEARS), WEDGES, Labels("路径"), names=("r", "n"))
    )
    (axes,) = figure.axes
    assert axes.get_legend_handles_labels()[1] == ["grid", "retrofit", "r", "n"]
    tops = [float(np.asarray(collection.get_paths()[0].vertices)[:, 1].max()) for collection in axes.collections]
    assert max(tops) == pytest.approx(11.0)


def test_a_line_for_each_alternative() -> None:
    (axes,) = drawn(year_lines({"现状": NET, "规划": 2 * NET}, Labels("逐年"))).axes
    assert [np.asarray(line.get_xdata()).size for line in axes.lines[:2]] == [3, 3]

"""Charts of pathways: wedges fill the space between reference and pathway, bars are as wide as they abate."""

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.pathway_charts import abatement_chart, wedge_chart, year_lines

YEARS = pd.Index(["2025", "2026", "2027"])
NET = pd.Series([10.0, 8.0, 5.0], index=YEARS)
WEDGES = {
    "grid": pd.Series([0.0, 2.0, 4.0], index=YEARS), "none": pd.Series([0.0, 0.0, 0.0], index=YEARS),
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


def test_bars_are_as_wide_as_they_abate_and_as_high_as_a_tonne_costs() -> None:
    (axes,) = drawn(abatement_chart(["a", "b"], [30.0, 10.0], [-5.0, 200.0], Labels("曲线"))).axes
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    found = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in bars]
    assert found == [(0.0, 30.0, -5.0), (30.0, 10.0, 200.0)]
    assert [text.get_text() for text in axes.texts] == ["1: -5", "2: 200"]


def test_costs_far_apart_stand_on_a_logarithmic_axis() -> None:
    costs = [755.0, 15_800.0, 855_000.0]
    (axes,) = drawn(abatement_chart(["a", "b", "c"], [22.0, 0.1, 1.4], costs, Labels("曲线"))).axes
    assert axes.get_yscale() == "log"
    low, high = axes.get_ylim()
    assert 0.0 < low < min(costs)
    assert high > max(costs)
    (near,) = drawn(abatement_chart(["a", "b"], [30.0, 10.0], [100.0, 200.0], Labels("曲线"))).axes
    assert near.get_yscale() == "linear"


def test_measures_that_pay_for_themselves_stand_below_zero_and_dear_ones_are_seen_beside_them() -> None:
    costs = [-640.0, 120.0, 18_000.0]
    (axes,) = drawn(abatement_chart(["a", "b", "c"], [22.0, 5.0, 1.4], costs, Labels("曲线"))).axes
    assert axes.get_yscale() == "symlog"
    low, high = axes.get_ylim()
    assert low < min(costs)
    assert high > max(costs)
    (gains,) = drawn(abatement_chart(["a", "b"], [22.0, 5.0], [-900.0, -2.0], Labels("曲线"))).axes
    assert gains.get_ylim()[1] >= 0.0

import io
import warnings
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from citybraid.report.drawing.charts import (
    Labels,
    exceedance,
    interaction_matrix,
    monthly,
    pareto,
    scorecard,
    stacked_bars,
)
from citybraid.report.drawing.synergy_charts import Dots, frontier_chart


def drawn(figure: Figure) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(io.BytesIO(), format="png", dpi=40)
    return [text.get_text() for text in figure.axes[0].texts]


def test_bars_stack_above_and_below_zero_and_state_their_sum() -> None:
    frame = pd.DataFrame({"建筑": [5.0, 4.0], "出行": [2.0, 2.0], "碳汇": [-1.0, -1.5]}, index=["现状", "规划"])
    figure = stacked_bars(frame, Labels("排放", y="吨CO₂e/年", note="一条注。"))
    assert drawn(figure) == ["6", "4.5"]
    axes = figure.axes[0]
    tops = [float(patch.get_window_extent().transformed(axes.transData.inverted()).y1) for patch in axes.patches]
    assert max(tops) == pytest.approx(7.0)
    assert min(tops) == pytest.approx(0.0)


def test_sums_of_bars_are_those_of_the_table_beside_them() -> None:
    """The park's balance read 84 400 in the picture and 84 398 in the table below it."""
    frame = pd.DataFrame({"工业": [90_020.4, 876.46], "避免": [-5_622.0, 0.0]}, index=["现状", "规划"])
    assert drawn(stacked_bars(frame, Labels("收支"), digits=0)) == ["84,398", "876"]
    assert drawn(stacked_bars(frame, Labels("收支"))) == ["84,398", "876.5"]


def test_exceedance_starts_at_the_whole_wet_area() -> None:
    depth = np.array([[0.0, 0.1], [0.5, np.nan]])
    figure = exceedance({"a": depth}, Labels("水深"), cell_area=10_000.0)
    drawn(figure)
    _, area = figure.axes[0].lines[0].get_data()
    assert list(np.asarray(area)) == [2.0, 2.0, 1.0]


def test_exceedance_of_a_dry_event_is_no_area() -> None:
    figure = exceedance({"a": np.zeros((2, 2))}, Labels("水深"), cell_area=10_000.0)
    drawn(figure)
    _, area = figure.axes[0].lines[0].get_data()
    assert list(np.asarray(area)) == [0.0]


def test_the_chosen_portfolio_is_ringed() -> None:
    front = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0], "c": [0.0, 1.0]})
    figure = pareto(front, Labels("前沿"), colour_label="公顷", chosen=[False, True])
    drawn(figure)
    assert np.asarray(figure.axes[0].collections[1].get_offsets()).tolist() == [[2.0, 1.0]]


def test_an_interaction_cell_carries_its_number_and_an_empty_one_none() -> None:
    names = ["绿色屋顶", "雨水花园"]
    values = pd.DataFrame([[np.nan, np.nan], [-0.5, np.nan]], index=names, columns=names)
    assert drawn(interaction_matrix(values, Labels("互作"), unit="万元")) == ["−0.5"]
    values.iloc[0, 1] = -1e-12
    assert drawn(interaction_matrix(values, Labels("互作"), unit="万元")) == ["0", "−0.5"]


@pytest.mark.parametrize("count", [2, 3, 9])
def test_a_long_title_over_long_names_lies_within_the_figure(count: int) -> None:
    names = [f"Retention basins and rain gardens of the kind {number}" for number in range(count)]
    values = pd.DataFrame(np.eye(count), index=names, columns=names)
    title = "Interaction of pairs of measures: Land flooded deeper than 0.15 m (largest storm; without water bodies)"
    figure = interaction_matrix(values, Labels(title), unit="ha")
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
    figure.draw(renderer)
    edges = figure.bbox
    texts = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    assert len(texts) > 2 * count
    for text in texts:
        box = text.get_window_extent(renderer)
        assert edges.x0 - 1 <= box.x0, text.get_text()
        assert box.x1 <= edges.x1 + 1, text.get_text()


def test_verdicts_are_told_by_signs_not_by_colour_alone() -> None:
    verdicts = pd.DataFrame({"现状": ["good", "bad"], "规划": ["fair", "none"]}, index=["甲", "乙"])
    said = drawn(
        scorecard(verdicts, pd.DataFrame({"现状": ["1", "2"], "规划": ["3", "–"]}, index=["甲", "乙"]), Labels("评估"))
    )
    assert {"●", "■", "▲", "–"} <= set(said)


def test_months_stand_in_groups() -> None:
    frame = pd.DataFrame({"用电": range(12), "光伏": range(12)}, index=range(1, 13))
    figure = monthly(frame, Labels("逐月"))
    drawn(figure)
    assert len(figure.axes[0].patches) == 24


def test_titles_of_colour_bars_stand_upright() -> None:
    front = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0], "c": [0.0, 1.0]})
    square = pd.DataFrame([[np.nan, np.nan], [2.0, np.nan]], index=["a", "b"], columns=["a", "b"])
    drawings = [
        pareto(front, Labels("前沿"), colour_label="公顷", chosen=[False, True]),
        interaction_matrix(square, Labels("作用"), unit="公顷"),
    ]
    for figure in drawings:
        drawn(figure)
        bar = figure.axes[1]
        titles = [text for text in (bar.title, bar._left_title, bar._right_title) if text.get_text() == "公顷"]  # type: ignore[attr-defined]  # matplotlib names them so alone
        assert [text.get_rotation() for text in titles] == [0.0]
        assert bar.get_ylabel() == ""


def test_help_is_blue_and_hindrance_red() -> None:
    square = pd.DataFrame([[np.nan, np.nan], [2.0, np.nan]], index=["a", "b"], columns=["a", "b"])
    picture = interaction_matrix(square, Labels("作用"), unit="").axes[0].get_images()[0]
    help_, hinder = picture.to_rgba(np.array([2.0, -2.0]))
    assert help_[2] > help_[0]
    assert hinder[0] > hinder[2]


def test_names_of_points_that_meet_share_a_label_and_no_label_covers_another() -> None:
    """Four measures without a gain lie at one place: their names stand below each other."""
    names = ["绿色屋顶", "透水铺装", "雨水花园", "行道树", "湿地"]
    first, second = np.array([0.0, 0.0, 0.0, 0.0, 1.0]), np.array([0.0, 0.0, 0.0, 1.0, 0.02])
    figure = frontier_chart(Dots(first, second, second > 0.0, names), Labels("题", "x", "y"))
    FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]
    labels = figure.axes[0].texts
    assert sorted(label.get_text() for label in labels) == ["湿地", "绿色屋顶\n透水铺装\n雨水花园", "行道树"]
    boxes = [label.get_window_extent() for label in labels]
    assert not any(one.overlaps(other) for at, one in enumerate(boxes) for other in boxes[at + 1 :])
    edge = figure.bbox
    assert all(box.x0 >= edge.x0 and box.x1 <= edge.x1 for box in boxes)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_names_above_the_columns_of_a_scorecard_do_not_run_into_one_another(count: int) -> None:
    """Xiong'an's page one read 'Existing conditionspower, raised components'."""
    names = ["Existing conditions", "Ready: warning, backup power, raised components", "Ready, and the levee raised",
             "Scheme A: roofs and envelopes", "Scheme B: ground, streets, drains and warnings"][:count]  # fmt: skip
    verdicts = pd.DataFrame([["bad"] * count], index=["People"], columns=names)
    figure = scorecard(verdicts, pd.DataFrame([["15,086"] * count], columns=names), Labels("Objectives"))
    drawn(figure)
    heads = [each for each in figure.axes[0].texts if each.get_fontweight() == "bold"]
    boxes = [each.get_window_extent() for each in heads]
    assert len(boxes) == count
    for left, right in pairwise(boxes):
        assert left.x1 < right.x0

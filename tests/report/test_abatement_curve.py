"""The abatement curve: bars as wide as they abate, costs that can all be read, and nothing on top of another."""

import io
import warnings

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from citybraid.report.drawing.abatement_curve import Bar, abatement_chart, axis_end, spread
from citybraid.report.drawing.charts import Labels

HEADS = ("措施", "单位减排成本\n(元/t CO₂e)", "叠加后新增\n(t CO₂e/年)")
DEMO = (Bar("Rooftop photovoltaics", 22494.2, -70.4), Bar("Street trees", 22.01, 15474.1),
        Bar("Envelope retrofit", 1550.9, 52355.8), Bar("Detention wetland", 1.88, 858415.0))  # fmt: skip
"""The demo's curve: three of four bars are a pixel wide, and costs lie four powers of ten apart."""


def drawn(bars: tuple[Bar, ...]) -> Figure:
    figure = abatement_chart(bars, Labels("边际减排成本", x="x (t)", y="y (元/t)"), heads=HEADS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(io.BytesIO(), format="png", dpi=60)
    return figure


def boxes(figure: Figure) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return each written text with its box on paper."""
    texts = [each for each in figure.findobj(Text) if each.get_visible() and each.get_text().strip()]
    found = [(each.get_text(), Text.get_window_extent(each)) for each in texts]
    return [(text, (box.x0, box.y0, box.x1, box.y1)) for text, box in found if box.width > 0]


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return min(one[2], other[2]) - max(one[0], other[0]) > 1.0 and min(one[3], other[3]) - max(one[1], other[1]) > 1.0


def test_bars_are_as_wide_as_they_abate_and_as_high_as_a_tonne_costs() -> None:
    axes, key = drawn((Bar("a", 30.0, -5.0), Bar("b", 10.0, 200.0))).axes
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    found = [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in bars]
    assert found == [(0.0, 30.0, -5.0), (30.0, 10.0, 200.0)]
    assert [text.get_text() for text in axes.texts] == ["1\n−5", "2\n200"]
    assert {"a", "b", *HEADS} <= {text.get_text() for text in key.texts}


def test_a_bar_lies_on_its_own_side_of_nothing() -> None:
    """A line at 0 shows bars that cost next to nothing; it lay on both sides of all, so a saving looked a cost."""
    axes, _ = drawn((Bar("a", 120.0, -117.0), Bar("b", 60.0, 2740.0))).axes
    assert not axes.collections
    axes, _ = drawn((Bar("a", 120.0, -11.0), Bar("b", 60.0, 2740.0))).axes
    assert len(axes.collections) == 1


def test_the_axis_shows_nine_tenths_of_the_abatement_and_every_cost_is_written() -> None:
    axes, key = drawn(DEMO).axes
    heights = [patch.get_height() for patch in axes.patches if isinstance(patch, Rectangle)]
    assert heights == pytest.approx([-70.4, 84.48, 84.48, 84.48])
    assert max(axes.get_yticks()) <= 84.48, "no tick among the numbers"
    assert axes.get_yscale() == "linear"
    written = [text.get_text() for text in key.texts]
    assert {"−70.4", "15,474", "52,356", "858,415", "22,494", "1.88"} <= set(written)


def test_an_axis_end_by_hand() -> None:
    assert axis_end(np.array([85.0, 10.0, 5.0]), np.array([-10.0, 50.0, 900.0])) == pytest.approx(60.0)
    assert axis_end(np.array([10.0]), np.array([0.0])) == 1.0


@pytest.mark.parametrize("count", [1, 2, 4, 8, 14])
def test_no_two_texts_lie_on_one_another(count: int) -> None:
    """All of the abatement by the first: the others are bars of a pixel at the right edge."""
    bars = (DEMO[0], *(Bar(f"Measure number {at}", 0.5, 1e4 * 3.0**at) for at in range(count - 1)))
    found = boxes(drawn(bars))
    clashes = [
        (one[0], other[0]) for at, one in enumerate(found) for other in found[at + 1 :] if overlap(one[1], other[1])
    ]
    assert clashes == []


def test_places_are_moved_no_more_than_they_must() -> None:
    assert spread(np.array([0.2, 0.8]), 0.1).tolist() == [0.2, 0.8]
    moved = spread(np.array([0.5, 0.97, 0.98, 0.99]), 0.1)
    assert moved == pytest.approx([0.5, 0.75, 0.85, 0.95])
    assert np.diff(spread(np.linspace(0.99, 1.0, 10), 0.1)) == pytest.approx(0.1)

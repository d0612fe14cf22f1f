"""Flow charts keep amounts: what leaves a column arrives in the next, and every node lies on the canvas."""

from itertools import pairwise

import pytest
from matplotlib.patches import Rectangle

from citybraid.report.drawing.charts import Labels
from citybraid.report.drawing.flow_chart import Link, flow_chart

LINKS = (
    Link(0, "homes", "energy", 60.0), Link(0, "homes", "transport", 15.0), Link(0, "shops", "energy", 25.0),
    Link(1, "energy", "scope 2", 85.0), Link(1, "transport", "scope 1", 15.0),
)  # fmt: skip


def test_nodes_are_as_high_as_what_passes_through_them() -> None:
    (axes,) = flow_chart(LINKS, Labels("flows")).axes
    nodes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    heights = sorted(round(node.get_height(), 6) for node in nodes)
    assert heights == [0.15, 0.15, 0.25, 0.75, 0.85, 0.85]
    low, high = axes.get_ylim()
    assert all(low <= node.get_y() and node.get_y() + node.get_height() <= high for node in nodes)
    assert min(node.get_y() for node in nodes) - low < 0.1


@pytest.mark.parametrize("name", ["homes  75", "energy  85", "scope 1  15"])
def test_names_stand_with_their_amounts(name: str) -> None:
    (axes,) = flow_chart(LINKS, Labels("flows")).axes
    assert name in [text.get_text() for text in axes.texts]


def test_every_node_has_its_name_and_none_lies_on_another() -> None:
    """Five nodes of next to nothing, as waste in a street district: names stand apart, on lines to their nodes."""
    small = [Link(0, f"waste {at}", "waste", 0.01) for at in range(5)]
    (axes,) = flow_chart([*LINKS[:3], *small, *LINKS[3:], Link(1, "waste", "scope 3", 0.05)], Labels("flows")).axes
    written = {text.get_text(): text.get_position()[1] for text in axes.texts}
    assert {f"waste {at}  0.01" for at in range(5)} <= set(written)
    places = [place for text, place in written.items() if text.startswith(("homes", "shops", "waste "))]
    first = [each for each in places if each is not None][:7]
    assert all(above - below > 0.03 for above, below in pairwise(first))
    assert len(axes.lines) >= 2, "lines lead to names that were moved"
    assert min(written.values()) > axes.get_ylim()[0]

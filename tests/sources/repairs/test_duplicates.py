"""Shapes drawn twice, however they are drawn; which row stays does not hang on the order of rows."""

import geopandas as gpd
import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Choices, Rules
from citybraid.sources.protocol.target import Target
from citybraid.sources.repairs.shapes.duplicates import duplicate_groups, repair
from tests.examples import at_most
from tests.sources.planner_files import CRS

RULES = Rules(Target(CRS, 5.0))
SQUARE = box(0, 0, 10, 10)
DRAWN = (
    SQUARE,
    Polygon([(10, 10), (10, 0), (0, 0), (0, 10)]),
    Polygon([(0, 0), (5, 0), (10, 0), (10, 10), (0, 10)]),
    Polygon([(0.004, 0), (10, 0.003), (10, 10), (0, 10)]),
    MultiPolygon([SQUARE]),
)


def layers(shapes: list[object], names: list[str], table: str = "buildings", **columns: list[object]) -> Layers:
    index = pd.Index(names, dtype=object, name="id")
    found = [SourceLayer(vocabulary()[table], gpd.GeoSeries(shapes, index=index, crs=CRS))]
    for name, values in columns.items():
        found.append(SourceLayer(vocabulary()[name], pd.Series(values, index=index, name=name)))
    return Layers({layer_key(each): each for each in found})


def test_every_way_of_drawing_one_shape_is_seen() -> None:
    group = duplicate_groups(np.array([*DRAWN, box(0, 0, 10, 10.2), box(20, 0, 30, 10)], dtype=object), Choices())
    assert len(set(group[:5])) == 1
    assert len(set(group)) == 3


def test_lines_are_the_same_in_both_directions() -> None:
    one, back = LineString([(0, 0), (1, 1)]), LineString([(1, 1), (0, 0)])
    group = duplicate_groups(np.array([one, back, LineString([(0, 0), (1, 2)])], dtype=object), Choices())
    assert group[0] == group[1] != group[2]


def test_a_link_back_is_another_link() -> None:
    """Power to the exchange, signals from it: along the same trench. One of both was lost, and with it the cycle."""
    there, back = LineString([(0, 0), (9, 0)]), LineString([(9, 0), (0, 0)])
    stated = layers(
        [there, back, there], list("abc"), "lifeline_links",
        from_component=["E1", "T1", "E1"], to_component=["T1", "E1", "T1"],
    )  # fmt: skip
    assert list(repair(stated, RULES).layers.table("lifeline_links").index) == ["a", "b"]  # type: ignore[union-attr]
    drawn = layers([there, back, back], list("abc"), "lifeline_links")
    assert list(repair(drawn, RULES).layers.table("lifeline_links").index) == ["a", "b"]  # type: ignore[union-attr]
    one_way = layers([there, back], list("ab"), "streets")
    assert len(repair(one_way, RULES).layers.table("streets").index) == 1  # type: ignore[union-attr]


def test_the_row_that_states_most_stays() -> None:
    told = repair(
        layers(
            [*DRAWN[:3], box(50, 0, 60, 10)], list("abcd"), floors=[np.nan, 6.0, 7.0, 1.0], height=[9.0, 9.0, 9.0, 9.0]
        ),
        RULES,
    )
    assert list(told.layers.table("buildings").index) == ["b", "d"]  # type: ignore[union-attr]  # it is there
    assert [(each.text, each.row, each.mended) for each in told.problems] == [
        ("intake.problem_double", "a", True), ("intake.problem_double_unlike", "c", False),
    ]  # fmt: skip
    assert {finding.text: finding.count for finding in told.findings} == {
        "intake.shape_double": 2, "intake.shape_double_unlike": 1,
    }  # fmt: skip
    assert not [each for each in told.problems if each.say("en") == each.say("zh")]
    assert not [each for each in told.findings if each.say("en") == each.say("zh")]


@at_most(60)
@given(st.permutations(range(8)))
def test_what_stays_does_not_hang_on_order(order: list[int]) -> None:
    shapes = [*DRAWN, box(20, 0, 30, 10), box(20, 0, 30, 10), box(40, 0, 50, 10)]
    floors = [1.0, np.nan, 2.0, 3.0, np.nan, np.nan, 5.0, 6.0]
    names = list("abcdefgh")
    told = repair(
        layers([shapes[at] for at in order], [names[at] for at in order], floors=[floors[at] for at in order]), RULES
    )
    table = told.layers.table("buildings")
    assert table is not None
    assert set(table.index) == {"a", "g", "h"}
    again = repair(told.layers, RULES)
    assert again.layers is told.layers
    assert not again.findings

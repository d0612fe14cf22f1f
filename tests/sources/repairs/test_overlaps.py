"""Overlaps trimmed or told, gaps and slivers told: nothing is filled or moved in silence."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from citybraid.sources.geometry.gaps import gaps
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Choices, RepairResult, Rules
from citybraid.sources.protocol.target import Target
from citybraid.sources.repairs.shapes import gaps as gap_repair
from citybraid.sources.repairs.shapes import overlaps as overlap_repair
from citybraid.sources.repairs.shapes import slivers as sliver_repair
from citybraid.sources.repairs.shapes.overlaps import overlaps, trim_overlaps
from tests.examples import at_most
from tests.sources.planner_files import CRS

CHOICES = Choices()
RULES = Rules(Target(CRS, 5.0))


def series(*shapes: Polygon, names: str = "abcdefgh") -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=list(names[: len(shapes)]), crs=CRS)


def layers(shapes: gpd.GeoSeries, table: str = "parcels") -> Layers:
    found = SourceLayer(vocabulary()[table], shapes)
    return Layers({layer_key(found): found})


def assert_said(told: RepairResult) -> None:
    assert told.problems
    assert told.findings
    assert not [each for each in told.problems if each.say("en") == each.say("zh")]
    assert not [each for each in told.findings if each.say("en") == each.say("zh")]


def test_wide_overlaps_are_told_with_the_worst_pair_first() -> None:
    shapes = series(box(0, 0, 10, 10), box(8, 0, 18, 10), box(17, 0, 28, 10))
    result = trim_overlaps(shapes, "parcels", CHOICES)
    assert result.shapes is shapes
    assert [(each.row, each.values["other"]) for each in result.problems] == [("a", "b"), ("b", "c")]
    assert [each.shape.area for each in result.problems] == pytest.approx([20.0, 10.0])
    assert result.findings[0].count == 3
    assert "30 m² in sum, most of it between a and b" in result.findings[0].say("en")


def test_hair_thin_overlaps_are_trimmed_from_the_larger() -> None:
    shapes = series(box(0, 0, 100, 100), box(99.98, 0, 300, 100))
    result = trim_overlaps(shapes, "parcels", CHOICES)
    assert [each.mended for each in result.problems] == [True]
    assert result.shapes["a"].area == 1e4
    assert result.shapes["b"].area == pytest.approx(2e4)
    assert result.findings[0].text == "intake.overlaps_trimmed"
    assert overlaps(result.shapes.to_numpy(), CHOICES.least_area) is not None
    again = trim_overlaps(result.shapes, "parcels", CHOICES)
    assert again.shapes is result.shapes
    assert not again.findings


def test_buildings_that_share_little_are_left_alone() -> None:
    told = overlap_repair.repair(
        layers(series(box(0, 0, 10, 10), box(9.8, 0, 20, 10), box(15, 0, 25, 10)), "buildings"), RULES
    )
    assert [(each.row, each.values["other"]) for each in told.problems] == [("b", "c")]
    assert_said(told)


def test_a_crowd_is_told_and_not_gone_through() -> None:
    shapes = gpd.GeoSeries(
        shapely.box(np.zeros(9000), np.zeros(9000), np.full(9000, 10.0), np.linspace(10, 11, 9000)), crs=CRS
    )
    result = trim_overlaps(shapes, "buildings", CHOICES)
    assert [finding.text for finding in result.findings] == ["intake.shapes_crowded"]


def test_gaps_are_slits_and_scraps_but_no_streets() -> None:
    shapes = series(
        box(0, 0, 50, 50), box(50.4, 0, 100, 50), box(0, 62, 100, 100),
        Polygon(box(200, 0, 300, 100).exterior, [box(240, 40, 242, 42).exterior]), box(320, 0, 400, 100),
    )  # fmt: skip
    found = gaps(shapes.to_numpy(), CHOICES)
    assert sorted(round(each.area) for each in found.ground) == [4, 20]
    told = gap_repair.repair(layers(shapes), RULES)
    assert {each.row for each in told.problems} <= {"a", "b", "d"}
    assert not any(each.mended for each in told.problems)
    assert told.layers.table("parcels") is not None
    assert shapely.equals_exact(told.layers.table("parcels").geometry.to_numpy(), shapes.to_numpy()).all()  # type: ignore[union-attr]  # it is there
    assert_said(told)
    assert not len(gaps(series(box(0, 0, 50, 50), box(50, 0, 100, 50)).to_numpy(), CHOICES).ground)


def test_slivers_are_told_and_kept() -> None:
    told = sliver_repair.repair(layers(series(box(0, 0, 100, 0.2), box(0, 1, 100, 2))), RULES)
    assert [each.row for each in told.problems] == ["a"]
    assert len(told.layers.table("parcels")) == 2  # type: ignore[arg-type]  # it is there
    assert_said(told)


@st.composite
def plots(draw: st.DrawFn) -> gpd.GeoSeries:
    """A row of parcels whose borders are off by centimetres to metres."""
    count = draw(st.integers(2, 7))
    slips = draw(st.lists(st.sampled_from([-0.5, -0.02, -0.005, 0.0, 0.02, 0.3, 5.0]), min_size=count, max_size=count))
    sides = draw(st.lists(st.integers(20, 200), min_size=count, max_size=count))
    west = np.r_[0, np.cumsum(sides)[:-1]]
    shapes = [box(w + slip, 0, w + side, 100) for w, side, slip in zip(west, sides, slips, strict=True)]
    return gpd.GeoSeries(shapes, index=[f"p{at}" for at in range(count)], crs=CRS)


@at_most(100)
@given(plots(), st.randoms(use_true_random=False))
def test_trimming_keeps_areas_is_done_once_and_heeds_no_order(shapes: gpd.GeoSeries, random: object) -> None:
    result = trim_overlaps(shapes, "parcels", CHOICES)
    assert list(result.shapes.index) == list(shapes.index)
    change = (result.shapes.area - shapes.area).abs()
    assert (change <= CHOICES.area_change * shapes.area + 1e-9).all()
    again = trim_overlaps(result.shapes, "parcels", CHOICES)
    assert again.shapes is result.shapes
    names = list(shapes.index)
    random.shuffle(names)  # type: ignore[attr-defined]  # hypothesis gives a Random
    shuffled = trim_overlaps(shapes.loc[names], "parcels", CHOICES)
    assert shapely.equals_exact(shuffled.shapes.loc[shapes.index].to_numpy(), result.shapes.to_numpy(), 1e-9).all()
    assert len(shuffled.problems) == len(result.problems)

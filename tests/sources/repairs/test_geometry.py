"""Shapes with every fault of drawing: mended where one reading is possible, told with their place where not."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import (
    GeometryCollection,
    LinearRing,
    LineString,
    MultiLineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
)  # fmt: skip

from citybraid.sources.geometry.gaps import gaps
from citybraid.sources.geometry.self_crossing import too_complex
from citybraid.sources.geometry.shapes import MAX_PROBLEMS, GeometryRepair, limit_problems
from citybraid.sources.protocol.rules import Choices
from citybraid.sources.repairs.shapes.duplicates import duplicate_groups
from citybraid.sources.repairs.shapes.geometry import repair_geometry
from citybraid.sources.repairs.shapes.overlaps import overlaps
from tests.examples import at_most
from tests.sources.planner_files import CRS

CHOICES = Choices()
BOW = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
NICKED = Polygon([(0, 0), (100, 0), (100, 100), (50, 100), (49.9, 100.1), (49.9, 99.9), (50, 100.1), (0, 100)])
NEEDLED = Polygon([(0, 0), (100, 0), (100, 50), (120, 50.01), (100, 50.02), (100, 100), (0, 100)])
THIN_NEEDLE = Polygon([(0, 0), (5, 0), (5, 2), (60, 2.02), (5, 2.04), (5, 5), (0, 5)])
HOLE_OUTSIDE = Polygon(box(0, 0, 10, 10).exterior, [box(20, 20, 22, 22).exterior])
ANTENNA = Polygon([(0, 0), (10, 0), (10, 10), (10, 20), (10, 10), (0, 10)])
NESTED = MultiPolygon([box(0, 0, 10, 10), box(2, 2, 4, 4)])
RING = LineString([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)])
MIXED = GeometryCollection([box(0, 0, 10, 10), Point(20, 20)])
HIGH = Polygon([(0, 0, 3), (10, 0, 3), (10, 10, 3), (0, 10, 3)])
NOT_FINITE = Polygon([(0, 0), (10, np.inf), (10, 10), (0, 10)])
CLOCKWISE = Polygon([(0, 0), (0, 10), (10, 10), (10, 0)])


def series(*shapes: object, names: str = "") -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=list(names) or [f"p{at}" for at in range(len(shapes))], crs=CRS)


def done(*shapes: object, table: str = "parcels") -> GeometryRepair:
    return repair_geometry(series(*shapes), table, CHOICES)


def told(result: GeometryRepair) -> list[tuple[str, bool]]:
    return [(each.text.removeprefix("intake.problem_"), each.mended) for each in result.problems]


@pytest.mark.parametrize(
    ("shape", "text", "sure", "area"),
    [
        (BOW, "crossing", False, 50.0),
        (NICKED, "crossing", True, NICKED.area),
        (NEEDLED, "needle", True, 1e4),
        (THIN_NEEDLE, "needle", False, THIN_NEEDLE.area),
        (HOLE_OUTSIDE, "hole_outside", False, 104.0),
        (ANTENNA, "touching", True, 100.0),
        (MultiPolygon([NEEDLED, box(200, 0, 210, 10)]), "needle", True, 10_100.0),
        (
            MultiPolygon([NEEDLED.reverse(), Polygon(box(200, 0, 210, 10).exterior, [box(203, 3, 204, 4).exterior])]),
            "needle",
            True,
            10_099.0,
        ),
        (NESTED, "nested", False, 100.0),
        (RING, "collection", True, 100.0),
        (MIXED, "collection", True, 100.0),
    ],
)
def test_a_fault_is_mended_or_told_with_its_place(shape: Polygon, text: str, sure: bool, area: float) -> None:
    result = done(box(200, 0, 210, 10), shape)
    assert told(result) == [(text, sure)]
    problem = result.problems[0]
    assert problem.row == "p1"
    assert not problem.shape.is_empty
    assert problem.shape.distance(shapely.box(*shapely.MultiPoint(shapely.get_coordinates(shape)).bounds)) < 1e-9
    assert result.shapes.is_valid.all()
    assert result.shapes["p1"].area == pytest.approx(area, rel=CHOICES.area_change)
    assert problem.say("en") != problem.say("zh")
    assert all(each.say("en") != each.say("zh") for each in result.findings)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (None, "empty"), (Polygon(), "empty"), (Point(0, 0), "kind"), (LineString([(0, 0), (9, 9)]), "kind"),
        (box(0, 0, 0.05, 0.05), "extent"), (Polygon([(0, 0), (10, 10), (0, 0)]), "extent"), (NOT_FINITE, "tangled"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_area_is_left_out_and_told(shape: object, text: str) -> None:
    result = done(box(200, 0, 210, 10), shape)
    assert list(result.shapes.index) == ["p0"]
    assert (text, False) in told(result)
    assert "rejected" in {finding.kind for finding in result.findings}


def test_heights_parts_and_directions() -> None:
    result = done(HIGH, MultiPolygon([box(20, 0, 30, 10), box(40, 0, 50, 10)]), CLOCKWISE)
    assert not result.problems
    assert not result.shapes.has_z.any()
    assert {finding.text: finding.count for finding in result.findings} == {
        "intake.shape_flat": 1, "intake.shape_multipart": 1,
    }  # fmt: skip
    assert result.shapes.area.tolist() == [100.0, 200.0, 100.0]


def test_lines_stay_lines() -> None:
    result = done(LineString([(0, 0), (5, 5)]), box(0, 0, 1, 1), LineString([(3, 3), (3, 3)]), table="streets")
    assert list(result.shapes.index) == ["p0"]
    assert told(result) == [("kind", False), ("extent", False)]


def test_a_tangle_is_never_untied() -> None:
    tangle = Polygon(np.random.default_rng(1).random((400, 2)) * 100)
    assert list(too_complex(np.array([BOW, tangle], dtype=object))) == [False, True]
    result = done(BOW, tangle, MultiPolygon([tangle, box(200, 0, 210, 10)]))
    assert list(result.shapes.index) == ["p0"]
    assert told(result).count(("tangled", False)) == 2


def test_a_long_shoreline_with_one_crossing_is_untied() -> None:
    angle = np.linspace(0, 2 * np.pi, 60_000, endpoint=False)
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 1000
    points[[100, 101]] = points[[101, 100]]
    assert not Polygon(points).is_valid
    result = done(Polygon(points))
    assert result.problems[0].mended
    assert result.shapes.is_valid.all()


def test_a_flood_of_faults_is_counted_not_listed() -> None:
    result = done(*[Point(at, 0) for at in range(MAX_PROBLEMS + 50)], box(0, 0, 9, 9))
    places, more = limit_problems(result.problems)
    assert len(places) == MAX_PROBLEMS
    assert more[0].count == 50
    assert more[0].say("en") != more[0].say("zh")


corner = st.integers(0, 40).map(lambda at: at / 4)
rings = st.lists(st.tuples(corner, corner), min_size=3, max_size=9)


@st.composite
def drawings(draw: st.DrawFn) -> list[Polygon]:
    return [Polygon(ring) for ring in draw(st.lists(rings, min_size=1, max_size=6))]


@at_most(150)
@given(drawings())
def test_mending_keeps_areas_is_done_once_and_heeds_no_order(shapes: list[Polygon]) -> None:
    before = series(*shapes)
    result = repair_geometry(before, "parcels", CHOICES)
    assert result.shapes.is_valid.all()
    assert set(result.shapes.index) <= set(before.index)
    unsure = {problem.row for problem in result.problems if not problem.mended}
    touched = {problem.row for problem in result.problems}
    for row, shape in result.shapes.items():
        if row not in touched:
            assert shape.equals_exact(before[row], 0.0)
        elif row not in unsure:
            assert abs(shape.area - before[row].area) <= 2 * CHOICES.area_change * before[row].area
    assert set(before.index) - set(result.shapes.index) <= unsure
    again = repair_geometry(result.shapes, "parcels", CHOICES)
    assert shapely.equals_exact(again.shapes.to_numpy(), result.shapes.to_numpy(), 0.0).all()
    backwards = repair_geometry(before[::-1], "parcels", CHOICES)
    assert set(told(backwards)) == set(told(result))
    assert shapely.equals_exact(
        backwards.shapes.loc[result.shapes.index].to_numpy(), result.shapes.to_numpy(), 0.0
    ).all()


ANYTHING = (
    None, Polygon(), Point(3, 3), Point(), MultiPoint([(0, 0), (4, 4)]), LineString([(0, 0), (9, 9)]), LineString(),
    RING, LinearRing([(0, 0), (5, 0), (5, 5)]), MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]),
    box(0, 0, 10, 10), BOW, ANTENNA, NESTED, HOLE_OUTSIDE, NOT_FINITE, MIXED, HIGH, GeometryCollection(),
    GeometryCollection([MIXED, BOW, RING]), GeometryCollection([Point(1, 1)]), MultiPolygon([BOW, box(20, 0, 30, 10)]),
    Polygon([(0, 0), (1e9, 1e9), (0, 1e9)]),
)  # fmt: skip


@at_most(60)
@given(
    st.lists(st.sampled_from(ANYTHING), min_size=1, max_size=8),
    st.sampled_from(["parcels", "buildings", "units", "ground", "study_area", "streets", "sensors"]),
)
def test_no_shape_breaks_the_mending(shapes: list[object], table: str) -> None:
    result = repair_geometry(series(*shapes), table, CHOICES)
    wanted = {"streets": 1, "sensors": None}.get(table, 2)
    plain = result.shapes.to_numpy()
    assert not shapely.is_missing(plain).any()
    assert wanted is None or (shapely.get_dimensions(plain) == wanted).all()
    assert shapely.is_valid(plain).all()
    assert len(result.problems) >= len(shapes) - len(plain)
    duplicate_groups(plain, CHOICES)
    assert len(plain) == 0 or overlaps(plain, CHOICES.least_area) is not None
    assert wanted != 2 or len(plain) == 0 or gaps(plain, CHOICES) is not None

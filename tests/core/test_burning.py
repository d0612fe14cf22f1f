"""A polygon of many holes is burned like any other, in rings that are few however many its holes."""

import numpy as np
import pytest
import shapely
from affine import Affine
from rasterio import features

from citybraid.core.burning import MOST_RINGS, bridged, geometry_mask, rasterize

SIDE = 500
CELL = Affine(0.37, 0.0, -3.0, 0.0, -0.41, 203.0)


def pierced(side: int, *, seed: int = 1) -> shapely.Polygon:
    """A square with holes of odd sizes, turned at random, every 3 m."""
    draw = np.random.default_rng(seed)
    x, y = (each.ravel() * 3.0 + 2.0 for each in np.meshgrid(np.arange(side), np.arange(side)))
    turn, reach = draw.uniform(0, np.pi, x.size), draw.uniform(0.3, 1.4, x.size)
    corners = [
        np.c_[x + reach * np.cos(turn + k * np.pi / 2), y + reach * np.sin(turn + k * np.pi / 2)] for k in range(4)
    ]
    return shapely.Polygon(shapely.box(0, 0, 3 * side + 1, 3 * side + 1).exterior, np.stack(corners, axis=1))


@pytest.mark.parametrize("offset", [0.0, 0.123456789])
def test_the_cells_are_those_of_the_polygon(offset: float) -> None:
    shape = pierced(60)
    assert shapely.get_num_interior_rings(shape) > MOST_RINGS
    transform = CELL * Affine.translation(offset, offset)
    there = rasterize([(shape, 7)], out_shape=(SIDE, SIDE), transform=transform, dtype="uint8")
    expected = features.rasterize([(shape, 7)], out_shape=(SIDE, SIDE), transform=transform, dtype="uint8")
    assert 0.2 < (there == 7).mean() < 0.8
    assert np.array_equal(there, expected)
    outside = geometry_mask([shape], out_shape=(SIDE, SIDE), transform=transform)
    assert np.array_equal(outside, expected == 0)


@pytest.mark.parametrize("touched", [False, True])
def test_shapes_of_all_kinds_are_burned_as_rasterio_does(*, touched: bool) -> None:
    shapes = [
        pierced(5), shapely.Point(20, 40), shapely.MultiPolygon([shapely.box(60, 60, 70, 71), pierced(3)]),
        shapely.Polygon([(80, 80, 5.0), (95, 80, 5.0), (90, 99, 5.0)]), shapely.LineString([(0, 0), (99, 50)]),
        shapely.geometry.mapping(shapely.box(30, 30, 40, 50)),
    ]  # fmt: skip
    options = {"out_shape": (SIDE, SIDE), "transform": CELL, "dtype": "uint8", "all_touched": touched}
    pairs = [(shape, number + 1) for number, shape in enumerate(shapes)]
    expected = features.rasterize(pairs, **options)
    assert set(np.unique(expected)) == set(range(len(shapes) + 1))
    assert np.array_equal(rasterize(pairs, **options), expected)
    assert np.array_equal(rasterize(shapes, **options), features.rasterize(shapes, **options))
    assert np.array_equal(rasterize(pairs[-1:], **options), features.rasterize(pairs[-1:], **options))


def test_scan_lines_on_corners_of_holes_change_nothing() -> None:
    holes = [shapely.box(x, y, x + 1, y + 1).exterior for x in range(1, 150, 2) for y in range(1, 150, 2)]
    shape = shapely.Polygon(shapely.box(0, 0, 151, 151).exterior, holes)
    for move in (0.0, 0.5, 0.25):
        transform = Affine(0.5, 0.0, -move, 0.0, -0.5, 151.0 + move)
        there = rasterize([(shape, 1)], out_shape=(310, 310), transform=transform, dtype="uint8")
        expected = features.rasterize([(shape, 1)], out_shape=(310, 310), transform=transform, dtype="uint8")
        assert np.array_equal(there, expected)


def test_other_shapes_are_burned_as_they_are() -> None:
    shapes = [
        pierced(5),
        shapely.Point(0, 0),
        shapely.MultiPolygon([pierced(3)]),
        {"type": "Polygon", "coordinates": []},
    ]
    assert all(bridged(shape) is shape for shape in shapes)
    several = shapely.MultiPolygon([pierced(60), shapely.box(500, 500, 501, 501)])
    assert [len(rings) for rings in bridged(several)["coordinates"]] == [61, 1]


def test_ninety_thousand_holes_become_three_hundred_rings_of_little_more_than_their_vertices() -> None:
    (rings,) = bridged(pierced(300))["coordinates"]
    assert len(rings) == 301
    assert 5 * 90_000 <= sum(map(len, rings)) <= 7 * 90_000


def test_what_was_burned_before_is_the_same_and_stays_so() -> None:
    shapes = [(shapely.box(2, 2, 40, 60), 3), (shapely.box(30, 30, 90, 120), 4)]
    options = {"out_shape": (SIDE, SIDE), "transform": CELL, "fill": -1, "dtype": "int32"}
    expected = features.rasterize(shapes, **options)
    rasterize(shapes, **options)[:] = 9
    assert np.array_equal(rasterize(shapes, **options), expected)
    assert rasterize(shapes, **options).dtype == expected.dtype
    others = [(shapes[0][0], 5), shapes[1]]
    assert np.array_equal(rasterize(others, **options), features.rasterize(others, **options))
    moved = {**options, "transform": CELL * Affine.translation(7, 0)}
    assert np.array_equal(rasterize(shapes, **moved), features.rasterize(shapes, **moved))
    bare = {name: options[name] for name in ("out_shape", "transform")}
    assert rasterize(shapes, **bare).dtype == features.rasterize(shapes, **bare).dtype

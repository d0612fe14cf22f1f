"""Edges of footprints: how long the walls of a building are, and which side each faces."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from citybraid.core.land.footprint_edges import footprint_edges

BLOCK = box(0.0, 0.0, 30.0, 10.0)


def lengths(*shapes: BaseGeometry, sides: int = 4) -> list[list[float]]:
    found = footprint_edges(gpd.GeoSeries(list(shapes), crs="EPSG:4549"), sides=sides)
    rows: list[list[float]] = found.by_side(len(shapes), sides).tolist()
    return rows


def test_a_block_faces_north_and_south_with_its_long_sides() -> None:
    """30 m by 10 m: north 30, east 10, south 30, west 10, however its ring is drawn."""
    clockwise = Polygon(list(BLOCK.exterior.coords)[::-1])
    assert lengths(BLOCK, clockwise) == [[30.0, 10.0, 30.0, 10.0]] * 2


def test_the_walls_of_a_courtyard_face_into_it() -> None:
    """A court of 6 m by 4 m: its northern edge is a wall that faces south."""
    court = BLOCK.difference(box(10.0, 3.0, 16.0, 7.0))
    assert lengths(court) == [[36.0, 14.0, 36.0, 14.0]]


def test_a_turned_block_has_its_walls_between_the_four() -> None:
    """Turned by 45 degrees against the clock its northern wall faces north-west, of eight sides the last."""
    (found,) = lengths(affinity.rotate(BLOCK, 45.0), sides=8)
    np.testing.assert_allclose(found, [0.0, 10.0, 0.0, 30.0, 0.0, 10.0, 0.0, 30.0], atol=1e-9)


@pytest.mark.parametrize("sides", [4, 8])
def test_all_walls_are_counted_once(sides: int) -> None:
    """Parts of one building and several buildings: sides sum to the perimeter of each."""
    two = MultiPolygon([box(0, 0, 5, 5), Polygon([(10, 0), (17, 3), (11, 9)])])
    shapes = (affinity.rotate(BLOCK, 17.0), two)
    np.testing.assert_allclose(np.sum(lengths(*shapes, sides=sides), axis=1), [each.length for each in shapes])

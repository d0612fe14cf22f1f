"""Shapes by the array: the same answers as one by one."""

import gc

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box, mapping

from citybraid.sources.geometry.geojson_shapes import as_geojson
from citybraid.sources.geometry.parcel_share import parcel_overlaps
from citybraid.sources.intake.intake import gc_disabled
from tests.examples import at_most

side = st.integers(1, 40).map(float)
HOLED = Polygon(box(0, 0, 9, 9).exterior, [box(1, 1, 2, 2).exterior, box(4, 4, 5, 5).exterior])


def plain(shape: object) -> object:
    if isinstance(shape, tuple | list):
        return [plain(part) for part in shape]
    return shape


def test_geojson_is_that_of_each_shape() -> None:
    shapes = [HOLED, Point(1, 2), box(3, 3, 4, 4), MultiPolygon([box(0, 0, 1, 1), HOLED]), Polygon()]
    made = as_geojson(np.array(shapes[:4], dtype=object))
    assert [(each["type"], plain(each["coordinates"])) for each in made] == [
        (mapping(shape)["type"], plain(mapping(shape)["coordinates"])) for shape in shapes[:4]
    ]
    assert not as_geojson(np.array([], dtype=object))


@at_most(60)
@given(st.lists(st.tuples(side, side, side, side), min_size=1, max_size=8))
def test_standing_is_the_shared_area(sizes: list[tuple[float, float, float, float]]) -> None:
    parcels = np.array([box(0, 0, 20, 20), box(20, 0, 40, 20), HOLED], dtype=object)
    buildings = np.array([box(x, y, x + wide, y + deep) for x, y, wide, deep in sizes], dtype=object)
    found = parcel_overlaps(parcels, buildings)
    table = np.zeros((len(parcels), len(buildings)))
    table[found.parcel, found.building] = found.area
    one_by_one = [[shapely.area(shapely.intersection(plot, house)) for house in buildings] for plot in parcels]
    assert table == pytest.approx(np.array(one_by_one), abs=1e-9)


@gc_disabled()
def stopped() -> None:
    assert not gc.isenabled()
    raise ValueError("stop")


def test_the_collector_works_again_afterwards() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="stop"):
        stopped()
    assert gc.isenabled()

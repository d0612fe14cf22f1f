"""Length and width of what is narrower than a cell: canals beside ponds, by hand."""

import numpy as np
import pytest
from shapely.geometry import LineString, Point, box

from citybraid.sources.geometry.narrow_parts import narrow_parts


def shapes(*each: object) -> np.ndarray:
    return np.array(each, dtype=object)


def test_a_canal_in_two_pieces_is_one_strip() -> None:
    found = narrow_parts(shapes(box(0, 0, 200, 4), box(200, 0, 450, 4)), 5.0)
    assert found == pytest.approx((450.0, 4.0), rel=1e-3)


def test_a_pond_has_no_narrow_part_and_its_outlet_is_one() -> None:
    pond, outlet = Point(0, 0).buffer(60.0), box(59, -1.5, 200, 1.5)
    assert narrow_parts(shapes(pond, box(300, 0, 340, 30)), 10.0) == (0.0, 0.0)
    assert narrow_parts(shapes(pond, outlet), 10.0) == pytest.approx((140.0, 3.0), rel=0.03)


def test_a_bend_is_as_long_as_its_middle_line() -> None:
    line = LineString([(0, 0), (100, 40), (180, -30), (300, 0)])
    assert narrow_parts(shapes(line.buffer(2.0, cap_style="flat")), 10.0) == pytest.approx((line.length, 4.0), rel=0.02)


def test_what_is_wider_than_a_cell_or_short_is_left_out() -> None:
    assert narrow_parts(shapes(box(0, 0, 450, 12)), 10.0) == (0.0, 0.0)
    assert narrow_parts(shapes(box(0, 0, 15, 4)), 10.0) == (0.0, 0.0)

"""When a flood keeps depths, and that its steps end there."""

import numpy as np
import pandas as pd
import pytest

from citybraid.resilience.flood.course import MOST, Course, course_times
from citybraid.resilience.rain.forcing import intervals, steps

RAIN = pd.Series([36.0, 72.0, 0.0], index=[0.0, 1 / 12, 1 / 6])


def test_every_ten_minutes_in_short_events_and_a_share_of_long_ones() -> None:
    np.testing.assert_allclose(np.diff(course_times(7200.0, None)), 600.0)
    assert len(course_times(86_400.0, None)) == MOST + 1
    np.testing.assert_allclose(np.diff(course_times(86_400.0, 600.0)), 600.0)


@pytest.mark.parametrize("until", [60.0, 900.0, 1000.0, 7200.0, 100_000.0])
def test_times_are_even_and_end_with_the_event(until: float) -> None:
    times = course_times(until, 450.0)
    assert times[0] == 0.0
    assert times[-1] == until
    assert np.diff(times).max() <= 450.0 + 1e-6


def test_stretches_end_at_the_course_and_prescribe_the_same_rain() -> None:
    rain = steps(RAIN, "rain", until=None)
    plain = intervals(rain, None, [None], until=900.0)
    cut = intervals(rain, None, [None], until=900.0, stops=course_times(900.0, 200.0))
    assert {180.0, 360.0, 540.0, 720.0, 900.0} <= {each.until for each in cut.stretches}
    assert cut.rain == pytest.approx(plain.rain, rel=1e-12)
    assert np.diff([0.0, *(each.until for each in cut.stretches)]).min() > 1.0, "no sliver of time"


def test_a_time_that_differs_by_rounding_alone_makes_no_sliver() -> None:
    stops = np.array([0.0, 300.0 + 1e-6, 600.0 - 1e-6, 900.0])
    found = intervals(steps(RAIN, "rain", until=None), None, [None], until=900.0, stops=stops)
    assert len(found.stretches) == 3


def test_depths_are_whole_millimetres_rounded_down_and_nothing_where_there_is_no_water_to_be() -> None:
    has = np.array([[True, True, True, False]])
    course = Course(np.array([0.0, 600.0]), has)
    course.record(np.array([[0.0, 0.2999, 99.0, 1.0]]), 600.0 + 1e-4)
    course.record(np.array([[1.0, 1.0, 1.0, 1.0]]), 300.0)
    np.testing.assert_array_equal(course.depths[1], [[0, 299, 30_000, -1]])
    np.testing.assert_array_equal(course.depths[0], -1)

"""The end of an event: after its rain it goes on until the water is down, stands, or a stated time has passed."""

from typing import Any

import numpy as np
import pandas as pd

from citybraid.resilience.flood.course import Recession
from citybraid.resilience.flood.event_forcing import EventForcing, build_forcing
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.rain.forcing import steps
from tests.resilience.basin import CLOSED, rain, run

RAIN = pd.Series([30.0, 60.0, 0.0, 0.0], index=[0.0, 0.25, 0.5, 0.75])
"""Half an hour of rain in a series of an hour."""


def ends(p: FloodParams, **more: Any) -> tuple[float, float]:
    """Return the time up to which an event may go on, and that from which it may end."""
    inputs = EventForcing(rain_intensity=RAIN, **more)
    forcing, series_end = build_forcing(inputs, steps(RAIN, "rain", until=p.duration), p, most=np.inf)
    return forcing.stretches[-1].until, series_end


def test_the_recession_counts_from_the_last_rain_not_from_the_end_of_its_series() -> None:
    assert ends(FloodParams()) == (3600.0, 3600.0)
    assert ends(FloodParams(recession=7200.0)) == (1800.0 + 7200.0, 3600.0)
    assert ends(FloodParams(recession=0.0)) == (3600.0, 3600.0)


def test_a_stated_duration_is_the_duration() -> None:
    assert ends(FloodParams(duration=1800.0, recession=7200.0)) == (1800.0, 1800.0)


def test_a_tide_that_goes_on_longer_is_computed_to_its_end() -> None:
    tide = pd.Series(np.zeros(7), index=np.arange(7.0))
    assert ends(FloodParams(north="level"), edge_level=tide) == (7 * 3600.0, 7 * 3600.0)


def test_water_leaves_a_slope_after_the_rain_and_the_event_ends_by_itself() -> None:
    slope = np.tile(0.02 * np.arange(40)[::-1] * 5.0, (6, 1))
    words: dict[str, Any] = {"falling": rain(120.0, 1200.0), "east": "free", "north": "closed", "south": "closed"}
    cut = run(slope, recession=0.0, threshold=0.005, west="closed", manning=0.15, **words)
    found = run(slope, recession=36_000.0, threshold=0.005, west="closed", manning=0.15, **words)
    assert (cut.depth_course.to_numpy()[2] > 5).any(), "water stands as the rain ends"
    assert not (found.final_depth.to_numpy() > 0.005).any(), "all of it has left"
    assert 2400.0 <= 3600.0 * float(found.depth_course["time"][-1]) < 36_000.0 / 2
    assert float(found.flood_duration.max()) < float(found.depth_course["time"][-1])
    assert abs(found.mass_error) < 1e-9


def test_standing_water_ends_the_event_and_is_left_standing() -> None:
    basin = np.full((6, 7), 2.0)
    found = run(basin, falling=rain(120.0, 1800.0), recession=36_000.0, **CLOSED)
    np.testing.assert_allclose(found.final_depth, 0.060, rtol=1e-6)
    hours = found.depth_course["time"].to_numpy()
    assert hours[-1] < 6.0
    np.testing.assert_allclose(np.diff(hours), hours[1], rtol=1e-9)
    assert np.isfinite(found.max_depth).all()


def test_over_is_asked_only_at_depths_of_the_course_after_the_series() -> None:
    flooded = np.full((10, 10), 0.2)
    over = Recession(lambda: flooded, np.array([0.0, 600.0, 1200.0, 1800.0]), series_end=600.0, threshold=0.05)
    assert not over(0.0)
    assert not over(600.0), "nothing to compare with"
    flooded[:2] = 0.0
    assert not over(900.0), "no depth of the course"
    assert not over(1200.0), "a fifth has left"
    assert over(1800.0), "nothing changes"
    flooded[:] = 0.0
    assert Recession(lambda: flooded, np.array([0.0, 600.0]), series_end=600.0, threshold=0.05)(600.0), "dry"

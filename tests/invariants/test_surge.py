"""Surge: more wind, a wider or a shallower shelf never lifts less; ends of every range give numbers."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.cyclone import SITE_PRESSURE, SITE_WIND, SITE_WIND_FROM
from citybraid.resilience.coast.surge import Surge, SurgeParams, surge
from tests.ranges import ends


def lifted(wind: float, came: float, pressure: float, width: float = 100.0, depth: float = 20.0) -> Surge:
    one = pd.Series([0.0])
    return surge(
        site_wind=one + wind,
        site_wind_from=one + came,
        site_pressure=one + pressure,
        high_tide=1.0,
        coast=resolve("surge"),
        typhoon=resolve("typhoon_wind"),
        p=SurgeParams(seaward=90.0, shelf_width=width, shelf_depth=depth),
    )


@given(st.floats(1, 70), st.floats(1, 179), st.floats(900, 1008), st.floats(1.01, 2))
def test_directions(wind: float, came: float, pressure: float, more: float) -> None:
    plain = lifted(wind, came, pressure).surge_height
    assert lifted(min(wind * more, 80.0), came, pressure).surge_height >= plain
    assert lifted(wind, came, pressure, width=100.0 * more).surge_height >= plain
    assert lifted(wind, came, pressure, depth=20.0 * more).surge_height <= plain
    assert lifted(wind, came, max(pressure - 10.0 * more, 850.0)).surge_height > plain


@given(st.floats(0, 70), st.floats(0, 89), st.floats(900, 1008))
def test_both_sides_of_the_normal_are_alike(wind: float, off: float, pressure: float) -> None:
    left, right = (lifted(wind, 90.0 + side * off, pressure).surge_height for side in (1, -1))
    assert left == pytest.approx(right, abs=1e-9)


def corners() -> list[tuple[float, float, float]]:
    return list(product((0.0, 60.0, ends(SITE_WIND)[0]), ends(SITE_WIND_FROM), ends(SITE_PRESSURE)))


@pytest.mark.parametrize(("wind", "came", "pressure"), corners())
def test_corners(wind: float, came: float, pressure: float) -> None:
    found = lifted(wind, came, pressure)
    assert np.isfinite(found.surge).all()
    assert found.sea_level_peak == pytest.approx(found.surge_height + 1.0)
    assert found.surge_height >= -20.0 - 0.6

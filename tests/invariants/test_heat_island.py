"""The heat island: grows with sun and daily range, falls with wind, sky and green."""

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.weather import LATITUDE, WIND_SPEED
from citybraid.resilience.heat.heat_island import HeatIslandParams, heat_island
from tests.ranges import ends
from tests.weather_year import WeatherYear, weather_year


def island(year: WeatherYear, *, sky: float = 0.45, green: float = 0.0, latitude: float = 30.7) -> float:
    factors: dict[str, Any] = {"sky_view": sky, "vegetation": green}
    return heat_island(
        dry_bulb=year.dry_bulb,
        global_horizontal=year.global_horizontal,
        wind_speed=year.wind_speed,
        latitude=latitude,
        dense_quarter=factors,
        p=HeatIslandParams(),
    ).heat_island


@given(st.floats(1, 6), st.floats(1.1, 8), st.floats(1.1, 2))
def test_directions(swing: float, wind: float, more: float) -> None:
    plain = island(weather_year(swing=swing, wind=wind))
    assert island(weather_year(swing=swing * more, wind=wind)) > plain
    assert island(weather_year(swing=swing, wind=wind * more)) < plain
    assert island(weather_year(swing=swing, wind=wind), sky=0.9) < plain
    assert island(weather_year(swing=swing, wind=wind), green=0.5) < plain


@given(st.floats(1.1, 3))
def test_fourth_root_of_the_sun(more: float) -> None:
    year = weather_year()
    brighter = year._replace(global_horizontal=year.global_horizontal * min(more, 1.6))
    assert island(brighter) == pytest.approx(island(year) * min(more, 1.6) ** 0.25, rel=1e-9)


def corners() -> list[tuple[float, float, float, float]]:
    return list(product(ends(WIND_SPEED), ends(LATITUDE), (0.0, 1.0), (0.0, 1.0)))


@pytest.mark.parametrize(("wind", "latitude", "sky", "green"), corners())
def test_corners(wind: float, latitude: float, sky: float, green: float) -> None:
    found = island(weather_year(wind=wind), sky=sky, green=green, latitude=latitude)
    assert np.isfinite(found)
    assert found >= 0.0
    still = WeatherYear(*(pd.Series(np.full(8760, value)) for value in (20.0, 0.5, 300.0, wind)))
    assert island(still, sky=sky, green=green, latitude=latitude) == 0.0

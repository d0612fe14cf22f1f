"""Summer: the mean of its evening hours, more evaporation in sun and dry air, the south as the north half a year on."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import RangeError
from citybraid.core.vocabulary.weather import DRY_BULB, ELEVATION, GLOBAL_HORIZONTAL, LATITUDE, WIND_SPEED
from citybraid.resilience.heat.summer_climate import SummerClimate, SummerClimateParams, summer_climate
from tests.ranges import ends
from tests.weather_year import WeatherYear, weather_year


def summer(year: WeatherYear, *, latitude: float = 30.7, elevation: float = 5.0) -> SummerClimate:
    return summer_climate(**year._asdict(), latitude=latitude, elevation=elevation, p=SummerClimateParams())


@given(st.floats(-10, 25), st.floats(0, 10), st.floats(0.2, 15))
def test_mean_within_the_hours(mean: float, swing: float, wind: float) -> None:
    year = weather_year(mean=mean, swing=swing, wind=wind)
    found = summer(year)
    june = slice(151 * 24, 243 * 24)
    # The sun of the made-up year sets at 18: the evening is 21 to 23
    hours = year.dry_bulb.iloc[june]
    assert found.rural_temperature == pytest.approx(hours[np.isin(hours.index % 24, (21, 22))].mean(), rel=1e-12)
    assert 0.0 <= found.reference_evapotranspiration <= 20.0


@given(st.floats(0.1, 0.9), st.floats(0.1, 1.0))
def test_more_sun_and_drier_air_evaporate_more(dryness: float, sun: float) -> None:
    year = weather_year()
    drier = year._replace(relative_humidity=year.relative_humidity * dryness)
    brighter = year._replace(global_horizontal=year.global_horizontal * (1 + sun * 0.3))
    plain = summer(year).reference_evapotranspiration
    assert summer(drier).reference_evapotranspiration > plain
    assert summer(brighter).reference_evapotranspiration > plain


@given(st.floats(5, 60))
def test_the_south_has_its_summer_in_january(latitude: float) -> None:
    # The warmest day is 20 July in one and 20 January in the other; the earth is nearer to the sun in January
    north, south = summer(weather_year(), latitude=latitude), summer(weather_year(south=True), latitude=-latitude)
    assert south.rural_temperature == pytest.approx(north.rural_temperature, abs=0.1)
    assert south.reference_evapotranspiration == pytest.approx(north.reference_evapotranspiration, rel=0.03)


def corners() -> list[tuple[float, ...]]:
    return list(product((-40.0, 50.0), (0.0, 1.1), (0.0, 1000.0), ends(WIND_SPEED), ends(LATITUDE), ends(ELEVATION)))


@pytest.mark.parametrize(("air", "humidity", "sun", "wind", "latitude", "elevation"), corners())
def test_corners(air: float, humidity: float, sun: float, wind: float, latitude: float, elevation: float) -> None:
    assert ends(DRY_BULB)[0] <= air <= ends(DRY_BULB)[1]
    assert sun <= ends(GLOBAL_HORIZONTAL)[1]
    year = WeatherYear(*(pd.Series(np.full(8760, value)) for value in (air, humidity, sun, wind)))
    try:
        found = summer(year, latitude=latitude, elevation=elevation)
    except RangeError:
        assert air > 40.0, "only a furnace may leave the range of the quantity, and is refused"
        return
    assert found.rural_temperature == pytest.approx(air)
    assert np.isfinite(found.reference_evapotranspiration)

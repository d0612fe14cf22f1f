"""Thornthwaite: warmer months evaporate more, the hemispheres mirror each other, nothing is negative."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.climate import MONTHLY_TEMPERATURE
from citybraid.core.vocabulary.weather import LATITUDE
from citybraid.kernels.climate.drought import daylight, thornthwaite
from citybraid.resilience.drought.monthly_evapotranspiration import monthly_evapotranspiration
from tests.ranges import ends
from tests.resilience.months_record import START, months

MONTH = np.arange(24) % 12


@given(st.floats(1, 25), st.floats(0.1, 1.4), st.floats(-66, 66))
def test_a_warmer_month_evaporates_more(air: float, more: float, latitude: float) -> None:
    record = np.full(24, air)
    record[12] = air + more
    found = thornthwaite(record, MONTH, latitude=latitude)
    assert found[12] > found[0]


@given(st.floats(-90, 90))
def test_days_last_half_the_year(latitude: float) -> None:
    both = daylight(latitude) + daylight(-latitude)
    np.testing.assert_allclose(both, 24.0, atol=1e-9)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(MONTHLY_TEMPERATURE), ends(LATITUDE)))


@pytest.mark.parametrize(("air", "latitude"), corners())
def test_corners(air: float, latitude: float) -> None:
    record = months(years=2).temperature * 0.0 + air
    found = monthly_evapotranspiration(monthly_temperature=record, record_start=START, latitude=latitude)
    demand = found.monthly_evapotranspiration
    assert np.isfinite(demand).all()
    assert (demand >= 0.0).all()

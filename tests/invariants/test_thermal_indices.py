"""Indices of one moment: warmer surroundings and damper air feel warmer, wind at either height tells the other."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.resilience.moment import AIR_AT_PERSON, HUMIDITY_AT_PERSON, RADIANT_AT_PERSON, WIND_ABOVE
from citybraid.resilience.heat.hot_day import NEAR_GROUND
from citybraid.resilience.heat.thermal_indices import ThermalIndices, ThermalIndicesParams, thermal_indices
from tests.ranges import ends

airs = st.floats(-20.0, 45.0)
shares = st.floats(0.0, 1.0)
winds = st.floats(0.75, 11.0)


def felt(air: float, humidity: float, **words: float) -> ThermalIndices:
    return thermal_indices(air_at_person=air, humidity_at_person=humidity, p=ThermalIndicesParams(), **words)


@given(airs, shares, shares)
def test_damp_air_feels_warmer(air: float, one: float, other: float) -> None:
    dry, damp = (felt(air, each) for each in sorted((one, other)))
    assert dry.humidex <= damp.humidex
    assert (damp.discomfort_index - dry.discomfort_index) * (air - 14.5) >= -1e-9


@given(airs, st.floats(0.0, 25.0), st.floats(0.0, 25.0), winds)
def test_a_warmer_radiant_temperature_feels_warmer(air: float, one: float, other: float, wind: float) -> None:
    cool, warm = (felt(air, 0.4, radiant_at_person=air + each, wind_at_person=wind) for each in sorted((one, other)))
    assert cool.pet_at_person <= warm.pet_at_person + 1e-6


@given(airs, shares, winds)
def test_wind_at_one_height_tells_the_other(air: float, humidity: float, wind: float) -> None:
    low = felt(air, humidity, radiant_at_person=air, wind_at_person=wind)
    high = felt(air, humidity, radiant_at_person=air, wind_above=wind / NEAR_GROUND)
    assert low.pet_at_person == pytest.approx(high.pet_at_person, abs=1e-6)
    assert low.utci_at_person == pytest.approx(high.utci_at_person, abs=1e-4, nan_ok=True)


def corners() -> list[tuple[float, ...]]:
    return list(product(*(ends(each) for each in (AIR_AT_PERSON, HUMIDITY_AT_PERSON, RADIANT_AT_PERSON, WIND_ABOVE))))


@pytest.mark.parametrize(("air", "humidity", "radiant", "wind"), corners())
def test_corners(air: float, humidity: float, radiant: float, wind: float) -> None:
    found = felt(air, humidity, radiant_at_person=radiant, wind_above=wind)
    assert math.isnan(found.utci_at_person)
    assert math.isnan(found.wbgt_at_person)
    assert -200.0 <= found.pet_at_person <= 200.0
    assert math.isfinite(found.humidex)

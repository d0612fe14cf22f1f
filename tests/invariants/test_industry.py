"""Plants: emissions proportional to bills, sums over plants, never negative."""

import itertools

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lowcarbon.test_industry import emitted, works

bill = st.floats(0, 1e8)


def sums(plants: gpd.GeoDataFrame) -> list[float]:
    found = emitted(plants)
    return [float(values.sum()) for values in found[:-1]]


@given(bill, bill, bill, st.floats(0, 100))
def test_emissions_are_proportional_to_bills(power: float, gas: float, coal: float, times: float) -> None:
    names = ("plant_electricity", "plant_gas", "plant_coal")
    once = works(**{name: [value] for name, value in zip(names, (power, gas, coal), strict=True)})
    more = works(**{name: [value * times] for name, value in zip(names, (power, gas, coal), strict=True)})
    for one, many in zip(sums(once), sums(more), strict=True):
        assert many == pytest.approx(times * one, rel=1e-9, abs=1e-6)


@given(bill, bill)
def test_plants_add_up(one: float, other: float) -> None:
    apart = sums(works(plant_electricity=[one, other], plant_gas=[other, one]))
    together = sums(works(plant_electricity=[one + other], plant_gas=[one + other]))
    assert apart == pytest.approx(together, rel=1e-9, abs=1e-6)


def corners() -> list[tuple[float, float, float]]:
    """Nothing and a great deal: bills have no range of their own."""
    return list(itertools.product((0.0, 1e9), (0.0, 1e9), (0.0, 1e9)))


@pytest.mark.parametrize(("power", "gas", "coal"), corners())
def test_corners(power: float, gas: float, coal: float) -> None:
    found = emitted(works(plant_electricity=[power], plant_gas=[gas], plant_coal=[coal]))
    assert (found.plant_power_emissions["w0"] > 0) == (power > 0)
    assert (found.plant_carbon["w0"] > 0) == (gas + coal > 0)

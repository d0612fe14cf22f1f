import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import ELECTRICITY
from citybraid.lowcarbon.activity.market_electricity import MarketElectricity, market_electricity
from tests.energy_year import row_of_buildings
from tests.ranges import ends


def both(used: float, green: float) -> MarketElectricity:
    table = row_of_buildings(("office",)).assign(electricity=used)
    return market_electricity(
        buildings=table, green_power=green, grid_emission_factor={"": 0.5}, residual_grid_factor={"2023": 0.6}
    )


@given(st.floats(0, 1e9), st.floats(0, 1))
def test_each_kwh_of_green_power_takes_off_the_residual_factor(used: float, share: float) -> None:
    found, none = both(used, share * used), both(used, 0.0)
    assert none.market_electricity - found.market_electricity == pytest.approx(
        0.6 * share * used, abs=1e-6 + 1e-9 * used
    )
    assert found.location_electricity == none.location_electricity


def corners() -> list[float]:
    return [min(each, 1e12) for each in ends(ELECTRICITY)]


@pytest.mark.parametrize("used", corners())
def test_corners(used: float) -> None:
    assert both(used, used).market_electricity == 0.0

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import HEATING_DEMAND
from tests.lowcarbon.test_supply import pumped
from tests.ranges import ends


@given(st.floats(20, 140), st.floats(0, 10), st.floats(-20, 90), st.floats(0, 10))
def test_a_higher_lift_never_performs_better(flow: float, hotter: float, source: float, warmer: float) -> None:
    found = pumped("water", flow=flow, at=source).heat_pump_factor
    assert pumped("water", flow=flow, at=source + warmer).heat_pump_factor >= found - 1e-9
    if flow - source >= 5:
        assert pumped("water", flow=flow + hotter, at=source).heat_pump_factor <= found + 1e-9


@pytest.mark.parametrize("demand", ends(HEATING_DEMAND))
@pytest.mark.parametrize("flow", [20.0, 150.0])
def test_corners(demand: float, flow: float) -> None:
    found = pumped("air", flow=flow, demand=demand)
    assert found.heat_pump_power >= 0
    assert found.heat_pump_factor > 0

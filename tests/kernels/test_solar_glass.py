import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.climate.solar_glass import (
    CLEAR_DOUBLE,
    Glazing,
    diffuse_properties,
    pane_constants,
    solar_properties,
)

ANGLES = np.arange(0.0, 91.0, 5.0)


def test_one_pane_is_the_pane_given() -> None:
    index, _ = pane_constants(0.834, 0.075)
    assert index == pytest.approx(1.52, abs=0.01), "glass"
    found = solar_properties(np.zeros(1), Glazing(0.834, 0.075, 1, 5.8, 7.7, 25.0))
    assert found.transmittance[0] == pytest.approx(0.834, abs=1e-6)
    assert found.inward[0] == pytest.approx((1 - 0.834 - 0.075) * 5.8 / 25.0, rel=1e-6)


def test_double_clear_glass_is_that_of_the_standard() -> None:
    """ANSI/ASHRAE 140-2020, window of case 600: transmittance 0.703, solar heat gain coefficient 0.769 (recalled)."""
    found = solar_properties(np.zeros(1), Glazing(0.834, 0.075, 2, 2.1, 8.29, 21.0))
    assert found.transmittance[0] == pytest.approx(0.703, abs=0.005)
    assert (found.transmittance + found.inward)[0] == pytest.approx(0.769, abs=0.005)


def test_glass_lets_less_through_at_an_angle() -> None:
    share = solar_properties(ANGLES, CLEAR_DOUBLE).transmittance
    assert (np.diff(share) <= 1e-12).all()
    assert share[12] / share[0] == pytest.approx(0.86, abs=0.02), "60 degrees"
    assert share[-1] == 0.0
    assert solar_properties(np.array([120.0]), CLEAR_DOUBLE).transmittance[0] == 0.0


def test_diffuse_light_passes_as_beam_near_sixty_degrees() -> None:
    even = diffuse_properties(CLEAR_DOUBLE).transmittance[0]
    beam = solar_properties(np.array([55.0, 62.0]), CLEAR_DOUBLE).transmittance
    assert beam[1] < even < beam[0]


@given(st.floats(0.3, 0.9), st.floats(0.02, 0.09), st.integers(1, 3), st.floats(0, 89))
def test_no_light_is_made(transmittance: float, reflectance: float, panes: int, angle: float) -> None:
    glazing = Glazing(transmittance, reflectance, panes, 2.0, 7.7, 25.0)
    found = solar_properties(np.array([angle]), glazing)
    fewer = solar_properties(np.array([angle]), glazing._replace(panes=panes + 1))
    assert 0 <= found.transmittance[0] <= 1
    assert found.inward[0] >= 0
    assert (found.transmittance + found.inward)[0] <= 1 + 1e-9
    assert fewer.transmittance[0] <= found.transmittance[0] + 1e-12

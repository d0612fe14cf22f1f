"""Freight: proportional to mass and distance; the place of the emission changes, its sum does not."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lowcarbon.test_freight import carried

amount = st.floats(0, 1e7)
kind = st.sampled_from(["light_truck", "truck", "heavy_truck", "rail", "barge"])


def total(mass: float, distance: float, vehicle: str, inside: float) -> float:
    return sum(float(values["s0"]) for values in carried([mass], [distance], [vehicle], inside=inside)[1:])


@given(amount, amount, kind, st.floats(0, 1), st.floats(0, 1), st.floats(0, 4))
def test_the_sum_knows_no_border_and_is_proportional(
    mass: float, distance: float, vehicle: str, one: float, other: float, times: float
) -> None:
    once = total(mass, distance, vehicle, one)
    assert total(mass, distance, vehicle, other) == pytest.approx(once, rel=1e-9, abs=1e-9)
    assert total(times * mass, distance, vehicle, one) == pytest.approx(times * once, rel=1e-9, abs=1e-6)
    assert total(mass, times * distance, vehicle, one) == pytest.approx(times * once, rel=1e-9, abs=1e-6)


def corners() -> list[tuple[float, float, float]]:
    """Nothing and very much, all within and all beyond: amounts have no range of their own."""
    return list(itertools.product((0.0, 1e9), (0.0, 4e7), (0.0, 1.0)))


@pytest.mark.parametrize(("mass", "distance", "inside"), corners())
def test_corners(mass: float, distance: float, inside: float) -> None:
    found = carried([mass], [distance], ["truck"], inside=inside)
    assert (found.freight_emissions["s0"] > 0) == (mass * distance * inside > 0)
    assert (found.freight_outside_emissions["s0"] > 0) == (mass * distance * (1 - inside) > 0)

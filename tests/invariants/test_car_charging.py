"""Invariants of charging points: points are the cars that become electric, never more than all, never fewer."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.equipment import CHARGED_CARS
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.integrate.measures.equipment.car_charging import CarCharging, CarChargingParams, car_charging
from tests.integrate.plan import ends
from tests.integrate.test_equipment import PLANT, done

shares = st.floats(0, 1)


def charged(residents: float, before: float, share: float) -> CarCharging:
    plan = PLANT.assign(residents=residents, charged_cars=before)
    found: CarCharging = done(car_charging, CarChargingParams(share=share), plan)
    return found


@given(st.floats(0, 1000), shares, shares)
def test_points_are_the_gain_of_cars(residents: float, before: float, share: float) -> None:
    found = charged(residents, before, share)
    gained = (found.charged_cars - before).sum() * residents * 0.251
    assert found.charging_points.sum() == pytest.approx(gained, abs=1e-6)
    assert found.charged_cars.between(before - 1e-12, 1.0).all()


@given(shares, shares, shares)
def test_one_after_the_other_is_their_product(before: float, one: float, other: float) -> None:
    twice = charged(10.0, float(charged(10.0, before, one).charged_cars["slab"]), other).charged_cars["slab"]
    assert 1.0 - twice == pytest.approx((1.0 - before) * (1.0 - one) * (1.0 - other), abs=1e-9)


@pytest.mark.parametrize(
    ("residents", "before"), list(itertools.product((*ends(RESIDENTS), float("nan")), ends(CHARGED_CARS)))
)
def test_corners(residents: float, before: float) -> None:
    found = charged(residents, before, 1.0)
    assert (found.charging_points.sum() > 0) == (residents > 0 and before < 1)

"""Invariants of the measure: it counts what it changes, more share never takes less, and ends of ranges hold."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import FLOORS, YEAR_BUILT
from citybraid.integrate.measures.equipment.electric_cooking import (
    ElectricCooking,
    ElectricCookingParams,
    electric_cooking,
)
from tests.integrate.plan import ends
from tests.integrate.test_equipment import PLANT, done


def renewed(years: list[float], floors: list[float], share: float = 1.0) -> ElectricCooking:
    plan = PLANT.assign(building_use="residential", year_built=years, floors=floors)
    found: ElectricCooking = done(electric_cooking, ElectricCookingParams(share=share), plan)
    return found


years = st.lists(st.floats(1900, 2030), min_size=5, max_size=5)
storeys = st.lists(st.floats(1, 40), min_size=5, max_size=5)


@given(years, storeys, st.floats(0, 1))
def test_counts_the_floor_area_that_it_changes(built: list[float], floors: list[float], share: float) -> None:
    found = renewed(built, floors, share)
    area = (PLANT.area * floors)[found.cooking_system == "electric"].sum()
    assert found.electric_cooking_area.sum() == pytest.approx(area)


@given(years, storeys, st.floats(0, 1), st.floats(0, 1))
def test_more_share_changes_the_same_and_more(
    built: list[float], floors: list[float], one: float, other: float
) -> None:
    less, more = (renewed(built, floors, share).cooking_system == "electric" for share in sorted((one, other)))
    assert not (less & ~more).any()


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(YEAR_BUILT), float("nan")), (*ends(FLOORS), float("nan"))))


@pytest.mark.parametrize(("year", "floors"), corners())
def test_corners(year: float, floors: float) -> None:
    found = renewed([year] * 5, [floors] * 5)
    assert (found.electric_cooking_area.sum() > 0) == (floors > 0)

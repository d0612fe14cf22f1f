"""Invariants: what is counted is what took it, more is never less, and nothing is taken twice."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import FLOORS, YEAR_BUILT
from tests.integrate.plan import ends
from tests.integrate.test_structure_measures import NEW, concrete, embodied

shares = st.floats(0, 1)


@given(shares, shares)
def test_more_is_never_less_and_never_embodies_more(one: float, other: float) -> None:
    less, more = (concrete(share=share) for share in sorted((one, other)))
    assert less.low_carbon_concrete_area.sum() <= more.low_carbon_concrete_area.sum() + 1e-9
    emitted = [embodied(NEW.assign(concrete_mix=each.concrete_mix)).embodied_carbon.sum() for each in (less, more)]
    assert emitted[1] <= emitted[0] + 1e-6


@given(shares)
def test_what_is_counted_is_what_took_it_and_a_second_time_takes_the_rest(share: float) -> None:
    first = concrete(share=share)
    took = first.concrete_mix != "as_built"
    assert first.low_carbon_concrete_area.sum() == pytest.approx(NEW.loc[took, "floor_area"].sum())
    second = concrete(NEW.assign(concrete_mix=first.concrete_mix))
    assert first.low_carbon_concrete_area.sum() + second.low_carbon_concrete_area.sum() == pytest.approx(
        concrete().low_carbon_concrete_area.sum()
    )


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(FLOORS), float("nan")), (*ends(YEAR_BUILT), float("nan"))))


@pytest.mark.parametrize(("floors", "year"), corners())
def test_corners(floors: float, year: float) -> None:
    found = concrete(NEW.assign(floors=floors, year_built=year))
    assert (found.low_carbon_concrete_area.sum() > 0.0) == bool((found.concrete_mix != "as_built").any())

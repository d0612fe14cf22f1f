"""Invariants: what is counted is what took it, more is never less, and nothing is taken twice."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import FLOORS, YEAR_BUILT
from tests.integrate.plan import ends
from tests.integrate.test_structure_measures import NEW, embodied, timber

shares = st.floats(0, 1)


@given(shares, shares)
def test_more_is_never_less_and_never_embodies_more(one: float, other: float) -> None:
    less, more = (timber(share=share) for share in sorted((one, other)))
    assert less.timber_area.sum() <= more.timber_area.sum() + 1e-9
    emitted = [
        embodied(NEW.assign(structure_system=each.structure_system)).embodied_carbon.sum() for each in (less, more)
    ]
    assert emitted[1] <= emitted[0] + 1e-6


@given(shares)
def test_what_is_counted_is_what_took_it_and_a_second_time_takes_the_rest(share: float) -> None:
    first = timber(share=share)
    took = first.structure_system != "as_built"
    assert first.timber_area.sum() == pytest.approx(NEW.loc[took, "floor_area"].sum())
    second = timber(NEW.assign(structure_system=first.structure_system))
    assert first.timber_area.sum() + second.timber_area.sum() == pytest.approx(timber().timber_area.sum())


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(FLOORS), float("nan")), (*ends(YEAR_BUILT), float("nan"))))


@pytest.mark.parametrize(("floors", "year"), corners())
def test_corners(floors: float, year: float) -> None:
    found = timber(NEW.assign(floors=floors, year_built=year))
    assert (found.timber_area.sum() > 0.0) == bool((found.structure_system != "as_built").any())

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import FLOORS, YEAR_BUILT
from citybraid.integrate.measures.envelope_retrofit import EnvelopeRetrofit, EnvelopeRetrofitParams, envelope_retrofit
from tests.integrate.plan import BUILDINGS, ends, run


def renewed(years: list[float], floors: list[float], share: float = 1.0) -> EnvelopeRetrofit:
    buildings = BUILDINGS[["geometry", "building_use", "envelope_standard"]].assign(year_built=years, floors=floors)
    found: EnvelopeRetrofit = run(envelope_retrofit, EnvelopeRetrofitParams(share=share), buildings=buildings)
    return found


years = st.lists(st.floats(1900, 2030), min_size=5, max_size=5)
storeys = st.lists(st.floats(1, 40), min_size=5, max_size=5)


@given(years, storeys, st.floats(0, 1))
def test_counts_the_floor_area_it_renews(built: list[float], floors: list[float], share: float) -> None:
    found = renewed(built, floors, share)
    area = (BUILDINGS.area * floors)[found.envelope_standard == "gb55015"].sum()
    assert found.retrofitted_area.sum() == pytest.approx(area)


@given(years, storeys, st.floats(0, 1), st.floats(0, 1))
def test_more_share_renews_the_same_and_more(built: list[float], floors: list[float], one: float, other: float) -> None:
    less, more = (renewed(built, floors, share).envelope_standard == "gb55015" for share in sorted((one, other)))
    assert not (less & ~more).any()


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(YEAR_BUILT), float("nan")), (*ends(FLOORS), float("nan"))))


@pytest.mark.parametrize(("year", "floors"), corners())
def test_corners(year: float, floors: float) -> None:
    found = renewed([year] * 5, [floors] * 5)
    old = np.isfinite(year) and year <= 2021
    assert (found.retrofitted_area.sum() > 0) == (old and floors > 0)

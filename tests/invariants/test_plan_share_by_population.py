import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.lowcarbon.downscaling import CITY_POPULATION
from citybraid.lowcarbon.accounts.plan_share import plan_share_by_population
from tests.downscaling_town import AREA, houses
from tests.ranges import ends

INSIDE = 4


def share(people: float, city: float) -> float:
    table = houses().assign(residents=people)
    return plan_share_by_population(buildings=table, study_area=AREA, city_population=city).plan_share


@given(st.floats(0, 1e6), st.floats(1, 100))
def test_the_share_leads_back_to_the_people(people: float, times: float) -> None:
    city = max(INSIDE * people * times, 1.0)
    assert share(people, city) * city == pytest.approx(INSIDE * people, rel=1e-9, abs=1e-9)


def corners() -> list[float]:
    return [min(end, 1e12) for end in ends(CITY_POPULATION)]


@pytest.mark.parametrize("city", corners())
def test_corners(city: float) -> None:
    assert share(0.0, city) == 0.0
    assert share(city / INSIDE, city) == pytest.approx(1.0)

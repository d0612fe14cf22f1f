import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import FLOOR_AREA, POPULATION
from citybraid.integrate.bridges.building_residents import BuildingResidents, building_residents
from tests.integrate.plan import BUILDINGS, UNITS, ends, run


def placed(population: list[float], area: list[float]) -> BuildingResidents:
    units = UNITS[["geometry"]].assign(population=population)
    buildings = BUILDINGS[["geometry", "building_use"]].assign(floor_area=area)
    found: BuildingResidents = run(building_residents, units=units, buildings=buildings)
    return found


people = st.lists(st.floats(0, 1e5), min_size=2, max_size=2)
areas = st.lists(st.floats(0, 1e5), min_size=5, max_size=5)


@given(people, areas)
def test_nobody_is_lost_or_made(population: list[float], area: list[float]) -> None:
    found = placed(population, area)
    assert found.residents.sum() + found.unplaced_population.sum() == pytest.approx(sum(population), rel=1e-9, abs=1e-6)
    assert (found.residents >= 0).all()
    assert (found.residents[["shop", "tower", "hall"]] == 0).all()


@given(people, areas, st.floats(0.1, 10))
def test_only_the_ratio_of_floor_areas_counts(population: list[float], area: list[float], times: float) -> None:
    first, second = placed(population, area), placed(population, [times * one for one in area])
    assert second.residents.to_numpy() == pytest.approx(first.residents.to_numpy(), rel=1e-9, abs=1e-6)


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(POPULATION), float("nan")), (*ends(FLOOR_AREA), float("nan"))))


@pytest.mark.parametrize(("population", "area"), corners())
def test_corners(population: float, area: float) -> None:
    found = placed([population] * 2, [area] * 5)
    if np.isnan(population):
        assert np.isnan(found.unplaced_population).all()
    else:
        total = found.residents.sum() + found.unplaced_population.sum()
        assert total == pytest.approx(2 * population)

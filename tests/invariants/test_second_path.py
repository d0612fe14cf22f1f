import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.core.vocabulary.energy import ELECTRICITY, METERED_ELECTRICITY
from citybraid.lowcarbon.second_path import SecondPath, second_path
from tests.energy_year import row_of_buildings
from tests.ranges import ends

amount = st.floats(1, 1e9)


def paths(modelled: float, metered: float, *, grid: float = 0.5) -> SecondPath:
    table = row_of_buildings(("office",)).assign(electricity=modelled)
    return second_path(buildings=table, metered_electricity=metered, grid_emission_factor={"": grid})


@given(amount, amount)
def test_the_gap_leads_back_to_the_model(modelled: float, metered: float) -> None:
    found = paths(modelled, metered)
    assert (1 + found.second_path_gap) * metered == pytest.approx(modelled, rel=1e-9, abs=1e-12 * metered)
    assert found.second_path_gap >= -1


@given(amount, amount, st.floats(0.01, 100))
def test_only_the_ratio_makes_the_gap(modelled: float, metered: float, times: float) -> None:
    one, other = paths(modelled, metered), paths(times * modelled, times * metered)
    assert other.second_path_gap == pytest.approx(one.second_path_gap, rel=1e-9, abs=1e-9)
    assert other.metered_emissions == pytest.approx(times * one.metered_emissions)


def corners() -> list[tuple[float, float]]:
    return [(modelled, metered) for modelled in ends(ELECTRICITY) for metered in ends(METERED_ELECTRICITY)]


@pytest.mark.parametrize(("modelled", "metered"), corners())
def test_corners(modelled: float, metered: float) -> None:
    if metered == 0:
        with pytest.raises(InputError, match="metered"):
            paths(modelled, metered)
        return
    assert paths(modelled, metered).second_path_gap == pytest.approx(modelled / metered - 1)

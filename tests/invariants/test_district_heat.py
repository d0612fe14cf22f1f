"""What holds for heat networks on every plan."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import FLOORS, YEAR_BUILT
from tests.integrate.test_equipment import PLANT
from tests.integrate.test_network_and_storage import connected
from tests.ranges import ends

shares = st.floats(0.0, 1.0)


@given(shares, shares)
def test_a_larger_share_never_connects_less(one: float, other: float) -> None:
    less, more = (connected(share=share) for share in sorted((one, other)))
    assert less.network_heated_area.sum() <= more.network_heated_area.sum() + 1e-9
    assert set(less.heating_system.index[less.heating_system == "district_heat"]) <= set(
        more.heating_system.index[more.heating_system == "district_heat"]
    )


@pytest.mark.parametrize(
    ("floors", "year"), list(itertools.product((*ends(FLOORS), float("nan")), (*ends(YEAR_BUILT), float("nan"))))
)
def test_corners(floors: float, year: float) -> None:
    found = connected(PLANT.assign(floors=floors, year_built=year))
    area = (PLANT.assign(floors=floors)["floors"] * PLANT.area)[found.heating_system == "district_heat"].sum()
    assert found.network_heated_area.sum() == pytest.approx(area)

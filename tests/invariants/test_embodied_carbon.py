import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.place import FLOOR_AREA, FLOORS, YEAR_BUILT
from citybraid.lowcarbon.embodied.embodied_carbon import EmbodiedCarbon, embodied_carbon
from tests.blocks import blocks, materials
from tests.ranges import ends

TABLES = materials()
NEEDED = ["building_use", "floors", "height", "year_built", "floor_area", "geometry"]


def embodied(floors: float, year: float, area: float, use: str = "office") -> EmbodiedCarbon:
    table = blocks(floors=floors, year_built=year, floor_area=area, building_use=use)
    return embodied_carbon(buildings=table[NEEDED], materials=TABLES)


@given(st.floats(0, 60), st.floats(1900, 2060), st.floats(0, 1e5))
def test_embodied_carbon_is_proportional_to_floor_area(floors: float, year: float, area: float) -> None:
    one, two = (embodied(floors, year, times * area) for times in (1.0, 2.0))
    for name in ("embodied_carbon", "embodied_yearly", "rebuild_embodied", "demolition_carbon"):
        assert getattr(two, name).to_numpy() == pytest.approx(2 * getattr(one, name).to_numpy())


@given(st.floats(1900, 2060), st.floats(1, 60), st.floats(0, 30))
def test_taller_frames_embody_no_less_per_floor_area(year: float, floors: float, more: float) -> None:
    low, high = (embodied(each, year, 100.0).rebuild_embodied["a"] for each in (floors, floors + more))
    assert high >= low


def corners() -> list[tuple[float, ...]]:
    return list(itertools.product(ends(FLOORS), ends(YEAR_BUILT), ends(FLOOR_AREA)))


@pytest.mark.parametrize(("floors", "year", "area"), corners())
def test_corners(floors: float, year: float, area: float) -> None:
    found = embodied(floors, year, area)
    assert np.isfinite(np.array([column.to_numpy() for column in found])).all()
    assert found.embodied_yearly["a"] * 50 == pytest.approx(found.embodied_carbon["a"])

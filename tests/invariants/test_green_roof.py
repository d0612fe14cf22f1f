import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import FREE_ROOF, GREEN_ROOF
from citybraid.integrate.measures.green_roof import GreenRoof, GreenRoofParams, green_roof
from tests.integrate.plan import BUILDINGS, ends, run

ROOFS = st.lists(st.floats(0, 1), min_size=5, max_size=5)


def installed(free: list[float], old: list[float], share: float = 1.0) -> GreenRoof:
    buildings = BUILDINGS[["geometry", "building_use", "height"]].assign(free_roof=free, green_roof=old)
    found: GreenRoof = run(green_roof, GreenRoofParams(share=share), buildings=buildings)
    return found


@given(ROOFS, ROOFS, st.floats(0, 1))
def test_what_is_taken_is_no_longer_free(free: list[float], old: list[float], share: float) -> None:
    found = installed(free, old, share)
    assert (found.green_roof - old + found.free_roof).to_list() == pytest.approx(free)
    assert (found.green_roof >= old).all()
    assert (found.free_roof >= 0).all()


@given(ROOFS, st.floats(0, 1), st.floats(0, 1))
def test_grows_with_the_share(free: list[float], one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert (installed(free, [0.0] * 5, less).green_roof <= installed(free, [0.0] * 5, more).green_roof + 1e-12).all()


@given(ROOFS)
def test_twice_is_as_much_as_once(free: list[float]) -> None:
    once = installed(free, [0.0] * 5)
    twice = installed(once.free_roof.to_list(), once.green_roof.to_list())
    assert twice.green_roof.to_list() == pytest.approx(once.green_roof.to_list())


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(FREE_ROOF), float("nan")), ends(GREEN_ROOF)))


@pytest.mark.parametrize(("free", "old"), corners())
def test_corners(free: float, old: float) -> None:
    found = installed([free] * 5, [old] * 5)
    assert (found.green_roof <= 1).all()
    assert np.isnan(free) == found.free_roof.isna().all()

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import FREE_ROOF, PV_ROOF
from citybraid.integrate.measures.rooftop_pv import RooftopPv, RooftopPvParams, rooftop_pv
from tests.integrate.plan import BUILDINGS, ends, run

ROOFS = st.lists(st.floats(0, 1), min_size=5, max_size=5)


def installed(free: list[float], old: list[float], share: float = 1.0) -> RooftopPv:
    buildings = BUILDINGS[["geometry", "building_use"]].assign(free_roof=free, pv_roof=old)
    found: RooftopPv = run(rooftop_pv, RooftopPvParams(share=share), buildings=buildings)
    return found


@given(ROOFS, ROOFS, st.floats(0, 1))
def test_what_is_taken_is_no_longer_free(free: list[float], old: list[float], share: float) -> None:
    found = installed(free, old, share)
    assert (found.pv_roof - old + found.free_roof).to_list() == pytest.approx(free)
    assert (found.pv_roof >= old).all()
    assert (found.free_roof >= 0).all()


@given(ROOFS, st.floats(0, 1), st.floats(0, 1))
def test_grows_with_the_share(free: list[float], one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert (installed(free, [0.0] * 5, less).pv_roof <= installed(free, [0.0] * 5, more).pv_roof + 1e-12).all()


@given(ROOFS)
def test_twice_is_as_much_as_once(free: list[float]) -> None:
    once = installed(free, [0.0] * 5)
    twice = installed(once.free_roof.to_list(), once.pv_roof.to_list())
    assert twice.pv_roof.to_list() == pytest.approx(once.pv_roof.to_list())


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(FREE_ROOF), float("nan")), ends(PV_ROOF)))


@pytest.mark.parametrize(("free", "old"), corners())
def test_corners(free: float, old: float) -> None:
    found = installed([free] * 5, [old] * 5)
    assert (found.pv_roof <= 1).all()
    assert np.isnan(free) == found.free_roof.isna().all()

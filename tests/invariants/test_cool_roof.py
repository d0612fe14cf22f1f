import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import COOL_ROOF, FREE_ROOF
from citybraid.integrate.measures.cool_roof import CoolRoof, CoolRoofParams, cool_roof
from tests.integrate.plan import BUILDINGS, ends, run

ROOFS = st.lists(st.floats(0, 1), min_size=5, max_size=5)


def laid(free: list[float], old: list[float], share: float = 1.0) -> CoolRoof:
    buildings = BUILDINGS[["geometry", "building_use"]].assign(free_roof=free, cool_roof=old)
    found: CoolRoof = run(cool_roof, CoolRoofParams(share=share), buildings=buildings)
    return found


@given(ROOFS, ROOFS, st.floats(0, 1))
def test_never_less_than_before_nor_more_than_is_free(free: list[float], old: list[float], share: float) -> None:
    found = laid(free, old, share)
    assert (found.cool_roof >= np.array(old) - 1e-12).all()
    assert (found.cool_roof <= np.maximum(old, free) + 1e-12).all()


@given(ROOFS, st.floats(0, 1), st.floats(0, 1))
def test_grows_with_the_share(free: list[float], one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert (laid(free, [0.0] * 5, less).cool_roof <= laid(free, [0.0] * 5, more).cool_roof + 1e-12).all()


@given(ROOFS)
def test_twice_is_as_much_as_once(free: list[float]) -> None:
    once = laid(free, [0.0] * 5)
    twice = laid(free, once.cool_roof.to_list())
    assert twice.cool_roof.to_list() == pytest.approx(once.cool_roof.to_list())


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(FREE_ROOF), float("nan")), ends(COOL_ROOF)))


@pytest.mark.parametrize(("free", "old"), corners())
def test_corners(free: float, old: float) -> None:
    found = laid([free] * 5, [old] * 5)
    assert found.cool_roof.between(old, 1).all()
    assert np.isfinite(found.cool_roof_area).all()

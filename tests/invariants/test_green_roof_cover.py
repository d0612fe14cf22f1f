import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import GREEN_ROOF
from citybraid.integrate.bridges.building_fraction import building_fraction
from citybraid.integrate.bridges.green_roof_cover import green_roof_cover
from tests.integrate.plan import BUILDINGS, CELL, ends, run

Cells = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
shares = st.lists(st.floats(0, 1), min_size=5, max_size=5)


def cover(green: list[float]) -> Cells:
    return np.asarray(
        run(green_roof_cover, buildings=BUILDINGS[["geometry"]].assign(green_roof=green)).green_roof_cover
    )


@given(shares)
def test_area_is_kept_and_never_beyond_the_roof(green: list[float]) -> None:
    found = cover(green)
    assert found.sum() * CELL == pytest.approx(float((BUILDINGS.area * green).sum()), abs=1e-9)
    assert (found <= np.asarray(run(building_fraction).building_fraction) + 1e-12).all()


@given(shares, st.floats(0, 1))
def test_grows_with_the_share(green: list[float], part: float) -> None:
    assert (cover([part * share for share in green]) <= cover(green) + 1e-12).all()


def corners() -> list[float]:
    return [*ends(GREEN_ROOF), float("nan")]


@pytest.mark.parametrize("share", corners())
def test_corners(share: float) -> None:
    expected = np.nan_to_num(share) * np.asarray(run(building_fraction).building_fraction)
    assert cover([share] * 5) == pytest.approx(expected)

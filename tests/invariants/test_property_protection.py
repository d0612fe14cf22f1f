"""Protection only rises, with share and height; what is counted is the outer wall of those protected."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.risk import PROTECTION_HEIGHT
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.integrate.measures.property_protection import (
    PropertyProtection,
    PropertyProtectionParams,
    property_protection,
)
from tests.integrate.plan import BUILDINGS, GRID, ends, raster, run

heights = st.floats(0.0, 3.0) | st.just(float("nan"))


def protected(p: PropertyProtectionParams, old: object) -> PropertyProtection:
    buildings = BUILDINGS[["geometry", "building_use"]].assign(protection_height=old)
    found: PropertyProtection = run(property_protection, p, buildings=buildings)
    return found


@given(st.lists(heights, min_size=5, max_size=5), st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 3.0))
def test_more_share_protects_the_same_buildings_and_more(
    old: list[float], one: float, other: float, height: float
) -> None:
    found = [protected(PropertyProtectionParams(share=share, height=height), old) for share in sorted((one, other))]
    less, more = (np.nan_to_num(each.protection_height) for each in found)
    assert (less >= np.nan_to_num(old)).all()
    assert (more >= less).all()
    added = more > np.nan_to_num(old)
    assert found[1].protected_wall_length.sum() == pytest.approx(BUILDINGS.geometry.length[added].sum())


def corners() -> list[tuple[float, float]]:
    return list(itertools.product((*ends(PROTECTION_HEIGHT), float("nan")), (*ends(TERRAIN), float("nan"))))


@pytest.mark.parametrize(("old", "ground"), corners())
def test_corners(old: float, ground: float) -> None:
    buildings = BUILDINGS[["geometry", "building_use"]].assign(protection_height=old)
    found = run(property_protection, buildings=buildings, terrain=raster(np.full(GRID.shape, ground)))
    assert (found.protected_wall_length.sum() > 0) == (np.nan_to_num(old) < 0.9)

"""Resistance: above 0 in every scheme, never eased by roads."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import COVER
from tests.movement_case import SIZE, resistances

CODES = np.array([code for code, _ in COVER])
SCHEMES = ("beijing", "haikou", "xian")


@given(st.integers(0, 2**32 - 1), st.sampled_from(SCHEMES), st.booleans())
def test_roads_never_ease_movement(seed: int, scheme: str, near: bool) -> None:
    cover = np.random.default_rng(seed).choice(CODES, (SIZE, SIZE))
    plain, raised = resistances(cover, scheme=scheme), resistances(cover, scheme=scheme, near_roads=near, road_factor=2)
    assert (raised >= plain).all()
    assert (plain > 0.0).all()


def corners() -> list[tuple[int, str, float]]:
    return list(product((0, *(int(code) for code in CODES)), SCHEMES, (1.0, 100.0)))


@pytest.mark.parametrize(("code", "scheme", "factor"), corners())
def test_corners(code: int, scheme: str, factor: float) -> None:
    values = resistances(np.full((SIZE, SIZE), code), scheme=scheme, near_roads=True, road_factor=factor)
    assert np.isnan(values).all() if code == 0 else (values > 0.0).all()

"""Omnidirectional current: the same on any number of threads and when turned; none on holes, none from nowhere."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.omnidirectional_current import OmnidirectionalParams, omnidirectional_current
from citybraid.core.var import Threads
from tests.examples import at_most
from tests.movement_case import box, drawn, raster

grounds = st.tuples(st.integers(0, 2**32 - 1), st.floats(0.0, 0.3))


def found(values: np.ndarray, threads: int = 1, *, block: int = 1, radius: float = 80.0) -> np.ndarray:
    return omnidirectional_current(
        movement_resistance=raster(values),
        grid=box(*values.shape),
        threads=Threads(threads),
        tick=lambda _: None,
        p=OmnidirectionalParams(source="resistance", radius=radius, block=block),
    ).omnidirectional_current.to_numpy()


@given(grounds, st.sampled_from([1, 3]))
@at_most(8)
def test_turns_with_the_ground(ground: tuple[int, float], block: int) -> None:
    resistance = drawn(*ground)[0][:9, :9]
    here = found(resistance, 1, block=block)
    np.testing.assert_array_equal(here, found(resistance, 3, block=block))
    turned = found(np.rot90(resistance).copy(), block=block)
    np.testing.assert_allclose(np.rot90(here), turned, rtol=1e-4, atol=1e-6)
    assert np.isnan(here[np.isnan(resistance)]).all()
    assert (here[np.isfinite(resistance)] >= 0.0).all()


def corners() -> list[tuple[float, int, float]]:
    return list(product((1e-6, 1.0, 1e6), (1, 3), (1.0, 1000.0)))


@pytest.mark.parametrize(("resistance", "block", "radius"), corners())
def test_corners(resistance: float, block: int, radius: float) -> None:
    values = found(np.full((5, 6), resistance), block=block, radius=radius)
    assert np.isfinite(values).all()
    assert (values >= 0.0).all()

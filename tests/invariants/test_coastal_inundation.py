"""Coastal inundation: a higher sea never reaches less, depth is level less ground, no sea on dry sides."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from citybraid.core.vocabulary.cyclone import SEA_LEVEL_PEAK
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.resilience.coast.coastal_inundation import CoastalInundation, CoastalInundationParams, coastal_inundation
from tests.ranges import ends

GRID = GeoBox((12, 15), Affine(10.0, 0, 5e5, 0, -10.0, 3.4e6), "EPSG:4549")
seeds = st.integers(0, 10**6)


def reached(ground: np.ndarray, level: float) -> CoastalInundation:
    return coastal_inundation(
        terrain=xr.DataArray(ground, dims=("y", "x")),
        sea_level_peak=level,
        grid=GRID,
        p=CoastalInundationParams(sides=("north", "east")),
    )


def noise(seed: int) -> np.ndarray:
    ground = np.random.default_rng(seed).random(GRID.shape) * 4.0
    ground[0, 0] = -1.0
    return ground


@given(seeds, st.floats(0, 5), st.floats(0, 2))
def test_a_higher_sea_never_reaches_less(seed: int, level: float, more: float) -> None:
    low, high = reached(noise(seed), level), reached(noise(seed), level + more)
    assert high.coastal_area >= low.coastal_area
    assert (high.coastal_depth >= low.coastal_depth).all()
    wet = low.coastal_depth.to_numpy() > 0
    np.testing.assert_allclose(low.coastal_depth.to_numpy()[wet], (level - noise(seed))[wet])


@given(seeds, st.floats(-400, 4000))
def test_the_datum_does_not_matter(seed: int, shift: float) -> None:
    one, other = reached(noise(seed), 2.0), reached(noise(seed) + shift, 2.0 + shift)
    assert one.coastal_area == pytest.approx(other.coastal_area, abs=200.0)


def corners() -> list[tuple[float, float]]:
    return list(product(ends(TERRAIN), ends(SEA_LEVEL_PEAK)))


@pytest.mark.parametrize(("ground", "level"), corners())
def test_corners(ground: float, level: float) -> None:
    basin = np.full(GRID.shape, ground)
    basin[0, 3] = min(ground, level) - 1.0 if level > -500 else -500.0
    if basin[0, 3] >= level or basin[0, 3] < -500:
        return
    found = reached(basin, level)
    assert np.isfinite(found.coastal_depth).all()
    assert found.coastal_area == (12 * 15 * 100.0 if level > ground else 100.0)

"""Landslide screening: steeper and wetter is never safer, a tilt of the datum changes nothing, ends give numbers."""

import numpy as np
import pytest
import xarray as xr
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.kernels.terrain.slope_stability import Soil, stability_index
from citybraid.resilience.areas.landslide import Landslide, LandslideParams, landslide
from tests.ranges import ends

GRID = GeoBox((12, 9), Affine(10.0, 0, 6e5, 0, -10.0, 2.7e6), "EPSG:4548")
SOIL = Soil((0.0, 0.25), (0.577, 1.0), (1 / 3000, 1 / 2000), 0.5)


def slides(ground: np.ndarray) -> Landslide:
    return landslide(
        terrain=xr.DataArray(ground, dims=("y", "x")), soil=resolve("landslide_soil"), grid=GRID, p=LandslideParams()
    )


@given(st.floats(0, 1.5), st.floats(0, 5000), st.floats(1.0, 3.0))
def test_steeper_and_wetter_is_never_safer(slope: float, area: float, more: float) -> None:
    one = np.ones(1)
    plain = stability_index(area * one, slope * one, SOIL)[0]
    assert stability_index(area * more * one, slope * one, SOIL)[0] <= plain + 1e-9
    dry = np.zeros(1)
    assert stability_index(dry, slope * more * one, SOIL)[0] <= stability_index(dry, slope * one, SOIL)[0] + 1e-9


@given(st.integers(0, 10**6), st.integers(-400, 4000))
def test_the_datum_does_not_matter(seed: int, shift: int) -> None:
    ground = np.round(np.random.default_rng(seed).random(GRID.shape) * 64.0) / 2.0
    np.testing.assert_allclose(slides(ground).slope_stability, slides(ground + shift).slope_stability, rtol=1e-9)


def corners() -> list[float]:
    return list(ends(TERRAIN))


@pytest.mark.parametrize("height", corners())
def test_corners(height: float) -> None:
    flat = slides(np.full(GRID.shape, height))
    assert (flat.slope_stability == 10.0).all()
    assert flat.landslide_area == 0.0
    cliff = np.full(GRID.shape, height)
    cliff[:, :4] = sum(ends(TERRAIN)) - height
    found = slides(cliff)
    assert found.landslide_area > 0.0
    assert int(found.landslide_class.max()) == 6
    holes = np.full(GRID.shape, np.nan)
    holes[3, 3] = height
    assert slides(holes).slope_stability.notnull().sum() == 1

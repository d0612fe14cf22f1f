"""Quality: never above suitability, never better for more threats, the same wherever the grid begins."""

from itertools import product
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.habitat_quality import HabitatQuality, HabitatQualityParams, habitat_quality
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from citybraid.core.vocabulary.surface import COVER
from citybraid.kernels.numerics.classes import values_by_class
from tests.ranges import ends

SIZE = 12
GRID = GeoBox.from_bbox((0, 0, 500 * SIZE, 500 * SIZE), crs="EPSG:32651", resolution=500)
CODES = np.array([code for code, _ in COVER])
SUITS = resolve("habitat_suitability", region="CN-ZJ")

grounds = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).choice(
        CODES, (SIZE, SIZE), p=[0.3, 0.1, 0.3, 0.1, *[0.02] * 4, 0.06, 0.06]
    )
)


def quality(cover: np.ndarray, suits: np.ndarray, *, grid: GeoBox = GRID, **words: Any) -> HabitatQuality:
    return habitat_quality(
        land_cover=xr.DataArray(cover, dims=("y", "x")),
        habitat_suitability=xr.DataArray(suits, dims=("y", "x")),
        threats=resolve("habitat_threat"),
        sources=resolve("threat_source"),
        sensitivity=resolve("habitat_sensitivity", region="CN-ZJ"),
        grid=grid,
        p=HabitatQualityParams.model_validate(words),
    )


def suitable(cover: np.ndarray) -> np.ndarray:
    return values_by_class(cover, {code: SUITS[name] for code, name in COVER})


@given(grounds, st.floats(0.05, 1), st.floats(1, 10), st.sampled_from(["density", "nearest"]))
def test_between_none_and_suitability(cover: np.ndarray, half: float, exponent: float, reading: str) -> None:
    suits = suitable(cover)
    found = quality(cover, suits, half_saturation=half, exponent=exponent, reading=reading)
    assert (found.habitat_quality.to_numpy() <= suits + 1e-12).all()
    assert (found.habitat_quality.to_numpy() >= 0.0).all()
    assert (found.habitat_degradation.to_numpy() <= 1.0).all()


@given(grounds, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.sampled_from(["density", "nearest"]))
def test_a_new_road_never_helps(cover: np.ndarray, row: int, column: int, reading: str) -> None:
    built = cover.copy()
    built[row, column] = 51
    before, after = (quality(ground, suitable(ground), reading=reading) for ground in (cover, built))
    others = np.ones(cover.shape, dtype=bool)
    others[row, column] = False
    gained = (after.habitat_quality - before.habitat_quality).to_numpy()
    if cover[row, column] not in {50, 52}:
        assert (gained[others] <= 1e-12).all()
    assert gained[row, column] <= 1e-12


@given(grounds, st.integers(-9, 9))
def test_the_same_wherever_the_grid_begins(cover: np.ndarray, step: int) -> None:
    x = 1000.0 * step
    there = GeoBox.from_bbox((x, x, x + 500 * SIZE, x + 500 * SIZE), crs="EPSG:32651", resolution=500)
    suits = suitable(cover)
    np.testing.assert_array_equal(
        quality(cover, suits, grid=there).habitat_quality, quality(cover, suits).habitat_quality
    )


def corners() -> list[tuple[int, float, float, float]]:
    return list(
        product([int(code) for code in CODES], (*ends(HABITAT_SUITABILITY), float("nan")), (1e-3, 1.0), (1, 10))
    )


@pytest.mark.parametrize(("code", "suits", "half", "exponent"), corners())
def test_corners(code: int, suits: float, half: float, exponent: float) -> None:
    found = quality(
        np.full((SIZE, SIZE), code), np.full((SIZE, SIZE), suits), half_saturation=half, exponent=float(exponent)
    )
    values = found.habitat_quality.to_numpy()
    assert np.isnan(values).all() if np.isnan(suits) else np.isfinite(values).all()
    if code not in {50, 51, 52} and not np.isnan(suits):
        np.testing.assert_allclose(values, suits)

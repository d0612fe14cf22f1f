"""Air between buildings: waste heat never cools, watered plants never warm by day, the balance closes."""

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import BUILDING_FRACTION, BUILDING_HEIGHT, CANOPY_COVER, COVER, TERRAIN
from citybraid.resilience.heat.canopy_air import CanopyAirParams
from tests.canopy_case import air_of
from tests.examples import at_most
from tests.outdoor_case import hot_year, raster
from tests.ranges import ends

SIZE = 30
CODES = np.array([code for code, _ in COVER])
SHORT = CanopyAirParams(warm_up=2)
seeds = st.integers(0, 2**32 - 1)


def town(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    built = np.where(draw.random((SIZE, SIZE)) > draw.random(), draw.uniform(3.0, 60.0, (SIZE, SIZE)), 0.0)
    return CODES[draw.integers(0, len(CODES), (SIZE, SIZE))], built, draw.random((SIZE, SIZE)) * (built == 0.0)


@at_most(5)
@given(seeds, st.floats(0.5, 8.0), st.floats(0.0, 1.0))
@example(0, 0.5, 1.0)
def test_air_is_finite_and_energy_is_kept(seed: int, wind: float, cloud: float) -> None:
    cover, built, canopy = town(seed)
    found = air_of(cover, built=built, canopy=canopy, heat=15.0, p=SHORT, **hot_year(wind=wind, cloud=cloud))
    assert np.isfinite(found.hourly_air.to_numpy()).all()
    assert np.isfinite(found.night_heat_island.to_numpy()).all()
    assert found.canopy_energy_error < 1e-9
    assert -10.0 < float(found.day_heat_island.min()) <= float(found.night_heat_island.max()) + 20.0
    assert float(found.night_heat_island.max()) < 20.0


@at_most(5)
@given(seeds, st.floats(0.5, 8.0), st.floats(0.0, 60.0))
@example(1, 0.5, 60.0)
def test_more_heat_never_cools(seed: int, wind: float, heat: float) -> None:
    cover, built, canopy = town(seed)
    plain, warm = (
        air_of(cover, built=built, canopy=canopy, heat=each, p=SHORT, **hot_year(wind=wind)).hourly_air
        for each in (0.0, heat)
    )
    assert float((warm - plain).min()) >= -1e-3


@at_most(5)
@given(seeds, st.floats(1.0, 6.0), st.floats(0.0, 1.0))
@example(2, 1.0, 1.0)
def test_watered_grass_in_place_of_paving_never_warms_by_day(seed: int, wind: float, share: float) -> None:
    _, built, _ = town(seed)
    draw = np.random.default_rng(seed)
    cover = np.full((SIZE, SIZE), 50)
    green = np.where(draw.random((SIZE, SIZE)) < share, 30, cover)
    paved, grown = (
        air_of(each, built=built, p=SHORT, **hot_year(wind=wind)).day_heat_island for each in (cover, green)
    )
    assert float((grown - paved).max()) <= 1e-3


@at_most(3)
@given(seeds)
def test_the_same_wherever_north_is_and_however_the_terrain_is_raised(seed: int) -> None:
    cover, built, _ = town(seed)
    plain = air_of(cover, built=built, p=SHORT).night_heat_island
    turned = air_of(np.rot90(cover).copy(), built=np.rot90(built).copy(), p=SHORT).night_heat_island
    np.testing.assert_allclose(np.rot90(plain), turned, atol=0.02)
    raised = air_of(cover, built=built, p=SHORT, terrain=raster(np.full((SIZE, SIZE), 800.0))).night_heat_island
    np.testing.assert_allclose(plain, raised, atol=1e-3)


def corners() -> list[tuple[float, ...]]:
    return list(product(ends(CANOPY_COVER), ends(BUILDING_FRACTION), ends(BUILDING_HEIGHT), ends(TERRAIN), (30, 80)))


@pytest.mark.parametrize(("canopy", "share", "tall", "ground", "code"), corners())
def test_corners(canopy: float, share: float, tall: float, ground: float, code: int) -> None:
    shape = (5, 6)
    found = air_of(
        np.full(shape, code), built=np.full(shape, tall), canopy=np.full(shape, canopy), p=SHORT,
        building_fraction=raster(np.full(shape, share)), terrain=raster(np.full(shape, ground)),
    )  # fmt: skip
    assert np.isfinite(found.night_heat_island.to_numpy()).all()
    assert found.canopy_energy_error < 1e-9
    if canopy == share == 0.0 and code == 30:
        assert float(np.abs(found.night_heat_island).max()) < 0.02

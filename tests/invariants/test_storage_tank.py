"""Tanks only add storage, in proportion to the share; no parcel gets more than the design rain's runoff."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.surface import COVER, PERMEABLE_PAVING, RAIN_GARDEN
from citybraid.core.vocabulary.water import DETENTION_STORAGE, PLANNED_RUNOFF_CONTROL
from citybraid.integrate.measures.storage_tank import StorageTank, StorageTankParams, storage_tank
from tests.integrate.plan import CELL, GRID, PARCELS, ends, raster, run

PAIRS = {"70": 20.0, "80": 30.0}
KEPT = PARCELS[["geometry", "land_use"]]


def built(p: StorageTankParams, **given_layers: object) -> StorageTank:
    found: StorageTank = run(storage_tank, p, **{"pairs": PAIRS, **given_layers})
    return found


@given(st.floats(0, 1), st.floats(0.1, 500), st.lists(st.floats(0, 1e3), min_size=4, max_size=4))
def test_adds_the_share_of_what_is_lacking(share: float, rain: float, held: list[float]) -> None:
    parcels = KEPT.assign(detention_storage=held)
    some = built(StorageTankParams(share=share, rate=0.7), parcels=parcels, pairs={"70": rain})
    every = built(StorageTankParams(rate=0.7), parcels=parcels, pairs={"70": rain})
    added, all_of_it = some.detention_storage - held, every.detention_storage - held
    np.testing.assert_allclose(added, share * all_of_it, atol=1e-9)
    assert (added >= 0.0).all()
    assert some.tank_volume.sum() == pytest.approx(added.sum(), abs=1e-9)


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.8), st.floats(0.01, 0.8))
def test_never_more_than_the_rain_and_rising_with_the_rate(seed: int, one: float, other: float) -> None:
    random = np.random.default_rng(seed)
    cover = raster(random.choice([code for code, _ in COVER], GRID.shape).astype(np.uint8))
    garden, paving = (raster(random.uniform(0, 1, GRID.shape)) for _ in range(2))
    layers = {"land_cover": cover, "rain_garden": garden, "permeable_paving": paving}
    low, high = (built(StorageTankParams(rate=rate), **layers).tank_volume.sum() for rate in sorted((one, other)))
    assert low <= high + 1e-9
    assert high <= 2.0 * 30.0 / 1000.0 * CELL * GRID.shape[0] * GRID.shape[1]


def corners() -> list[tuple[float, float, float, float]]:
    rates, volumes = ((*ends(alias), float("nan")) for alias in (PLANNED_RUNOFF_CONTROL, DETENTION_STORAGE))
    return list(itertools.product(rates, volumes, ends(RAIN_GARDEN), ends(PERMEABLE_PAVING)))


@pytest.mark.parametrize(("rate", "held", "garden", "paving"), corners())
def test_corners(rate: float, held: float, garden: float, paving: float) -> None:
    found = built(
        StorageTankParams(rate=0.75),
        parcels=KEPT.assign(planned_runoff_control=rate, detention_storage=held),
        rain_garden=raster(np.full(GRID.shape, garden)),
        permeable_paving=raster(np.full(GRID.shape, paving)),
    )
    lacks = np.isnan(rate) and np.nan_to_num(held) == 0.0 and garden == 0.0
    assert (found.tank_volume.sum() > 0) == lacks

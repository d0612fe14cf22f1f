"""Drain capacity only rises, with the share and with the return period, and stays within the quantity's range."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import COVER
from citybraid.core.vocabulary.water import DRAIN_CAPACITY
from citybraid.integrate.measures.pipe_upgrade import PipeUpgrade, PipeUpgradeParams, pipe_upgrade
from tests.integrate.plan import CELL, GRID, ends, raster, run

STORM = shipped().resolve("storm_formula", region="CN-JS-SZ", year=2025)
periods = st.floats(0.05, 1000.0)


def installed(p: PipeUpgradeParams, **given_rasters: object) -> PipeUpgrade:
    found: PipeUpgrade = run(pipe_upgrade, p, storm_formula=STORM, **given_rasters)
    return found


@given(st.floats(0, 1), st.floats(0, 1), periods, periods)
def test_rises_with_share_and_period(one: float, other: float, rare: float, often: float) -> None:
    shares, years = sorted((one, other)), sorted((rare, often))
    little = installed(PipeUpgradeParams(share=shares[0], return_period=years[0]))
    much = installed(PipeUpgradeParams(share=shares[1], return_period=years[1]))
    assert (much.drain_capacity - little.drain_capacity).min() >= -1e-9


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_never_takes_away_and_counts_ground_with_more(seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    cover = random.choice([code for code, _ in COVER], GRID.shape).astype(np.uint8)
    old = random.uniform(0, 100, GRID.shape)
    found = installed(PipeUpgradeParams(share=share), land_cover=raster(cover), drain_capacity=raster(old))
    more = np.asarray(found.drain_capacity) - old
    assert (more >= 0.0).all()
    assert found.upgraded_drainage_area.sum() == pytest.approx(share * (more > 0).sum() * CELL)


def corners() -> list[tuple[int, float, float]]:
    return list(itertools.product((0, 255, 50, 80), (*ends(DRAIN_CAPACITY), float("nan")), (0.05, 1000.0)))


@pytest.mark.parametrize(("cover", "old", "period"), corners())
def test_corners(cover: int, old: float, period: float) -> None:
    found = installed(
        PipeUpgradeParams(return_period=period),
        land_cover=raster(np.full(GRID.shape, cover, dtype=np.uint8)),
        drain_capacity=raster(np.full(GRID.shape, old)),
    )
    grows = cover == 50 and old != ends(DRAIN_CAPACITY)[1] and period > 1.0
    assert (found.upgraded_drainage_area.sum() > 0) == grows
    assert np.isfinite(found.drain_capacity).all()

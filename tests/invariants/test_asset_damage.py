"""Damage to assets: within value, in proportion to it, rising with depth, events and assets agreeing in their sum."""

from itertools import product

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from odc.geo.geobox import GeoBox
from shapely.geometry import Point

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.assets import ASSET_VALUE
from citybraid.core.vocabulary.water import MAX_DEPTH
from citybraid.resilience.damage.asset_damage import AssetDamage, AssetDamageParams, asset_damage
from tests.district import raster
from tests.examples import at_most
from tests.ranges import ends

GRID = GeoBox.from_bbox((0, 0, 30, 30), crs="EPSG:32651", resolution=10)
SHARES = resolve("flood_damage_share", region="CN")
SECTORS, FLOORS = (resolve(name, region="CN") for name in ("flood_damage_sector", "ground_floor_height"))
PERIODS = {"a": 5.0, "b": 50.0}


FREQUENCIES = ("exceedance", "occurrence")


def damage(depth: np.ndarray, value: float, **measure: float | str) -> AssetDamage:
    assets = gpd.GeoDataFrame(
        {"asset_value": [value] * 3, "asset_curve": ["transport", "residential", "industrial"]},
        geometry=[Point(5 + 10 * place, 15) for place in range(3)],
        index=["x", "y", "z"],
        crs="EPSG:32651",
    )
    rasters = {event: raster(depth * part) for event, part in (("a", 0.5), ("b", 1.0))}
    return asset_damage(
        max_depths=rasters, return_periods=PERIODS, assets=assets, flood_damage_share=SHARES, grid=GRID,
        flood_damage_sector=SECTORS, ground_floor_height=FLOORS,
        p=AssetDamageParams.model_validate({"onset": 2.0, **measure}),
    )  # fmt: skip


@at_most(40)
@given(st.integers(0, 10**6), st.floats(0, 1e9), st.floats(1, 3))
def test_bounds_proportion_and_sums(seed: int, value: float, more: float) -> None:
    depth = np.random.default_rng(seed).gamma(0.6, 1.5, GRID.shape)
    one, other, deeper = damage(depth, value), damage(depth, 2.0 * value), damage(depth * more, value)
    annual = one.asset_annual_damage.to_numpy()
    assert (annual >= 0.0).all()
    assert (annual <= value * 0.5 + 1e-9).all()
    np.testing.assert_allclose(other.asset_annual_damage, 2.0 * annual, rtol=1e-9)
    assert (deeper.asset_annual_damage.to_numpy() >= annual * (1 - 1e-12)).all()
    weights = np.array([0.5 * (0.5 - 0.2) + 0.5 * (0.2 - 0.02), 0.5 * (0.2 - 0.02) + 0.02])
    assert annual.sum() == pytest.approx(weights @ one.asset_event_damage.to_numpy(), rel=1e-9, abs=1e-9)


def corners() -> list[tuple[float, float]]:
    return list(product((*ends(MAX_DEPTH), float("nan")), (*ends(ASSET_VALUE), float("nan"))))


@pytest.mark.parametrize(("depth", "value"), corners())
def test_corners(depth: float, value: float) -> None:
    """Events have a damage exactly where assets have one: 0 is no figure for what is not known."""
    found = damage(np.full(GRID.shape, depth), value)
    known = np.isfinite(depth) and np.isfinite(value)
    assert np.isfinite(found.asset_annual_damage).all() == known
    assert np.isfinite(found.asset_event_damage).all() == known
    assert (found.asset_event_damage > 0.0).all() == (known and depth > 0.0 and value > 0.0)


@at_most(20)
@given(st.integers(0, 10**6), st.floats(0, 2), st.floats(0, 2), st.floats(1, 100), st.sampled_from(FREQUENCIES))
def test_more_of_a_measure_never_costs_more(seed: int, low: float, more: float, years: float, kind: str) -> None:
    """Higher floors, and protection to rarer floods, never raise damage; without either it is that of no measure."""
    depth = np.random.default_rng(seed).gamma(0.6, 1.5, GRID.shape)
    words = {"frequencies": kind}
    none = damage(depth, 1e6, **words).asset_annual_damage
    raised, higher = (damage(depth, 1e6, raised_by=rise, **words).asset_annual_damage for rise in (low, low + more))
    assert (raised <= none * (1 + 1e-12)).all()
    assert (higher <= raised * (1 + 1e-12)).all()
    kept, rarer = (damage(depth, 1e6, protected_to=to, **words).asset_annual_damage for to in (years, 2.0 * years))
    assert (kept <= none * (1 + 1e-12)).all()
    assert (rarer <= kept * (1 + 1e-12)).all()

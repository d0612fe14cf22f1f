"""Pumping only grows, with share and return period; pumps stand on free ground; old ones stay."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.defences import PUMP_CAPACITY
from citybraid.core.vocabulary.surface import COVER, TERRAIN
from citybraid.integrate.measures.pump import PREFIX, Pump, PumpParams, pump
from tests.integrate.plan import BUILDINGS, GRID, ends, raster, run, table

STORM = shipped().resolve("storm_formula", region="CN-JS-SZ", year=2025)


def installed(p: PumpParams, **given_layers: object) -> Pump:
    found: Pump = run(pump, p, **{"storm_formula": STORM, "pumps": None, **given_layers})
    return found


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 1000), st.floats(0.05, 1000))
def test_grows_with_share_and_period(one: float, other: float, rare: float, often: float) -> None:
    shares, years = sorted((one, other)), sorted((rare, often))
    little = installed(PumpParams(share=shares[0], return_period=years[0]))
    much = installed(PumpParams(share=shares[1], return_period=years[1]))
    assert (much.pump_capacity_added >= little.pump_capacity_added - 1e-12).all()
    assert much.pump_capacity.sum() == pytest.approx(much.pump_capacity_added.sum())


@given(st.integers(0, 2**32 - 1))
def test_stands_on_free_ground(seed: int) -> None:
    random = np.random.default_rng(seed)
    cover = random.choice([code for code, _ in COVER], GRID.shape).astype(np.uint8)
    height = random.uniform(-3, 3, GRID.shape)
    found = installed(PumpParams(), land_cover=raster(cover), terrain=raster(height))
    for point in found.pumps:
        column, row = ~GRID.affine * (point.x, point.y)
        around = cover[max(int(row) - 1, 0) : int(row) + 2, max(int(column) - 1, 0) : int(column) + 2]
        assert not np.isin(around, (80, 90)).any(), "a cell beside water is partly water"
        assert not any(shape.contains(point) for shape in BUILDINGS.geometry)


def corners() -> list[tuple[int, float, float]]:
    heights = (*ends(TERRAIN), float("nan"))
    return list(itertools.product((0, 255, 50, 80), heights, ends(PUMP_CAPACITY, most=9000.0)))


@pytest.mark.parametrize(("cover", "height", "had"), corners())
def test_corners(cover: int, height: float, had: float) -> None:
    there = table({f"{PREFIX}west": (shapely.Point(12, 2), had)}, ("pump_capacity",))
    found = installed(
        PumpParams(),
        land_cover=raster(np.full(GRID.shape, cover, dtype=np.uint8)),
        terrain=raster(np.full(GRID.shape, height)),
        pumps=there,
    )
    stands = cover == 50 and np.isfinite(height)
    assert (found.pump_capacity_added["east"] > 0) == stands
    assert (found.pump_capacity_added["west"] > 0) == (stands and had == 0.0)
    assert found.pump_capacity[f"{PREFIX}west"] >= had

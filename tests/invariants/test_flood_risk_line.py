"""The line: deeper water and rarer events never shrink it, areas add up, water alone draws nothing."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.water import MAX_DEPTH, RETURN_PERIOD
from citybraid.resilience.areas.flood_risk_line import FloodRiskLine, FloodRiskLineParams, flood_risk_line
from tests.ranges import ends
from tests.resilience.flooded_plain import CELL, GRID, SHAPE, plain, raster

seeds = st.integers(0, 10**6)


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random(SHAPE) * 0.4


def line(depth: np.ndarray, *, period: float = 50.0, least: float = 300.0, island: float = 300.0) -> FloodRiskLine:
    return flood_risk_line(
        depths={"storm": raster(depth)},
        return_periods={"storm": period},
        limit={"depth": 0.15},
        grid=GRID,
        p=FloodRiskLineParams(least_area=least, least_island=island),
        land_cover=plain().land_cover,
    )


@given(seeds, st.floats(1.0, 2.0))
def test_more_water_is_never_less_area(seed: int, more: float) -> None:
    assert line(noise(seed) * more).flood_risk_total >= line(noise(seed)).flood_risk_total


@given(seeds, st.floats(0, 5000), st.floats(0, 5000))
def test_areas_add_up_and_lie_apart(seed: int, least: float, island: float) -> None:
    found = line(noise(seed), least=least, island=island)
    assert found.flood_risk_area.sum() == pytest.approx(found.flood_risk_total)
    assert found.flood_risk_areas.area.sum() == pytest.approx(found.flood_risk_total)
    assert found.flood_risk_areas.union_all().area == pytest.approx(found.flood_risk_total)
    assert (found.flood_risk_area.diff().dropna() <= 0).all()


def corners() -> list[tuple[float, float]]:
    return list(product(ends(MAX_DEPTH), ends(RETURN_PERIOD)))


@pytest.mark.parametrize(("depth", "period"), corners())
def test_corners(depth: float, period: float) -> None:
    found = line(np.full(SHAPE, depth), period=period)
    assert len(found.flood_risk_areas) == (depth > 0)
    assert found.flood_risk_total == (SHAPE[0] * SHAPE[1] * CELL**2 if depth else 0.0)
    dry = line(np.full(SHAPE, np.nan), period=period)
    assert dry.flood_risk_total == 0.0
